"""Write and remove the budget lines of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import StaleVersion
from core.formats import kroner
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from organization.importing.plans import CHANGED, NEW, SAME
from portfolio import policies
from portfolio.models import BudgetLine
from portfolio.models.money import AMOUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from portfolio.models import Project

label_actions({
    "edit_budget": gettext_lazy("Endret budsjettlinjene"),
    "remove_budget": gettext_lazy("Slettet en budsjettlinje"),
    "import_accounts": gettext_lazy("Leste inn regnskapet"),
})  # fmt: skip


def stamp_of(line: BudgetLine | None) -> str:
    """Return what a form begins from: when the line was last changed."""
    return line.changed_at.isoformat() if line else ""


@transaction.atomic
def save_line(
    project: Project,
    values: Mapping[str, Any],
    *,
    line: BudgetLine | None,
    stamp: str,
    by: Actor,
    now: datetime,
) -> BudgetLine:
    """Write a new line, or change one.

    :param values: ``year``, ``source`` and the four amounts.
    :param stamp: ``stamp_of`` the line as the form began from it.
    :raises Http404: ``by`` cannot see the project, or the line is gone.
    :raises TransitionDenied: ``by`` does not account for it.
    :raises StaleVersion: somebody else changed the line meanwhile.
    :raises ValidationError: with what is wrong, by field.
    """
    current = _locked(project, by)
    row = _line(current, line)
    if line is not None and stamp != stamp_of(row):
        raise _stale(values, row)
    twins = BudgetLine.objects.filter(project=current, year=values["year"], source=values["source"])
    if twins.exclude(pk=row.pk).exists():
        raise ValidationError(
            {
                "source": _(
                    "Det finnes alt en linje for dette året og denne finansieringen. Endre den i stedet."
                )
            }
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["project"], validate_unique=False)
    row.stamp(now)
    with record("edit_budget", actor=by):
        row.save()
    return row


class Accounts:
    """The lines of a project, which nobody else writes until the transaction ends.  The caller has the transaction.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not account for it.
    """

    def __init__(self, project: Project, *, by: Actor, now: datetime) -> None:
        self.by, self.now = by, now
        self._project = _locked(project, by)
        rows = BudgetLine.objects.filter(project=self._project)
        self._lines = {(row.year, row.source): row for row in rows}

    def note(self, *, year: int, source: str, amounts: Mapping[str, Any]) -> tuple[BudgetLine, str]:
        """Write what accounting says of one source in one year; budget and forecast stay as they are.

        :param amounts: ``spent``, and ``committed`` if it is known.
        :returns: the line, and whether it is new, changed or the same (``organization.importing.plans``).
        """
        standing = self._lines.get((year, source))
        with record("import_accounts", actor=self.by):
            row, what = put_actuals(
                self._project, standing, year=year, source=source, amounts=amounts, now=self.now
            )
        self._lines[year, source] = row
        return row, what


def put_actuals(
    project: Project, standing: BudgetLine | None, *, year: int, source: str, amounts: Mapping[str, Any], now: datetime
) -> tuple[BudgetLine, str]:  # fmt: skip
    """Write ``amounts`` to the line that stands, or a new one.  The caller holds the project, and records it."""
    if standing is not None and all(getattr(standing, name) == amount for name, amount in amounts.items()):
        return standing, SAME
    row = standing or BudgetLine(project=project, year=year, source=source)
    for name, amount in amounts.items():
        setattr(row, name, amount)
    row.stamp(now)
    row.save()
    return row, CHANGED if standing else NEW


@transaction.atomic
def remove_line(line: BudgetLine, *, stamp: str, by: Actor, now: datetime) -> None:
    """Take a line away; its history stays.

    :raises Http404: ``by`` cannot see it, or it is gone.
    :raises TransitionDenied: ``by`` does not account for the project.
    :raises StaleVersion: somebody else changed the line meanwhile.
    """
    row = _line(_locked(line.project, by), line)
    if stamp != stamp_of(row):
        raise _stale({}, row)
    with record("remove_budget", actor=by):
        row.delete()


def _locked(project: Project, by: Actor) -> Project:
    current = lock(project, by)
    if not policies.may_account(by, current):
        raise TransitionDenied
    return current


def _line(project: Project, line: BudgetLine | None) -> BudgetLine:
    """Return the line as it stands, or a new one."""
    if line is None:
        return BudgetLine(project=project)
    row: BudgetLine | None = BudgetLine.objects.filter(project=project, pk=line.pk).first()
    if row is None:
        raise Http404
    return row


def _stale(values: Mapping[str, Any], row: BudgetLine) -> StaleVersion:
    differing = [name for name in AMOUNTS if name in values and values[name] != getattr(row, name)]
    fields = {field.name: field for field in BudgetLine._meta.concrete_fields}
    labels = {name: str(fields[name].verbose_name).capitalize() for name in differing}
    return StaleVersion(
        mine={labels[name]: kroner(values[name]) for name in differing},
        theirs={labels[name]: kroner(getattr(row, name)) for name in differing},
    )
