"""The form of the municipality's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, IntegerField, ModelForm, offer_choices
from governance.gates import Point, all_gates
from governance.models import GovernanceRules
from governance.paper_sections import all_kinds
from governance.requirements import all_requirements

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

DAYS = gettext_lazy("virkedager")


def days_field(label: StrOrPromise, *, least: int = 1, most: int = 250) -> IntegerField:
    return IntegerField(label=label, min_value=least, max_value=most, suffix=DAYS)


class RulesForm(ModelForm):
    """What a municipality decides about its own governance."""

    requirements = forms.MultipleChoiceField(
        label=gettext_lazy("Hva må være på plass før et tiltak kan sendes inn?"),
        widget=CheckboxList(),
        required=False,
    )
    gates = forms.MultipleChoiceField(
        label=gettext_lazy("Hva må være på plass før et prosjekt går til neste fase?"),
        widget=CheckboxList(),
        required=False,
    )
    council_points = forms.MultipleChoiceField(
        label=gettext_lazy("Hvilke beslutningspunkter avgjør rådet?"),
        widget=CheckboxList(),
        choices=Point.choices,
        required=False,
        help_text=gettext_lazy(
            "Prosjektet går da ikke videre før rådet har godkjent beslutningsgrunnlaget. "
            "De andre avgjør prosjekteier eller porteføljeforvalter."
        ),
    )
    paper_sections = forms.MultipleChoiceField(
        label=gettext_lazy("Hvilke deler har saksframlegget i tillegg til innstillingen?"),
        widget=CheckboxList(),
        required=False,
        help_text=gettext_lazy(
            "Det som alt er skrevet i en del, blir stående i saken selv om du tar den bort her."
        ),
    )
    required_sections = forms.MultipleChoiceField(
        label=gettext_lazy("Hvilke av dem må være skrevet før saken er klar for rådet?"),
        widget=CheckboxList(),
        required=False,
    )
    completion_days = days_field(gettext_lazy("Frist for komplettering"))
    preparation_days = days_field(gettext_lazy("Frist for utredning"))
    decision_days = days_field(gettext_lazy("Frist for kommunedirektørens avgjørelse"))

    GROUPS: ClassVar[tuple[tuple[StrOrPromise, tuple[str, ...]], ...]] = (
        (gettext_lazy("Innmelding"), ("requirements",)),
        (gettext_lazy("Saksframlegg"), ("paper_sections", "required_sections")),
        (gettext_lazy("Prosjekter"), ("gates", "council_points")),
        (
            gettext_lazy("Frister"),
            (
                "completion_days",
                "preparation_days",
                "decision_days",
            ),
        ),
    )

    class Meta:
        model = GovernanceRules
        fields = (
            "requirements", "paper_sections", "required_sections", "gates", "council_points", "completion_days",
            "preparation_days", "decision_days",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = all_requirements()
        offer_choices(self, "requirements", [(one.key, str(one.label).capitalize()) for one in found])
        self.fields["requirements"].widget.descriptions = {one.key: one.why for one in found}
        optional = [(kind.key, str(kind.label)) for kind in all_kinds() if not kind.is_always]
        offer_choices(self, "paper_sections", optional)
        offer_choices(self, "required_sections", optional)
        gates = all_gates()
        offer_choices(self, "gates", [(one.key, f"{one.point.upper()}: {one.label}") for one in gates])
        self.fields["gates"].widget.descriptions = {one.key: one.why for one in gates}
        # The stamp of the last change tells a second editor that somebody was first.
        stamp = self.instance.changed_at.isoformat() if self.instance.changed_at else ""
        self.fields["stamp"] = forms.CharField(required=False, initial=stamp, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_sections(data)
        return data

    def _check_sections(self, data: dict[str, Any]) -> None:
        """What must be written must also be asked for."""
        asked = data.get("paper_sections", [])
        lacking = [
            str(kind.label)
            for kind in all_kinds()
            if kind.key in data.get("required_sections", []) and kind.key not in asked
        ]
        if "paper_sections" in data and lacking:
            text = _("Kryss av for %(names)s i lista over deler først, eller fjern kravet her.")
            self.add_error("required_sections", text % {"names": ", ".join(lacking)})

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[Any]]]:
        """Return the fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]
