"""What an import would do, line by line, and what is wrong with the file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import long_date, number
from core.spreadsheets import Row, TableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import Model

    from core.actors import Actor
    from organization.models import Unit

NEW, CHANGED, SAME = "new", "changed", "same"
EARLIEST = date(1950, 1, 1)
YEARS_AHEAD = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the file does."""

    line: int
    what: str
    label: str
    differences: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.what == NEW

    @property
    def is_same(self) -> bool:
        return self.what == SAME


@dataclass
class Plan:
    """Every change of a file, and every error in it.  One error, and nothing is done."""

    changes: list[Change] = field(default_factory=list)
    errors: list[TableError] = field(default_factory=list)

    def count(self, what: str) -> int:
        return sum(change.what == what for change in self.changes)

    @property
    def new(self) -> int:
        return self.count(NEW)

    @property
    def changed(self) -> int:
        return self.count(CHANGED)

    @property
    def same(self) -> int:
        return self.count(SAME)

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed)

    @property
    def fingerprint(self) -> str:
        """Return a text that is the same only for a plan that does the same."""
        told = [(change.line, change.what, change.label, change.differences) for change in self.changes]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Importer:
    """Turns rows into a plan, and a plan without errors into writes."""

    def __init__(self, municipality: Unit, actor: Actor) -> None:
        self.municipality = municipality
        self.actor = actor
        self.plan = Plan()

    def read(self, rows: list[Row]) -> None:
        """Fill ``self.plan`` from the rows."""
        raise NotImplementedError

    def write(self, *, now: datetime) -> None:
        """Do what the plan says.  The caller has a transaction and records it."""
        raise NotImplementedError

    def wrong(self, row: Row, key: str, problem: str) -> None:
        self.plan.errors.append(row.error(key, problem))

    def text(self, row: Row, key: str, *, required: bool = False) -> str:
        return self._cell(row, key, "text", required=required) or ""

    def day(self, row: Row, key: str, *, required: bool = False) -> date | None:
        """Return a day, unless the year is likely mistyped, which is told."""
        day: date | None = self._cell(row, key, "date", required=required)
        if day is not None and not EARLIEST <= day <= timezone.localdate() + YEARS_AHEAD:
            self.wrong(row, key, _("Sjekk årstallet: %(year)s.") % {"year": day.year})
            return None
        return day

    def number(
        self, row: Row, key: str, *, required: bool = False, decimals: int | None = None
    ) -> Decimal | None:
        value: Decimal | None = self._cell(row, key, "number", required=required, decimals=decimals)
        return value

    def flag(self, row: Row, key: str) -> bool | None:
        value: bool | None = self._cell(row, key, "flag", required=False)
        return value

    def _cell(self, row: Row, key: str, shape: str, **how: Any) -> Any:
        try:
            return getattr(row, shape)(key, **how)
        except TableError as problem:
            self.plan.errors.append(problem)
            return None

    def check_fields(self, row: Row, instance: Model, keys: Mapping[str, str]) -> None:
        """Let the model check its own fields; ``keys`` maps each to the column it came from."""
        others = {field.name for field in instance._meta.fields} - set(keys)
        try:
            instance.clean_fields(exclude=others)
        except ValidationError as invalid:
            for name, messages in invalid.message_dict.items():
                for message in messages:
                    self.wrong(row, keys[name], message)


def differences(row: Model, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how ``wanted`` differs from what stands, in words."""
    told = []
    for name, value in wanted.items():
        before = getattr(row, name)
        if before != value:
            title = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            told.append(f"{title[:1].upper()}{title[1:]}: {shown(before)} → {shown(value)}")
    return tuple(told)


def shown(value: Any) -> str:
    """Return a value as a person reads it."""
    if value is None or value == "":
        return _("tomt")
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, Decimal | int):
        return number(value)
    return long_date(value) if isinstance(value, date) else str(value)
