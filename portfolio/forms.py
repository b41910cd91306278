"""Forms of the portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, MoneyField
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor
    from governance.models import Initiative
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


class ProjectForm(Form):
    """What is needed to begin a project from an adopted initiative."""

    name = forms.CharField(label=gettext_lazy("Navn på prosjektet"), max_length=200)
    owner = PersonField(label=gettext_lazy("Prosjekteier"))
    manager = PersonField(label=gettext_lazy("Prosjektleder"))
    starts_on = DateField(label=gettext_lazy("Oppstart"), required=False)
    ends_on = DateField(label=gettext_lazy("Slutt"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(initiative.participant_ids)
        for name in ("owner", "manager"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("starts_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Prosjektet kan ikke slutte før det begynner."))
        return data
