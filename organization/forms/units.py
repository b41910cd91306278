"""Forms of the tree: a new unit, its facts, its place, its end, and figures to count against."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, DecimalField, FilterForm, offer_rows
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import UnitField
from organization.models import Exposure, Unit

if TYPE_CHECKING:
    from core.actors import Actor

KINDS_BELOW = [(kind.value, kind.label) for kind in (Unit.Kind.SECTOR, Unit.Kind.UNIT, Unit.Kind.DEPARTMENT)]
_YEARS_AHEAD = timedelta(days=5 * 365)


def sensible_day(day: date | None) -> date | None:
    """Return the day, unless the year is likely mistyped.

    :raises ValidationError: before 1950, or more than five years from now.
    """
    if day is not None and not date(1950, 1, 1) <= day <= timezone.localdate() + _YEARS_AHEAD:
        raise ValidationError(_("Sjekk årstallet: %(year)s.") % {"year": day.year})
    return day


class TreeFilter(FilterForm):
    q = forms.CharField(label=gettext_lazy("Søk etter enhet"), required=False, max_length=100)
    nedlagte = forms.BooleanField(label=gettext_lazy("Vis også nedlagte"), required=False)


class UnitCreateForm(RowForm):
    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Enheten er opprettet.")

    parent = UnitField(label=gettext_lazy("Ligger under"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("Nivå"), choices=KINDS_BELOW)

    class Meta:
        model = Unit
        fields = ("name", "parent", "kind", "code", "short_name", "orgnr")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(
            self, "parent", Unit.objects.managed_by(actor).open_on(timezone.localdate()).order_by("path")
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        parent = data.get("parent")
        if parent is not None:
            self.instance.municipality_id = parent.municipality_id
            if data.get("kind") and not operations.fits(data["kind"], parent.kind):
                self.add_error("kind", operations.level_problem(data["kind"], parent.kind))
        return data

    def perform(self, *, by: Actor, now: datetime) -> Unit:
        data = self.cleaned_data
        return operations.create_unit(
            name=data["name"], kind=data["kind"], code=data["code"], parent=data["parent"],
            short_name=data["short_name"], orgnr=data["orgnr"], by=by, now=now,
        )  # fmt: skip


class UnitFactsForm(RowForm):
    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Endringene er lagret.")

    kind = forms.ChoiceField(label=gettext_lazy("Nivå"), choices=KINDS_BELOW)

    class Meta:
        model = Unit
        fields = ("name", "kind", "code", "short_name", "orgnr")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_legal_entity:
            del self.fields["kind"]

    def perform(self, *, by: Actor, now: datetime) -> Unit:
        return operations.edit_unit(self.edit, by=by, now=now)


class UnitMoveForm(DeedForm):
    done = gettext_lazy("Enheten er flyttet, med alt som ligger under.")

    parent = UnitField(label=gettext_lazy("Ny plass under"), empty_label=gettext_lazy("Velg ny plass"))

    def __init__(self, *args: Any, unit: Unit, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        places = Unit.objects.managed_by(actor).open_on(timezone.localdate())
        places = places.filter(municipality_id=unit.municipality_id).exclude(path__startswith=unit.path)
        offer_rows(self, "parent", places.order_by("path"))

    def perform(self, *, by: Actor, now: datetime) -> Unit:
        return operations.move_unit(self.unit, parent=self.cleaned_data["parent"], by=by, now=now)


class UnitCloseForm(DeedForm):
    done = gettext_lazy("Enheten er lagt ned. Historikken står.")

    closed_on = DateField(
        label=gettext_lazy("Nedlagt fra"),
        help_text=gettext_lazy("Den første dagen enheten ikke finnes lenger."),
    )
    end_roles = forms.BooleanField(
        label=gettext_lazy("Avslutt rollene på enheten samme dag"),
        required=False,
        help_text=gettext_lazy("De som skal videre, får ny rolle på en annen enhet."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_closed_on(self) -> date | None:
        return sensible_day(self.cleaned_data["closed_on"])

    def perform(self, *, by: Actor, now: datetime) -> Unit:
        data = self.cleaned_data
        return operations.close_unit(
            self.unit, on=data["closed_on"], end_roles=data["end_roles"], by=by, now=now
        )


class UnitReopenForm(DeedForm):
    done = gettext_lazy("Enheten er åpnet igjen.")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def perform(self, *, by: Actor, now: datetime) -> Unit:
        return operations.reopen_unit(self.unit, by=by, now=now)


class ExposureForm(RowForm):
    done = gettext_lazy("Tallet er ført.")

    value = DecimalField(label=gettext_lazy("Tall"), max_digits=12, decimal_places=2, min_value=0)
    replace = forms.BooleanField(
        label=gettext_lazy("Erstatt tallet hvis perioden alt er ført"), required=False
    )

    class Meta:
        model = Exposure
        fields = ("kind", "period_start", "period_end", "value", "source")
        help_texts: ClassVar[dict[str, Any]] = {
            "source": gettext_lazy("Hvor tallet kommer fra, for eksempel «Visma HRM, uttrekk 15. januar»."),
        }

    def clean_period_start(self) -> date | None:
        return sensible_day(self.cleaned_data["period_start"])

    def clean_period_end(self) -> date | None:
        return sensible_day(self.cleaned_data["period_end"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        same = {
            "unit": self.instance.unit,
            "kind": data.get("kind"),
            "period_start": data.get("period_start"),
        }
        if None not in same.values() and not data.get("replace") and Exposure.objects.filter(**same).exists():
            self.add_error(
                "period_start",
                _("Tallet for perioden er alt ført. Kryss av nederst hvis det skal erstattes."),
            )
        return data

    def perform(self, *, by: Actor, now: datetime) -> Exposure:
        return operations.register_exposure(self.instance, by=by, now=now)
