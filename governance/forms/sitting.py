"""Small forms of one case while the council sits: impartiality, substitutes, proposals and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, IntegerField, offer_rows
from governance.models import Attendance, Impartiality, Proposal, Voting
from governance.models.session import BallotChoice, Said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.council.cases import Case


class OfCase(Form):
    """A form whose choices are those who sit in a case."""

    typed: ClassVar[frozenset[str]] = frozenset()  # what people write themselves; the rest they pick

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def offer_people(self, name: str, rows: Iterable[Attendance]) -> None:
        """Let the field be one of ``rows``."""
        known = {str(row.pk): row for row in rows}
        field = cast("forms.TypedChoiceField", self.fields[name])
        field.choices = [("", _("Velg medlem")), *((key, row.person.name) for key, row in known.items())]
        field.coerce = known.__getitem__

    @property
    def typed_wrongly(self) -> list[str]:
        """What is wrong with what was typed, field by field."""
        return [str(error) for name in self.typed for error in self.errors.get(name, [])]


class DeclarationForm(OfCase):
    """What a member says of own impartiality; ``own`` is the member's own answer, else the secretary chooses who."""

    must_fill: ClassVar[frozenset[str]] = frozenset({"ground", "explanation"})

    attendance = forms.TypedChoiceField(label=gettext_lazy("Hvem?"))
    answer = forms.ChoiceField(
        label=gettext_lazy("Er du inhabil?"), choices=Said.choices, widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Grunnlag"), choices=[("", gettext_lazy("Velg grunnlag")), *Impartiality.Ground.choices],
        required=False,
    )  # fmt: skip
    explanation = forms.CharField(
        label=gettext_lazy("Forklaring"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Tilknytningen til saken, kort. Teksten står i protokollen."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: Attendance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own is not None:
            self.fields.pop("attendance")
            return
        self.fields["answer"].label = _("Svar på «Er du inhabil?»")
        substitutes = Attendance.Seat.SUBSTITUTE
        rows = self.case.rows
        self.offer_people("attendance", [row for row in rows if row.votes or row.seat == substitutes])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["explanation"] = normalize_newlines(data.get("explanation") or "")
        if data.get("answer") in {Said.YES, Said.DOUBT}:
            if "ground" not in self.errors and not data.get("ground"):
                self.add_error("ground", _("Velg hva det gjelder."))
            if "explanation" not in self.errors and not data["explanation"]:
                self.add_error("explanation", _("Skriv kort hvilken tilknytning det er til saken."))
        elif data.get("answer") == Said.NO:
            data["ground"], data["explanation"] = "", ""
        return data


class _OfDeclaration(OfCase):
    """A form about what one member has declared."""

    row = forms.ModelChoiceField(queryset=Impartiality.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.case.item.impartialities.select_related("item__meeting", "attendance__person")
        offer_rows(self, "row", rows)


class DoubtForm(_OfDeclaration):
    """What the council decided on one who is in doubt."""

    typed = frozenset({"votes_for", "votes_against"})

    verdict = forms.ChoiceField(
        choices=[("fit", gettext_lazy("Habil")), ("disqualified", gettext_lazy("Inhabil"))]
    )
    votes_for = IntegerField(label=gettext_lazy("For"), min_value=0, max_value=100, required=False)
    votes_against = IntegerField(label=gettext_lazy("Mot"), min_value=0, max_value=100, required=False)

    @property
    def votes(self) -> dict[str, int | None] | None:
        """Return the votes, ``None`` where nobody was against."""
        if self.cleaned_data["votes_for"] is None and self.cleaned_data["votes_against"] is None:
            return None
        return {"for": self.cleaned_data["votes_for"], "against": self.cleaned_data["votes_against"]}


class StepInForm(_OfDeclaration):
    """Who takes the seat of one who is disqualified."""

    substitute = forms.TypedChoiceField(required=False, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people("substitute", self.case.rows)


class DerivedForm(OfCase):
    """Whether impartiality falls with that of a superior."""

    attendance = forms.TypedChoiceField()
    follows = forms.ChoiceField(choices=[("yes", ""), ("no", "")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people("attendance", self.case.voters)


class ProposalForm(OfCase):
    """A proposal, of a member or on the member's own device."""

    attendance = forms.TypedChoiceField(label=gettext_lazy("Fremsatt av"))
    text = forms.CharField(
        label=gettext_lazy("Forslag"), max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Skriv hele vedtaket slik det skal stå, ikke bare endringen."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: Attendance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own is not None:
            self.fields.pop("attendance")
        else:
            self.offer_people("attendance", self.case.voters)

    def clean_text(self) -> str:
        return normalize_newlines(self.cleaned_data["text"])


class PickForm(OfCase):
    """Which proposal, or which voting, a button is about."""

    proposal = forms.ModelChoiceField(queryset=Proposal.objects.none(), required=False)
    voting = forms.ModelChoiceField(queryset=Voting.objects.none(), required=False)
    attendance = forms.TypedChoiceField(required=False, empty_value=None)
    choice = forms.ChoiceField(choices=BallotChoice.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.case.item
        offer_rows(self, "proposal", item.proposals.select_related("item__meeting", "proposed_by__person"))
        offer_rows(self, "voting", item.votings.select_related("item__meeting"))
        self.offer_people("attendance", self.case.rows)
