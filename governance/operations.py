"""Writes to an initiative and its rows, apart from the transitions themselves.

Every operation touches the initiative under a named action, so that its timeline tells
the whole story in one query.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import F, Max, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import StaleVersion
from core.history import record
from core.seeing import lock
from core.workdays import add_working_days
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.cycle.rules import comes_too_late, period_of, why_not_on_agenda
from governance.filing import file_case_paper, file_endorsement, file_submission
from governance.models import (
    AgendaItem,
    CasePaper,
    Decision,
    Endorsement,
    Initiative,
    Meeting,
    Outcome,
    Participation,
    Status,
)
from governance.paper_parts import frozen_parts
from organization.models import Unit
from organization.operations import next_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person


def deadline(now: datetime, days: int) -> date:
    """Return the day ``days`` Norwegian working days after ``now``."""
    return add_working_days(timezone.localdate(now), days)


@contextmanager
def touching(
    initiative: Initiative, action: str, *, by: Actor, now: datetime, reason: str = ""
) -> Iterator[None]:
    """Record what is changed inside the block under ``action``, and stamp the initiative with it."""
    with transaction.atomic(), record(action, actor=by, reason=reason):
        yield
        Initiative.objects.filter(pk=initiative.pk).update(changed_at=now, version=F("version") + 1)
        initiative.changed_at = now
        initiative.version += 1


def refuse_when(reason: str | None) -> None:
    """Stop with the reason that a guard gives, if it gives one."""
    if reason:
        raise TransitionBlocked([reason])


# --- Drafts ------------------------------------------------------------------------------------
def create_initiative(
    *, title: str, unit: Unit, by: Actor, now: datetime, participants: list[Unit] | None = None, **fields: Any
) -> Initiative:
    """Begin a draft that belongs to ``unit`` and its municipality (or region).

    :raises TransitionDenied: ``by`` may not raise initiatives there.
    """
    municipality = cast("Unit", unit.municipality)
    on_behalf = policies.may_raise_for(by, fields.get("professional_group"), municipality)
    if not by.is_system and not on_behalf and not policies.may_raise(by, municipality):
        raise TransitionDenied
    initiative = Initiative(
        title=title, unit=unit, municipality=municipality, submitter_id=cast("int", by.person_id), status=Status.DRAFT,
        status_since=now, created_at=now, changed_at=now, **fields,
    )  # fmt: skip
    with transaction.atomic(), record("create", actor=by):
        initiative.save()
        for other in participants or []:
            Participation.objects.create(initiative=initiative, municipality=other, changed_at=now)
    return initiative


def save_section(form: Any, *, version: int | None, by: Actor, now: datetime) -> Initiative:
    """Save one section of the form, unless somebody else saved since ``version``.

    A form that knows which fields clash (``MergingForm``) is stopped by those only, so that
    people can write in different fields at the same time.

    :raises Http404: ``by`` cannot see the initiative.
    :raises TransitionDenied: ``by`` may not edit it, or it is no longer open for editing.
    :raises StaleVersion: with what was typed, so that nothing is lost.
    """
    initiative: Initiative = form.instance
    with transaction.atomic():
        current = lock(initiative, by)
        if not current.is_editable_by_submitter or not policies.may_edit(by, current):
            raise TransitionDenied
        is_stale = version is not None and current.version != version
        clashing = form.clashing_with(current) if hasattr(form, "clashing_with") else is_stale
        if clashing:
            raise _stale(form, current)
        if not form.has_changed():
            return current
        with record("edit", actor=by):
            saved: Initiative = form.save(commit=False)
            saved.version = current.version + 1
            saved.stamp(now)
            saved.save(update_fields=[*_columns(form), "version", "changed_at"])
            form.save_m2m()
    return saved


def _columns(form: Any) -> list[str]:
    concrete = {field.name for field in form.instance._meta.concrete_fields}
    return [name for name in form.changed_data if name in concrete]


def _stale(form: Any, current: Initiative) -> StaleVersion:
    names = [name for name in form.changed_data if name in form.fields]
    mine = {str(form.fields[name].label): str(form.data.get(form.add_prefix(name), "")) for name in names}
    theirs = {
        str(form.fields[name].label): str(getattr(current, name, ""))
        for name in names
        if not hasattr(getattr(current, name, ""), "all")
    }
    return StaleVersion(mine=mine, theirs=theirs)


def add_co_editor(initiative: Initiative, *, person: Person, by: Actor, now: datetime) -> None:
    with touching(initiative, "add_co_editor", by=by, now=now):
        initiative.co_editors.add(person)


def remove_co_editor(initiative: Initiative, *, person: Person, by: Actor, now: datetime) -> None:
    with touching(initiative, "remove_co_editor", by=by, now=now):
        initiative.co_editors.remove(person)


def tick_missing(initiative: Initiative, *, index: int, done: bool, by: Actor, now: datetime) -> None:
    """Mark a point on the list of what was missing as done, or not done after all."""
    with touching(initiative, "edit", by=by, now=now):
        current = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        if not 0 <= index < len(current.missing):
            raise Http404
        current.missing[index]["done"] = done
        initiative.missing = current.missing
        Initiative.objects.filter(pk=initiative.pk).update(missing=current.missing)


# --- Parts of transitions (called by workflow.py inside the transition's own record) ------------
def register_submission(initiative: Initiative, *, now: datetime) -> None:
    """Give the initiative its number and put the submission in the archive's outbox, once."""
    initiative.submitted_at = initiative.submitted_at or now
    if not initiative.number:
        year = timezone.localdate(now).year
        initiative.number = f"{year}-{next_number(initiative.municipality_id, 'initiative', year):03d}"
    file_submission(initiative, now=now)


def register_endorsement(
    initiative: Initiative, *, endorsed: bool, remark: str, by: Actor, now: datetime
) -> None:
    verdict = Endorsement.Verdict.NOT_ENDORSED
    if endorsed:
        verdict = Endorsement.Verdict.WITH_REMARK if remark.strip() else Endorsement.Verdict.ENDORSED
    written = Endorsement.objects.create(
        initiative=initiative,
        verdict=verdict,
        remark=remark.strip(),
        by_id=cast("int", by.person_id),
        at=now,
        changed_at=now,
    )
    file_endorsement(initiative, written, now=now)


def decide_on_delegation(
    initiative: Initiative, *, text: str, approved: bool, by: Actor, now: datetime
) -> None:
    """Write the secretariat's own decision.

    The municipality is locked, so that two at once cannot overdraw the frame, and what the matrix
    says is read anew: it may have changed since the case was sent here.
    """
    from governance.agenda import report_at_next_meeting
    from governance.delegation import whole_life
    from governance.guards import is_within_delegation

    day = timezone.localdate(now)
    initiative.municipality = Unit.objects.select_for_update(no_key=True).get(pk=initiative.municipality_id)
    if approved:
        refuse_when(is_within_delegation(initiative, day=day))
    write_decision(
        initiative=initiative, municipality_id=initiative.municipality_id, body=Decision.Body.SECRETARIAT,
        outcome=Outcome.PRIORITIZE if approved else Outcome.REJECT, text=text, by=by, now=now,
        amount=whole_life(initiative, day),
    )  # fmt: skip
    report_at_next_meeting(initiative.municipality_id, now=now)


def write_decision(  # noqa: PLR0913 - the fields of one row, keyword-only
    *, initiative: Initiative | None, municipality_id: int, body: str, outcome: str, text: str, by: Actor,
    now: datetime, **fields: Any,
) -> Decision:  # fmt: skip
    """Write one line of the decision log with the next running number of the year, and open the follow-up it asks for."""
    from governance.following_up import follow_up_as_decided

    year = timezone.localdate(now).year
    number = f"{year}/{next_number(municipality_id, 'decision', year)}"
    decision = Decision.objects.create(
        initiative=initiative, municipality_id=municipality_id, body=body, outcome=outcome, text=text, number=number,
        decided_at=now, registered_by_id=by.person_id, changed_at=now, **fields,
    )  # fmt: skip
    follow_up_as_decided(decision, by=by, now=now)
    return decision


def add_to_agenda(
    initiative: Initiative, *, meeting: Meeting, now: datetime, late_category: str = "", late_reason: str = ""
) -> AgendaItem:
    """Put the initiative last on the agenda of a meeting that still takes cases.

    :param late_category: with ``late_reason`` why it comes to a meeting outside the cycle after the deadline of that.
    :raises TransitionBlocked: the meeting has begun or is cancelled, or the case came too late for it.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not locked.takes_cases or locked.municipality_id != initiative.municipality_id:
        raise TransitionBlocked([_("Møtet tar ikke imot flere saker. Velg et annet møte.")])
    refuse_when(why_not_on_agenda(initiative, locked, category=late_category, reason=late_reason))
    is_late = period_of(locked) is None and comes_too_late(initiative, locked) is not None
    last = locked.items.aggregate(last=Max("position"))["last"] or 0
    paper = getattr(initiative, "case_paper", None)
    year = timezone.localdate(locked.starts_at).year
    running = next_number(locked.municipality_id, "council_case", year)
    item = AgendaItem.objects.create(
        meeting=locked, initiative=initiative, position=last + 1, title=initiative.card_title or initiative.title,
        case_number=f"DR {running}/{year % 100:02d}", recommendation=paper.text("recommendation") if paper else "",
        late_category=late_category if is_late else "", late_reason=late_reason.strip() if is_late else "", changed_at=now,
    )  # fmt: skip
    if locked.papers_are_out:
        publish_papers(initiative, now=now)
    return item


def lock_meetings_of(initiative_id: int, *, chosen: Meeting | None = None) -> None:
    """Lock the meeting a case waits in, and one that is chosen for it, before the case itself.

    The council locks in that order when it decides; in the other order two could wait for each other.
    """
    waits_in = AgendaItem.objects.filter(initiative_id=initiative_id, removed_at=None, decision=None)
    meetings = Meeting.objects.filter(Q(pk__in=waits_in.values("meeting")) | Q(pk=chosen and chosen.pk))
    list(meetings.select_for_update(of=("self",)).order_by("pk"))


def remove_from_agenda(initiative: Initiative, *, now: datetime) -> None:
    cases = initiative.agenda_items.filter(kind=AgendaItem.Kind.DECISION, removed_at=None, decision=None)
    cases.update(removed_at=now, changed_at=now)


def publish_papers(initiative: Initiative, *, now: datetime) -> None:
    """Open the papers of an initiative to everyone who sees its card, the case paper as it now stands."""
    paper = CasePaper.objects.filter(initiative=initiative).first()
    parts = frozen_parts(initiative) if paper is not None else []
    if paper is not None and paper.goes_out_anew(parts):
        paper.published, paper.published_parts, paper.published_at = dict(paper.texts), parts, now
        paper.stamp(now)
        paper.save(update_fields=["published", "published_parts", "published_at", "changed_at"])
        file_case_paper(initiative, paper, now=now)
    Initiative.objects.filter(pk=initiative.pk, papers_published_at=None).update(papers_published_at=now)
    initiative.papers_published_at = initiative.papers_published_at or now


def set_archive_reference(
    initiative: Initiative, *, archive_reference: str, by: Actor, now: datetime
) -> None:
    """Record the case number of the archive on the initiative.

    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    """
    if not policies.may_set_archive_reference(by, initiative):
        raise TransitionDenied
    with touching(initiative, "set_archive_reference", by=by, now=now, reason=archive_reference):
        Initiative.objects.filter(pk=initiative.pk).update(archive_reference=archive_reference)
        initiative.archive_reference = archive_reference
