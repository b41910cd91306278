"""What asking for people, and the steps after it, ask for.  The cleaned data are the keyword arguments of their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date, number
from core.forms import DateField, DecimalField, Form, offer_rows
from organization.forms import PersonField
from organization.forms.choices import choosable, norwegian
from portfolio.capacity.load import Span
from portfolio.capacity.months import FIRST_YEAR, LAST_YEAR, shifted
from portfolio.capacity.settling import changes_of, going_over, span_of, why_not
from portfolio.models import ResourceRequest, ResourceRole
from portfolio.models.capacity import LARGEST, SMALLEST

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor
    from portfolio.capacity.settling import Change
    from portfolio.models import Project

LONGEST_MONTHS = 60
HALF = gettext_lazy("1 er en hel stilling, 0,5 en halv.")


def work_years_field(label: Any, *, smallest: Any = SMALLEST, help_text: Any = HALF) -> DecimalField:
    return DecimalField(
        label=label, suffix=gettext_lazy("årsverk"), help_text=help_text, min_value=smallest, max_value=LARGEST,
        max_digits=5, decimal_places=2,
    )  # fmt: skip


def words_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip


def check_period(form: Any, first: str, last: str) -> None:
    """Put what is wrong with a period on its fields; an open end is none."""
    begins, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    for name, day in ((first, begins), (last, ends)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            form.add_error(name, _("Velg et år mellom %(first)s og %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR})  # fmt: skip
            return
    if begins and ends and ends < begins:
        form.add_error(last, _("Perioden kan ikke slutte før den begynner."))


class _StepForm(Form):
    def __init__(self, *args: Any, obj: ResourceRequest, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(obj))
        super().__init__(*args, **kwargs)
        self.obj, self.actor = obj, actor

    def initial_of(self, obj: ResourceRequest) -> dict[str, Any]:
        return {}


class RequestForm(_StepForm):
    """How much, when and for what."""

    work_years = work_years_field(
        gettext_lazy("Hvor mye?"), help_text=gettext_lazy("I årsverk: 1 er en hel stilling i hele perioden, 0,5 en halv.")
    )  # fmt: skip
    from_on = DateField(label=gettext_lazy("Fra og med"))
    to_on = DateField(label=gettext_lazy("Til og med"))
    purpose = forms.CharField(
        label=gettext_lazy("Hva skal de gjøre?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kort. Alle som ser prosjektet, kan lese dette."),
    )  # fmt: skip

    def initial_of(self, obj: ResourceRequest) -> dict[str, Any]:
        return {name: getattr(obj, name) for name in ("work_years", "from_on", "to_on", "purpose")}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        check_period(self, "from_on", "to_on")
        begins, ends = data.get("from_on"), data.get("to_on")
        if ends is not None and ends < timezone.localdate():
            self.add_error("to_on", _("Perioden er over. Velg en som ikke er det."))
        elif (
            begins is not None and ends is not None and ends >= shifted(begins.replace(day=1), LONGEST_MONTHS)
        ):
            self.add_error("to_on", _("Perioden kan være høyst fem år. Del den i flere."))
        return data


class AskForm(RequestForm):
    """The same for a new request, with the role."""

    role = forms.ModelChoiceField(
        ResourceRole.objects.none(),
        label=gettext_lazy("Hvem trenger dere?"),
        empty_label=gettext_lazy("Velg rolle"),
    )
    field_order = ("role", "work_years", "from_on", "to_on", "purpose")

    def __init__(self, *args: Any, project: Project, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"from_on": _ahead(project.starts_on), "to_on": _ahead(project.ends_on)})
        super().__init__(*args, obj=ResourceRequest(project=project), actor=actor, **kwargs)
        rows = ResourceRole.objects.filter(municipality_id=project.municipality_id).in_use()
        offer_rows(self, "role", rows.annotate(sort_name=norwegian("name")).order_by("sort_name", "pk"))


def _ahead(day: date | None) -> date | None:
    return day if day is not None and day >= timezone.localdate() else None


class GrantForm(_StepForm):
    """The whole or less, and who; a word where it takes the role over 100 %."""

    granted = work_years_field(gettext_lazy("Hvor mye tildeler du?"))
    granted_from = DateField(label=gettext_lazy("Fra og med"))
    granted_to = DateField(label=gettext_lazy("Til og med"))
    person = PersonField(
        label=gettext_lazy("Hvem"),
        required=False,
        help_text=gettext_lazy("Hvis du vet det. Skriv en del av navnet."),
    )
    over_reason = words_field(
        gettext_lazy("Hvorfor det må gå over 100 %"), gettext_lazy("Bare hvis en måned går over 100 %. Det du skriver, blir stående."),
        required=False,
    )  # fmt: skip
    remark = words_field(gettext_lazy("Melding til prosjektet"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = frozenset({self.obj.role.municipality_id})
        offer_rows(self, "person", choosable(ids, self.obj.person_id))
        self.changes: list[Change] = []

    def initial_of(self, obj: ResourceRequest) -> dict[str, Any]:
        return {"granted": obj.work_years, "granted_from": obj.from_on, "granted_to": obj.to_on}

    @property
    def standing(self) -> Span:
        """What the form begins with."""
        return span_of(self.obj) or Span(self.obj.work_years, self.obj.from_on, self.obj.to_on)

    def preview(self) -> list[Change]:
        """Return the months as they would be: with what was typed where it can be read, else with what the form began with."""
        return self.changes or changes_of(self.obj, self.standing)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        check_period(self, "granted_from", "granted_to")
        self._stay_within(data)
        if not self.errors:
            self.changes = changes_of(
                self.obj, Span(data["granted"], data["granted_from"], data["granted_to"])
            )
            if (over := going_over(self.changes)) and not data.get("over_reason", "").strip():
                self.add_error("over_reason", why_not(over))
        return data

    def _stay_within(self, data: dict[str, Any]) -> None:
        asked = self.obj
        if data.get("granted") is not None and data["granted"] > asked.work_years:
            told = _("Prosjektet ba om %(asked)s årsverk. Tildel det eller mindre.")
            self.add_error("granted", told % {"asked": number(asked.work_years)})
        words = {"first": long_date(asked.from_on), "last": long_date(asked.to_on)}
        for name in ("granted_from", "granted_to"):
            if (day := data.get(name)) is not None and not asked.from_on <= day <= asked.to_on:
                self.add_error(name, _("Prosjektet ba om %(first)s til %(last)s. Velg en dag i den perioden.") % words)  # fmt: skip


class ChangeForm(GrantForm):
    """The same of what stands, and why it is changed."""

    reason = words_field(gettext_lazy("Hvorfor endres det?"), gettext_lazy("Prosjektet får begrunnelsen."))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    remark = None  # type: ignore[assignment] # the reason says it
    field_order = ("granted", "granted_from", "granted_to", "person", "reason", "over_reason", "seen")

    def initial_of(self, obj: ResourceRequest) -> dict[str, Any]:
        return {
            "granted": obj.granted, "granted_from": obj.granted_from, "granted_to": obj.granted_to, "person": obj.person_id,
            "over_reason": obj.over_reason, "seen": obj.changed_at.isoformat(),
        }  # fmt: skip


class EndForm(_StepForm):
    last_day = DateField(label=gettext_lazy("Siste dag"))
    reason = words_field(
        gettext_lazy("Hvorfor slutter det tidligere?"), gettext_lazy("Begge sider får begrunnelsen.")
    )

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        first, last = self.obj.granted_from, self.obj.granted_to
        if first and last and not first <= day < last:
            words = {"first": long_date(first), "last": long_date(last)}
            raise forms.ValidationError(_("Tildelingen varer fra %(first)s til %(last)s. Velg en dag i perioden, før den siste.") % words)  # fmt: skip
        return day


class AnswerForm(_StepForm):
    reason = words_field(gettext_lazy("Begrunnelse"), gettext_lazy("Den som spurte, får begrunnelsen."))
