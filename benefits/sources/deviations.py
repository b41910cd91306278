"""Numbers computed from the deviations of the municipality's own units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.forms.sources import DeviationSourceForm
from benefits.models import Lack
from benefits.sources import IndicatorSource, Reckoning, Way
from benefits.sources.choosing import types_for, units_for
from core.errors import Refused
from deviations.figures.scope import View, choices_of
from deviations.figures.windows import Counted, Window, amounts, count_windows, in_use_since
from deviations.filters import GRAVE
from deviations.models import Category, DeviationType
from organization.actors import as_person
from organization.models import Exposure, Unit
from organization.sizes import FEWEST, sizes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from benefits.models import Indicator, MeasurementBasis
    from benefits.sources import Point
    from core.actors import Actor

PER = {Exposure.Kind.WORK_YEARS.value: 1, Exposure.Kind.RESIDENT_DAYS.value: 1000}
_FOUR = Decimal("0.0001")
_UNITS = {
    "": gettext_lazy("avvik"), Exposure.Kind.WORK_YEARS.value: gettext_lazy("avvik per årsverk og år"),
    Exposure.Kind.RESIDENT_DAYS.value: gettext_lazy("avvik per 1 000 liggedøgn"),
}  # fmt: skip


def _check(choice: Mapping[str, Any], indicator: Indicator, actor: Actor, today: date) -> None:
    """Refuse what the actor may not let the plan count.

    :raises Refused: with what to choose instead.
    """
    initiative = indicator.benefit.initiative
    computation = getattr(indicator, "computation", None)
    kept = computation.choice.get("units", []) if computation else []
    allowed = {unit.pk for unit in units_for(initiative, actor, today, kept=kept)}
    if not choice["units"] or not set(choice["units"]) <= allowed:
        raise Refused(_("Velg enheter som du kan se tall for, og der minst fem arbeider."))
    if choice["type"] and choice["type"] not in {one.pk for one in types_for(initiative.municipality_id)}:
        raise Refused(_("Velg en type som ikke er fortrolig."))
    if choice["category"] not in {"", *Category.values}:
        raise Refused(_("Velg en kategori som finnes."))
    if choice["per"] not in {"", *PER}:
        raise Refused(_("Velg hva antallet skal deles på."))


# --- Counting ----------------------------------------------------------------------------------------
def _window(point: Point) -> Window:
    choice = point.choice
    return Window(
        key=point.key, municipality_id=point.municipality_id, unit_ids=tuple(choice["units"]), first=point.first, end=point.end,
        category=choice.get("category", ""), type_id=choice.get("type") or 0, only_severe=bool(choice.get("severe")),
    )  # fmt: skip


def _reckon(points: Sequence[Point], today: date) -> dict[int, Reckoning]:
    windows = [_window(point) for point in points]
    kinds = {point.key: point.choice["per"] for point in points if point.choice.get("per")}
    since = in_use_since({window.municipality_id for window in windows})
    divided = [window for window in windows if window.key in kinds]
    against = amounts(divided, kinds, since, today)
    counts, few = count_windows(windows), _too_small(windows, today)
    return {
        window.key: _one(
            window, counts.get(window.key, {}), kinds.get(window.key, ""), against.get(window.key, {}), since.get(window.municipality_id),
            is_few=window.key in few,
        )
        for window in windows
    }  # fmt: skip


def _too_small(windows: Sequence[Window], today: date) -> set[int]:
    """Return the windows whose units have become so small that a number could point at somebody."""
    places = {window.municipality_id for window in windows}
    sizes = sizes_of(list(Unit.objects.filter(municipality_id__in=places)), day=today)
    return {window.key for window in windows if any(sizes.get(unit, 0) < FEWEST for unit in window.unit_ids)}


def _one(
    window: Window, counts: Mapping[int, Counted], per: str, against: Mapping[int, float], since: date | None, *, is_few: bool
) -> Reckoning:  # fmt: skip
    if set(window.unit_ids) - set(counts):
        return Reckoning(lack=Lack.UNITS)
    if is_few:
        return Reckoning(lack=Lack.FEW_PEOPLE)
    if since is None or since.replace(day=1) > window.first:
        return Reckoning(lack=Lack.NOT_IN_USE)
    known: dict[str, Any] = {
        "count": sum(one.count for one in counts.values()), "total": sum(one.total for one in counts.values()),
        "severe": sum(one.severe for one in counts.values()), "per": per,
        "parts": [
            {"unit": unit, "count": one.count, "total": one.total, "amount": str(_exact(against[unit])) if unit in against else ""}
            for unit, one in counts.items()
        ],
    }  # fmt: skip
    if not per:
        return Reckoning(value=Decimal(known["count"]), **known)
    amount = _exact(sum(against.values())) if set(window.unit_ids) <= set(against) else Decimal(0)
    if not amount:
        return Reckoning(lack=Lack.DENOMINATOR, **known)
    value = (Decimal(known["count"]) * PER[per] / amount).quantize(_FOUR)
    return Reckoning(value=value, amount=amount, **known)


def _exact(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(_FOUR)


# --- In words, and the way back ----------------------------------------------------------------------
def _describe(choice: Mapping[str, Any]) -> str:
    """Say what is counted, such as «Avvik av typen «Legemiddelfeil», høy eller kritisk alvorlighet, i Solbakken sykehjem»."""
    kind = DeviationType.objects.filter(pk=choice.get("type") or 0).values_list("name", flat=True).first()
    if kind:
        said = _("Avvik av typen «%(type)s»") % {"type": kind}
    elif choice.get("category"):
        said = _("Avvik i kategorien «%(category)s»") % {"category": Category(choice["category"]).label}
    else:
        said = _("Alle meldte avvik")
    if choice.get("severe"):
        said += _(", bare høy og kritisk alvorlighet")
    names = Unit.objects.filter(pk__in=choice["units"]).order_by("path").values_list("name", flat=True)
    return said + _(". Meldt i %(units)s, med enhetene under. Fortrolige saker er ikke med.") % {
        "units": ", ".join(names)
    }


def _unit(choice: Mapping[str, Any]) -> str:
    return str(_UNITS[choice.get("per", "")])


def _ways(basis: MeasurementBasis, actor: Actor, today: date) -> list[Way]:
    """Return each unit with its count, and the list behind it for those who see its cases."""
    names = dict(Unit.objects.filter(pk__in=[part["unit"] for part in basis.parts]).values_list("pk", "name"))
    views = choices_of(as_person(actor), today=today).views if not actor.is_system else {}
    return [
        Way(names.get(part["unit"], ""), part["count"], _list_url(part["unit"], basis))
        if View.LINE in views.get(part["unit"], ())
        else Way(names.get(part["unit"], ""), part["count"])
        for part in basis.parts
    ]


def _list_url(unit: int, basis: MeasurementBasis) -> str:
    choice = basis.choice
    query = {
        "enhet": unit, "kategori": choice.get("category"), "type": choice.get("type"), "alvor": GRAVE if choice.get("severe") else "",
        "fra": basis.first_day.isoformat(), "til": basis.last_day.isoformat(),
    }  # fmt: skip
    return f"{reverse('deviations:deviation_list')}?{urlencode({name: value for name, value in query.items() if value})}"


from_deviations = IndicatorSource(
    key="deviations", label=gettext_lazy("Avvik"), form=DeviationSourceForm, check=_check, reckon=_reckon, describe=_describe,
    unit=_unit, ways=_ways,
)  # fmt: skip
