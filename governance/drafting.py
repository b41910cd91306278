"""Beginning a draft, and saving what is typed in it while others may be typing too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction

from core.errors import StaleVersion
from governance import operations, policies
from governance.forms.merging import BASE
from governance.models import Initiative, Status
from organization.models import Person, ProfessionalGroup, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from django.db.models import Model, QuerySet
    from django.http import QueryDict

    from governance.forms.merging import Clash, MergingForm
    from organization.actors import PersonActor

# Somebody who sends the first form twice means one draft.
SAME_DRAFT = timedelta(minutes=1)


# --- Beginning -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ground:
    """Where a person may raise initiatives, and on whose behalf."""

    units: QuerySet[Unit]
    participants: QuerySet[Unit]
    groups: QuerySet[ProfessionalGroup]
    is_empty: bool


def ground_of(actor: PersonActor, day: date) -> Ground:
    """Return the units ``actor`` may raise an initiative for today, by role or for a professional group."""
    groups = ProfessionalGroup.objects.filter(responsible_id=actor.person_id)
    entities = Unit.objects.visible_to(actor).legal_entities()
    own = [
        entity
        for entity in entities
        if policies.may_raise(actor, entity) or any(policies.may_raise_for(actor, g, entity) for g in groups)
    ]
    regions = [entity for entity in own if entity.kind == Unit.Kind.REGION]
    return Ground(
        units=Unit.objects.filter(municipality__in=own).open_on(day),
        participants=Unit.objects.filter(kind=Unit.Kind.MUNICIPALITY, region__in=regions).open_on(day),
        groups=groups,
        is_empty=not own,
    )


def begin_draft(
    *, title: str, unit: Unit, participants: Collection[Unit], professional_group: ProfessionalGroup | None,
    by: PersonActor, now: datetime,
) -> Initiative:  # fmt: skip
    """Begin a draft; the same form sent twice gives the same draft.

    :raises TransitionDenied: ``by`` may not raise initiatives there.
    """
    with transaction.atomic():
        # Two requests of one person wait for each other here, so the second finds the first's draft.
        Person.objects.select_for_update(of=("self",)).get(pk=by.person_id)
        same = Initiative.objects.filter(
            submitter_id=by.person_id,
            unit=unit,
            title=title,
            status=Status.DRAFT,
            created_at__gt=now - SAME_DRAFT,
        ).first()
        return same or operations.create_initiative(
            title=title,
            unit=unit,
            participants=list(participants),
            professional_group=professional_group,
            by=by,
            now=now,
        )


# --- Saving ------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Outcome:
    """What came of a save: the form as it was sent, what of it is saved, and what is not."""

    form: MergingForm
    saved: set[str] = field(default_factory=set)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Everything is saved and nothing on the page is wrong."""
        return not self.form.errors and not self.clashes

    @property
    def is_saved(self) -> bool:
        """Everything that was changed is saved; other fields may still be wrong."""
        return set(self.form.changed_data) == self.saved

    @property
    def base(self) -> str:
        return self.form.base(saved=self.saved)

    @property
    def problems(self) -> list[Any]:
        """The fields that were changed and cannot be saved as they stand."""
        return [self.form[name] for name in self.form.changed_data if name in self.form.errors]


def save_typed(make: Callable[..., MergingForm], save: Callable[[MergingForm], Model]) -> Outcome:
    """Save what was changed and is right; leave the rest as it was sent, with the reasons.

    :param make: makes the form anew from what was sent, on a fresh row (``only=`` some fields).
    :param save: the operation that saves it, and raises ``StaleVersion`` where others changed the same.
    """
    form = make()
    outcome = Outcome(form)
    wanted = set(form.changed_data) - set(form.errors)
    if NON_FIELD_ERRORS in form.errors:
        return outcome
    while wanted:
        part = make(only=wanted) if form.errors or outcome.clashes else form
        if part.errors:  # what is left does not stand by itself
            break
        try:
            save(part)
        except StaleVersion:
            outcome.clashes += part.clashes
            wanted -= {clash.name for clash in part.clashes}
        else:
            outcome.saved = wanted
            break
    return outcome


def with_choice(sent: QueryDict, shown: MergingForm) -> QueryDict:
    """Return what was sent with the answer to a clash carried out.

    The button says whose text to keep, of which field, and which text it was held up against:
    should that have changed again meanwhile, the two clash once more.

    :param shown: the form as the database has it now.
    """
    whose, _colon, rest = sent.get("choose", "").partition(":")
    name, _colon, mark = rest.partition(":")
    if whose not in {"mine", "theirs"} or name not in shown.fields:
        return sent
    data = sent.copy()
    if whose == "theirs":
        mark = shown.mark_of(name, shown.instance)
        value = shown[name].value()
        data.setlist(name, value if isinstance(value, list) else [value if value is not None else ""])
    kept = [pair for pair in data.get(BASE, "").split() if not pair.startswith(f"{name}:")]
    data[BASE] = " ".join([*kept, f"{name}:{mark}"])
    return data


# --- Who else is here ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who may write in the draft, and when they last did."""

    person: Person
    at: datetime | None
    is_me: bool
    is_here: bool


RECENT_EDITS = 200
STILL_HERE = timedelta(minutes=10)


def last_edits(initiative: Initiative) -> dict[int, datetime]:
    """Return when each person last changed the draft, the latest first."""
    events = initiative.pgh_event_model.objects.filter(pgh_obj_id=initiative.pk, pgh_context__isnull=False)
    rows = events.order_by("-pgh_id").values_list("pgh_context__metadata__actor", "changed_at")[:RECENT_EDITS]
    latest: dict[int, datetime] = {}
    for actor_id, at in rows:
        if actor_id is not None:
            latest.setdefault(int(actor_id), at)
    return latest


def editors_of(initiative: Initiative, me: PersonActor, now: datetime) -> list[Editor]:
    """Return the submitter and the co-editors with their latest changes, those at work first."""
    at = last_edits(initiative)
    people = [initiative.submitter, *initiative.co_editors.all()]
    editors = [
        Editor(
            person=person, at=at.get(person.pk), is_me=person.pk == me.person_id,
            is_here=person.pk in at and now - at[person.pk] < STILL_HERE,
        )
        for person in people
    ]  # fmt: skip
    return sorted(editors, key=lambda editor: (not editor.is_here, editor.is_me))


def writer_of(initiative: Initiative, name: str, besides: PersonActor) -> Person | None:
    """Return who wrote what stands in a field now; of rows beside the record, who else was here last."""
    event = initiative.pgh_event_model
    if name in {column.name for column in event._meta.concrete_fields}:
        events = event.objects.filter(pgh_obj_id=initiative.pk).order_by("-pgh_id")
        stands = Initiative.objects.values_list(name, flat=True).get(pk=initiative.pk)
        before = events.exclude(**{name: stands}).values_list("pgh_id", flat=True).first() or 0
        writers = (
            events.filter(pgh_id__gt=before)
            .order_by("pgh_id")
            .values_list("pgh_context__metadata__actor", flat=True)
        )
        who = writers.first()
    else:
        who = next((pk for pk in last_edits(initiative) if pk != besides.person_id), None)
    return Person.objects.filter(pk=who).first() if who is not None else None
