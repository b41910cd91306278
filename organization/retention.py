"""What else is forgotten with a comment on a strategy: the answer, which may repeat its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.retention import cleared, redact_copies
from organization.models import ConsultationAnswer, ConsultationComment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model


def redact_answers(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the answers to comments whose words are forgotten; what was decided of them stands."""
    if model is ConsultationComment and "text" in columns:
        answers = ConsultationAnswer.objects.filter(comment_id__in=ids)
        redact_copies(answers, cleared(ConsultationAnswer, ["text"]), now=now)
