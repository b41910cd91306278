"""Find text in templates that people see and nobody marked for translation."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Attributes that a browser shows or reads out.
_SHOWN = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "data-tooltip",
    "label",
    "placeholder",
    "title",
}
# Those that a component of ours shows; anything that ends in ``_label`` or ``_text`` as well.
_SHOWN_BY_COMPONENTS = {
    "caption",
    "heading",
    "hint",
    "holder",
    "kicker",
    "lead",
    "missing",
    "note",
    "object",
    "submit",
    "text",
    "unit",
    "verb",
    "why",
}
_NOT_READ = {"script", "style", "code", "kbd", "samp", "svg"}
_EMPTY = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
# The name of the product is the same in every language.
_NAMES = re.compile(r"\bStafett\b")

_DROPPED = re.compile(
    r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}"
    r"|\{%\s*(blocktrans(?:late)?)\b.*?%\}.*?\{%\s*end\1\s*%\}"
    r"|\{%\s*verbatim\b.*?%\}.*?\{%\s*endverbatim\b.*?%\}"
    # A block that is called so fills an attribute, wherever it is opened again.
    r"|\{%\s*block\s+\w*class\s*%\}.*?\{%\s*endblock.*?%\}",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_FALLBACK = re.compile(r"""\|\s*(?:default|default_if_none)\s*:\s*(["'])(.*?)\1""")
# Stands for a piece of template that is not text; no letter, so that nothing takes it for one.
_PIECE = "\ufffc"
# ``<{% if url %}a href="…"{% else %}button{% endif %}>`` is an element all the same.
_CHOSEN_TAG = re.compile(f"<(/?){_PIECE}+")


def unmarked_text(template_source: str) -> list[str]:
    """Return the texts and attributes with letters that are neither marked nor variables.

    Elements with ``translate="no"`` are left alone, as are code, scripts and drawings.
    """
    source = _DROPPED.sub(_PIECE, template_source)
    source = _TAG.sub(_PIECE, _VARIABLE.sub(_fallback, source))
    reader = _Reader()
    reader.feed(_CHOSEN_TAG.sub(r"<\1", source))
    reader.close()
    return reader.found


def _fallback(variable: re.Match[str]) -> str:
    """Return what a variable shows when it is empty, ``{{ name|default:"Uten navn" }}``."""
    return _PIECE + " ".join(re.sub(r"[<>\"']", "", match[2]) for match in _FALLBACK.finditer(variable[0]))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        silent = bool(self._silent) or tag in _NOT_READ or dict(attrs).get("translate") == "no"
        if not silent:
            self.found += [
                f'{name}="{value}"'
                for name, value in attrs
                if value and _is_shown(tag, name, dict(attrs)) and _has_words(value)
            ]
        if silent and tag not in _EMPTY:
            self._silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._silent and tag not in _EMPTY:
            self._silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and _has_words(data):
            self.found.append(" ".join(data.replace(_PIECE, " ").split()))


def _is_shown(tag: str, name: str, attrs: dict[str, str | None]) -> bool:
    if name in _SHOWN:
        return True
    if tag.startswith("c-"):
        return name in _SHOWN_BY_COMPONENTS or name.endswith(("_label", "_text"))
    return tag == "input" and name == "value" and attrs.get("type") in {"submit", "button", "reset"}


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in _NAMES.sub("", text))
