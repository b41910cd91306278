"""What is written about the code is what the code says."""

from __future__ import annotations

from django.conf import settings

from core.documentation import workflows_page


def test_document_workflows__is_fresh():
    page = (settings.BASE_DIR / "docs" / "workflows.md").read_text(encoding="utf-8")
    assert page == workflows_page(), "stale: run python manage.py document_workflows"
