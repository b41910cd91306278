"""Small helpers of the pages: icons, initials, suggestions, and the gallery of components."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join

from core.ui_gallery import context_of_gallery

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.forms import SearchChoiceField

TONES = ("neutral", "info", "success", "warning", "danger")

# The symbols of static/stafett/icons.svg; tests/core/test_ui.py compares.
_ICON_NAMES = """
archive arrow-down arrow-flat arrow-left arrow-right arrow-up bell board building calendar chart
check check-circle chevron-down chevron-right circle clock comment company council dot download edit
error external eye file filter flag half-circle handover home image inbox info initiative key link
lock log-out menu merge missing money moon more paperclip pdf person persons plus portfolio print
refresh search send settings sheet shield star sun target text trash undo upload warning word x
"""
ICONS = frozenset(_ICON_NAMES.split())

_ICONS_OF_ADDRESSES = {
    "/": "home",
    "/oppgaver/": "inbox",
    "/tiltak/": "initiative",
    "/avvik/": "flag",
    "/raadet/": "council",
    "/ledelse/": "chart",
    "/portefolje/": "board",
    "/gevinster/": "target",
    "/organisasjon/": "building",
    "/arkiv/": "archive",
}


def icon_of_address(address: str) -> str:
    """Return the icon of an entry of the main menu, found by where it leads."""
    best = max((start for start in _ICONS_OF_ADDRESSES if address.startswith(start)), key=len, default="")
    return _ICONS_OF_ADDRESSES.get(best, "dot") if best != "/" or address == "/" else "dot"


def initials_of(name: str) -> str:
    """Return the first letters of the first and the last name."""
    words = [word for word in name.split() if word[:1].isalpha()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper() or "?"


class DiffPart(NamedTuple):
    """Words of two texts that are ``kept``, ``added`` or ``removed``."""

    kind: str
    text: str


def diff_words(old: str, new: str) -> list[DiffPart]:
    """Return two texts word by word: what is kept, what was removed, what was added."""
    before, after = old.split(), new.split()
    parts: list[DiffPart] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(DiffPart("kept", " ".join(before[i:j])))
            continue
        parts += [DiffPart("removed", " ".join(before[i:j]))] if j > i else []
        parts += [DiffPart("added", " ".join(after[k:m]))] if m > k else []
    return parts


def diff_paragraphs(old: str, new: str) -> list[list[DiffPart]]:
    """Return two texts paragraph by paragraph, each word by word: what is kept, what was removed, what was added.

    Paragraphs that stand in both texts are found first, so that long texts cost little and words are compared with the
    words of the paragraph that took their place.
    """
    before, after = ([line for line in text.splitlines() if line.strip()] for text in (old, new))
    paragraphs: list[list[DiffPart]] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            paragraphs += [[DiffPart("kept", line)] for line in before[i:j]]
        else:
            paragraphs += [diff_words(*pair) for pair in zip_longest(before[i:j], after[k:m], fillvalue="")]
    return paragraphs


def search_options(request: HttpRequest, field: SearchChoiceField) -> HttpResponse:
    """Answer a search field's question for suggestions with the ``<option>`` elements of its list.

    The caller has already narrowed ``field.queryset`` to what the actor may see.
    """
    typed = str(next(iter(request.GET.values()), ""))[:100]
    options = format_html_join(
        "\n", '<option value="{}"></option>', ((label,) for label in field.options(typed))
    )
    return HttpResponse(options, headers={"Cache-Control": "private, max-age=60"})


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with examples of its states."""
    return render(request, "ui/gallery.html", context_of_gallery(request))
