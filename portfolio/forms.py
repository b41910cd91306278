"""Forms of the portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateField, Form, MoneyField, RadioCards, offer_rows
from governance.models import Initiative
from organization.forms import PersonField, people_of
from organization.models import Person
from portfolio.models import ProjectKind

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from portfolio.models import Project


class ProjectTransitionForm(Form):
    def __init__(self, *args: Any, obj: Project, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PauseForm(ProjectTransitionForm):
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse og porteføljestyrets vedtak"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    until = DateField(label=gettext_lazy("På vent til"), required=False)

    def clean_until(self) -> date | None:
        value: date | None = self.cleaned_data["until"]
        if value is not None and value <= timezone.localdate():
            raise ValidationError(_("Velg en dato fram i tid."))
        return value


class StopForm(ProjectTransitionForm):
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse og porteføljestyrets vedtak"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    spent = MoneyField(label=gettext_lazy("Hva er brukt?"), min_value=0)


KINDS: dict[str, StrOrPromise] = {
    ProjectKind.PROJECT: gettext_lazy("Begynner i Konsept og svarer på sjekklisten ved hvert beslutningspunkt."),
    ProjectKind.LINE_CHANGE: gettext_lazy("Utvikling som linjen gjør selv. Begynner i Planlegge, uten beslutningspunkter."),
    ProjectKind.OPERATIONS: gettext_lazy("Vedlikehold og daglig drift. Begynner i Planlegge og telles for seg, ikke med utviklingen."),
}  # fmt: skip


def proposed_kind(initiative: Initiative) -> ProjectKind:
    """Return what the category of an initiative points to."""
    is_operations = initiative.category == Initiative.Category.OPERATIONS
    return ProjectKind.OPERATIONS if is_operations else ProjectKind.PROJECT


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Hva slags arbeid er det?"),
        choices=ProjectKind.choices,
        widget=RadioCards(descriptions=KINDS),
    )


class KindForm(Form):
    kind = _kind_field()
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Alle ansatte kan lese begrunnelsen i historikken."),
    )  # fmt: skip


class ProjectForm(Form):
    """What is needed to begin a project from an adopted initiative."""

    name = forms.CharField(label=gettext_lazy("Navn på prosjektet"), max_length=200)
    kind = _kind_field()
    owner = PersonField(label=gettext_lazy("Prosjekteier"))
    manager = PersonField(label=gettext_lazy("Prosjektleder"))
    ildsjeler = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), label=gettext_lazy("Ildsjeler fra innmeldingen"), required=False,
        widget=CheckboxList(), help_text=gettext_lazy("De som meldte inn tiltaket. Ta bort krysset hos dem som ikke skal være med."),
    )  # fmt: skip
    starts_on = DateField(label=gettext_lazy("Oppstart"), required=False)
    ends_on = DateField(label=gettext_lazy("Slutt"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        proposed = {
            "name": initiative.card_title, "owner": initiative.project_owner, "starts_on": timezone.localdate(),
            "kind": proposed_kind(initiative),
        }  # fmt: skip
        people = people_of(initiative.participant_ids)
        raised = people.filter(Q(pk=initiative.submitter_id) | Q(pk__in=initiative.co_editors.values("pk")))
        super().__init__(*args, initial={**proposed, "ildsjeler": raised}, **kwargs)
        offer_rows(self, "ildsjeler", raised)
        for name in ("owner", "manager"):
            offer_rows(self, name, people)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("starts_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Prosjektet kan ikke slutte før det begynner."))
        return data
