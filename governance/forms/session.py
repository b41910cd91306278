"""Forms of the meeting: who is there, and the minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from governance.council.seats import SEATS
from governance.models import AgendaItem, Attendance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.forms import BoundField
    from governance.council.seats import Roll
    from governance.meeting_presentation import AgendaLine
    from governance.models import Meeting

Presence, Seat = Attendance.Presence, Attendance.Seat
_CHOICES = [
    (Presence.PRESENT, _("Til stede")),
    (Presence.ABSENT, _("Forfall")),
    (Presence.EXPECTED, _("Ikke ført")),
]
TEXTS = ("discussion", "impartiality")


class SeatRow(NamedTuple):
    """One person on the list of attendance, with the controls of that row."""

    attendance: Attendance
    presence: BoundField
    stands_in_for: BoundField | None


class AttendanceForm(Form):
    """Who is there, who a substitute sits for, and who leads: one form for the whole list."""

    def __init__(self, *args: Any, meeting: Meeting, rows: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self._add_row(row)
        self._add_chair(meeting)
        self.fields["version"] = forms.IntegerField(
            initial=meeting.version, required=False, widget=forms.HiddenInput
        )

    def _add_row(self, row: Attendance) -> None:
        """Ask whether one person is there, and of a substitute whose seat is taken."""
        self.fields[f"presence_{row.pk}"] = forms.ChoiceField(
            label=row.person.name,
            choices=_CHOICES,
            initial=row.presence,
            required=False,
            widget=forms.RadioSelect,
        )
        if row.seat == Seat.SUBSTITUTE:
            seats = [(str(other.pk), other.person.name) for other in self.rows if other.seat in SEATS]
            self.fields[f"seat_{row.pk}"] = forms.ChoiceField(
                label=_("Tar plassen til"), choices=[("", _("Ingen plass")), *seats], required=False,
                initial=row.substitute_for_id or "",
            )  # fmt: skip

    def _add_chair(self, meeting: Meeting) -> None:
        """Ask who leads.  Only a chair the council has elected is kept: the leader who comes late leads again."""
        there = [row for row in self.rows if row.is_present and row.votes]
        by_right = next((row for row in there if row.seat in {Seat.LEADER, Seat.DEPUTY}), None)
        elected = next(
            (row.pk for row in there if row.person_id == meeting.chair_id and row is not by_right), ""
        )
        voting = [(str(row.pk), row.person.name) for row in there]
        self.fields["chair"] = forms.ChoiceField(
            label=_("Møteleder"), choices=[("", _("Leder, ellers nestleder")), *voting], initial=elected, required=False,
            help_text=_("Velg en annen hvis rådet har valgt en settemøteleder."),
        )  # fmt: skip

    @property
    def seat_rows(self) -> Iterator[SeatRow]:
        """Yield the list in the order of the seats."""
        order = list(Seat)
        for row in sorted(self.rows, key=lambda row: (order.index(Seat(row.seat)), row.person.name)):
            seat = f"seat_{row.pk}"
            yield SeatRow(row, self[f"presence_{row.pk}"], self[seat] if seat in self.fields else None)  # type: ignore[arg-type]

    @property
    def roll(self) -> Roll:
        """Return what was filled in, as the operation wants it."""
        data = self.cleaned_data
        chosen = {row.pk: data.get(f"presence_{row.pk}") for row in self.rows}
        seats = {row.pk: data.get(f"seat_{row.pk}") for row in self.rows}
        return {
            "present": {pk for pk, presence in chosen.items() if presence == Presence.PRESENT},
            "absent": {pk for pk, presence in chosen.items() if presence == Presence.ABSENT},
            "substitutes": {pk: int(seat) for pk, seat in seats.items() if seat},
            "chair": self._chair,
        }

    @property
    def _chair(self) -> int | None:
        """Return who was chosen to lead, unless the form only repeats who led before and has now left."""
        chosen = self.cleaned_data.get("chair")
        if not chosen or self.cleaned_data.get(f"presence_{chosen}") != Presence.PRESENT:
            return None
        return int(chosen)

    def everybody(self) -> Roll:
        """Return the roll where every seat is taken by its own holder."""
        return {
            "present": {row.pk for row in self.rows if row.seat != Seat.SUBSTITUTE}, "absent": set(), "substitutes": {},
        }  # fmt: skip


class AddendumForm(Form):
    """A correction of minutes that are locked."""

    item = forms.TypedChoiceField(
        label=_("Hva gjelder den?"), required=False, empty_value=None,
        help_text=_("Velg saken når den gjelder én sak. Bare de som kan lese saken, kan da lese tilføyelsen."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Tilføyelse"), max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv hva som er riktig."),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Iterable[AgendaLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(line.item.pk): line for line in lines if line.is_readable}
        field = cast("forms.TypedChoiceField", self.fields["item"])
        titles = [(key, f"{line.item.case_number} {line.title}".strip()) for key, line in known.items()]
        field.choices = [("", _("Hele møtet")), *titles]
        field.coerce = lambda key: known[key].item

    def clean_text(self) -> str:
        return normalize_newlines(self.cleaned_data["text"])


class MinutesForm(Form):
    """The secretary's words in the minutes; the rest is built from what was recorded in the meeting."""

    notes = forms.CharField(
        label=_("Merknader til innkalling og saksliste"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, items: Iterable[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        self.fields["notes"].initial = meeting.notes
        for item in self.items:
            self.fields[f"discussion_{item.pk}"] = forms.CharField(
                label=_("Drøfting i hovedtrekk"), max_length=8000, required=False, initial=item.discussion,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip
            self.fields[f"impartiality_{item.pk}"] = forms.CharField(
                label=_("Merknad om habilitet"), max_length=2000, required=False, initial=item.impartiality,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        self.fields["version"] = forms.IntegerField(
            initial=meeting.version, required=False, widget=forms.HiddenInput
        )

    def fields_of(self, item: AgendaItem) -> dict[str, Any]:
        """Return the fields of one case, by the name of its text."""
        return {name: self[f"{name}_{item.pk}"] for name in TEXTS}

    @property
    def texts(self) -> dict[int, dict[str, str]]:
        """Return what was written, per case."""
        return {
            item.pk: {name: normalize_newlines(self.cleaned_data[f"{name}_{item.pk}"]) for name in TEXTS}
            for item in self.items
        }
