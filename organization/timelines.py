"""What has happened to a person, as an administrator may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import long_date
from core.history import label_of
from organization.models import ApiClient, Person, RoleAssignment
from organization.orgnr import grouped
from organization.queries import municipalities_of
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor

MAX_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what, by whom, and the words around it."""

    at: datetime
    title: str
    text: str
    who: str
    reason: str


def timeline_of(person: Person, actor: Actor, *, with_facts: bool) -> list[Line]:
    """Return what happened to the person's roles in the actor's municipalities, newest first.

    ``with_facts`` adds changes of name and contact, for those who may edit them.
    """
    events: list[Any] = list(_role_events(person, actor))
    if with_facts:
        events += _events(Person).filter(pgh_obj_id=person.pk)[:MAX_EVENTS]
    events.sort(key=lambda event: (event.changed_at, event.pgh_id), reverse=True)
    shown = events[:MAX_EVENTS]
    names = _names(event.pgh_context.metadata.get("actor") for event in shown if event.pgh_context)
    return [_line(event, names) for event in shown]


def timeline_of_client(client: ApiClient) -> list[Line]:
    """Return what has been done with a client of the API, newest first, each time with what it may."""
    events = list(_events(ApiClient).filter(pgh_obj_id=client.pk)[:MAX_EVENTS])
    names = _names(event.pgh_context.metadata.get("actor") for event in events if event.pgh_context)
    return [_line(event, names) for event in events]


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects.select_related("pgh_context").order_by("-pgh_id")


def _role_events(person: Person, actor: Actor) -> Iterable[Any]:
    rows = _events(RoleAssignment).filter(person_id=person.pk).select_related("pgh_context", "unit")
    ids = municipalities_of(actor)
    return rows[:MAX_EVENTS] if ids is None else rows.filter(unit__municipality_id__in=ids)[:MAX_EVENTS]


def _names(ids: Iterable[Any]) -> dict[Any, str]:
    wanted = {pk for pk in ids if pk}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _line(event: Any, names: dict[Any, str]) -> Line:
    context = event.pgh_context.metadata if event.pgh_context else {}
    who = names.get(context.get("actor"), "") or _("Systemet")
    action = str(context.get("action", ""))
    return Line(
        at=event.changed_at,
        title=_("Registrert") if label_of(action) == action else str(label_of(action)),
        text=_words(event),
        who=who,
        reason=str(context.get("reason", "")),
    )


def _words(event: Any) -> str:
    if hasattr(event, "role"):
        return _words_of_role(event)
    return _words_of_client(event) if hasattr(event, "scopes") else ""


def _words_of_client(event: Any) -> str:
    words = {"scopes": ", ".join(event.scopes), "until": long_date(event.expires_on)}
    if event.consumer_orgnr:
        words["orgnr"] = grouped(event.consumer_orgnr)
        return _("Organisasjon %(orgnr)s, til og med %(until)s: %(scopes)s") % words
    return _("Til og med %(until)s: %(scopes)s") % words


def _words_of_role(event: Any) -> str:
    words = {
        "role": Role(event.role).label,
        "unit": event.unit.name,
        "begins": long_date(event.valid_from),
    }
    if event.valid_to is None:
        return _("%(role)s, %(unit)s, fra %(begins)s") % words
    return _("%(role)s, %(unit)s, fra %(begins)s, slutter %(ends)s") % {
        **words,
        "ends": long_date(event.valid_to),
    }
