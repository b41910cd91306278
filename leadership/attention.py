"""What needs a leader now: the few things that hurt most in an area, each with a verb and a way to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import DecimalField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import kroner_short, moment
from core.presentation import due_of
from deviations.figures.scope import View
from deviations.presentation import who_has_it
from governance.inbox import initiatives_in_my_hands, municipal_decisions_waiting
from governance.models import Status
from leadership.figures import rows
from leadership.models import Key
from organization.actors import as_person
from organization.roles import Permission
from portfolio.health import read_latest
from portfolio.models import BudgetLine, Health

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.inbox import Task
    from leadership.areas import Place
    from leadership.figures.catalogue import Measured

SHOWN, MOST = 5, 20
"""How many the page shows, and how many of a kind are looked at."""
_DUTY, _LATE_TASK, _PROJECT, _TASK, _ACTIONS, _BENEFIT, _MEASUREMENTS = 1000, 800, 600, 500, 400, 300, 200
"""What hurts most has the highest weight: law first, then who waits for you, then projects, then what slips."""
_MOST_ADDED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing: what to do with what, why, and until when."""

    weight: int
    verb: str
    title: str
    why: str
    url: str
    due: str = ""
    tone: str = "neutral"
    action: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything that was found, the worst first."""

    items: list[Item]
    is_cut: bool

    @property
    def first(self) -> list[Item]:
        return self.items[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.items) - SHOWN, 0)


def attention_of(place: Place, now: Mapping[str, Measured]) -> Attention:
    """Return what needs the actor in the area.

    :param now: the numbers as they were measured, for what is told as one thing.
    """
    each = [list(source(place)) for source in (_duties, _decisions, _endorsements, _projects, _benefits)]
    items = [item for found in each for item in found[:MOST]] + list(_together(place, now))
    items.sort(key=lambda item: -item.weight)
    return Attention(items, is_cut=any(len(found) > MOST for found in each))


def _first(found: Any) -> Any:
    return found[: MOST + 1]


def _duties(place: Place) -> Iterator[Item]:
    if place.view != View.LINE:
        return
    related = ("deviation__unit", "deviation__handler", "deviation__responsible")
    for duty in _first(rows.duties(place).select_related(*related).order_by("due_at", "pk")):
        who = who_has_it(duty.deviation)
        late = (place.at - duty.due_at).days
        yield Item(
            weight=_DUTY + min(late, _MOST_ADDED), verb=_("Følg opp meldeplikten"), title=f"{duty.name} ({duty.deviation.number})",
            why=_("Saken ligger hos %(name)s") % {"name": who} if who else str(duty.deviation.unit),
            url=duty.get_absolute_url(), due=_("Fristen gikk ut %(at)s") % {"at": moment(duty.due_at)}, tone="danger", action=_("Åpne"),
        )  # fmt: skip


def _decisions(place: Place) -> Iterator[Item]:
    found = municipal_decisions_waiting.rows(place.actor).filter(municipality_id=place.area.municipality_id)
    for row in _first(found):
        yield _of_task(municipal_decisions_waiting.task(row, place.actor), place)


def _endorsements(place: Place) -> Iterator[Item]:
    if not as_person(place.actor).holds(Permission.ENDORSE, municipality_id=place.area.municipality_id):
        return
    found = place.within(initiatives_in_my_hands.rows(place.actor)).filter(status=Status.AWAITING_ENDORSEMENT)
    for row in _first(found):
        yield _of_task(initiatives_in_my_hands.task(row, place.actor), place)


def _of_task(task: Task, place: Place) -> Item:
    due = due_of(task.due, place.day)
    late = (place.day - task.due).days if task.due else 0
    weight = _LATE_TASK if late > 0 else _TASK
    return Item(
        weight=weight + max(min(late, _MOST_ADDED), 0), verb=str(task.verb), title=task.title, why=str(task.why), url=task.url,
        due=str(due.text) if due else "", tone=due.tone if due else "neutral", action=str(task.action),
    )  # fmt: skip


def with_overrun(found: Any, year: int) -> Any:
    """Annotate what the forecast of a year is above the budget (``over``), and the ``budget``."""
    amount = DecimalField(max_digits=18, decimal_places=2)

    def summed(expression: Any) -> Any:
        lines = BudgetLine.objects.filter(project=OuterRef("pk"), year=year).order_by().values("project")
        return Coalesce(
            Subquery(lines.annotate(sum=expression).values("sum")), Value(Decimal(0)), output_field=amount
        )

    return found.annotate(over=summed(Sum("forecast") - Sum("budget")), budget=summed(Sum("budget")))


def _projects(place: Place) -> Iterator[Item]:
    """Say of each project that asks for help, or is over its budget, both at once."""
    found = with_overrun(rows.with_need(rows.followed(place)), place.day.year).with_latest_status()
    troubled = found.filter(Q(needs_help=True) | Q(over__gt=0))
    listed = list(_first(troubled.only("name", "initiative", "unit").order_by("-over", "pk")))
    read_latest(listed)
    for project in listed:
        yield _of_project(project)


def _of_project(project: Any) -> Item:
    signs = project.latest_status.signs if project.latest_status else []
    bad = [str(sign.short).lower() for sign in signs if sign.value == Health.BAD]
    reasons = [_("Trenger hjelp: %(areas)s") % {"areas": ", ".join(bad)}] if bad else []
    if project.over > 0:
        told = {"over": kroner_short(project.over), "budget": kroner_short(project.budget)}
        reasons.append(_("Prognosen er %(over)s over budsjettet på %(budget)s") % told)
    share = int(project.over / project.budget * 50) if project.budget else 50
    return Item(
        weight=_PROJECT + min(10 * len(bad) + (share if project.over > 0 else 0), _MOST_ADDED),
        verb=_("Avklar hjelp til") if bad else _("Ta stilling til overskridelsen i"), title=project.name, why=". ".join(reasons),
        url=project.get_absolute_url(), action=_("Åpne prosjektet"), tone="warning",
    )  # fmt: skip


def _benefits(place: Place) -> Iterator[Item]:
    found = rows.benefits_short(place).select_related("service_owner").order_by("-changed_at", "-pk")
    for benefit in _first(found):
        owner = benefit.service_owner
        yield Item(
            weight=_BENEFIT, verb=_("Finn ut hva dere lærte av"), title=benefit.title, url=benefit.get_absolute_url(), action=_("Åpne"),
            why=_("Resultatet ble under målet. Tjenesteeier er %(name)s") % {"name": owner} if owner else _("Resultatet ble under målet"),
        )  # fmt: skip


def _together(place: Place, now: Mapping[str, Measured]) -> Iterator[Item]:
    """Say as one thing what is many small ones."""
    where = urlencode({"omrade": place.area.pk})
    late = int(now[Key.ACTIONS].value or 0) if Key.ACTIONS in now else 0
    if late:
        yield Item(
            weight=_ACTIONS + min(late, _MOST_ADDED), verb=_("Få fart på"), why=_("Fristen er passert, og tiltakene er ikke utført"),
            title=ngettext("%(n)s tiltak etter avvik", "%(n)s tiltak etter avvik", late) % {"n": late},
            url=f"{reverse('leadership:number_list', args=[Key.ACTIONS.value])}?{where}", action=_("Se listen"),
        )  # fmt: skip
    made = now[Key.BENEFITS]
    missing = int((made.whole or 0) - (made.value or 0))
    if missing:
        yield Item(
            weight=_MEASUREMENTS + min(missing, _MOST_ADDED), verb=_("Få målt"), why=_("Målingene skulle vært gjort i år"),
            title=ngettext("%(n)s gevinstmåling", "%(n)s gevinstmålinger", missing) % {"n": missing},
            url=f"{reverse('leadership:number_list', args=[Key.BENEFITS.value])}?{where}", action=_("Se listen"),
        )  # fmt: skip
