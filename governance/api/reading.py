"""One initiative as the API tells of it: the card, and the papers where they are readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, CharField, ExpressionWrapper, OuterRef, Q, prefetch_related_objects
from django.db.models.functions import Cast, JSONObject
from django.http import Http404

from core.api.records import TRANSITIONS
from core.api.rows import plan_of
from core.api.transitions import offers_of
from core.history import timeline
from core.presentation import names_of
from governance.api.rows import InitiativeCard, InitiativePapers
from governance.models import CostLine, Initiative, InitiativeGoal, Participation
from governance.views.loading import note_read, reads
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from organization.actors import PersonActor

_PLACES = ("unit", "municipality__governance_rules", "professional_group", "case_paper")
# What policies and guards ask for, one query each.
_GUARDED = ("goals", "cost_lines", "benefits", "hearings", "co_editors", "municipal_decisions__municipality")


def cards(actor: Any) -> Any:
    """Return the initiatives the actor knows of, each with whether its content may be read."""
    rows = Initiative.objects.visible_to(actor)
    if not actor:  # while the OpenAPI document is made
        return rows
    both = ExpressionWrapper(Q(reads_papers=True, reads_shielded=True), output_field=BooleanField())
    return rows.with_access(actor).annotate(reads_content=both)


def load(pk: int, actor: PersonActor, expand: frozenset[str] = frozenset()) -> Any:
    """Return one initiative with all that its representation needs, in one query.

    :raises Http404: it is not the actor's to know of.
    """
    goals, editors = InitiativeGoal.objects, Initiative.co_editors.through.objects
    here = {"initiative_id": OuterRef("pk")}
    money = JSONObject(year="year", amount=Cast("amount", CharField()))
    rows = cards(actor).annotate(
        goal_ids=ArraySubquery(goals.filter(**here).order_by("goal_id").values("goal_id")),
        co_editor_ids=ArraySubquery(editors.filter(**here).order_by("person_id").values("person_id")),
        told_participants=ArraySubquery(
            Participation.objects.filter(**here, left_at=None).order_by("pk").values("municipality_id")
        ),
        investments=ArraySubquery(CostLine.objects.filter(**here).order_by("year").values(data=money)),
    )
    record = rows.select_related(*(expand - {TRANSITIONS})).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def guarded(pk: int, actor: PersonActor) -> Any:
    """Return one initiative with all that policies and guards ask of it.

    :raises Http404: it is not the actor's to know of.
    """
    record = Initiative.objects.visible_to(actor).select_related(*_PLACES).filter(pk=pk).first()
    if record is None:
        raise Http404
    prefetch_related_objects([record], *_GUARDED)
    return record


def told(record: Any, actor: PersonActor, expand: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what the actor may know of an initiative that ``load`` returned, and log what is shielded."""
    row = plan_of(InitiativeCard, expand - {TRANSITIONS}).read(record)
    if reads(record):
        row |= plan_of(InitiativePapers).read(record)
        note_read(record, actor, what="api")
    if TRANSITIONS in expand:
        row[TRANSITIONS] = offers_of((initiative_workflow,), guarded(record.pk, actor), actor)
    return row


def history(pk: int, actor: PersonActor) -> list[dict[str, Any]]:
    """Return the timeline of one initiative; who has only the card sees its moves, without the reasons.

    :raises Http404: it is not the actor's to know of.
    """
    record = cards(actor).filter(pk=pk).first()
    if record is None:
        raise Http404
    open_to_me = reads(record)
    note_read(record, actor, what="api: timeline")
    entries = [entry for entry in timeline(record) if open_to_me or entry.moved]
    names = names_of(entry.actor_id for entry in entries)
    return [
        {
            "at": entry.at, "registered_at": entry.registered_at, "action": entry.action, "label": entry.label,
            "actor_id": entry.actor_id, "actor_name": names.get(entry.actor_id or 0, ""),
            "status_before": entry.before, "status_after": entry.after, "reason": entry.reason if open_to_me else "",
        }
        for entry in entries
    ]  # fmt: skip
