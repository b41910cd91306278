"""Forms of the meetings of a professional group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, FilterForm, offer_rows
from core.whole import whole
from governance.arena import meetings, notes
from governance.forms.paper import SectionForm
from governance.models import GroupMeeting, GroupNote, GroupPoint
from governance.paper_sections import SectionKind
from organization.forms.base import DeedForm, RowForm
from organization.models import Person, ProfessionalGroup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor
    from governance.models import Initiative
    from organization.actors import PersonActor

NOTE = SectionKind(
    key="note", label=notes.LABEL, longest=GroupNote.LONGEST, rows=9,
    help_text=gettext_lazy(
        "Ett notat for hver ting dere tar opp. Blir det til et tiltak, er den første linjen tittelen. Skriv ikke om enkeltpersoner."
    ),
)  # fmt: skip


class ArenaFilter(FilterForm):
    """Which group, and words in the notes; what cannot be read is as if it were not there."""

    q = forms.CharField(label=gettext_lazy("Søk i notatene"), required=False, max_length=100)
    gruppe = forms.ModelChoiceField(
        ProfessionalGroup.objects.none(), label=gettext_lazy("Faggruppe"), required=False, empty_label=gettext_lazy("Alle gruppene"),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "gruppe", groups)
        self.is_valid()

    @property
    def typed(self) -> str:
        return str(self.cleaned_data.get("q", "")).strip()

    @property
    def group(self) -> ProfessionalGroup | None:
        found: ProfessionalGroup | None = self.cleaned_data.get("gruppe")
        return found


class MeetingForm(RowForm):
    """When and where the group meets."""

    checked_with = frozenset({"municipality", "group"})
    done = gettext_lazy("Møtet er lagret.")

    link = forms.URLField(
        label=gettext_lazy("Lenke til nettmøte"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = GroupMeeting
        fields = ("title", "starts_at", "ends_at", "place", "link")
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Står i varsler og kalendere. Skriv ingenting som ikke kan stå der."),
            "place": gettext_lazy("Skriv et sted, en lenke eller begge."),
        }

    def perform(self, *, by: Actor, now: datetime) -> GroupMeeting:
        if self.instance.pk is None:
            return meetings.plan_meeting(self.instance, by=by, now=now)
        return meetings.change_meeting(self.edit, by=by, now=now)


class _OfMeeting(DeedForm):
    """Something that is done in one meeting."""

    def __init__(self, *args: Any, meeting: GroupMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting


class CancelForm(_OfMeeting):
    done = gettext_lazy("Møtet er avlyst. Gruppen har fått beskjed.")

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor avlyses møtet?"), max_length=300, help_text=gettext_lazy("Vises for gruppen."),
    )  # fmt: skip

    def perform(self, *, by: Actor, now: datetime) -> GroupMeeting:
        return meetings.cancel_meeting(self.meeting, reason=self.cleaned_data["reason"], by=by, now=now)


class PointForm(_OfMeeting):
    done = gettext_lazy("Punktet er lagt til.")

    title = forms.CharField(label=gettext_lazy("Hva vil du ta opp?"), max_length=160)
    detail = forms.CharField(
        label=gettext_lazy("Mer om punktet"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def perform(self, *, by: Actor, now: datetime) -> GroupPoint:
        return meetings.suggest_point(self.meeting, **self.cleaned_data, by=by, now=now)


class WithdrawForm(_OfMeeting):
    done = gettext_lazy("Punktet er trukket.")

    point = forms.ModelChoiceField(GroupPoint.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "point", self.meeting.points.all())

    def perform(self, *, by: Actor, now: datetime) -> None:
        meetings.withdraw_point(self.meeting, pk=self.cleaned_data["point"].pk, by=by)


class ParticipantsForm(_OfMeeting):
    """Who came; the hidden ``shown`` is who was ticked when the page was drawn."""

    done = gettext_lazy("Deltakerne er ført.")

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Hvem var med?"), required=False, widget=CheckboxList()
    )

    def __init__(self, *args: Any, people: Iterable[Person], there: Iterable[Person], **kwargs: Any) -> None:
        ticked = [person.pk for person in there]
        super().__init__(*args, initial={"people": ticked, "shown": ",".join(map(str, ticked))}, **kwargs)
        known = {person.pk for person in (*people, *there)}
        offer_rows(self, "people", Person.objects.filter(pk__in=known).order_by("name_sort", "pk"))

    def clean_shown(self) -> set[int]:
        numbers = (whole(part) for part in self.cleaned_data["shown"].split(","))
        return {number for number in numbers if number is not None}

    def perform(self, *, by: Actor, now: datetime) -> None:
        data = self.cleaned_data
        meetings.tick_participants(self.meeting, data["people"], shown=data["shown"], by=by, now=now)


class ConcludeForm(_OfMeeting):
    done = gettext_lazy("Notatene er ferdige. Gruppen har fått beskjed.")

    def perform(self, *, by: Actor, now: datetime) -> GroupMeeting:
        return meetings.conclude_meeting(self.meeting, by=by, now=now)


class ReopenForm(_OfMeeting):
    done = gettext_lazy("Notatene er åpne igjen.")

    def perform(self, *, by: Actor, now: datetime) -> GroupMeeting:
        return meetings.reopen_meeting(self.meeting, by=by, now=now)


class NoteForm(SectionForm):
    """What is typed in a note, and the point it begins under.

    A point that is withdrawn while somebody writes leaves the note without one.
    """

    point = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, meeting: GroupMeeting, **kwargs: Any) -> None:
        super().__init__(data, *args, kind=NOTE, **kwargs)
        self.meeting = meeting

    def clean_point(self) -> GroupPoint | None:
        number = whole(self.cleaned_data["point"]) or 0
        found: GroupPoint | None = self.meeting.points.filter(pk=number).first()
        return found


class InitiativeForm(_OfMeeting):
    """One note or several become one initiative."""

    done = gettext_lazy("Kladden er laget på vegne av gruppen. Skriv den ferdig og send den inn.")

    notes = forms.ModelMultipleChoiceField(
        GroupNote.objects.none(), label=gettext_lazy("Notater"), error_messages={"required": gettext_lazy("Velg minst ett notat.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "notes", self.meeting.notes.all())

    def perform(self, *, by: Any, now: datetime) -> Initiative:
        actor: PersonActor = by
        return notes.make_initiative(self.meeting, self.cleaned_data["notes"], by=actor, now=now)


class _OfNote(_OfMeeting):
    note = forms.ModelChoiceField(GroupNote.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "note", self.meeting.notes.all())


class SetAsideForm(_OfNote):
    done = gettext_lazy("Notatet er ikke tatt videre. Du kan angre.")

    reason = forms.CharField(label=gettext_lazy("Hvorfor ikke?"), max_length=500)

    def perform(self, *, by: Actor, now: datetime) -> None:
        data = self.cleaned_data
        notes.set_aside(self.meeting, data["note"], reason=data["reason"], by=by, now=now)


class TakeUpForm(_OfNote):
    done = gettext_lazy("Notatet er tatt opp igjen.")

    def perform(self, *, by: Actor, now: datetime) -> None:
        notes.take_up(self.meeting, self.cleaned_data["note"], by=by)
