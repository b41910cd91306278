"""How the pages of one initiative load it: by what the actor may see, with what the page will ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.access import log_read
from core.attachments import readable_attachments
from core.presentation import file_lines
from governance.arena.panels import origins_for
from governance.delegation import counted_years, whole_life
from governance.goals import goals_with_strategies
from governance.models import (
    AgendaItem,
    CasePaper,
    Decision,
    Endorsement,
    Hearing,
    Initiative,
    MunicipalDecision,
    PaperSection,
    Participation,
)
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.models import PokerCase
    from organization.actors import PersonActor
    from organization.http import Request

_PEOPLE = ("submitter", "case_handler", "service_owner", "project_owner")
_PLACES = ("unit", "municipality__governance_rules", "professional_group")


def with_facts(rows: Any, actor: PersonActor) -> Any:
    """Add to the row what the page of one initiative shows and would else ask for in queries of its own."""
    events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pk"))
    before = events.exclude(status=OuterRef("status")).order_by("-pgh_id").values("status")[:1]
    co_editors = Initiative.co_editors.through.objects.filter(initiative_id=OuterRef("pk"))
    taking_part = Participation.objects.filter(initiative_id=OuterRef("pk"), left_at=None).order_by("pk")
    agenda = AgendaItem.objects.on_agenda().with_sight_of_meeting(actor)
    agenda = agenda.filter(initiative_id=OuterRef("pk"), matter=None).order_by("-pk")
    on_agenda = JSONObject(
        meeting="meeting_id",
        number="meeting__number",
        case_number="case_number",
        late_category="late_category",
        late_reason="late_reason",
        starts_at="meeting__starts_at",
        is_seen="sees_meeting",
    )
    return rows.annotate(
        status_before=Subquery(before),
        co_editor_names=ArraySubquery(co_editors.order_by("person__name").values("person__name")),
        participant_names=ArraySubquery(taking_part.values("municipality__name")),
        agenda=ArraySubquery(agenda.values(data=on_agenda)),
        has_decisions=Exists(Decision.objects.filter(initiative_id=OuterRef("pk"))),
        has_municipal_decisions=Exists(MunicipalDecision.objects.filter(initiative_id=OuterRef("pk"))),
        project_pk=F("project__pk"),
    )


def last_resubmission() -> Subquery:
    """Return what the submitter wrote, and what was missing, when the case was last sent in anew."""
    events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pk"))
    sent = events.filter(pgh_context__metadata__action="resubmit").order_by("-pgh_id")
    written = KeyTextTransform("reason", "pgh_context__metadata")
    return Subquery(sent.annotate(written=written).values("written")[:1])


def card_of(request: Request, pk: int, **more: Any) -> Any:
    """Return the initiative if the actor may see its card, with what the actor may read of it.

    :param more: what else the page asks of the row, as ``annotate`` takes it.
    :raises Http404: there is none, or it is not the actor's to know of.
    """
    rows = Initiative.objects.visible_to(request.actor).with_access(request.actor)
    rows = rows.select_related(*_PEOPLE, *_PLACES, "case_paper", "merged_into", "cycle_period__meeting")
    papers = CasePaper.objects.out_to(request.actor).filter(initiative_id=OuterRef("pk"))
    rows = with_facts(rows, request.actor).annotate(
        case_paper_is_out=Exists(papers), group_notes=origins_for(request.actor), **more
    )
    initiative = get_object_or_404(rows, pk=pk)
    initiative.reads_case_paper = reads(initiative) and initiative.case_paper_is_out
    return initiative


def readable_or_404(request: Request, pk: int, *, what: str, **more: Any) -> Initiative:
    """Return the initiative if the actor may read its papers, and log the read of what is shielded.

    :param more: as for ``card_of``.
    :raises Http404: the actor may not read them.
    """
    initiative = card_of(request, pk, **more)
    if not reads(initiative):
        raise Http404
    note_read(initiative, request.actor, what=what)
    return initiative


def reads(initiative: Any) -> bool:
    """Tell whether the actor the initiative was loaded for reads its content."""
    return bool(initiative.reads_papers and initiative.reads_shielded)


def note_read(initiative: Initiative, actor: PersonActor, *, what: str) -> None:
    """Log that somebody opened a shielded case."""
    if initiative.is_shielded and reads(initiative):
        log_read(initiative, what=what, by=actor, now=timezone.now())


def note_shielded_reads(
    cases: Iterable[PokerCase], readable: frozenset[int], actor: PersonActor, *, what: str
) -> None:
    """Log that somebody saw what was played about shielded cases that they may read."""
    for case in cases:
        if case.initiative.is_shielded and case.initiative_id in readable:
            log_read(case.initiative, what=what, by=actor, now=timezone.now())


def sent(request: Request) -> Any:
    """Return what a form is bound with: the answers when it was sent, nothing when it is shown."""
    return request.POST if request.method == "POST" else None


def preparation() -> list[Any]:
    """Return what the requirements, the guards and the papers ask of initiatives, to be loaded at once.

    The benefits are rows of an app above this one, known here by the name of their relation.
    """
    benefits = Initiative._meta.get_field("benefits").related_model
    owned = benefits._default_manager.select_related("service_owner")
    return [goals_with_strategies(), "cost_lines", Prefetch("benefits", owned)]


def papers_context(initiative: Initiative, request: Request) -> dict[str, Any]:
    """Return what ``initiative_papers.html`` shows."""
    prefetch_related_objects([initiative], *preparation())
    return {
        "files": file_lines(readable_attachments(initiative, request.actor)),
        **lifetime_facts(initiative),
    }


def lifetime_facts(initiative: Initiative) -> dict[str, Any]:
    """Return what the initiative costs over the years that are counted, and how many they are."""
    today = timezone.localdate()
    return {"lifetime": whole_life(initiative, today), "counted_years": counted_years(initiative, today)}


def endorsements_with_people() -> Prefetch:
    return Prefetch("endorsements", Endorsement.objects.select_related("by"))


def hearings_with_people() -> Prefetch:
    return Prefetch(
        "hearings",
        Hearing.objects.with_awaited()
        .select_related("person", "answered_by", "noted_by", "on_behalf_of", "stand_in")
        .order_by("asked_at", "pk"),
    )


def sections_with_writers() -> Prefetch:
    return Prefetch("case_paper__sections", PaperSection.objects.select_related("written_by"))


def places_of(actor: PersonActor) -> list[Unit]:
    """Return the municipalities the actor belongs to, with their rules."""
    places = Unit.objects.filter(pk__in=actor.municipality_ids).select_related("governance_rules")
    return list(places.order_by("name"))


def units_of(actor: PersonActor) -> list[Unit]:
    """Return the units the actor may choose among, each above those below it."""
    return list(Unit.objects.visible_to(actor).open_on(timezone.localdate()).order_by("path"))
