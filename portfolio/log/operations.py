"""Write in the log of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portfolio.rows import save_row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from governance.forms.merging import MergingForm
    from portfolio.models import ProjectLogEntry


def write_entry(
    row: ProjectLogEntry, values: Mapping[str, Any], *, action: str, by: Actor, now: datetime, form: MergingForm | None = None
) -> ProjectLogEntry:  # fmt: skip
    """Write an entry or correct one.  A new one belongs to the phase the project stands in.

    :raises Refused: the project has ended, or what is written cannot be right.
    """
    own = {} if row.pk else {"phase": row.project.phase}
    return save_row(row, {**values, **own}, action=action, by=by, now=now, form=form)
