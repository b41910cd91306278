"""What of the catalogue hangs together: why a row cannot be taken out of use as long as others need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from deviations.models import Cause, DeviationType, DutyTemplate, Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

TOLD_APART_BY: dict[type[Any], tuple[str, ...]] = {
    DeviationType: ("name", "category"), Question: ("text", "set"), DutyTemplate: ("name",), Cause: ("name", "group"),
}  # fmt: skip
"""By what people tell the rows in use apart: the words first, and where they stand."""


def why_twin(
    model: type[Any], values: Mapping[str, Any], *, municipality_id: int, apart_from: int | None
) -> str:
    """Return why a row cannot be told from another in use, empty when it can."""
    words, *places = TOLD_APART_BY[model]
    where = {place: values.get(place) for place in places}
    if not values.get(words) or None in where.values():
        return ""
    rows = model.objects.active().filter(municipality_id=municipality_id, **where)
    if not rows.filter(**{f"{words}__iexact": values[words]}).exclude(pk=apart_from).exists():
        return ""
    return _("«%(text)s» finnes alt. Endre den som finnes, eller skriv noe annet.") % {"text": values[words]}


def why_needed(row: Model) -> list[str]:
    """Return the reasons, each with what to do first; empty when nothing needs the row."""
    return _needed_question(row) if isinstance(row, Question) else []


def _needed_question(question: Question) -> list[str]:
    others = (
        Question.objects.active().filter(municipality_id=question.municipality_id).exclude(pk=question.pk)
    )
    reasons = [
        _("Spørsmålet «%(other)s» vises etter svaret på dette. Endre det først.") % {"other": other}
        for other in others.filter(show_when__has_key=question.code)
    ]
    asking = DeviationType.objects.active().filter(
        municipality_id=question.municipality_id, asks__contains=[question.code]
    )
    reasons += [
        _("Typen «%(type)s» stiller alltid dette spørsmålet. Ta det ut av typen først.") % {"type": type_}
        for type_ in asking
    ]
    return reasons + _duties_left_alone(question, [code for other in others for code in other.starts])


def _duties_left_alone(question: Question, started_elsewhere: list[str]) -> list[str]:
    alone = set(question.starts) - set(started_elsewhere)
    duties = DutyTemplate.objects.active().filter(municipality_id=question.municipality_id, code__in=alone)
    return [
        _(
            "Bare dette spørsmålet starter «%(duty)s». La et annet starte plikten først, eller ta plikten ut av bruk."
        )
        % {"duty": duty}
        for duty in duties
    ]
