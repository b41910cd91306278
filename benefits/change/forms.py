"""Forms of change work.  The cleaned data are what ``operations.save_part`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.change.risk import RiskScale
from benefits.change.rules import agents_for, problems_of, works_there
from benefits.models import (
    Attitude,
    Benefit,
    BenefitRisk,
    ChangeAction,
    ChangeAgent,
    ChangeKind,
    Influence,
    RiskProfile,
    RiskState,
    Stakeholder,
)
from core.formats import short_date
from core.forms import DateField
from governance.forms.intake.common import people_around
from governance.forms.merging import MergingForm
from organization.forms import PersonField

if TYPE_CHECKING:
    from governance.models import Initiative
    from organization.models import RoleAssignment


class PartForm(MergingForm):
    """A row of change work, which others may be writing in too."""

    people: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        self.initiative = initiative
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        for name in self.people:
            self._offer_people(name)
        for name in {"benefit", "node", "action"} & set(self.fields):
            self._offer_rows(name)

    def _offer_people(self, name: str) -> None:
        """Offer those who work there.  Who has left is named, and never offered."""
        field: Any = self.fields[name]
        field.queryset = people_around(self.initiative)
        chosen = getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None
        if chosen is not None and not works_there(chosen.pk, self.initiative, timezone.localdate()):
            self.initial[name] = None
            field.help_text = _("%(name)s arbeider ikke her lenger. Velg en ny.") % {"name": chosen.name}

    def _offer_rows(self, name: str) -> None:
        field: Any = self.fields[name]
        seen = Benefit.objects.visible_to(self.actor).filter(initiative=self.initiative)
        offered: dict[str, Any] = {
            "benefit": seen.exclude(status=Benefit.Status.DROPPED),
            "node": self.initiative.map_nodes.all(),
            "action": ChangeAction.objects.standing().filter(initiative=self.initiative),
        }
        rows, standing = offered[name], getattr(self.instance, f"{name}_id")
        if name == "benefit" and standing and not seen.filter(pk=standing).exists():
            del self.fields[name]  # what it serves is for others to read, and stays
            return
        field.queryset = rows | rows.model.objects.filter(pk=standing) if standing else rows
        field.empty_label = _("Ikke valgt")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        touched = {name: value for name, value in data.items() if self._is_touched(name)}
        for name, texts in self._problems(touched).items():
            self.add_error(name if name in self.fields else None, texts)
        return data

    def _is_touched(self, name: str) -> bool:
        return self.instance.pk is None or self._posted_mark(name) != self._base[name]

    def _problems(self, touched: dict[str, Any]) -> dict[str, list[str]]:
        return problems_of(self._meta.model, touched, self.initiative, today=timezone.localdate())

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written: everything of a new row, what was changed of one that stands."""
        if self.instance.pk is None:
            return self.cleaned_data
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""


class ActionForm(PartForm):
    """What must be done for the change to stick."""

    people = ("owner",)
    layout = (
        ("", ("title", "kind", "how")),
        (gettext_lazy("Hvem, og når?"), ("owner", "due_on")),
        (gettext_lazy("Hva tjener det?"), ("benefit", "node", "risk_profile")),
    )
    owner = PersonField(
        label=gettext_lazy("Ansvarlig"), help_text=gettext_lazy("Den som sørger for at det blir gjort. Skriv en del av navnet."),
    )  # fmt: skip
    due_on = DateField(label=gettext_lazy("Frist"))

    class Meta:
        model = ChangeAction
        fields = ("title", "kind", "how", "owner", "due_on", "benefit", "node", "risk_profile")
        labels: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Hva skal gjøres?"), "kind": gettext_lazy("Hva slags tiltak er det?"),
            "how": gettext_lazy("Mer om tiltaket"), "benefit": gettext_lazy("Gevinst"),
            "node": gettext_lazy("Boks i gevinstkartet"), "risk_profile": gettext_lazy("Hvor stor er risikoen for at det ikke blir gjort?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Kort, for eksempel «Lære opp alle vaktlag i nye låser».")
        }
        widgets: ClassVar[dict[str, Any]] = {
            "how": forms.Textarea(attrs={"rows": 3}), "kind": forms.RadioSelect(), "risk_profile": forms.RadioSelect(),
        }  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        fields: Any = self.fields
        fields["kind"].choices, fields["risk_profile"].choices = ChangeKind.choices, RiskProfile.choices


def agent_label(row: RoleAssignment) -> str:
    """Return name, unit and how long the role lasts."""
    if row.valid_to is None:
        return f"{row.person.name} ({row.unit.name})"
    until = _("til %(day)s") % {"day": short_date(row.valid_to)}
    return f"{row.person.name} ({row.unit.name}, {until})"


class AgentForm(PartForm):
    """Which of those with the role of change agent take part."""

    class Meta:
        model = ChangeAgent
        fields = ("role", "task")
        labels: ClassVar[dict[str, Any]] = {
            "role": gettext_lazy("Hvem er med?"), "task": gettext_lazy("Hva gjør endringsagenten her?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "role": gettext_lazy(
                "De som har rollen endringsagent nå. En administrator gir og avslutter rollen."
            ),
            "task": gettext_lazy("For eksempel «Viser kollegene på nattevakt hvordan låsen virker»."),
        }

    def prepare(self) -> None:
        field: Any = self.fields["role"]
        field.queryset = agents_for(self.initiative, timezone.localdate(), self.instance.role_id)
        field.label_from_instance = agent_label
        field.empty_label = _("Velg")


class StakeholderForm(PartForm):
    """Whom the change matters to.  It is read by others, also by those it is about."""

    people = ("contact",)
    layout = (
        ("", ("name", "group")),
        (gettext_lazy("Hva betyr endringen for dem?"), ("gains", "loses")),
        (gettext_lazy("Hvor står de?"), ("influence", "attitude")),
        (gettext_lazy("Hvordan er de med?"), ("involvement", "contact")),
    )
    influence = forms.TypedChoiceField(
        label=gettext_lazy("Hvor stor innflytelse har de på om det lykkes?"), choices=Influence.choices, coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    attitude = forms.TypedChoiceField(
        label=gettext_lazy("Hva mener de om endringen i dag?"), choices=Attitude.choices, coerce=int, widget=forms.RadioSelect
    )  # fmt: skip
    contact = PersonField(
        label=gettext_lazy("Hvem holder kontakten?"), required=False, help_text=gettext_lazy("Skriv en del av navnet."),
    )  # fmt: skip

    class Meta:
        model = Stakeholder
        fields = ("name", "group", "gains", "loses", "influence", "attitude", "involvement", "contact")
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Hvem?"), "group": gettext_lazy("Hvilken gruppe hører de til?"),
            "gains": gettext_lazy("Hva vinner de?"), "loses": gettext_lazy("Hva taper de?"),
            "involvement": gettext_lazy("Hva gjør dere sammen med dem?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("En gruppe eller en rolle, for eksempel «Nattevaktene». Ikke navn på enkeltpersoner."),
            "loses": gettext_lazy("Skriv det slik de selv ville sagt det."),
            "involvement": gettext_lazy("For eksempel «Prøver løsningen i to uker før alle andre»."),
        }  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("gains", "loses", "involvement")
        }


class RiskForm(PartForm):
    """What may keep a benefit from coming, judged in the municipality's own matrix."""

    people = ("owner",)
    layout = (
        ("", ("title", "benefit")),
        (gettext_lazy("Hvor stor er risikoen?"), ("likelihood", "consequence")),
        (gettext_lazy("Hva gjør dere med den?"), ("measure", "action", "owner")),
        (gettext_lazy("Vurdering"), ("state", "reviewed_on", "review_on")),
    )
    likelihood = forms.TypedChoiceField(label=gettext_lazy("Hvor sannsynlig er det?"), coerce=int)
    consequence = forms.TypedChoiceField(
        label=gettext_lazy("Hvor mye går det ut over gevinsten?"), coerce=int
    )
    owner = PersonField(
        label=gettext_lazy("Risikoeier"), help_text=gettext_lazy("Den som følger med på risikoen. Skriv en del av navnet."),
    )  # fmt: skip
    reviewed_on = DateField(label=gettext_lazy("Sist vurdert"))
    review_on = DateField(
        label=gettext_lazy("Vurderes igjen"), required=False, help_text=gettext_lazy("Risikoeieren får en påminnelse da."),
    )  # fmt: skip

    class Meta:
        model = BenefitRisk
        fields = (
            "title", "benefit", "likelihood", "consequence", "measure", "action", "owner", "state", "reviewed_on", "review_on",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Hva kan gå galt?"), "benefit": gettext_lazy("Hvilken gevinst gjelder det?"),
            "measure": gettext_lazy("Hva gjør dere for at det ikke skal skje?"),
            "action": gettext_lazy("Tiltak i planen som demper risikoen"), "state": gettext_lazy("Status"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Kort, for eksempel «Vikarene har ikke fått opplæring»."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "measure": forms.Textarea(attrs={"rows": 3}), "state": forms.RadioSelect(),
        }  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        fields: Any = self.fields
        scale = RiskScale(self.initiative.municipality_id)
        for name, names in (("likelihood", scale.likelihoods), ("consequence", scale.consequences)):
            fields[name].choices = [("", _("Velg")), *scale.choices(names)]
        fields["state"].choices = RiskState.choices
        # Whoever opens the form judges it now, and says so by saving.
        self.initial["reviewed_on"] = timezone.localdate()

    def _problems(self, touched: dict[str, Any]) -> dict[str, list[str]]:
        dates = {"reviewed_on", "review_on"}
        if dates & set(touched):
            touched = {**touched, **{name: self.cleaned_data.get(name) for name in dates}}
        return super()._problems(touched)
