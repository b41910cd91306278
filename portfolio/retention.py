"""What the portfolio forgets when the initiative of a project is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.retention import REDACTED, redact_copies
from governance.models import Initiative
from portfolio.models import Project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model


def redact_names(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the name of a project, which began as the title of its initiative."""
    if model is Initiative and "title" in columns:
        redact_copies(Project.objects.filter(initiative_id__in=ids), {"name": REDACTED}, now=now)
