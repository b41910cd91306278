"""Initiatives that are born in the line: decided already, and carried out without a project of their own.

A municipality's part of a regional initiative (its own decision was made with the region's case), and a change that a
leader makes within the own frame.  They begin where others arrive: in the line, where benefits are taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone

from core.history import record
from governance.models import Initiative, Status
from organization.operations import next_number

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person, Unit


def open_in_line(  # noqa: PLR0913 - the fields of one row, keyword-only
    *, title: str, summary: str, unit: Unit, submitter: Person, by: Actor, now: datetime, action: str,
    service_owner: Person | None = None, project_owner: Person | None = None,
) -> Initiative:  # fmt: skip
    """Open an initiative that stands in the line of ``unit`` from the first day.

    The caller has checked its own policy, and runs inside a transaction.

    :param submitter: somebody of that municipality, since whoever submits sees into the case.
    """
    home, year = cast("Unit", unit.municipality), timezone.localdate(now).year
    initiative = Initiative(
        title=title, summary=summary, unit=unit, municipality=home, status=Status.REALIZING, status_since=now,
        number=f"{year}-{next_number(home.pk, 'initiative', year):03d}", submitted_at=now, created_at=now,
        submitter=submitter, service_owner=service_owner, project_owner=project_owner,
        category=Initiative.Category.OPERATIONS,
    )  # fmt: skip
    with record(action, actor=by):
        initiative.stamp(now)
        initiative.save()
    return initiative
