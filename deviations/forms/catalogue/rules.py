"""Forms of the municipality's rules, of who receives, and of trying it out."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FilterForm, IntegerField, ModelForm, offer_choices, offer_rows
from deviations.forms.people import colleagues, person_field
from deviations.forms.units import UnitField, units_in
from deviations.models import Category, DeviationRules, DeviationType, RoutingRule, Severity
from deviations.operations.rules import stamp_of
from deviations.wording import shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.models import Unit

_MOST_DAYS = 730
_MOST_CHANNELS = 10
_PARTS = ("title", "text", "url")
_NEW = ""
"""What stands for the code of a channel that has none yet."""
_WEB = URLValidator(schemes=["http", "https"])


class StampedForm(ModelForm):
    """A form that carries when the record was last saved, as its version."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.instance.municipality = municipality
        self.initial["stamp"] = stamp_of(self.instance)

    @property
    def written(self) -> list[str]:
        return list(self._meta.fields or ())

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self.instance, name) for name in self.written}

    def differing(self, stands: Any) -> list[tuple[str, str, str]]:
        """Return the label, what was typed and what stands, of every field that differs."""
        found = []
        for name in self.written:
            field = stands._meta.get_field(name)
            mine, theirs = (_told(field, row) for row in (self.instance, stands))
            if mine != theirs:
                label = str(field.verbose_name)
                found.append((label[:1].upper() + label[1:], mine, theirs))
        return found

    def take_stamp(self, sent: QueryDict, stamp: str) -> None:
        """Let the next save count from what stands now: to save once more is then a choice."""
        data = sent.copy()
        data["stamp"] = stamp
        self.data = data


def _told(field: Any, row: Any) -> str:
    value = getattr(row, field.name)
    return str(value or "–") if field.is_relation else shown(field, value)


class RulesForm(StampedForm):
    class Meta:
        model = DeviationRules
        fields = (
            "receive_days",
            "answer_days",
            "reopening_days",
            "matrix",
            "yellow_from",
            "red_from",
            "small_unit",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for severity in Severity:
            self.fields[f"days_{severity.value}"] = IntegerField(
                label=_("Alvorlighet %(severity)s") % {"severity": str(severity.label).lower()}, min_value=1, max_value=_MOST_DAYS,
                initial=self.instance.days_for(severity.value), suffix=_("dager"),
            )  # fmt: skip
        for name in ("receive_days", "answer_days", "reopening_days"):
            field = self.fields[name]
            field.min_value, field.max_value = 1, _MOST_DAYS  # type: ignore[attr-defined]
            field.validators.append(_within_days)
        self._held = dict(self.instance.channels)
        self._codes = [*self._held, *([_NEW] if len(self._held) < _MOST_CHANNELS else [])]
        for code in self._codes:
            self._add_channel(code, self._held.get(code, {}))

    def _add_channel(self, code: str, held: dict[str, str]) -> None:
        options: dict[str, Any] = {"required": False, "max_length": 120}
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Navn på kanalen"), initial=held.get("title", ""), **options
        )
        self.fields[f"text_{code}"] = forms.CharField(
            label=_("Det melderen leser"), initial=held.get("text", ""), required=False, max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip
        self.fields[f"url_{code}"] = forms.CharField(
            label=_("Lenke"), initial=held.get("url", ""), required=False, max_length=300, widget=forms.TextInput(attrs={"inputmode": "url"}),
        )  # fmt: skip

    @property
    def severity_fields(self) -> list[Any]:
        return [self[f"days_{severity.value}"] for severity in Severity]

    @property
    def channel_groups(self) -> list[tuple[str, list[Any]]]:
        return [
            (
                self._held.get(code, {}).get("title") or _("Ny kanal"),
                [self[f"{part}_{code}"] for part in _PARTS],
            )
            for code in self._codes
        ]

    @property
    def written(self) -> list[str]:
        return [*super().written, "handling_days", "channels"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        days = {str(severity.value): data.get(f"days_{severity.value}") for severity in Severity}
        self.instance.handling_days = {key: value for key, value in days.items() if value}
        if data.get("yellow_from") and data.get("red_from") and data["yellow_from"] >= data["red_from"]:
            self.add_error(
                "red_from",
                _("Rødt begynner på et høyere tall enn gult. Skriv et tall over %(yellow)d.")
                % {"yellow": data["yellow_from"]},
            )
        highest = int(data.get("matrix") or 5) ** 2
        if data.get("red_from") and data["red_from"] > highest:
            self.add_error(
                "red_from",
                _("Matrisen går til %(highest)d. Skriv et tall som ikke er større.") % {"highest": highest},
            )
        self.instance.channels = self._channels(data)
        return data

    def _channels(self, data: dict[str, Any]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        used = set(
            DeviationType.objects.active()
            .filter(municipality=self.municipality)
            .values_list("refers_to", flat=True)
        )
        is_stale = data.get("stamp") != self.initial["stamp"]
        for code in self._codes:
            if code in self._held and self.add_prefix(f"title_{code}") not in self.data:
                found[code] = self._held[code]  # somebody added it after this page was opened
                continue
            channel = {part: (data.get(f"{part}_{code}") or "").strip() for part in _PARTS}
            if any(channel.values()):
                self._check_channel(code, channel, {} if is_stale else found)
                found[code or _code_for(channel["title"], self._held)] = channel
            elif code in used - {_NEW}:
                self.add_error(
                    f"title_{code}",
                    _("Minst én type henviser hit. Endre typen først, eller skriv navnet igjen."),
                )
        return found

    def _check_channel(self, code: str, channel: dict[str, str], others: dict[str, dict[str, str]]) -> None:
        if not channel["title"]:
            self.add_error(f"title_{code}", _("Skriv navnet på kanalen."))
        elif channel["title"].casefold() in {other["title"].casefold() for other in others.values()}:
            self.add_error(f"title_{code}", _("En annen kanal har dette navnet. Skriv et annet."))
        if not channel["text"]:
            self.add_error(f"text_{code}", _("Skriv hva melderen skal lese og gjøre."))
        try:
            if channel["url"]:
                _WEB(channel["url"])
        except forms.ValidationError:
            self.add_error(f"url_{code}", _("Lenken må begynne med https:// og være en hel adresse."))


def _code_for(title: str, taken: Container[str]) -> str:
    begun = slugify(title).replace("-", "_")[:40] or "kanal"
    numbered = (f"{begun}_{number}" for number in count(2))
    return next(code for code in chain([begun], numbered) if code not in taken)


def _within_days(value: int) -> None:
    if not 1 <= value <= _MOST_DAYS:
        raise forms.ValidationError(_("Skriv et tall fra 1 til %(most)d.") % {"most": _MOST_DAYS})


class RoutingForm(StampedForm):
    unit = UnitField(
        label=gettext_lazy("Enhet"), help_text=gettext_lazy("Regelen gjelder enheten og alt under den.")
    )
    matter = forms.ChoiceField(
        label=gettext_lazy("Gjelder"), help_text=gettext_lazy("En type går foran kategorien den ligger i.")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Rolle som tar imot"), required=False,
        help_text=gettext_lazy("Den som har rollen på enheten, eller nærmest over. Stedfortreder går foran."),
    )  # fmt: skip
    person = person_field(
        label=gettext_lazy("Person som tar imot"), required=False,
        help_text=gettext_lazy("Velg helst en rolle: den følger med når noen slutter."),
    )  # fmt: skip

    class Meta:
        model = RoutingRule
        fields = ("unit", "role", "person")

    def __init__(
        self, *args: Any, municipality: Unit, roles: Iterable[tuple[str, StrOrPromise]], **kwargs: Any
    ) -> None:
        super().__init__(*args, municipality=municipality, **kwargs)
        _offer_units(self.fields["unit"], municipality)
        offer_rows(self, "person", colleagues(municipality.pk))
        offer_choices(self, "role", [("", _("Ingen rolle")), *roles])
        offer_choices(self, "matter", [("", _("Velg")), *matters(municipality)])
        self.order_fields(["matter", "unit", "role", "person"])
        held = self.instance
        self.initial["matter"] = (
            f"type:{held.type_id}" if held.type_id else held.category and f"category:{held.category}"
        )

    @property
    def written(self) -> list[str]:
        return ["unit", "role", "person", "category", "type"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, _colon, key = (data.get("matter") or "").partition(":")
        self.instance.category = key if kind == "category" else ""
        self.instance.type_id = int(key) if kind == "type" else None
        if bool(data.get("role")) == bool(data.get("person")) and not {"role", "person"} & set(self.errors):
            self.add_error("role", _("Velg enten en rolle eller en person, ikke begge og ikke ingen."))
        twins = RoutingRule.objects.filter(
            municipality=self.municipality, unit=data.get("unit"), category=self.instance.category, type_id=self.instance.type_id
        )  # fmt: skip
        if data.get("unit") and kind and twins.exclude(pk=self.instance.pk).exists():
            self.add_error("matter", _("Enheten har alt en regel for dette. Endre den som finnes."))
        return data


class TryForm(FilterForm):
    """Which unit and which type: who would receive it now?"""

    enhet = UnitField(label=gettext_lazy("Enhet der det skjedde"))
    type = forms.ChoiceField(label=gettext_lazy("Type eller kategori"))

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_units(self.fields["enhet"], municipality)
        offer_choices(self, "type", [("", _("Velg")), *matters(municipality)])


def _offer_units(field: Any, municipality: Unit) -> None:
    field.queryset = units_in(municipality.pk)
    field.options_url = reverse("deviations:report_units", args=[municipality.pk])


def matters(municipality: Unit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every category with its types in use, as choices ``category:…`` and ``type:…``."""
    rows = (
        DeviationType.objects.active()
        .filter(municipality=municipality, refers_to="")
        .order_by("position", "pk")
    )
    types = list(rows.values_list("pk", "category", "name"))
    return [
        (
            str(category.label),
            [
                (f"category:{category.value}", _("Hele kategorien")),
                *((f"type:{pk}", name) for pk, held, name in types if held == category),
            ],
        )
        for category in Category
    ]
