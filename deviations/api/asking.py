"""Which questions a report will be asked, as a caller tells of it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.api.problems import ApiProblem
from core.forms import Form
from deviations.api.writing import questions_asked
from deviations.models import Category, Danger, DeviationType, Kind
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import QueryDict

    from organization.actors import PersonActor

PARAMETERS = ("unit_id", "kind", "danger", "type_id", "category", "answer")


class AskedForm(Form):
    unit_id = forms.ModelChoiceField(Unit.objects.none())
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    danger = forms.ChoiceField(choices=Danger.choices, required=False)
    type_id = forms.ModelChoiceField(DeviationType.objects.none(), required=False)
    category = forms.ChoiceField(choices=Category.choices, required=False)

    def __init__(self, data: QueryDict, *, actor: PersonActor) -> None:
        super().__init__(data)
        places = actor.municipalities_where(Permission.REPORT_DEVIATION)
        fields: Any = self.fields
        fields["unit_id"].queryset = Unit.objects.filter(municipality_id__in=places)
        fields["type_id"].queryset = DeviationType.objects.active().filter(municipality_id__in=places)


def told(parameters: QueryDict, actor: PersonActor) -> list[dict[str, Any]]:
    """Return the questions as the API shows them.

    :raises ApiProblem: a parameter is missing or wrong.
    """
    form = AskedForm(parameters, actor=actor)
    if not form.is_valid():
        found = form.errors.get_json_data().items()
        raise ApiProblem(
            "parameter",
            errors=[{"parameter": name, "detail": one["message"]} for name, all_ in found for one in all_],
        )
    sent = form.cleaned_data
    given = {
        "unit": sent["unit_id"], "type": sent["type_id"], "category": sent["category"],
        "kind": sent["kind"] or Kind.DEVIATION, "danger": sent["danger"] or Danger.NONE,
    }  # fmt: skip
    pairs = (text.partition(":") for text in parameters.getlist("answer"))
    asked = questions_asked(given, {code: value for code, _colon, value in pairs})
    return [
        {
            "code": one.code, "text": one.text, "help": one.help, "form": one.form, "choices": one.choices,
            "may_start_duty": bool(one.starts),
        }
        for one in asked
    ]  # fmt: skip
