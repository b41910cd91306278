"""Every text that people see is marked for translation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from core.translations import unmarked_text

# The gallery shows components with made-up content, to us and not to the people who use Stafett.
EXAMPLES = {"templates/ui/gallery.html"}


def templates() -> list[str]:
    root = Path(settings.BASE_DIR)
    folders = [root / "templates", *root.glob("*/templates")]
    found = {path.relative_to(root).as_posix() for folder in folders for path in folder.rglob("*.html")}
    return sorted(found - EXAMPLES)


def test_there_are_templates_to_look_at() -> None:
    assert "templates/base.html" in templates()


@pytest.mark.parametrize("name", templates())
def test_templates_mark_every_text(name: str) -> None:
    source = (Path(settings.BASE_DIR) / name).read_text("utf-8")
    assert unmarked_text(source) == []
