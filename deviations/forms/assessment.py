"""The handler's assessment of a case, and why it happened: one form, saved together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, IntegerField, RadioCards, SearchChoiceField
from deviations import risk
from deviations.forms.merging import BASE, VERSION, marks_of
from deviations.forms.transitions import TransitionForm
from deviations.guarding import Kind, find
from deviations.guards import rules_of
from deviations.models import Category, Cause, DeviationType, Severity
from deviations.models.status import SEVERITY_HELP
from deviations.operations import Analysis
from deviations.suggest import suggest_types
from organization.models import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALES = ("severity", "consequence_area", "actual_consequence", "potential_consequence", "probability")
_WHYS = (
    gettext_lazy("Hvorfor skjedde det?"), gettext_lazy("Hvorfor det?"), gettext_lazy("Og hvorfor det?"),
    gettext_lazy("Hva lå bak det?"), gettext_lazy("Hva er den egentlige årsaken?"),
)  # fmt: skip
_NAMING = frozenset({Kind.IDENTITY, Kind.PHONE, Kind.NAME})


def _why(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=500)


def service_field(**options: Any) -> SearchChoiceField:
    """Return a field for one service; the form sets its queryset."""
    return SearchChoiceField(options_url=reverse_lazy("deviations:service_options"), **options)


class AssessmentForm(TransitionForm):
    """``assessment`` and ``analysis`` are what the operations take."""

    marks_demands = False

    title = forms.CharField(
        label=gettext_lazy("Tittel"), required=False, max_length=200,
        help_text=gettext_lazy("Kort og uten navn. Tittelen står i lister, varsler og e-post."),
    )  # fmt: skip
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Kategori"), required=False, choices=[("", gettext_lazy("Ikke valgt")), *Category.choices],
        help_text=gettext_lazy("Følger av typen. Velg selv bare når ingen type passer."),
    )  # fmt: skip
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Fortrolig"), required=False,
        help_text=gettext_lazy("Da ser bare mottaker, behandler og de rollene typen nevner, saken."),
    )  # fmt: skip
    service = service_field(
        label=gettext_lazy("Tjeneste"), required=False, help_text=gettext_lazy("Skriv en del av navnet.")
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Alvorlighet"), required=False, coerce=int, empty_value=None, choices=Severity.choices,
        widget=RadioCards(descriptions={str(step.value): words for step, words in SEVERITY_HELP.items()}),
    )  # fmt: skip
    consequence_area = forms.ChoiceField(label=gettext_lazy("Hva gjelder følgen?"), required=False)
    actual_consequence = forms.TypedChoiceField(
        label=gettext_lazy("Faktisk følge"), required=False, coerce=int, empty_value=None
    )
    potential_consequence = forms.TypedChoiceField(
        label=gettext_lazy("Mulig følge"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("Hva kunne det ha ført til?"),
    )  # fmt: skip
    probability = forms.TypedChoiceField(
        label=gettext_lazy("Sannsynlighet for at det skjer igjen"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    cause_note = forms.CharField(
        label=gettext_lazy("Mer om årsaken"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
    version = IntegerField(min_value=0, widget=forms.HiddenInput)
    base = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self._fill_catalogue()
        self._fill_scales()
        self._fill_causes()
        for number, label in enumerate(_WHYS):
            self.fields[f"why_{number}"] = _why(label)
        self.initial = {**self._present(), **self.initial}
        self.initial[BASE] = marks_of(self) if not self.is_bound else ""

    def _fill_catalogue(self) -> None:
        rows = DeviationType.objects.filter(municipality_id=self.obj.municipality_id)
        self.types = {
            str(row.pk): row
            for row in rows
            if (row.is_active and not row.refers_to) or row.pk == self.obj.type_id
        }
        groups = [
            (label, [(pk, row.name) for pk, row in self.types.items() if row.category == category])
            for category, label in Category.choices
        ]
        field: Any = self.fields["type"]
        found = [*self._suggested(), *groups]
        field.choices = [("", _("Ikke valgt")), *((label, rows) for label, rows in found if rows)]
        service: Any = self.fields["service"]
        service.queryset = Service.objects.filter(municipality_id=self.obj.municipality_id).order_by("name")

    def _suggested(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return what the text of a case without a type may be about: it stands above all the others."""
        if self.obj.type_id:
            return []
        types = suggest_types(self.obj.municipality_id, self.obj.description)
        rows = [(str(row.pk), row.name) for row in types if str(row.pk) in self.types]
        return [(_("Kan passe, ut fra teksten"), rows)]

    def _fill_scales(self) -> None:
        if not self.obj.is_harmful:
            for name in _SCALES:
                del self.fields[name]
            return
        size = int(rules_of(self.obj).matrix)
        areas = dict.fromkeys([*map(str, risk.AREAS), *filter(None, [self.obj.consequence_area])])
        fields: Any = self.fields
        fields["consequence_area"].choices = [("", _("Ikke valgt")), *((area, area) for area in areas)]
        for name in ("actual_consequence", "potential_consequence"):
            fields[name].choices = self._steps(name, risk.CONSEQUENCES[size])
        fields["probability"].choices = self._steps("probability", risk.PROBABILITIES[size])
        if self.obj.reported_severity:
            fields["severity"].help_text = _("Melder satte: %(severity)s.") % {
                "severity": self.obj.get_reported_severity_display()
            }

    def _steps(self, name: str, names: tuple[Any, ...]) -> list[tuple[str, Any]]:
        """Return the scale, and above it what the case was given when the municipality had a longer one."""
        given = getattr(self.obj, name) or 0
        older = (
            [(str(given), _("%(step)s – fra en eldre skala") % {"step": given})] if given > len(names) else []
        )
        return [*risk.choices(names), *older]

    def _fill_causes(self) -> None:
        chosen = {cause.pk for cause in self.obj.causes.all()}
        rows = Cause.objects.filter(municipality_id=self.obj.municipality_id)
        self.causes = {str(row.pk): row for row in rows if row.is_active or row.pk in chosen}
        self.groups: dict[str, str] = {}
        for row in self.causes.values():
            self.groups.setdefault(row.group, f"causes_{len(self.groups)}")
        for group, name in self.groups.items():
            rows_of_group = [(pk, row.name) for pk, row in self.causes.items() if row.group == group]
            self.fields[name] = forms.MultipleChoiceField(
                label=group, required=False, choices=rows_of_group, widget=CheckboxList
            )
            self.initial.setdefault(name, [pk for pk, _name in rows_of_group if int(pk) in chosen])

    def _present(self) -> dict[str, Any]:
        """Return what stands, in the names of the form."""
        case = self.obj
        plain = {
            name: getattr(case, name)
            for name in ("title", "category", "is_confidential", "cause_note", "version")
        }
        scales = {name: getattr(case, name) for name in _SCALES}
        whys = {f"why_{number}": why for number, why in enumerate(case.whys)}
        return {**plain, **scales, **whys, "type": str(case.type_id or ""), "service": case.service}

    @property
    def cause_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.groups.values())

    @property
    def why_fields(self) -> Iterator[forms.BoundField]:
        return (self[f"why_{number}"] for number in range(len(_WHYS)))

    @property
    def scale_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in _SCALES if name in self.fields and name != "severity")

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        found = [finding.text for finding in find(title) if finding.kind in _NAMING]
        if found:
            raise ValidationError(
                _(
                    "Tittelen leses av mange. Ta bort «%(found)s», og skriv «bruker», «pasient» eller «elev» uten navn."
                )
                % {"found": found[0]}
            )
        return title

    @property
    def assessment(self) -> dict[str, Any]:
        """Return what ``operations.assess`` takes."""
        data = self.cleaned_data
        names = ("title", "is_confidential", "service", "category", *_SCALES)
        values = {name: data[name] for name in names if name in data}
        return {**values, "type_": self.types.get(data["type"])}

    @property
    def analysis(self) -> Analysis:
        """Return what ``operations.set_causes`` takes."""
        data = self.cleaned_data
        chosen = [pk for name in self.groups.values() for pk in data[name]]
        return Analysis(
            causes=[self.causes[pk] for pk in chosen], note=data["cause_note"],
            whys=[data[f"why_{number}"] for number in range(len(_WHYS))],
        )  # fmt: skip

    @property
    def touches_analysis(self) -> bool:
        return any(name.startswith(("why_", "cause")) for name in self.changed_data)

    @property
    def touches_assessment(self) -> bool:
        ours = {BASE, VERSION}
        return any(name not in ours and not name.startswith(("why_", "cause")) for name in self.changed_data)
