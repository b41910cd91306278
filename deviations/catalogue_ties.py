"""What of the catalogue hangs together: why a row cannot be taken out of use as long as others need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from deviations.models import DeviationType, DutyTemplate, Question

if TYPE_CHECKING:
    from django.db.models import Model


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
