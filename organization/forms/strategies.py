"""Forms of strategies and their goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, offer_rows
from organization import operations
from organization.bodies import PoliticalBody
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import PersonField, UnitField, choosable
from organization.forms.units import sensible_day
from organization.models import Goal, Strategy, Unit
from organization.operations import Edit

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor


class StrategyForm(RowForm):
    """A draft's own facts.  What was adopted is not edited."""

    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Strategien er lagret.")
    adopted_words = gettext_lazy("Strategien er vedtatt. Lag en ny versjon hvis noe skal endres.")

    class Meta:
        model = Strategy
        fields = ("title", "version")
        help_texts: ClassVar[dict[str, Any]] = {
            "version": gettext_lazy("For eksempel «2027–2030» eller «2»."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.is_adopted:
            raise ValidationError(self.adopted_words)
        before = self.instance.replaces
        if (
            self.instance.pk is None
            and before is not None
            and Strategy.objects.filter(replaces=before).exists()
        ):
            raise ValidationError(_("Det finnes alt en ny versjon. Du finner den i listen over strategier."))
        return data

    def perform(self, *, by: Actor, now: datetime) -> Strategy:
        if self.instance.pk is None:
            return operations.create_strategy(self.instance, by=by, now=now)
        return operations.edit_strategy(self.edit, by=by, now=now)


class AdoptForm(DeedForm):
    done = gettext_lazy("Strategien står nå som vedtatt. Tiltak kan knyttes til målene.")

    adopted_on = DateField(label=gettext_lazy("Vedtatt dato"))
    adopted_body = forms.ChoiceField(
        label=gettext_lazy("Vedtatt av"), choices=[("", gettext_lazy("Velg")), *PoliticalBody.choices]
    )
    adopted_by = forms.CharField(
        label=gettext_lazy("Navnet på organet"), max_length=200, required=False,
        help_text=gettext_lazy("Bare når du har valgt et annet politisk organ."),
    )  # fmt: skip
    adopted_reference = forms.CharField(
        label=gettext_lazy("Saksnummer"), max_length=100, help_text=gettext_lazy("For eksempel «PS 45/26».")
    )
    adopted_link = forms.URLField(
        label=gettext_lazy("Lenke til vedtaket"), max_length=500, required=False, assume_scheme="https",
        help_text=gettext_lazy("Til det offentlige dokumentet, hvis det ligger åpent."),
    )  # fmt: skip
    valid_to = DateField(label=gettext_lazy("Gjelder til"), required=False)

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = strategy

    def clean_adopted_on(self) -> date | None:
        day: date | None = self.cleaned_data["adopted_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("Datoen er ikke kommet ennå. Før vedtaket når det er gjort."))
        return sensible_day(day)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("adopted_body") == PoliticalBody.OTHER and not data.get("adopted_by"):
            self.add_error("adopted_by", _("Skriv hvilket organ som vedtok strategien."))
        begins, ends = data.get("adopted_on"), data.get("valid_to")
        if begins and ends and ends <= begins:
            self.add_error("valid_to", _("Strategien kan ikke slutte før den er vedtatt."))
        return data

    def perform(self, *, by: Actor, now: datetime) -> Strategy:
        decision = operations.Adoption(**self.cleaned_data)
        return operations.adopt_strategy(self.strategy, decision, by=by, now=now)


class EndForm(DeedForm):
    done = gettext_lazy("Strategien er avsluttet.")

    valid_to = DateField(
        label=gettext_lazy("Gjelder til"), help_text=gettext_lazy("Den første dagen strategien ikke gjelder.")
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = strategy

    def clean_valid_to(self) -> date | None:
        day = self.cleaned_data["valid_to"]
        if self.strategy.adopted_on and day <= self.strategy.adopted_on:
            raise ValidationError(_("Strategien kan ikke slutte før den er vedtatt."))
        return day  # strategies plan for decades: no check of the year

    def perform(self, *, by: Actor, now: datetime) -> Strategy:
        return operations.end_strategy(self.strategy, on=self.cleaned_data["valid_to"], by=by, now=now)


class GoalForm(RowForm):
    """A goal of a draft; of an adopted strategy only the owner can be another."""

    checked_with = frozenset({"strategy"})
    done = gettext_lazy("Målet er lagret.")

    unit = UnitField(label=gettext_lazy("Gjelder"), empty_label=None)
    owner = PersonField(label=gettext_lazy("Måleier"), required=False)

    class Meta:
        model = Goal
        fields = ("code", "title", "parent", "unit", "owner", "indicator")
        labels: ClassVar[dict[str, Any]] = {"parent": gettext_lazy("Del av")}
        help_texts: ClassVar[dict[str, Any]] = {
            "code": gettext_lazy("For eksempel 2.1."),
            "indicator": gettext_lazy("Hva dere måler for å vite at målet er nådd."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strategy = self.instance.strategy
        people = choosable(frozenset({strategy.municipality_id}), self.instance.owner_id)
        offer_rows(self, "owner", people)
        if strategy.is_adopted:
            for name in set(self.fields) - {"owner", "seen"}:
                del self.fields[name]
            return
        units = Unit.objects.filter(municipality_id=strategy.municipality_id).open_on(timezone.localdate())
        offer_rows(self, "unit", units.order_by("path"))
        others = strategy.goals.exclude(pk__in=self._parts())
        offer_rows(self, "parent", others.order_by("code"))
        self.fields["parent"].empty_label = _("Ingen – det er et hovedmål")  # type: ignore[attr-defined]

    def _parts(self) -> set[int]:
        """Return the goal itself and everything below it: a goal cannot become a part of those."""
        if self.instance.pk is None:
            return set()
        rows = list(self.instance.strategy.goals.values_list("pk", "parent_id"))
        found = {self.instance.pk}
        while more := {pk for pk, parent in rows if parent in found} - found:
            found |= more
        return found

    def perform(self, *, by: Actor, now: datetime) -> Goal:
        edit = self.edit if self.instance.pk else Edit(self.instance, ())
        return operations.save_goal(edit, by=by, now=now)


class GoalDeleteForm(DeedForm):
    done = gettext_lazy("Målet er slettet.")

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.delete_goal(self.goal, by=by, now=now)
