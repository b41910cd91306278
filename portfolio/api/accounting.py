"""What accounting says of projects, many lines at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext_lazy

from core.api.bodies import cleaned, is_id, object_of, pointing, read_id
from core.api.bulk import MOST, Written, carry_out, rows_of, twin_of
from core.api.schema import FormBody
from core.forms import MoneyField
from core.workflow import TransitionDenied
from organization.api.outcomes import OUTCOMES_OF
from portfolio import policies
from portfolio.models import Project, Source
from portfolio.models.money import FIRST_YEAR, LAST_YEAR
from portfolio.money import operations
from portfolio.money.forms import BudgetLineForm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.actors import Actor

ACTUALS, PROJECT = "actuals", "project_id"


class ActualsForm(BudgetLineForm):
    """The amounts of a budget line that accounting knows; what is committed may be left out, and stays as it is."""

    budget = None  # type: ignore[assignment] # a declared field leaves the class
    forecast = None  # type: ignore[assignment]
    committed = MoneyField(label=gettext_lazy("Bundet"), min_value=0, required=False)


_MONEY = {"type": "string", "format": "decimal", "pattern": r"^\d{1,12}(\.\d{1,2})?$"}
_ROW = {
    "type": "object",
    "required": [PROJECT, "year", "source", "spent"],
    "properties": {
        PROJECT: {"type": "integer", "minimum": 1, "title": gettext_lazy("Prosjektet")},
        "year": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        "source": {"type": "string", "enum": Source.values},
        "spent": _MONEY | {"description": gettext_lazy("Påløpt så langt i året.")},
        "committed": _MONEY | {"nullable": True, "description": gettext_lazy("Bestilt, men ikke betalt. Utelatt: blir stående.")},
    },
    "additionalProperties": False,
}  # fmt: skip
BULK = FormBody(
    "Actuals", [], more={ACTUALS: {"type": "array", "minItems": 1, "maxItems": MOST, "items": _ROW}}
)


def write_all(body: Any, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Write what accounting says of many lines, and tell what became of each.

    :raises ApiProblem: what was sent is no list of rows, or one that is too long.
    """
    batch = _Batch(rows_of(body, ACTUALS), by, now)
    return carry_out(len(batch.rows), sorted(range(len(batch.rows)), key=batch.place), batch.write)


class _Batch:
    """The rows of a request, with the projects they are about."""

    def __init__(self, rows: Sequence[Any], by: Actor, now: datetime) -> None:
        self.rows, self.by, self.now = rows, by, now
        asked = {pk for row in rows if is_id(pk := _project_of(row))}
        self.projects = {row.pk: row for row in Project.objects.readable_by(by).filter(pk__in=asked)}
        self.accounts: dict[int, operations.Accounts] = {}
        self.seen: dict[tuple[int, int, str], int] = {}

    def place(self, index: int) -> tuple[int, int]:
        """Return the order rows are written in: by project, since each is held until all is written."""
        pk = _project_of(self.rows[index])
        return (pk if is_id(pk) else 0), index

    def write(self, index: int) -> Written:
        at = (ACTUALS, index)
        sent = object_of(self.rows[index], at)
        project = self.projects.get(read_id(sent.pop(PROJECT, None), *at, PROJECT))
        if project is None:
            raise Http404
        if not policies.may_account(self.by, project):
            raise TransitionDenied
        values = cleaned(ActualsForm, sent, at=at)
        first = self.seen.setdefault((project.pk, values["year"], values["source"]), index)
        if first != index:
            raise twin_of(first, *at, "source")
        amounts = {name: values[name] for name in ("spent", "committed") if values[name] is not None}
        with pointing(*at):
            line, what = self._accounts_of(project).note(
                year=values["year"], source=values["source"], amounts=amounts
            )
        return Written(line.pk, OUTCOMES_OF[what])

    def _accounts_of(self, project: Project) -> operations.Accounts:
        """Return the lines of a project, read and held when its first row comes."""
        if project.pk not in self.accounts:
            self.accounts[project.pk] = operations.Accounts(project, by=self.by, now=self.now)
        return self.accounts[project.pk]


def _project_of(row: Any) -> Any:
    return row.get(PROJECT) if isinstance(row, dict) else None
