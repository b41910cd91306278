"""Build SVG from Python without ever writing markup by hand: everything is escaped.

Colors stand twice.  The presentation attributes are the print palette, which PDF files and
paper use as they are; on a screen ``charts.css`` overrides them by class, so that the same
drawing follows light and dark mode.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

INK = "#152f36"
MUTED = "#4b6167"
GRID = "#d6dbdc"
PAPER = "#ffffff"
# Each has a contrast of at least 4.5 with white, as a line and under white text.
SERIES_COLORS = ("#0d6772", "#974527", "#0860a3", "#80540f", "#4b6167", "#056d13")
FONT_SIZE = 13
LINE_HEIGHT = 17

Attribute = str | int | float | None


def el(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """Return one element; text and attributes are escaped, ``None`` leaves an attribute out.

    ``class_`` is written ``class``, and an underscore inside a name becomes a hyphen.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(conditional_escape(child) for child in children)
    return mark_safe(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")  # noqa: S308


def _number(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)


def color(place: int) -> str:
    """Return the print color of the series at ``place``."""
    return SERIES_COLORS[place % len(SERIES_COLORS)]


def series_class(place: int, kind: str) -> str:
    """Return the class by which ``charts.css`` colors a ``line``, ``fill`` or ``text`` of a series."""
    return f"chart-{kind} chart-s{place % len(SERIES_COLORS) + 1}"


def label(
    text: str, x: float, y: float, *, anchor: str = "start", class_: str = "chart-label", **more: Attribute
) -> SafeString:
    """Return a piece of text whose middle is at ``y``."""
    fill = more.pop("fill", MUTED)
    # ``dominant-baseline`` is not known to every reader of SVG; a third of the size is.
    return el(
        "text", text, x=x, y=y + FONT_SIZE / 3, text_anchor=None if anchor == "start" else anchor,
        class_=class_, fill=fill, **more,
    )  # fmt: skip


def grid_line(x1: float, y1: float, x2: float, y2: float, *, strong: bool = False) -> SafeString:
    return el(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, class_="chart-axis" if strong else "chart-grid",
        stroke=MUTED if strong else GRID,
    )  # fmt: skip


# Widths in Inter, in parts of the size of the letter; a little too wide rather than too narrow.
_NARROW = set("iljtfrI.,:;'|!()[] -\xa0·")
_WIDE = set("mwMWÆ@%—→")


_BOLDER = 1.08


def text_width(text: str, *, bold: bool = False) -> float:
    """Return about how wide ``text`` is drawn, in the units of the drawing."""
    parts = (0.34 if char in _NARROW else 0.9 if char in _WIDE else 0.62 for char in text)
    return FONT_SIZE * sum(parts) * (_BOLDER if bold else 1)


def shortened(text: str, width: float) -> str:
    """Return ``text`` cut to what fits in ``width``; the whole text is in the table beside."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) > width - text_width("…"):
        text = text[:-1]
    return f"{text.rstrip()}…"


def spread(wanted: Iterable[float], *, gap: float, low: float, high: float) -> list[float]:
    """Return the positions moved apart so that labels do not cover each other, in the same order."""
    order = sorted(enumerate(wanted), key=lambda pair: pair[1])
    placed = [max(low, min(high, value)) for _, value in order]
    for here, there in pairwise(range(len(placed))):
        placed[there] = max(placed[there], placed[here] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for there, here in pairwise(reversed(range(len(placed)))):
            placed[here] = min(placed[here], placed[there] - gap)
    result = [0.0] * len(placed)
    for (place, _), value in zip(order, placed, strict=True):
        result[place] = value
    return result


@dataclass(slots=True)
class Drawing:
    """What is drawn so far, on a surface of ``width`` by ``height``."""

    width: float
    height: float
    class_: str = "chart"
    parts: list[str] = field(default_factory=list)

    def add(self, *parts: str) -> None:
        self.parts.extend(parts)

    def finish(self, *, title: str, description: str, key: str = "") -> SafeString:
        """Return the whole SVG, named and described for those who do not see it.

        :param key: tells two equal drawings on one page apart; ids are made of it and the content.
        """
        content = "".join(self.parts)
        ident = "chart-" + sha256(f"{key}|{title}|{description}|{content}".encode()).hexdigest()[:10]
        return el(
            "svg",
            el("title", title, id=f"{ident}-title"),
            el("desc", description, id=f"{ident}-desc"),
            *self.parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_number(self.width)} {_number(self.height)}",
            width=self.width,
            height=self.height,
            role="img",
            aria_labelledby=f"{ident}-title {ident}-desc",
            class_=self.class_,
            font_family="Inter, sans-serif",
            font_size=FONT_SIZE,
        )
