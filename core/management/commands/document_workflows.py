"""Write docs/workflows.md anew from the declared workflows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.documentation import workflows_page


class Command(BaseCommand):
    help = "Write docs/workflows.md from the declared workflows."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "workflows.md"
        path.write_text(workflows_page(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}")
