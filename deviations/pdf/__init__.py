"""What deviations send out of the house, as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.pdf import Sheet, render

if TYPE_CHECKING:
    import datetime as dt

    from deviations.breach import Document

_TEMPLATE = Path(__file__).resolve().parent / "document.typ"


def render_document(document: Document, *, organization: str, now: dt.datetime, reference: str = "") -> bytes:
    """Return the document as PDF."""
    content = {
        "title": document.title, "introduction": document.introduction, "facts": document.facts,
        "sections": document.sections,
    }  # fmt: skip
    sheet = Sheet(organization=organization, kind=document.kind, reference=reference)
    return render(_TEMPLATE, content, title=document.title, sheet=sheet, now=now)
