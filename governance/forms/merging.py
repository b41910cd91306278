"""Forms that several people may have open at once: only what somebody changed is checked and saved.

The page carries a mark of each value as it stood when the page was made (``base``).  A posted
value with the same mark was not touched: it is neither checked nor saved, so it never undoes
what somebody else wrote meanwhile.  Only where two people changed the same field to different
things do they clash, and then the person who saves last chooses.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import models
from django.http import QueryDict
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from core.errors import StaleVersion
from core.formats import long_date
from core.forms import BoundField, ModelForm

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.actors import PersonActor

BASE = "base"
_LONGEST_BASE = 10_000


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed: what each of them wrote, and the mark of what stands."""

    name: str
    label: str
    mine: str
    theirs: str
    mark: str


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together on the page, under a legend if there is one."""

    legend: StrOrPromise
    fields: list[BoundField]

    @property
    def is_numbers(self) -> bool:
        """Tell whether all fields are short numbers with a unit, which may stand beside each other."""
        return all(field.suffix for field in self.fields)


class MergingForm(ModelForm):
    """A form of a record that others may be writing in too.

    ``actor`` decides what can be chosen; ``only`` leaves out every other field, so that what is
    right can be saved while the rest waits.
    """

    layout: ClassVar[tuple[tuple[StrOrPromise, tuple[str, ...]], ...]] = ()

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        actor: PersonActor,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_with_plain_newlines(data), *args, **kwargs)
        self.actor = actor
        self.prepare()
        if only is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in only}
        self._marks_at_start = {name: self.mark_of(name, self.instance) for name in self.fields}
        self.clashes: list[Clash] = []

    def prepare(self) -> None:
        """Fill the choices that depend on the record and the actor."""

    # --- What the page showed, what came back, what stands -------------------------------------
    def value_of(self, name: str, instance: Any) -> Any:
        """Return the value of a field as it stands on ``instance``; rows as their ids."""
        if instance.pk is None:
            return None
        column = instance._meta.get_field(name)
        if column.many_to_many:
            return [row.pk for row in getattr(instance, name).all()]
        return getattr(instance, column.attname)

    def mark_of(self, name: str, instance: Any) -> str:
        return _mark(self.value_of(name, instance))

    @cached_property
    def _base(self) -> dict[str, str]:
        sent = str(self.data.get(BASE, ""))[:_LONGEST_BASE] if self.is_bound else ""
        known = (pair.partition(":") for pair in sent.split())
        return {**self._marks_at_start, **{name: mark for name, _colon, mark in known if name in self.fields}}

    def _posted_mark(self, name: str) -> str:
        if name in self.cleaned_data:
            return _mark(self.cleaned_data[name])
        return _mark(self[name].data)

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields whose value is another than the page was made with."""
        if not self.is_bound:
            return []
        self.errors  # noqa: B018 - the values are known once the form is cleaned
        return [name for name in self.fields if self._posted_mark(name) != self._base[name]]

    def base(self, *, saved: Collection[str] = ()) -> str:
        """Return what the page carries on: the marks of what it now shows and the database holds."""
        marks = dict(self._base)
        marks.update({name: self._posted_mark(name) for name in saved})
        return " ".join(f"{name}:{mark}" for name, mark in marks.items())

    def clashing_with(self, current: Any) -> list[str]:
        """Return the fields that somebody else changed too, to something else; keeps them in ``clashes``."""
        self.clashes = [
            Clash(
                name=name, label=str(self.fields[name].label), mine=self.shown(name, self.cleaned_data.get(name)),
                theirs=self.shown(name, self.row_or_value(name, current)), mark=stands,
            )
            for name in self.changed_data
            if (stands := self.mark_of(name, current)) not in {self._base[name], self._posted_mark(name)}
        ]  # fmt: skip
        return [clash.name for clash in self.clashes]

    def refuse_clashes(self, current: Any) -> None:
        """:raises StaleVersion: somebody else changed the same to something else; with what was typed and what stands."""
        if self.clashing_with(current):
            raise StaleVersion(
                mine={clash.label: clash.mine for clash in self.clashes},
                theirs={clash.label: clash.theirs for clash in self.clashes},
            )

    # --- Cleaning and saving: only what was touched ---------------------------------------------
    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        if self.instance.pk is None:  # nothing stands that could be left as it is
            return
        errors: dict[str, Any] = self._errors  # type: ignore[attr-defined]
        for name in [name for name in errors if name in self.fields]:
            if _mark(self[name].data) == self._base[name]:
                del errors[name]

    def _save_m2m(self) -> None:
        touched = set(self.changed_data)
        self.cleaned_data = {name: value for name, value in self.cleaned_data.items() if name in touched}
        super()._save_m2m()  # type: ignore[misc]

    # --- In words ---------------------------------------------------------------------------------
    def row_or_value(self, name: str, instance: Any) -> Any:
        """Return the value of a field as people know it: rows, not ids."""
        column = instance._meta.get_field(name)
        return list(getattr(instance, name).all()) if column.many_to_many else getattr(instance, name)

    def shown(self, name: str, value: Any) -> str:
        """Return a value as a text that people read."""
        field = self.fields[name]
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Ja") if value else _("Nei")
        if isinstance(value, date):
            return long_date(value)
        if isinstance(value, models.Model):
            return str(value)
        if isinstance(value, list | tuple | models.QuerySet):
            return ", ".join(str(row) for row in value)
        choices = dict(getattr(field, "choices", None) or []) if isinstance(value, str) else {}
        written = str(choices.get(value) or field.prepare_value(value))
        suffix = str(getattr(field, "suffix", "") or "")
        return f"{written} {suffix}" if suffix and isinstance(value, int | Decimal) else written

    def is_asked(self, name: str) -> bool:
        """Tell whether the page asks for a field; what nobody here can choose is not asked."""
        return True

    @property
    def parts(self) -> Iterator[tuple[StrOrPromise, list[str]]]:
        """Yield the names of the fields in the order of the page; those no group names come last."""
        named = {name for _legend, names in self.layout for name in names}
        for legend, names in (*self.layout, ("", tuple(name for name in self.fields if name not in named))):
            yield legend, [name for name in names if name in self.fields]

    @property
    def groups(self) -> Iterator[Group]:
        """Yield the fields that are asked for, in the order of the page."""
        for legend, names in self.parts:
            fields = [cast("BoundField", self[name]) for name in names if self.is_asked(name)]
            if fields:
                yield Group(legend, fields)


def _mark(value: Any) -> str:
    return hashlib.blake2s(_plain(value).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    """Return the same text for a value from the database, from a cleaned form and as it was posted."""
    if value is None or value is False:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple | models.QuerySet):
        return ",".join(sorted(_plain(row) for row in value))
    return normalize_newlines(str(value)).strip()


def _with_plain_newlines(data: Any) -> Any:
    """Return posted data with ``\\n`` for every line break: browsers count them as one character, so we do."""
    if not isinstance(data, QueryDict):
        return data
    plain = QueryDict(mutable=True)
    for key, values in data.lists():
        plain.setlist(
            key, [normalize_newlines(value) if isinstance(value, str) else value for value in values]
        )
    return plain
