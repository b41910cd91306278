"""What deviations remind people of, and who hears of it when nothing happens (catalogue, *frister_forslag*)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import short_date
from core.reminders import Reminder, Step
from deviations.models import CorrectiveAction, Deviation, Lift, LiftStatus, Status
from deviations.models.action import ACTION_OPEN
from deviations.routing import leaders_above
from organization.actors import nearest_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person

SOON = timedelta(days=7)
_STEPS = (Step(after=-3), Step(after=0), Step(after=3), Step(after=7, level=1), Step(after=14, level=2))


def _standing(*statuses: Status) -> Any:
    def due(day: date) -> QuerySet[Any]:
        rows = Deviation.objects.filter(status__in=statuses, due_on__isnull=False, due_on__lte=day + SOON)
        return rows.select_related("unit", "municipality", "reporter", "responsible", "handler").order_by(
            "pk"
        )

    return due


def _due_on(obj: Any) -> date:
    assert obj.due_on is not None
    day: date = obj.due_on
    return day


def _receivers(case: Deviation, level: int) -> Iterable[Person | None]:
    return [case.responsible, *_above(case, level)]


def _handlers(case: Deviation, level: int) -> Iterable[Person | None]:
    return [case.handler or case.responsible, *_above(case, level)]


def _above(case: Deviation, level: int) -> list[Person]:
    """The leaders up the line.  Of a confidential case they are told only when its type names them."""
    return leaders_above(case, day=timezone.localdate(), level=level) if level else []


def _owners(action: CorrectiveAction, level: int) -> Iterable[Person]:
    """The owner; later also whoever proposed the action, and the leader of its unit, as when the owner has left."""
    if level == 0:
        return [action.owner]
    roles = [Role.LEADER, Role.SECTOR_LEADER]
    leaders = nearest_in_roles(roles, municipality_id=action.municipality_id, unit_path=action.unit.path)
    return [action.owner, action.proposed_by, *leaders]


def _open_actions(day: date) -> QuerySet[Any]:
    rows = CorrectiveAction.objects.filter(status__in=ACTION_OPEN, due_on__lte=day + SOON)
    return rows.select_related("unit", "municipality", "owner", "proposed_by").order_by("pk")


def _offered(_day: date) -> QuerySet[Any]:
    rows: QuerySet[Any] = Lift.objects.waiting().with_offer_facts()
    return rows.filter(first_offer_at__isnull=False).select_related("raised_by").order_by("pk")


def _offered_on(lift: Any) -> date:
    return timezone.localdate(lift.first_offer_at)


def _in_place(_day: date) -> QuerySet[Any]:
    rows = Lift.objects.filter(status=LiftStatus.BEING_SOLVED, action__done_at__isnull=False)
    return rows.select_related("raised_by", "action").order_by("pk")


def _in_place_on(lift: Lift) -> date:
    assert lift.action is not None
    assert lift.action.done_at is not None
    return timezone.localdate(lift.action.done_at)


def _raisers(lift: Lift, _level: int) -> list[Person]:
    return [lift.raised_by]


def _title(text: Any) -> Any:
    def title(obj: Any, step: Step) -> str:
        when = _("forfalt") if step.after > 0 else _("frist nærmer seg")
        number = getattr(obj, "number", "")
        name = getattr(obj, "headline", "") or getattr(obj, "title", "")
        return f"{str(text) % {'title': f'{number} {name}'.strip()}} ({when})"

    return title


def _body(obj: Any, _step: Step) -> str:
    return _("Frist %(date)s.") % {"date": short_date(obj.due_on)}


REMINDERS = (
    Reminder(
        key="deviation_unreceived", due=_standing(Status.REPORTED, Status.RECEIVED), due_on=_due_on, recipients=_receivers,
        steps=_STEPS, title=_title(gettext_lazy("Ta imot %(title)s")), body=_body,
    ),
    Reminder(
        key="deviation_unhandled", due=_standing(Status.IN_PROGRESS, Status.ACTIONS_RUNNING, Status.EVALUATING),
        due_on=_due_on, recipients=_handlers, steps=_STEPS, title=_title(gettext_lazy("Behandle %(title)s")), body=_body,
    ),
    Reminder(
        key="deviation_unanswered", due=_standing(Status.AWAITING_REPORTER), due_on=_due_on,
        recipients=lambda case, level: [case.handler] if level else [case.reporter],
        steps=(Step(after=-2), Step(after=1), Step(after=3, level=1)),
        title=_title(gettext_lazy("Spørsmålet om %(title)s venter på svar")), body=_body,
    ),
    Reminder(
        key="corrective_action_due", due=_open_actions, due_on=_due_on, recipients=_owners, steps=_STEPS,
        title=_title(gettext_lazy("Gjør tiltaket «%(title)s»")), body=_body,
    ),
    Reminder(
        key="lift_offered", due=_offered, due_on=_offered_on, recipients=_raisers, steps=(Step(after=3), Step(after=8)),
        title=lambda lift, _step: _("Noen kan løse «%(title)s», og venter på svar fra deg") % {"title": lift.title},
    ),
    Reminder(
        key="lift_in_place", due=_in_place, due_on=_in_place_on, recipients=_raisers, steps=(Step(after=5), Step(after=15)),
        title=lambda lift, _step: _("Er «%(title)s» løst nå? Tiltaket er utført") % {"title": lift.title},
    ),
)  # fmt: skip
