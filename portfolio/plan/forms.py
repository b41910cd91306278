"""The forms of a plan.  Their values are what the operations take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date
from core.forms import DateField, Form, SearchChoiceField
from governance.forms.merging import MergingForm
from organization.forms import PersonField
from organization.forms.choices import choosable
from portfolio.models import Deliverable, DeliverableStatus, Dependency, Milestone, Project

if TYPE_CHECKING:
    from datetime import date

    from organization.actors import PersonActor

LONGEST_REASON = 2000


def _rows(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlanForm(MergingForm):
    """A form of a part of the plan; the operation makes the row and checks it."""

    people: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        fields: Any = self.fields
        ids = self.instance.project.initiative.participant_ids if self.people else frozenset()
        for name in self.people:
            fields[name].queryset = choosable(ids, getattr(self.instance, f"{name}_id"))

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written: everything of a new row, what was changed of one that stands."""
        if self.instance.pk is None:
            return self.cleaned_data
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""


class MilestoneForm(PlanForm):
    people = ("responsible",)
    responsible = PersonField(
        label=gettext_lazy("Ansvarlig"), required=False,
        help_text=gettext_lazy("Får den i oppgavene sine. Står det ingen her, får prosjektlederen den."),
    )  # fmt: skip

    class Meta:
        model = Milestone
        fields = ("name", "planned_on", "responsible", "note")
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Hva skal være nådd?"), "planned_on": gettext_lazy("Planlagt dato"), "note": gettext_lazy("Merknad"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy(
                "Kort, for eksempel «Avtalen er signert». Alle som ser prosjektet, kan lese dette."
            ),
            "planned_on": gettext_lazy("Datoen står fast som planen. Endrer den seg, flytter du milepælen."),
        }
        widgets: ClassVar[dict[str, Any]] = {"note": _rows(3)}


class DeliverableForm(PlanForm):
    people = ("quality_owner", "approver")
    layout = (
        ("", ("name", "description")),
        (
            gettext_lazy("Når er den god nok?"),
            ("quality_expectations", "acceptance_criteria", "tolerance", "quality_owner"),
        ),
        (gettext_lazy("Hvem godkjenner den, og hvordan?"), ("approver", "approval_method")),
        (gettext_lazy("Hvor langt er den kommet?"), ("starts_on", "ends_on", "status", "comment")),
    )
    quality_owner = PersonField(label=gettext_lazy("Svarer for kvaliteten"), required=False)
    approver = PersonField(
        label=gettext_lazy("Godkjenner"), required=False,
        help_text=gettext_lazy("Prosjekteier og porteføljeforvalter kan også godkjenne."),
    )  # fmt: skip

    class Meta:
        model = Deliverable
        fields = (
            "name", "description", "quality_expectations", "acceptance_criteria", "tolerance", "quality_owner", "approver",
            "approval_method", "starts_on", "ends_on", "status", "comment",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Hva skal leveres?"), "description": gettext_lazy("Beskrivelse"),
            "quality_expectations": gettext_lazy("Forventninger til kvaliteten"),
            "acceptance_criteria": gettext_lazy("Akseptansekriterier"), "tolerance": gettext_lazy("Hvor mye kan den avvike?"),
            "approval_method": gettext_lazy("Hvordan den godkjennes"), "starts_on": gettext_lazy("Start"),
            "ends_on": gettext_lazy("Ferdig"), "status": gettext_lazy("Hvordan går det?"), "comment": gettext_lazy("Kommentar"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Kort. Alle som ser prosjektet, kan lese dette."),
            "acceptance_criteria": gettext_lazy("Det som må stemme for at leveransen godkjennes."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "description": _rows(3), "quality_expectations": _rows(2), "acceptance_criteria": _rows(3), "tolerance": _rows(2),
            "approval_method": _rows(2), "comment": _rows(2), "status": forms.RadioSelect(),
        }  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        fields: Any = self.fields
        fields["status"].choices = DeliverableStatus.choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Leveransen kan ikke være ferdig før den begynner."))
        return data


class _MilestoneChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Milestone) -> str:
        return f"{obj.name} ({long_date(obj.expected_on)})"


class DependencyForm(PlanForm):
    milestone = _MilestoneChoice(
        Milestone.objects.none(), label=gettext_lazy("Hva må være på plass?"), required=False,
        empty_label=gettext_lazy("Hele prosjektet, overlevert til linjen"),
    )  # fmt: skip

    class Meta:
        model = Dependency
        fields = ("milestone", "needed_on", "note")
        labels: ClassVar[dict[str, Any]] = {
            "needed_on": gettext_lazy("Når trengs det?"), "note": gettext_lazy("Hvorfor venter prosjektet på det?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "needed_on": gettext_lazy("Står det ingenting her, regnes det fram til prosjektets egen slutt."),
        }
        widgets: ClassVar[dict[str, Any]] = {"note": _rows(3)}

    def prepare(self) -> None:
        fields: Any = self.fields
        rows = Milestone.objects.filter(project_id=self.instance.on_id)
        fields["milestone"].queryset = rows.order_by("expected_on", "pk")


def awaitable(actor: PersonActor) -> Any:
    """Return the projects that another may wait for: those the actor sees."""
    return Project.objects.visible_to(actor).order_by("name", "pk")


class ProjectField(SearchChoiceField):
    """Choose a project by typing part of its name.  Set ``queryset`` to those that may be chosen."""

    def __init__(self, **kwargs: Any) -> None:

        kwargs.setdefault("options_url", reverse_lazy("portfolio:project_options"))
        super().__init__(**kwargs)


class AwaitedForm(Form):
    """Which project is waited for."""

    prosjekt = ProjectField(
        label=gettext_lazy("Hvilket prosjekt venter dere på?"), help_text=gettext_lazy("Skriv en del av navnet.")
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["prosjekt"].queryset = awaitable(actor).exclude(pk=project.pk)


# --- Acts --------------------------------------------------------------------------------------------------
def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_REASON, widget=_rows(3),
        help_text=gettext_lazy("Begrunnelsen blir stående i historikken."),
    )  # fmt: skip


class MoveForm(Form):
    to = DateField(label=gettext_lazy("Ny dato"))
    reason = _reason(gettext_lazy("Hvorfor flyttes den?"))


class ReachForm(Form):
    on = DateField(label=gettext_lazy("Når ble den nådd?"))

    def clean_on(self) -> date:
        value: date = self.cleaned_data["on"]
        if value > timezone.localdate():
            raise forms.ValidationError(_("Dagen kan ikke være fram i tid. Flytt milepælen om den er ventet senere."))  # fmt: skip
        return value


class ReopenForm(Form):
    reason = _reason(gettext_lazy("Hvorfor er den ikke nådd likevel?"))


class WithdrawForm(Form):
    reason = _reason(gettext_lazy("Hvorfor trekkes godkjenningen tilbake?"))


class PeriodForm(Form):
    """When a project begins and ends; the operation asks for a reason where an end is moved."""

    starts_on = DateField(label=gettext_lazy("Oppstart"), required=False)
    ends_on = DateField(label=gettext_lazy("Slutt"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor flyttes slutten?"), max_length=LONGEST_REASON, required=False, widget=_rows(3),
        help_text=gettext_lazy("Trengs når en slutt som var satt, endres. Begrunnelsen blir stående i historikken."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Prosjektet kan ikke slutte før det begynner."))
        return data
