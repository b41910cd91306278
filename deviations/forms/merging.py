"""A form that several may have open: what somebody else wrote is kept where I wrote nothing, and clashes are shown.

The page carries a mark of every value as it stood when the page was made (``base``).  When the
record has moved on, a field that was not touched takes what stands now; one that both touched,
to different things, is shown with both texts, and whoever saves again decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django import forms
    from django.http import QueryDict

BASE, VERSION = "base", "version"


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed, in words."""

    label: str
    mine: str
    theirs: str


def marks_of(form: forms.BaseForm) -> str:
    """Return the marks of what an unbound form shows."""
    return " ".join(f"{name}:{_mark(form[name].value())}" for name in _written(form))


def merged(
    sent: QueryDict, mine: forms.BaseForm, now: forms.BaseForm, version: int
) -> tuple[QueryDict, list[Clash]]:
    """Return what was sent, put upon what stands now, and what clashes.

    :param mine: the form as it was sent.
    :param now: the unbound form of the record as it stands.
    """
    base = dict(pair.partition(":")[::2] for pair in sent.get(BASE, "").split())
    data, clashes = sent.copy(), []
    for name in _written(mine):
        posted, stands = _mark(mine[name].data), _mark(now[name].value())
        if posted == base.get(name):
            _put(data, name, now[name].value())
        elif stands not in {posted, base.get(name)}:
            shown = (in_words(mine[name], mine[name].data), in_words(now[name], now[name].value()))
            clashes.append(Clash(str(mine[name].label), *shown))
    data[VERSION], data[BASE] = str(version), marks_of(now)
    return data, clashes


def in_words(field: forms.BoundField, value: Any) -> str:
    """Return a value as people read it: the names of choices, not their codes."""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    names = {str(code): str(name) for code, name in _flat(getattr(field.field, "choices", ()))}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(names.get(str(one), str(one)) for one in values if one not in (None, ""))


def _written(form: forms.BaseForm) -> list[str]:
    return [name for name in form.fields if name not in {BASE, VERSION}]


def _put(data: QueryDict, name: str, value: Any) -> None:
    if value in (None, False, ""):
        data.pop(name, None)
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = "on" if value is True else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for code, name in choices:
        flat += list(name) if isinstance(name, list | tuple) else [(code, name)]
    return flat


def _mark(value: Any) -> str:
    if isinstance(value, list | tuple):
        plain = ",".join(sorted(str(one) for one in value))
    else:
        plain = (
            ""
            if value in (None, False)
            else "on"
            if value is True
            else normalize_newlines(str(value)).strip()
        )
    return hashlib.blake2s(plain.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
