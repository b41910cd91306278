"""What lifting a problem asks for: its words anew, to whom, and what the others answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import short_date
from core.forms import DateField, FilterForm, SearchChoiceField
from core.textsearch import NbSort
from deviations.forms.people import colleagues, person_field
from deviations.forms.transitions import TransitionForm, future_day
from deviations.guarding import Kind, find
from deviations.models import Anonymity, Lift, LiftStatus
from deviations.models.lift import FUNCTIONS
from governance.filters import Flag
from organization.actors import as_person
from organization.models import Person, ProfessionalGroup, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from deviations.lift_queries import LiftQuerySet
    from deviations.models import Deviation
    from organization.actors import PersonActor

ALL = "all"
_NAMING = frozenset({Kind.IDENTITY, Kind.PHONE, Kind.NAME})
_NAMED = gettext_lazy("Teksten nevner «%(name)s». Ta navnet bort.")
_COPIED = 8
"""So many words in a row from the report are a copy, not words of one's own."""


def _text(label: Any, *, rows: int = 4, limit: int = 2000, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def refuse_personal_data(text: str) -> str:
    """Return ``text``.

    :raises ValidationError: it names somebody who should not be named before so many readers.
    """
    found = [one.text for one in find(text) if one.kind in _NAMING]
    if found:
        raise ValidationError(_("Mange leser dette. Ta bort «%(found)s».") % {"found": found[0]})
    return text


class RaiseForm(TransitionForm):
    """The problem in words of its own: nothing of the report is put into it by itself."""

    title = forms.CharField(
        label=gettext_lazy("Problemet i én setning"), max_length=120,
        help_text=gettext_lazy("For eksempel: Løfteutstyret går ikke gjennom døra."),
    )  # fmt: skip
    problem = _text(
        gettext_lazy("Fortell om problemet"), rows=6, limit=3000,
        help_text=gettext_lazy("Skriv med dine egne ord, uten navn og uten det en enkelt person har opplevd. Hva går galt, hvor ofte, og hva har dere prøvd?"),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=gettext_lazy("Hvem vil du spørre?"),
        help_text=gettext_lazy(
            "Vet du hvem som kan løse det, får de beskjed. Ellers kan du spørre alle ledere."
        ),
    )
    names_unit = forms.BooleanField(
        label=gettext_lazy("Vis hvilken enhet det gjelder"), required=False,
        help_text=gettext_lazy("Uten kryss ser de andre verken enheten eller navnet ditt før du tar imot et tilbud."),
    )  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["audience"]
        self.units, self.groups = _sectors(self.obj.municipality), _groups(self.obj.municipality)
        field.choices = [
            (ALL, _("Alle ledere i kommunen")),
            (_("Lederne i en sektor"), [(f"sector-{unit.pk}", unit.name) for unit in self.units]),
            (_("En funksjon"), [(f"role-{role.value}", role.label) for role in FUNCTIONS]),
            (_("En faggruppe"), [(f"group-{group.pk}", group.name) for group in self.groups]),
        ]

    def clean_title(self) -> str:
        return refuse_personal_data(self.cleaned_data["title"])

    def clean_problem(self) -> str:
        text = refuse_personal_data(self.cleaned_data["problem"])
        if copied := _copied(text, self.obj.description):
            raise ValidationError(
                _("Dette står i meldingen: «%(words)s». Skriv det med dine egne ord.") % {"words": copied}
            )
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, _dash, key = data.pop("audience", ALL).partition("-")
        data["role"] = key if kind == "role" else ""
        data["sector"] = next((one for one in self.units if kind == "sector" and str(one.pk) == key), None)
        data["group"] = next((one for one in self.groups if kind == "group" and str(one.pk) == key), None)
        self._refuse_names(data, _people_of(self.obj), str(_NAMED))
        if not data.get("names_unit"):
            advice = _("Teksten nevner «%(name)s». Ta det bort, eller velg å vise enheten.")
            self._refuse_names(data, [self.obj.unit.name], advice)
        return data

    def _refuse_names(self, data: dict[str, Any], names: list[str], advice: str) -> None:
        for field in ("title", "problem"):
            if said := _first_said(names, data.get(field, "")):
                self.add_error(field, advice % {"name": said})


def _people_of(case: Deviation) -> list[str]:
    """Return who must not be named; a hidden reporter is not told by being refused."""
    names = list(case.concerned.values_list("name", flat=True))
    reporter = case.reporter if case.anonymity == Anonymity.OPEN else None
    return [*names, reporter.name] if reporter else names


def _first_said(names: Iterable[str], text: str) -> str:
    """Return the first of ``names`` that ``text`` has, or nothing."""
    said = text.casefold()
    return next((name for name in names if name and name.casefold() in said), "")


def refuse_names(text: str, lift: Lift) -> str:
    """Return ``text``, as whoever steers the lift writes it; others do not know whose names they would be.

    :raises ValidationError: it has personal data, or names somebody of the case behind the lift.
    """
    refuse_personal_data(text)
    if lift.deviation is not None and (said := _first_said(_people_of(lift.deviation), text)):
        raise ValidationError(_NAMED % {"name": said})
    return text


def _sectors(top: Unit) -> list[Unit]:
    rows = Unit.objects.filter(municipality_id=top.pk, kind=Unit.Kind.SECTOR, closed_on=None)
    return list(rows.order_by("path"))


def _groups(top: Unit) -> list[ProfessionalGroup]:
    """Return the professional groups of the municipality and of its region."""
    here = [top.path[:end] for end in range(Unit.steplen, len(top.path) + 1, Unit.steplen)]
    return list(ProfessionalGroup.objects.filter(municipality__path__in=here).order_by(NbSort("name"), "pk"))


def _copied(text: str, source: str) -> str:
    """Return the first words that ``text`` has in a row from ``source``, or nothing."""
    ours, theirs = _words(text), _words(source)
    runs = {tuple(theirs[n : n + _COPIED]) for n in range(len(theirs) - _COPIED + 1)}
    starts = range(len(ours) - _COPIED + 1)
    found = next((n for n in starts if tuple(ours[n : n + _COPIED]) in runs), None)
    return " ".join(ours[found : found + _COPIED]) if found is not None else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


# --- What the others answer ------------------------------------------------------------------------
class OfferForm(TransitionForm):
    plan = _text(
        gettext_lazy("Hvordan vil dere løse det?"), rows=4,
        help_text=gettext_lazy("Den som løftet problemet, leser dette og bestemmer seg."),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Hvilken enhet gjør det?"), empty_label=None
    )
    owner = person_field(
        label=gettext_lazy("Hvem er ansvarlig?"), help_text=gettext_lazy("Skriv en del av navnet.")
    )
    due_on = DateField(label=gettext_lazy("Når kan det være på plass?"))

    def prepare(self) -> None:
        fields: Any = self.fields
        own = [
            grant.unit_id
            for grant in as_person(self.actor).grants
            if grant.municipality_id == self.obj.municipality_id
        ]
        fields["unit"].queryset = Unit.objects.filter(pk__in=own).order_by("path")
        fields["unit"].initial = own[0] if own else None
        fields["owner"].queryset = colleagues(self.obj.municipality_id)
        fields["owner"].initial = Person.objects.filter(pk=self.actor.person_id).first()

    def clean_plan(self) -> str:
        return refuse_personal_data(self.cleaned_data["plan"])

    def clean_due_on(self) -> date | None:
        return future_day(self.cleaned_data["due_on"])


class WriteForm(TransitionForm):
    text = _text(gettext_lazy("Spørsmål eller svar"), rows=3)

    def prepare(self) -> None:
        self.fields["text"].label = _("Svar dem") if self.steers else _("Spør den som løftet problemet")

    def __init__(self, *args: Any, steers: bool, **kwargs: Any) -> None:
        self.steers = steers
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        return refuse_names(text, self.obj) if self.steers else refuse_personal_data(text)


# --- The steps -------------------------------------------------------------------------------------
class _OfferChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        words = {"person": obj.person, "unit": obj.unit, "date": short_date(obj.due_on), "plan": obj.plan}
        return _("%(unit)s, %(person)s, innen %(date)s: %(plan)s") % words


class AcceptOfferForm(TransitionForm):
    offer = _OfferChoice(
        None, label=gettext_lazy("Hvilket tilbud tar du imot?"), empty_label=None, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=gettext_lazy("Hva skal gjøres?"), max_length=200,
        help_text=gettext_lazy("Blir navnet på tiltaket hos den som løser det."),
    )  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["offer"]
        field.queryset = self.obj.offers.standing().select_related("person", "unit")
        field.initial = field.queryset.first()
        self.fields["title"].initial = self.obj.title

    def clean_title(self) -> str:
        return refuse_names(self.cleaned_data["title"], self.obj)


class SolveForm(TransitionForm):
    solution = _text(
        gettext_lazy("Hva løste det?"), help_text=gettext_lazy("Andre med samme problem finner igjen dette.")
    )

    def clean_solution(self) -> str:
        return refuse_names(self.cleaned_data["solution"], self.obj)


def lift_label(lift: Lift) -> str:
    return f"{lift.title} ({short_date(lift.raised_at)})"


def lift_field(**options: Any) -> SearchChoiceField:
    return SearchChoiceField(
        label_from=lift_label,
        search_fields=("title",),
        options_url=reverse_lazy("deviations:lift_options"),
        **options,
    )


def mergeable(actor: Any, municipality_id: int) -> LiftQuerySet:
    """Return the lifts of the municipality that another can be merged with."""
    rows = Lift.objects.visible_to(actor).filter(municipality_id=municipality_id)
    found: LiftQuerySet = rows.open().order_by("-raised_at", "-pk")
    return found


class MergeLiftForm(TransitionForm):
    main = lift_field(
        label=gettext_lazy("Det andre problemet"),
        help_text=gettext_lazy("Skriv et ord fra det, og velg fra forslagene."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["main"]
        field.queryset = mergeable(self.actor, self.obj.municipality_id).exclude(pk=self.obj.pk)


# --- The list --------------------------------------------------------------------------------------
OPEN = "open"


class LiftFilter(filters.FilterSet):
    """The filters of the list of raised problems, which stand in the address."""

    q = filters.CharFilter(label=gettext_lazy("Søk"), method="by_text", max_length=200)
    status = filters.ChoiceFilter(
        label=gettext_lazy("Status"), method="by_status", empty_label=gettext_lazy("Alle"),
        choices=[(OPEN, gettext_lazy("Alle åpne")), *LiftStatus.choices],
    )  # fmt: skip
    meg = Flag(label=gettext_lazy("Spurt meg eller funksjonen min"), method="by_addressed")
    mine = Flag(label=gettext_lazy("Løftet av meg"), method="by_mine")

    class Meta:
        model = Lift
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    @property
    def active(self) -> int:
        return sum(1 for name in self.filters if self.data.get(name))

    def by_text(self, rows: LiftQuerySet, _name: str, text: str) -> LiftQuerySet:
        return rows.matching(text)

    def by_status(self, rows: LiftQuerySet, _name: str, chosen: str) -> LiftQuerySet:
        return rows.open() if chosen == OPEN else rows.filter(status=chosen)

    def by_addressed(self, rows: LiftQuerySet, _name: str, chosen: bool) -> LiftQuerySet:
        return rows.addressed_to(self.actor) if chosen else rows

    def by_mine(self, rows: LiftQuerySet, _name: str, chosen: bool) -> LiftQuerySet:
        return rows.of_raiser(self.actor) if chosen else rows
