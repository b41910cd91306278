"""The fields of a status report in words: what they are called, and how their values are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import kroner, long_date
from portfolio.models import Area, Health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise as StrOrPromise

_OF_AREA = gettext_lazy("%(area)s: forklaring")
_NAMES: dict[str, StrOrPromise] = {
    "day": gettext_lazy("Status per"),
    "summary": gettext_lazy("Kort fortalt"),
    "forecast_ends_on": gettext_lazy("Ventet slutt"),
    "budget": gettext_lazy("Budsjett"),
    "spent": gettext_lazy("Påløpt hittil"),
    "forecast": gettext_lazy("Prognose"),
}
FIELDS: tuple[str, ...] = (
    "day", "summary", *(name for area in Area for name in (area.value, f"{area.value}_text")),
    "forecast_ends_on", "budget", "spent", "forecast",
)  # fmt: skip


class _Labels:
    """The labels in the language of whoever reads."""

    def __getitem__(self, name: str) -> str:
        if name in _NAMES:
            return str(_NAMES[name])
        area = Area(name.removesuffix("_text"))
        return str(area.label) if name == area else str(_OF_AREA) % {"area": area.label}


LABELS = _Labels()


def written(name: str, value: Any) -> str:
    """Return a value of a field as a person reads it."""
    if value is None or value == "":
        return _("ikke fylt ut")
    if name in Area:
        return str(Health(value).label)
    if isinstance(value, date):
        return long_date(value)
    return kroner(value) if isinstance(value, Decimal) else str(value)


def values_of(report: Any) -> Mapping[str, Any]:
    """Return the fields of a report, as a form begins with them."""
    return {name: getattr(report, name) for name in FIELDS}
