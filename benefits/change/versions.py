"""The change work of a plan as a version keeps it, and what differs between two versions.

How far an action has come is no part of it: the plan says what is to be done, and the doing of it changes no plan.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.dateparse import parse_date
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from benefits.models import (
    Attitude,
    BenefitRisk,
    ChangeAction,
    ChangeKind,
    Influence,
    Pilot,
    RiskProfile,
    RiskState,
    Stakeholder,
)
from benefits.versions import Compared, Difference
from core.formats import kroner, short_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from benefits.versions import Line
    from governance.models import Initiative

    Field = tuple[str, StrOrPromise, Callable[[Any], str]]


_WORDS = 8


def work_lines(initiative: Initiative) -> list[Line]:
    """Return the change work and the pilot as they stand, as the database gives them back; four queries."""
    its: dict[str, Any] = {"initiative": initiative}
    owned = ("owner", "benefit")
    lines = [
        *map(_of_action, ChangeAction.objects.standing().filter(**its).select_related(*owned)),
        *map(_of_stakeholder, Stakeholder.objects.standing().filter(**its).select_related("contact")),
        *map(_of_pilot, Pilot.objects.filter(**its)),
        *map(_of_risk, BenefitRisk.objects.standing().filter(**its).select_related(*owned)),
    ]
    kept: list[Line] = json.loads(json.dumps(lines, cls=DjangoJSONEncoder))
    return kept


def _of_action(row: ChangeAction) -> Line:
    return {
        "part": "action", "id": row.pk, "title": row.title, "kind": row.kind, "owner": _name(row.owner), "due": row.due_on,
        "profile": row.risk_profile, "serves": _name(row.benefit),
    }  # fmt: skip


def _of_stakeholder(row: Stakeholder) -> Line:
    return {
        "part": "stakeholder", "id": row.pk, "title": row.name, "gains": row.gains, "loses": row.loses,
        "influence": row.influence, "attitude": row.attitude, "involvement": row.involvement, "contact": _name(row.contact),
    }  # fmt: skip


def _of_risk(row: BenefitRisk) -> Line:
    return {
        "part": "risk", "id": row.pk, "title": row.title, "likelihood": row.likelihood, "consequence": row.consequence,
        "measure": row.measure, "owner": _name(row.owner), "state": row.state, "serves": _name(row.benefit),
    }  # fmt: skip


def _of_pilot(row: Pilot) -> Line:
    """Return the pilot with its result, which is kept and not compared: how it went changes no plan."""
    return {
        "part": "pilot", "id": row.pk, "title": Truncator(row.hypothesis).words(_WORDS), "hypothesis": row.hypothesis,
        "cap": row.cap, "ends": row.ends_on, "stop": row.stop_criterion, "outcome": row.outcome,
    }  # fmt: skip


def _name(row: Any) -> str:
    return "" if row is None else str(row)


def _text(value: Any) -> str:
    return str(value) if value not in (None, "") else "–"


def _day(value: Any) -> str:
    day = parse_date(str(value)) if value else None
    return short_date(day) if day else "–"


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else _text(value)


def _amount(value: Any) -> str:
    return "–" if value in (None, "") else kroner(Decimal(str(value)))


_PARTS: dict[str, tuple[StrOrPromise, tuple[Field, ...]]] = {
    "action": (_("Tiltak"), (
        ("title", _("Navn"), _text), ("kind", _("Type"), _label(ChangeKind)), ("owner", _("Ansvarlig"), _text),
        ("due", _("Frist"), _day), ("profile", _("Risikoprofil"), _label(RiskProfile)), ("serves", _("Gevinst"), _text),
    )),
    "pilot": (_("Utprøving"), (
        ("hypothesis", _("Antakelse"), _text), ("cap", _("Kan koste på det meste"), _amount), ("ends", _("Ferdig"), _day),
        ("stop", _("Stopper før tiden"), _text),
    )),
    "stakeholder": (_("Interessent"), (
        ("title", _("Navn"), _text), ("gains", _("Hva de vinner"), _text), ("loses", _("Hva de taper"), _text),
        ("influence", _("Innflytelse"), _label(Influence)), ("attitude", _("Holdning"), _label(Attitude)),
        ("involvement", _("Strategi"), _text), ("contact", _("Kontakt"), _text),
    )),
    "risk": (_("Risiko"), (
        ("title", _("Navn"), _text), ("likelihood", _("Sannsynlighet"), _text), ("consequence", _("Konsekvens"), _text),
        ("measure", _("Hva som gjøres"), _text), ("owner", _("Risikoeier"), _text), ("state", _("Status"), _label(RiskState)),
        ("serves", _("Gevinst"), _text),
    )),
}  # fmt: skip


def compare_work(old: Sequence[Line] | None, new: Sequence[Line] | None) -> list[Compared]:
    """Return what differs in the change work of two versions; nothing where one of them did not keep it."""
    if old is None or new is None:
        return []
    earlier, later = ({_key(line): line for line in lines} for lines in (old, new))
    keys = [*later, *(key for key in earlier if key not in later)]
    found = (_compared(earlier.get(key), later.get(key)) for key in keys)
    return [one for one in found if one.is_changed]


def _key(line: Line) -> tuple[str, int]:
    return line["part"], line["id"]


def _compared(old: Line | None, new: Line | None) -> Compared:
    line: Line = new or old or {}
    heading, fields = _PARTS[line["part"]]
    title = f"{heading}: {line['title']}"
    if old is None or new is None:
        return Compared(title, "came" if old is None else "went")
    differences = tuple(_differences(old, new, fields))
    return Compared(title, "changed" if differences else "same", differences)


def _differences(old: Line, new: Line, fields: Iterable[Field]) -> Iterator[Difference]:
    for key, label, write in fields:
        if key in old and old[key] != new[key]:
            yield Difference(label, write(old[key]), write(new[key]))
