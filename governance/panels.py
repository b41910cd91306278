"""What governance puts on the start page and the settings page, and what others put on an initiative's page.

``INITIATIVE_PANELS`` lists functions (dotted paths) that take an initiative and the actor, and
return a panel for the column beside the case, or ``None`` when there is nothing for this person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core import formats
from core.panels import Link, Panel
from core.presentation import due_of
from governance import policies
from governance.filters import QUEUE_STATES, listed, queue_counts
from governance.models import Initiative, Meeting, Status
from governance.presentation import who_has_it
from organization.roles import COUNCIL_ROLES, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from organization.actors import PersonActor

_SHOWN = 5
# Beside the council and its secretariat, these follow what is coming up.
_FOLLOW_MEETINGS = (
    *COUNCIL_ROLES,
    Role.SECRETARIAT,
    Role.COORDINATOR,
    Role.KOMMUNEDIREKTOR,
    Role.CHIEF_OF_FINANCE,
)


def my_initiatives(actor: PersonActor) -> Panel | None:
    """Show what the person has raised, where it stands and who has it; others get a way to begin."""
    may_raise = actor.holds(Permission.RAISE_INITIATIVE)
    rows = listed(Initiative.objects.visible_to(actor).filter(submitter_id=actor.person_id).open())
    latest = list(rows.order_by("-changed_at", "-pk")[: _SHOWN + 1])
    if not latest and not may_raise:
        return None
    today = timezone.localdate()
    lines = [
        {"case": row, "holder": who_has_it(row), "due": due_of(row.due_on, today)} for row in latest[:_SHOWN]
    ]
    context = {"lines": lines, "has_more": len(latest) > _SHOWN, "may_raise": may_raise}
    return Panel("governance/panels/my_initiatives.html", context)


def secretariat(actor: PersonActor) -> Panel | None:
    """Show how much waits in each part of the secretariat's queue; each number opens its list."""
    if not actor.holds(Permission.TRIAGE):
        return None
    counts = queue_counts(actor)
    usual = (Status.RECEIVED, Status.UNDER_PREPARATION, Status.READY_FOR_COUNCIL)
    numbers: list[dict[str, Any]] = []
    for status, label in QUEUE_STATES:
        count = counts.get(status.value, 0)
        if status in usual or (count and status == Status.FAST_TRACK):
            url = f"{reverse('governance:triage_queue')}?status={status.value}"
            numbers.append({"label": label, "value": formats.count(count), "url": url})
    return Panel("governance/panels/secretariat.html", {"numbers": numbers})


def next_meeting(actor: PersonActor) -> Panel | None:
    """Show the council's next meeting to those who take part in it or prepare it."""
    if not actor.has_role(*_FOLLOW_MEETINGS):
        return None
    meeting = Meeting.objects.visible_to(actor).upcoming().select_related("municipality").first()
    if meeting is None:
        return None
    may_arrange = policies.may_arrange_meeting(actor, meeting)
    return Panel("governance/panels/next_meeting.html", {"meeting": meeting, "may_arrange": may_arrange})


def settings_links(actor: PersonActor) -> list[Link]:
    """Return the links of governance for who administers a municipality."""
    if not actor.holds(Permission.SET_RULES):
        return []
    return [
        Link(
            label=_("Regler for styringen"),
            url=reverse("governance:rules_edit"),
            hint=_("Krav til forarbeid, porter i prosjekter og frister."),
        ),
        Link(
            label=_("Rådets mandat"),
            url=reverse("governance:mandate_list"),
            hint=_(
                "Hvem som kan melde inn tiltak, hvordan rådet stemmer, og hva hvert organ kan avgjøre selv."
            ),
        ),
    ]


def initiative_panels(initiative: Initiative, actor: PersonActor) -> list[Panel]:
    """Return what other apps show beside an initiative, in the order of the setting."""
    functions: list[Callable[[Initiative, PersonActor], Panel | None]] = [
        import_string(path) for path in settings.INITIATIVE_PANELS
    ]
    return [panel for function in functions if (panel := function(initiative, actor)) is not None]
