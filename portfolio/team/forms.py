"""Forms of the people of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form
from organization.forms import PersonField, people_of
from organization.forms.choices import choosable
from portfolio.models import MemberRole, ProjectMember
from portfolio.row_forms import RowForm, checked_day

if TYPE_CHECKING:
    from datetime import date

    from portfolio.models import Project


class MemberForm(RowForm):
    person = PersonField(label=gettext_lazy("Hvem?"), help_text=gettext_lazy("Skriv en del av navnet."))
    begins_on = DateField(label=gettext_lazy("Med fra"))
    ends_on = DateField(
        label=gettext_lazy("Med til"), required=False, help_text=gettext_lazy("Siste dag. Tomt så lenge personen er med."),
    )  # fmt: skip

    class Meta:
        model = ProjectMember
        fields = ("person", "role", "begins_on", "ends_on", "note")
        labels: ClassVar[dict[str, Any]] = {"role": gettext_lazy("Rolle"), "note": gettext_lazy("Merknad")}
        help_texts: ClassVar[dict[str, Any]] = {
            "note": gettext_lazy("For eksempel hva personen skal gjøre. Alle i kommunen kan lese dette."),
        }
        widgets: ClassVar[dict[str, Any]] = {"role": forms.RadioSelect()}

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["role"].choices = MemberRole.choices
        if self.instance.pk is None:
            self.initial["begins_on"] = timezone.localdate()
        ids = self.instance.project.initiative.participant_ids
        fields["person"].queryset = choosable(ids, self.instance.person_id)

    def clean_begins_on(self) -> date | None:
        return checked_day(self.cleaned_data["begins_on"])

    def clean_ends_on(self) -> date | None:
        return checked_day(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("begins_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Siste dag kan ikke være før den første."))
        return data


class LeadersForm(Form):
    """Name the owner and the manager of a project."""

    owner = PersonField(label=gettext_lazy("Prosjekteier"))
    manager = PersonField(label=gettext_lazy("Prosjektleder"))
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Alle ansatte kan lese begrunnelsen i historikken."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        leaders = {"owner": project.owner, "manager": project.manager, "version": project.version}
        super().__init__(*args, initial=leaders, **kwargs)
        ids = project.initiative.participant_ids
        fields: Any = self.fields
        for name in ("owner", "manager"):
            left = getattr(project, f"{name}_left")
            stays = None if left else getattr(project, f"{name}_id")
            fields[name].queryset = people_of(ids) if stays is None else choosable(ids, stays)
