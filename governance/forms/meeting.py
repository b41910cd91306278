"""Forms of the council: setting up a meeting, attendance, and the decision in a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, DateTimeField, Form, ModelForm, RadioCards
from governance.models import AgendaItem, CasePaper, Meeting, Outcome
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from core.actors import Actor


class CancelForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor avlyses møtet?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, obj: Meeting, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MeetingForm(ModelForm):
    starts_at = DateTimeField(label=gettext_lazy("Dato og klokkeslett"))

    class Meta:
        model = Meeting
        fields = ("starts_at", "place")

    def clean_starts_at(self) -> Any:
        starts_at = self.cleaned_data["starts_at"]
        if self.instance.pk is None and starts_at < timezone.now():
            raise ValidationError(_("Møtet kan ikke begynne i fortiden. Velg et senere tidspunkt."))
        if starts_at > timezone.now() + timedelta(days=1100):
            raise ValidationError(_("Møtet er mer enn tre år fram i tid. Sjekk årstallet."))
        return starts_at


class DecisionForm(Form):
    """The council's decision in one case, with votes."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hva bestemte rådet?"), choices=[c for c in Outcome.choices if c[0] != Outcome.NOTE],
        widget=RadioCards(),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Vedtak"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Forhåndsutfylt fra innstillingen. Endre hvis rådet bestemte noe annet."),
    )  # fmt: skip
    unanimous = forms.BooleanField(label=gettext_lazy("Enstemmig"), required=False, initial=True)
    votes_for = forms.IntegerField(label=gettext_lazy("For"), min_value=0, max_value=100, required=False)
    votes_against = forms.IntegerField(label=gettext_lazy("Mot"), min_value=0, max_value=100, required=False)
    votes_blank = forms.IntegerField(label=gettext_lazy("Blankt"), min_value=0, max_value=100, required=False)
    discussion = forms.CharField(
        label=gettext_lazy("Drøfting i hovedtrekk"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    impartiality = forms.CharField(
        label=gettext_lazy("Habilitet"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Hvem som meldte seg inhabil, på hvilket grunnlag, og hva rådet bestemte."),
    )  # fmt: skip
    review_on = DateField(
        label=gettext_lazy("Vurderes på nytt"), required=False, help_text=gettext_lazy("Må fylles ut når saken settes i kø.")
    )
    responsible = PersonField(label=gettext_lazy("Ansvarlig for oppfølging"), required=False)
    due_on = DateField(label=gettext_lazy("Frist for oppfølging"), required=False)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["responsible"].queryset = people_of(frozenset({item.meeting.municipality_id}))  # type: ignore[attr-defined]

    def clean_review_on(self) -> date | None:
        value: date | None = self.cleaned_data["review_on"]
        if value is not None and value <= timezone.localdate(self.item.meeting.starts_at):
            raise ValidationError(_("Velg en dato etter møtet."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Outcome.HOLD and not data.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", _("Skriv når saken skal vurderes på nytt."))
        if not data.get("unanimous") and data.get("votes_for") is None:
            self.add_error("votes_for", _("Skriv hvor mange som stemte for, eller kryss av for enstemmig."))
        return data


class CasePaperForm(ModelForm):
    must_fill: ClassVar[frozenset[str]] = frozenset(
        {"recommendation", "summary", "background", "alternatives", "assessment"}
    )

    class Meta:
        model = CasePaper
        fields = CasePaper.SECTIONS
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": 3 if name in {"summary", "communication", "follow_up"} else 6})
            for name in CasePaper.SECTIONS
        }


class HearingAnswerForm(Form):
    answer = forms.CharField(
        label=gettext_lazy("Uttalelse"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    has_objection = forms.BooleanField(label=gettext_lazy("Jeg har innvendinger mot tiltaket"), required=False)


class MunicipalDecisionForm(Form):
    """What the kommunedirektor, or the political level, decided for one municipality."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Avgjørelse"), widget=RadioCards(),
        choices=[("approved", gettext_lazy("Vedtas")), ("refused", gettext_lazy("Avslås"))],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Vedtak eller begrunnelse"), max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )
    body = forms.ChoiceField(
        label=gettext_lazy("Hvem avgjorde?"),
        choices=[
            ("kommunedirektor", gettext_lazy("Kommunedirektøren")),
            ("formannskap", gettext_lazy("Formannskapet")),
            ("kommunestyre", gettext_lazy("Kommunestyret")),
        ],
    )
    reference = forms.CharField(
        label=gettext_lazy("Vedtaksreferanse"), max_length=100, required=False,
        help_text=gettext_lazy("For eksempel «PS 41/26». Må fylles ut når et politisk organ avgjorde."),
    )  # fmt: skip
    budget_year = forms.IntegerField(
        label=gettext_lazy("Budsjettår"), required=False, min_value=2020, max_value=2100
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("body") in {"formannskap", "kommunestyre"} and not data.get("reference"):
            self.add_error("reference", _("Skriv saksnummeret i det politiske organet."))
        return data
