"""What each transition asks for.  The cleaned data are the keyword arguments of its body."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import short_date
from core.forms import DateField, Form, RadioCards, offer_choices, offer_rows
from core.workdays import add_working_days
from governance.cycle import rules
from governance.models import CyclePeriod, Initiative, LateCategory, Meeting
from organization.actors import people_with
from organization.models import Person
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor


class TransitionForm(Form):
    """A form that knows the initiative it is about and who fills it in."""

    def __init__(self, *args: Any, obj: Initiative, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.actor = actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and defaults that depend on the initiative."""


def _text(
    label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "", limit: int = 4000
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=limit, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def future_day(value: date | None) -> date | None:
    if value is not None and value < timezone.localdate():
        raise ValidationError(_("Datoen er passert. Velg i dag eller en senere dag."))
    if value is not None and value > timezone.localdate() + timedelta(days=3660):
        raise ValidationError(_("Datoen er mer enn ti år fram i tid. Sjekk årstallet."))
    return value


class ReasonForm(TransitionForm):
    reason = _text(gettext_lazy("Begrunnelse"))


class RemarkForm(TransitionForm):
    remark = _text(
        gettext_lazy("Merknad"), required=False,
        help_text=gettext_lazy("La feltet stå tomt hvis du tilrår uten merknad."),
    )  # fmt: skip


class MissingForm(TransitionForm):
    """Return with a list of what is missing, one point a line, and a deadline."""

    missing = _text(
        gettext_lazy("Hva mangler?"),
        rows=6,
        help_text=gettext_lazy("Ett punkt per linje. Innmelder ser lista som en huskeliste."),
    )
    deadline = DateField(label=gettext_lazy("Frist"))

    def prepare(self) -> None:
        from governance.guards import rules_of

        days = rules_of(self.obj).completion_days
        self.fields["deadline"].initial = add_working_days(timezone.localdate(), days)

    def clean_missing(self) -> list[str]:
        points = [line.strip(" -•\t")[:500] for line in self.cleaned_data["missing"].splitlines()]
        points = [point for point in points if point]
        if not points:
            raise ValidationError(_("Skriv minst ett punkt som mangler."))
        return points[:50]

    def clean_deadline(self) -> date | None:
        return future_day(self.cleaned_data["deadline"])


class SubmitForm(TransitionForm):
    """Which meeting the case aims at, where the municipality has an annual cycle, and why it comes late to it."""

    period = forms.ModelChoiceField(
        label=gettext_lazy("Hvilket rådsmøte skal saken til?"), queryset=CyclePeriod.objects.none(), required=False,
        empty_label=None, widget=RadioCards(),
    )  # fmt: skip
    late_category = forms.ChoiceField(
        label=gettext_lazy("Hvorfor må saken opp etter fristen?"), required=False,
        choices=[("", gettext_lazy("Saken er ikke for sen")), *LateCategory.choices], widget=forms.RadioSelect,
    )  # fmt: skip
    late_reason = _text(gettext_lazy("Begrunnelse for sen innmelding"), required=False, limit=2000)

    def prepare(self) -> None:
        self.aims = rules.aims_of(self.obj, timezone.localdate())
        if not self.aims.choices:
            self.fields.clear()
            return
        self._offer_periods()
        if not self.aims.late:
            del self.fields["late_category"], self.fields["late_reason"]

    def _offer_periods(self) -> None:
        offer_rows(self, "period", CyclePeriod.objects.filter(pk__in=[row.pk for row in self.aims.choices]))
        offer_choices(self, "period", [(row.pk, self._words(row)) for row in self.aims.choices])
        field = self.fields["period"]
        field.initial = self.aims.next and self.aims.next.pk

    def _words(self, period: CyclePeriod) -> str:
        words = rules.meeting_words(period)
        deadline = (
            _("%(meeting)s. Fristen gikk ut %(day)s")
            if period in self.aims.late
            else _("%(meeting)s. Frist %(day)s")
        )
        return deadline % {"meeting": words[:1].upper() + words[1:], "day": short_date(period.submission_on)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        category, reason = data.get("late_category", ""), data.get("late_reason", "")
        lacking = rules.lateness_is_explained(self.aims, data.get("period"), category=category, reason=reason)
        if lacking is not None:
            self.add_error("late_reason" if category else "late_category", lacking)
        return data


class ResubmitForm(TransitionForm):
    changes = _text(
        gettext_lazy("Hva har du endret?"),
        help_text=gettext_lazy("Kort, så sekretariatet ser det med en gang."),
    )


class PreparationForm(TransitionForm):
    case_handler = forms.ModelChoiceField(label=gettext_lazy("Saksbehandler"), queryset=Person.objects.none())
    deadline = DateField(label=gettext_lazy("Frist for utredningen"))

    def prepare(self) -> None:
        from governance.guards import rules_of

        people = people_with(Permission.PREPARE, municipality_id=self.obj.municipality_id)
        field = self.fields["case_handler"]
        field.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name_sort")  # type: ignore[attr-defined]
        field.initial = self.actor.person_id
        days = rules_of(self.obj).preparation_days
        self.fields["deadline"].initial = add_working_days(timezone.localdate(), days)

    def clean_deadline(self) -> date | None:
        return future_day(self.cleaned_data["deadline"])


class AgendaForm(TransitionForm):
    """Which meeting takes the case, and why it may come late to one outside the annual cycle."""

    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Møte"), queryset=Meeting.objects.none(), empty_label=None,
        error_messages={"required": gettext_lazy("Det er ikke satt opp noe møte. Sett opp et møte først.")},
    )  # fmt: skip

    late_category = forms.ChoiceField(
        label=gettext_lazy("Hvorfor må saken opp etter fristen?"), required=False,
        choices=[("", gettext_lazy("Saken er ikke for sen")), *LateCategory.choices], widget=forms.RadioSelect,
    )  # fmt: skip
    late_reason = _text(gettext_lazy("Begrunnelse for sen innmelding"), required=False, limit=2000)

    def prepare(self) -> None:
        meetings = Meeting.objects.taking_cases().filter(municipality_id=self.obj.municipality_id)
        meetings = meetings.with_deadlines()
        offer_rows(self, "meeting", meetings)
        if not any(rules.period_of(one) is None and rules.comes_too_late(self.obj, one) for one in meetings):
            del self.fields["late_category"], self.fields["late_reason"]
        # Read once, not as often as the list is drawn.
        labels = [(m.pk, f"{m.number}, {timezone.localtime(m.starts_at):%d.%m.%Y}") for m in meetings]
        offer_choices(self, "meeting", labels)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        meeting: Meeting | None = data.get("meeting")
        if meeting is None:
            return data
        category, reason = data.get("late_category", ""), data.get("late_reason", "")
        if refusal := rules.why_not_on_agenda(self.obj, meeting, category=category, reason=reason):
            asks = rules.period_of(meeting) is None and "late_category" in self.fields
            lacking = "late_reason" if category else "late_category"
            self.add_error(lacking if asks else "meeting", refusal)
        return data


class DecisionTextForm(TransitionForm):
    text = _text(gettext_lazy("Vedtak"), limit=8000)


class ReferralForm(TransitionForm):
    referred_to = forms.CharField(
        label=gettext_lazy("Hvor skal saken?"), max_length=300,
        help_text=gettext_lazy("For eksempel: IKT brukerstøtte, driftsavdelingen, avvikssystemet."),
    )  # fmt: skip
    reason = _text(gettext_lazy("Melding til innmelder"))


class MergeForm(TransitionForm):
    into = forms.CharField(
        label=gettext_lazy("Slå sammen med"),
        max_length=20,
        help_text=gettext_lazy("Nummeret på tiltaket som består, for eksempel 2026-014."),
    )
    reason = _text(gettext_lazy("Melding til innmelder"))

    def clean_into(self) -> Initiative:
        number = self.cleaned_data["into"].strip()
        found = (
            Initiative.objects.visible_to(self.actor)
            .filter(municipality_id=self.obj.municipality_id, number=number)
            .exclude(pk=self.obj.pk)
            .first()
        )
        if found is None:
            raise ValidationError(
                _("Fant ikke noe annet tiltak med nummer «%(number)s».") % {"number": number}
            )
        if found.is_final:
            raise ValidationError(_("Tiltaket er avsluttet. Velg et som fortsatt er i gang."))
        return found
