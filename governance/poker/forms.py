"""Forms of nyttepoker."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django import forms
from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, Form, IntegerField, RadioCards, offer_choices, offer_rows
from governance.goals import decision_behind
from governance.models import Initiative, PokerGame
from governance.models.poker import MOST_POINTS, MOST_ROUNDS, LocksBy
from governance.models.poker_round import Abstention
from governance.models.status import SCORABLE
from governance.poker.setup import WRITTEN
from governance.poker.words import points_words
from organization.forms import PersonField, people_of
from organization.models import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from governance.poker.seats import Question
    from organization.actors import PersonActor
    from organization.models import Unit

_FEWEST, _MOST = 3, 20
_HALF = Decimal("0.5")
LONGEST_EXPLANATION = 500


class DeckField(forms.CharField):
    """The points on the cards, written in a row: «0 ½ 1 2 3 5 8»."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else " ".join(points_words(one) for one in value or ())

    def to_python(self, value: Any) -> Any:
        """Return the points in order.

        :raises ValidationError: one of them is no number from 0 to 100 with at most one decimal, or they are too few or many.
        """
        words = re.split(r"[\s;]+", str(super().to_python(value)).replace("\0", " "))
        found = sorted({self._read(word) for word in words if word})
        if not _FEWEST <= len(found) <= _MOST:
            raise forms.ValidationError(
                _("Skriv fra %(fewest)s til %(most)s ulike kort.") % {"fewest": _FEWEST, "most": _MOST}
            )
        return found

    def _read(self, word: str) -> Decimal:
        try:
            points = _HALF if word == "½" else Decimal(word.replace(",", "."))
        except InvalidOperation:
            points = Decimal(-1)
        if not (points.is_finite() and 0 <= points <= MOST_POINTS and points == round(points, 1)):
            raise forms.ValidationError(
                _("«%(word)s» er ikke et kort. Bruk tall fra 0 til 100, med høyst én desimal.")
                % {"word": word[:20]}
            )
        return points


class GameForm(Form):
    title = forms.CharField(
        label=gettext_lazy("Tittel"), max_length=160, help_text=gettext_lazy("Står i varselet til dem som inviteres. Skriv ingenting som er skjermet."),
    )  # fmt: skip
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.none(), label=gettext_lazy("Strategiske mål"), widget=CheckboxList(describe=decision_behind), required=False,
        help_text=gettext_lazy("Målene vektes først. Hvert tiltak får så poeng for hvert mål."),
    )  # fmt: skip
    initiatives = forms.ModelMultipleChoiceField(
        Initiative.objects.none(), label=gettext_lazy("Tiltak"), widget=CheckboxList(), required=False,
        help_text=gettext_lazy("Tiltak som er mottatt og ikke avgjort."),
    )  # fmt: skip
    deck = DeckField(
        label=gettext_lazy("Kortstokk"), max_length=200,
        help_text=gettext_lazy("Poengene på kortene, med mellomrom. Kortene «?» og «Pause» er alltid med."),
    )  # fmt: skip
    minimum_votes = IntegerField(
        label=gettext_lazy("Færrest stemmer"), min_value=2, max_value=100,
        help_text=gettext_lazy("En runde med færre er ikke gyldig. De som avstår, regnes ikke med."),
    )  # fmt: skip
    most_rounds = IntegerField(
        label=gettext_lazy("Flest runder om samme spørsmål"), min_value=1, max_value=MOST_ROUNDS
    )
    locks_by = forms.ChoiceField(
        label=gettext_lazy("Runden låses med"), choices=LocksBy.choices, widget=forms.RadioSelect()
    )

    def __init__(self, *args: Any, municipality: Unit, actor: PersonActor, today: date, game: PokerGame, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name in WRITTEN:
            self.initial.setdefault(name, getattr(game, name))
        homes = [municipality.pk, *([municipality.region_id] if municipality.region_id else [])]
        goals = Goal.objects.adopted_on(today).filter(strategy__municipality_id__in=homes)
        own_first = Case(When(strategy__municipality=municipality, then=Value(0)), default=Value(1))
        offer_rows(self, "goals", goals.select_related("strategy").order_by(own_first, "strategy", "code"))
        read = Initiative.objects.read_in_full_by(actor).filter(
            municipality=municipality, status__in=sorted(SCORABLE)
        )
        offer_rows(self, "initiatives", read.order_by("number", "pk"))
        if game.pk is not None:
            self.initial.setdefault("goals", list(game.goals.values_list("goal_id", flat=True)))
            self.initial.setdefault("initiatives", list(game.cases.values_list("initiative_id", flat=True)))

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "goals": list(data["goals"]), "initiatives": list(data["initiatives"])}


class InviteForm(Form):
    person = PersonField(
        label=gettext_lazy("Inviter noen til"), help_text=gettext_lazy("Skriv en del av navnet. Den som ikke kan lese et tiltak, får ikke kort om det."),
    )  # fmt: skip

    def __init__(self, *args: Any, homes: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", people_of(homes))
        self.fields["person"].widget.attrs["hx-preserve"] = "true"


class QuestionForm(Form):
    """Which question is played next; the first that is not answered is chosen already.

    What is chosen stays when the table is fetched anew, as long as the same questions are left.
    """

    question = forms.ChoiceField(label=gettext_lazy("Neste spørsmål"))

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {one.key: one for one in questions}
        offer_choices(self, "question", [(one.key, str(one)) for one in self._by_key.values()])
        self.fields["question"].error_messages["invalid_choice"] = _(
            "Spørsmålet er alt spilt, eller finnes ikke."
        )
        left = crc32(" ".join(self._by_key).encode())
        self.fields["question"].widget.attrs |= {"id": f"question-{left}", "hx-preserve": "true"}

    @property
    def chosen(self) -> Question:
        return self._by_key[self.cleaned_data["question"]]


class RoundForm(forms.Form):
    """The round that a button is meant for."""

    round = forms.IntegerField(min_value=1, max_value=2**62)


class CardForm(Form):
    """One card of the deck."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    card = forms.ChoiceField(
        label=gettext_lazy("Kortet ditt"),
        widget=RadioCards(),
        error_messages={"required": gettext_lazy("Velg et kort.")},
    )

    def __init__(self, *args: Any, deck: Iterable[Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "card", [*((str(one), points_words(one)) for one in deck), *Abstention.choices])
        self.fields["card"].error_messages["invalid_choice"] = _("Velg et kort fra kortstokken.")

    @property
    def values(self) -> dict[str, Any]:
        card = self.cleaned_data["card"]
        abstains = card in Abstention.values
        return {
            "round_id": self.cleaned_data["round"], "value": None if abstains else Decimal(card), "abstention": card if abstains else "",
        }  # fmt: skip


class ExplainForm(Form):
    """An explanation; ``began`` is the one that stood there when the writer began."""

    card = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    began = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_EXPLANATION)
    text = forms.CharField(
        label=gettext_lazy("Forklaring"), max_length=LONGEST_EXPLANATION, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Står med navn i saksframlegget."),
    )  # fmt: skip
