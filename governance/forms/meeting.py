"""Forms of the council: setting up a meeting, attendance, and the decision in a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import (
    DateField,
    DateTimeField,
    FilesField,
    Form,
    IntegerField,
    ModelForm,
    MoneyField,
    RadioCards,
    file_help,
    offer_choices,
    offer_rows,
)
from governance.council.deciding import outcomes_of
from governance.forms.follow_up import municipalities_to_act, web_address
from governance.models import AgendaItem, Meeting, Outcome, Voting
from governance.models.preparation import Position
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.council import Details


class CancelForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor avlyses møtet?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, obj: Meeting, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MeetingForm(ModelForm):
    """Time and place of a meeting; ``version`` tells a second editor that somebody was first."""

    starts_at = DateTimeField(label=gettext_lazy("Dato og klokkeslett"))
    place = forms.CharField(
        label=gettext_lazy("Sted"), max_length=200,
        help_text=gettext_lazy("For eksempel «Formannskapssalen» eller «Teams»."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Meeting
        fields = ("starts_at", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def clean_starts_at(self) -> Any:
        starts_at = self.cleaned_data["starts_at"]
        if starts_at != self.initial.get("starts_at") and starts_at < timezone.now():
            raise ValidationError(_("Møtet kan ikke begynne i fortiden. Velg et senere tidspunkt."))
        if starts_at > timezone.now() + timedelta(days=1100):
            raise ValidationError(_("Møtet er mer enn tre år fram i tid. Sjekk årstallet."))
        return starts_at


class AgendaItemForm(Form):
    """Something the council is told, and does not decide."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Sakstype"), choices=[c for c in AgendaItem.Kind.choices if c[0] != AgendaItem.Kind.DECISION],
        widget=forms.RadioSelect, initial=AgendaItem.Kind.NOTICE,
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Tittel"), max_length=200)


class DecisionForm(Form):
    """The council's decision in one case, with votes.

    What is usual is filled in: the words of the recommendation, the outcome they ask for, and
    a unanimous council.
    """

    # Asked for only where they concern the choice made (static/stafett/council.css puts them away).
    must_fill: ClassVar[frozenset[str]] = frozenset({"review_on", "votes_for"})

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hva bestemte rådet?"), choices=Outcome.choices,
        widget=RadioCards(),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Vedtak"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Forhåndsutfylt fra innstillingen. Endre hvis rådet bestemte noe annet."),
    )  # fmt: skip
    asked = forms.BooleanField(
        label=gettext_lazy("Møteleder spurte om habilitet, og ingen andre meldte noe"),
        error_messages={"required": gettext_lazy("Spør om noen er inhabile eller i tvil, og kryss av.")},
    )  # fmt: skip
    voting = forms.ModelChoiceField(queryset=Voting.objects.none(), required=False, widget=forms.HiddenInput)
    unanimous = forms.BooleanField(label=gettext_lazy("Enstemmig"), required=False, initial=True)
    votes_for = IntegerField(label=gettext_lazy("For"), min_value=0, max_value=100, required=False)
    votes_against = IntegerField(label=gettext_lazy("Mot"), min_value=0, max_value=100, required=False)
    votes_blank = IntegerField(label=gettext_lazy("Blankt"), min_value=0, max_value=100, required=False)
    chair_is_for = forms.BooleanField(
        label=gettext_lazy("Møteleder stemte for, og dobbeltstemmen avgjorde"), required=False,
        help_text=gettext_lazy("Kryss av bare når stemmene står likt."),
    )  # fmt: skip
    review_on = DateField(
        label=gettext_lazy("Vurderes på nytt"), required=False,
        help_text=gettext_lazy("Når saken settes i kø."),
    )  # fmt: skip
    responsible = PersonField(
        label=gettext_lazy("Ansvarlig for oppfølging"), required=False,
        help_text=gettext_lazy("Skriv en del av navnet og velg fra forslagene."),
    )  # fmt: skip
    due_on = DateField(label=gettext_lazy("Frist for oppfølging"), required=False)
    discussion = forms.CharField(
        label=gettext_lazy("Drøfting i hovedtrekk"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    impartiality = forms.CharField(
        label=gettext_lazy("Merknad om habilitet"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Bare det som ikke alt er ført under habilitet."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, item: AgendaItem, descriptions: dict[str, str] | None = None, carried: Voting | None = None,
        must_ask: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        """Begin from the voting that ``carried`` a text, whose votes then stand; ``must_ask``: somebody has not answered."""
        super().__init__(*args, **kwargs)
        self.item, self.carried = item, carried
        if not must_ask:
            self.fields.pop("asked")
        offer_rows(self, "voting", item.votings.all())
        self.fields["voting"].initial = carried
        if not item.meeting.mandate.allows_blank:
            self.fields["votes_blank"].widget = forms.HiddenInput()
        offer_rows(
            self, "responsible", people_of(municipalities_to_act(item.meeting.municipality, item.initiative))
        )
        offer_choices(self, "outcome", [(one.value, one.label) for one in outcomes_of(item)])
        self.fields["outcome"].widget.descriptions = descriptions or {}

    def clean_text(self) -> str:
        return normalize_newlines(self.cleaned_data["text"])

    def clean_due_on(self) -> date | None:
        value: date | None = self.cleaned_data["due_on"]
        if value is not None and value < timezone.localdate(self.item.meeting.starts_at):
            raise ValidationError(_("Fristen kan ikke være før møtet."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Outcome.HOLD and "review_on" not in self.errors:
            self._check_review(data.get("review_on"))
        if not data.get("unanimous") and data.get("voting") is None:
            self._check_votes(data)
        return data

    def _check_review(self, day: date | None) -> None:
        if day is None:
            self.add_error("review_on", _("Skriv når saken skal vurderes på nytt."))
        elif day <= timezone.localdate(self.item.meeting.starts_at):
            self.add_error("review_on", _("Velg en dato etter møtet."))

    def _check_votes(self, data: dict[str, Any]) -> None:
        if {"votes_for", "votes_against"} & self.errors.keys():
            return
        if data.get("votes_for") is None:
            self.add_error("votes_for", _("Skriv hvor mange som stemte for, eller kryss av for enstemmig."))
        elif data["votes_for"] == 0:
            self.add_error("votes_for", _("Ingen stemte for. Skriv vedtaket som noen stemte for."))
        elif data["votes_for"] == (data.get("votes_against") or 0) and not data.get("chair_is_for"):
            self.add_error(
                "chair_is_for",
                _("Stemmene står likt. Kryss av hvis møteleder stemte for, ellers er forslaget falt."),
            )

    @property
    def votes(self) -> dict[str, int | None] | None:
        """Return the votes, ``None`` where the council was unanimous."""
        if self.cleaned_data["unanimous"]:
            return None
        return {key: self.cleaned_data[f"votes_{key}"] for key in ("for", "against", "blank")}

    @property
    def details(self) -> Details:
        """Return what the decision holds beside outcome and text."""
        data = self.cleaned_data
        return {
            "asked": data.get("asked", False), "voting": data["voting"],
            "votes": self.votes, "chair_is_for": data["chair_is_for"],
            "review_on": data["review_on"] if data["outcome"] == Outcome.HOLD else None,
            "responsible": data["responsible"], "due_on": data["due_on"],
            "discussion": data["discussion"], "impartiality": data["impartiality"],
        }  # fmt: skip


class NoteForm(Form):
    """What the minutes say about something the council was told."""

    text = forms.CharField(
        label=gettext_lazy("Vedtak"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2}),
        initial=gettext_lazy("Tas til orientering."),
    )  # fmt: skip
    discussion = forms.CharField(
        label=gettext_lazy("Drøfting i hovedtrekk"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MatterForm(Form):
    """Which meeting takes a matter."""

    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Møte"), queryset=Meeting.objects.none(), empty_label=None,
        error_messages={"required": gettext_lazy("Det er ikke satt opp noe møte. Sett opp et møte først.")},
    )  # fmt: skip

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = Meeting.objects.taking_cases().filter(municipality_id=municipality_id)
        field.label_from_instance = lambda one: f"{one.number}, {timezone.localtime(one.starts_at):%d.%m.%Y}"


class TakeOffForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor tas saken av sakslista?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip


class HearingAnswerForm(Form):
    """The answer; ``stamp`` tells which one it begins from."""

    position = forms.ChoiceField(
        label=gettext_lazy("Standpunkt"), choices=Position.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om du har merknader eller fraråder.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Uttalelse"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Må fylles ut når du har merknader eller fraråder."),
    )  # fmt: skip
    uploads = FilesField(label=gettext_lazy("Vedlegg"), required=False, allow_empty_file=True)
    stamp = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = file_help()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        silent = "answer" not in self.errors and not data.get("answer", "").strip()
        if silent and data.get("position") in {Position.REMARKS, Position.AGAINST}:
            self.add_error("answer", _("Skriv hva merknaden eller frarådingen går ut på."))
        return data


class MunicipalDecisionForm(Form):
    """What the kommunedirektor, or the political level, decided for one municipality."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Avgjørelse"),
        widget=RadioCards(
            descriptions={
                "approved": gettext_lazy("Kommunen er med og dekker sin andel."),
                "refused": gettext_lazy(
                    "Kommunen er ikke med. I et regionalt tiltak fordeles andelen på de andre."
                ),
            }
        ),
        choices=[("approved", gettext_lazy("Vedtas")), ("refused", gettext_lazy("Avslås"))],
    )
    text = forms.CharField(
        label=gettext_lazy("Vedtak eller begrunnelse"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    body = forms.ChoiceField(
        label=gettext_lazy("Hvem avgjorde?"), initial="kommunedirektor",
        choices=[
            ("kommunedirektor", gettext_lazy("Kommunedirektøren")),
            ("formannskap", gettext_lazy("Formannskapet")),
            ("kommunestyre", gettext_lazy("Kommunestyret")),
        ],
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("Vedtaksreferanse"), max_length=100, required=False,
        help_text=gettext_lazy("For eksempel «PS 41/26». Må fylles ut når et politisk organ avgjorde."),
    )  # fmt: skip
    # A year is not grouped by thousands, so this is Django's own field.
    budget_year = forms.IntegerField(
        label=gettext_lazy("Budsjettår"), required=False, min_value=2020, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )  # fmt: skip
    decided_on = DateField(
        label=gettext_lazy("Vedtatt"), required=False,
        help_text=gettext_lazy("Dagen organet vedtok. Tomt betyr i dag."),
    )  # fmt: skip
    amount = MoneyField(
        label=gettext_lazy("Bevilget beløp"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=gettext_lazy("Fylles ut når det er et annet beløp enn kommunens andel."),
    )  # fmt: skip
    conditions = forms.CharField(
        label=gettext_lazy("Vilkår"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document_url = web_address(
        gettext_lazy("Lenke til saksdokumentet"),
        help_text=gettext_lazy("Det offentlige saksframlegget eller protokollen."),
    )

    def clean_reference(self) -> str:
        return " ".join(self.cleaned_data["reference"].split())

    def clean_decided_on(self) -> date | None:
        value: date | None = self.cleaned_data["decided_on"]
        if value is not None and value > timezone.localdate():
            raise ValidationError(_("Datoen er ikke kommet ennå. Før vedtaket når det er fattet."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("body") in {"formannskap", "kommunestyre"} and not data.get("reference"):
            self.add_error("reference", _("Skriv saksnummeret i det politiske organet."))
        if data.get("verdict") == "refused" and data.get("amount"):
            self.add_error("amount", _("Et avslag bevilger ikke noe beløp. La feltet stå tomt."))
        proposed, written = (str(values.get("text", "")).split() for values in (self.initial, data))
        if data.get("verdict") == "refused" and proposed and written == proposed:
            self.add_error("text", _("Teksten er rådets vedtak. Skriv hvorfor kommunen avslår."))
        return data
