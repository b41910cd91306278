"""What a report is asked for, and the words its writer adds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, FilterForm, ModelForm
from organization.forms import UnitField
from portfolio.models import PortfolioReport
from portfolio.reporting import moments
from portfolio.reporting.scope import areas_for, scope_for

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from organization.models import Unit
    from portfolio.reporting.scope import Scope

PERIOD = dt.timedelta(days=90)
"""How far back a report goes where there is none before it."""
_TWICE = [
    ("", gettext_lazy("Velg")),
    (moments.FIRST, gettext_lazy("Første gang (sommertid)")),
    (moments.SECOND, gettext_lazy("Andre gang (normaltid)")),
]


class AskForm(FilterForm):
    """An area, a moment and the beginning of a period, in the address."""

    omrade = forms.ChoiceField(
        label=gettext_lazy("Område"),
        error_messages={"invalid_choice": gettext_lazy("Velg et område i lista.")},
    )
    dag = DateField(label=gettext_lazy("Slik det sto"))
    kl = forms.CharField(
        label=gettext_lazy("Klokkeslett"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Tomt er slutten av dagen."),
    )  # fmt: skip
    gang = forms.ChoiceField(label=gettext_lazy("Hvilken av de to"), choices=_TWICE, required=False)
    fra = DateField(
        label=gettext_lazy("Nytt siden"),
        required=False,
        help_text=gettext_lazy("Tomt er siden forrige rapport."),
    )

    def __init__(self, data: Any, *, actor: PersonActor, now: dt.datetime) -> None:
        self.actor, self.now = actor, now
        self.areas = {str(unit.pk): unit for unit in areas_for(actor)}
        given = data.copy()
        given.setdefault("omrade", str(actor.acting_for_id or ""))
        given.setdefault("dag", timezone.localdate(now).isoformat())
        super().__init__(given)
        label_of = UnitField().label_from_instance
        areas = cast("forms.ChoiceField", self.fields["omrade"])
        areas.choices = [(key, label_of(unit)) for key, unit in self.areas.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        as_of = self._as_of(data["dag"], data) if data.get("dag") and "kl" in data else None
        if "gang" not in self.errors and not data.get("gang"):
            del self.fields["gang"]
        begins = data.get("fra")
        if as_of is not None and begins is not None and moments.start_of(begins) >= as_of:
            self.add_error("fra", _("Perioden må begynne før dagen rapporten gjelder."))
        return {**data, "as_of": as_of}

    def _as_of(self, day: dt.date, data: dict[str, Any]) -> dt.datetime | None:
        today = timezone.localdate(self.now)
        if day > today:
            self.add_error("dag", _("Dagen har ikke vært ennå. Velg i dag eller en dag før."))
            return None
        if not data["kl"]:
            return self.now if day == today else moments.end_of(day)
        try:
            found = moments.moment_of(day, moments.time_of(data["kl"]), which=data.get("gang") or "")
        except ValueError as refused:
            self.add_error("gang" if isinstance(refused, moments.TwoSuchTimes) else "kl", str(refused))
            return None
        if found > self.now:
            self.add_error("kl", _("Klokka er ikke så mye ennå. Velg et tidspunkt som har vært."))
        return found

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What the address says, to be sent along."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    @property
    def scope(self) -> Scope:
        """What is asked for; the form is valid."""
        data = self.cleaned_data
        area = self.areas[data["omrade"]]
        begins = data["fra"]
        since = self._since_last(area, data["as_of"]) if begins is None else moments.start_of(begins)
        is_now = data["as_of"] == self.now
        return scope_for(self.actor, area, as_of=data["as_of"], since=since, is_now=is_now)

    def _since_last(self, area: Unit, as_of: dt.datetime) -> dt.datetime:
        reports = PortfolioReport.objects.visible_to(self.actor).published().filter(area=area)
        last = reports.filter(as_of__lt=as_of).order_by("-as_of").values_list("as_of", flat=True).first()
        return last or as_of - PERIOD


class ReportForm(ModelForm):
    """The words of a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = PortfolioReport
        fields = ("title", "summary", "advice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
