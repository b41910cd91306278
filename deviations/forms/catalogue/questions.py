"""The form of a question: what is asked, when it is shown, and what an answer starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList
from deviations.forms.catalogue.base import LinesField, RowForm, add_choices, in_use
from deviations.models import Category, DutyTemplate, Question
from deviations.triage import YES_NO
from deviations.wording import set_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organization.models import Unit

_OFFERING = frozenset({Question.Form.CHOICE, Question.Form.MULTIPLE})
_FEWEST = 2


class QuestionForm(RowForm):
    set = forms.ChoiceField(label=gettext_lazy("Spørsmålssett"))
    choices = LinesField(
        label=gettext_lazy("Valg"), required=False, help_text=gettext_lazy("Ett valg på hver linje, i den rekkefølgen de vises.")
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Bare i kategoriene"), choices=Category.choices, widget=CheckboxList, required=False,
        help_text=gettext_lazy("Ingen valgt betyr alle."),
    )  # fmt: skip
    shown_after = forms.ChoiceField(label=gettext_lazy("Vises bare etter svaret på"), required=False)
    shown_on = forms.CharField(
        label=gettext_lazy("når svaret er"), required=False, max_length=120,
        help_text=gettext_lazy("Ja, Nei, Usikker, eller et av valgene. Det som vises på Ja, vises også på Usikker."),
    )  # fmt: skip
    starts = forms.MultipleChoiceField(
        label=gettext_lazy("Starter meldepliktene"), widget=CheckboxList, required=False,
        help_text=gettext_lazy("Ved svaret Ja eller Usikker, eller når minst ett valg er krysset av."),
    )  # fmt: skip
    opens = forms.ChoiceField(
        label=gettext_lazy("Stiller deretter spørsmålene i"), required=False,
        help_text=gettext_lazy("Ved svaret Ja eller Usikker, uansett type."),
    )  # fmt: skip

    class Meta:
        model = Question
        fields = ("set", "text", "help", "form", "choices", "categories", "only_in_danger", "starts", "opens")
        widgets = {"help": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, municipality=municipality, **kwargs)
        held = self.instance
        if held.pk:  # what an old answer means hangs on its form
            del self.fields["form"]
        self._others = {
            question.code: question for question in in_use(Question, municipality) if question.pk != held.pk
        }
        self._offer_sets(held)
        duties = in_use(DutyTemplate, municipality).values_list("code", "name")
        add_choices(self.fields["starts"], duties, held.starts)
        after = next(iter(held.show_when), "")
        others = [
            ("", _("Vises alltid")),
            *((code, one.text) for code, one in self._others.items() if one.set == held.set or not held.pk),
        ]
        add_choices(self.fields["shown_after"], others, [after])
        self.initial["shown_after"] = after
        self.initial["shown_on"] = _in_words(held.show_when.get(after, ""))

    def _offer_sets(self, held: Question) -> None:
        codes = dict.fromkeys([Question.TRIAGE, *(one.set for one in self._others.values())])
        sets = [(code, set_label(code)) for code in codes]
        add_choices(self.fields["set"], [*sets, (_NEW, _("Et nytt sett (skriv navnet under)"))], [held.set])
        self.fields["new_set"] = forms.CharField(label=_("Navn på nytt sett"), max_length=40, required=False)
        self.order_fields(["set", "new_set"])
        opened = [
            ("", _("Ingen flere spørsmål")),
            *((code, label) for code, label in sets if code != Question.TRIAGE),
        ]
        add_choices(self.fields["opens"], opened, [held.opens])

    @property
    def written(self) -> list[str]:
        return [name for name in (*super().written, "show_when") if name != "form" or not self.instance.pk]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("set") == _NEW:
            data["set"] = " ".join(data.get("new_set", "").split())
            if not data["set"]:
                self.add_error("new_set", _("Skriv navnet på det nye settet, eller velg et som finnes."))
        self._check_form(data)
        self.instance.show_when = self._condition(data)
        self.refuse_twin()
        return data

    def _check_form(self, data: Mapping[str, Any]) -> None:
        form = data.get("form") or self.instance.form
        choices = data.get("choices") or []
        if form in _OFFERING and len(choices) < _FEWEST and "choices" not in self.errors:
            self.add_error("choices", _("Skriv minst to valg, ett på hver linje."))
        if form not in _OFFERING and choices:
            self.add_error(
                "choices",
                _("Svarformen har ingen valg. Fjern linjene, eller velg «Ett valg» eller «Flere valg»."),
            )
        if form in {Question.Form.TEXT, Question.Form.NUMBER} and data.get("starts"):
            self.add_error(
                "starts",
                _("Bare ja/nei og valg kan starte en plikt. Fjern krysset, eller bruk en annen svarform."),
            )

    def _condition(self, data: Mapping[str, Any]) -> dict[str, str]:
        after, typed = data.get("shown_after", ""), data.get("shown_on", "").strip()
        if not after:
            return {}
        other = self._others.get(after)
        if other is None:
            return self.instance.show_when
        allowed = (
            {str(label).casefold(): code for code, label in YES_NO}
            if other.form == Question.Form.YES_NO
            else {}
        )
        allowed |= {choice.casefold(): choice for choice in other.choices}
        if typed.casefold() not in allowed:
            known = (
                ", ".join(str(label) for _code, label in YES_NO)
                if other.form == Question.Form.YES_NO
                else ", ".join(other.choices)
            )
            self.add_error(
                "shown_on",
                _("Skriv et av svarene på «%(other)s»: %(known)s.") % {"other": other, "known": known},
            )
        elif self._comes_back(other):
            self.add_error(
                "shown_after",
                _("«%(other)s» vises selv etter dette spørsmålet. Velg et annet.") % {"other": other},
            )
        return {after: allowed.get(typed.casefold(), typed)}

    def _comes_back(self, other: Question) -> bool:
        """Tell whether ``other`` is shown after this very question, by way of others."""
        seen: set[str] = set()
        waiting = [other]
        while waiting:
            one = waiting.pop()
            if self.instance.code and self.instance.code in one.show_when:
                return True
            seen.add(one.code)
            waiting += [
                self._others[code] for code in one.show_when if code in self._others and code not in seen
            ]
        return False


_NEW = "+"


def _in_words(answer: str) -> str:
    return str(dict(YES_NO).get(answer, answer))
