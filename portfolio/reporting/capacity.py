"""Section 4 of a report: how much of each role was given away as it stood, for the half year that begins with the day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import month as month_name
from core.formats import number, percent
from portfolio.capacity.load import IS_OVER, sums_of
from portfolio.models import Absence, Capacity, Project, ResourceRequest, ResourceRole
from portfolio.reporting.tables import Cell, Table, count, day_of, words

if TYPE_CHECKING:
    from portfolio.reporting.scope import Scope
    from portfolio.reporting.sections import Rows

MONTHS = 6
_CAPACITY = """
with roles as (select * from ({roles}) as role),
seen as (select * from ({projects}) as project where initiative_id <> all(%(shielded)s::bigint[])),
{sums},
listed as (
    select role, name, count(*) over () as number_of from sums join roles on roles.id = role group by role, name, is_active
    having %(whole)s and (is_active or sum(capacity + granted + waiting) > 0) or sum(granted_here + waiting_here) > 0
    order by name collate "C", role limit %(listed)s
)
select number_of, role, name as what, month, round(capacity / days, 4) as capacity, round(absence / days, 4) as absence,
       round(granted / days, 4) as granted, round(granted_here / days, 4) as granted_here, round(waiting_here / days, 4) as waiting_here,
       {is_over} as is_over
from sums join listed using (role) order by name collate "C", role, month
"""


def statement_of(scope: Scope) -> str:
    """Return the statement for the roles of the municipality, those that the area has something of, in each month.

    What projects that were shielded had is left out, as of every sum.
    """
    of_role = "role_id in (select id from roles)"
    spans = "role_id, from_on, to_on, work_years"
    begins = "date_trunc('month', %(day)s::date)"
    sums = sums_of(
        f"{begins}::date", f"({begins} + interval '{MONTHS - 1} months')::date",
        capacities=f"({scope.standing(Capacity, spans, where=of_role)}) as capacity",
        absences=f"({scope.standing(Absence, spans, where=of_role)}) as absence",
        requests=f"({scope.standing(ResourceRequest, f'{spans}, project_id, status, granted, granted_from, granted_to', where=of_role)}) as request",
        projects="seen as project", here="project_id in (select id from followed)",
    )  # fmt: skip
    owned = "municipality_id = %(owner)s"
    return _CAPACITY.format(
        roles=scope.standing(ResourceRole, "id, name, is_active", where=owned), is_over=IS_OVER, sums=sums,
        projects=scope.standing(Project, "id, initiative_id, status, status_since", where=owned),
    )  # fmt: skip


# --- In words --------------------------------------------------------------------------------------
def tables_of(rows: Rows) -> list[Table]:
    """Return the roles by months, and what each has on average."""
    roles: dict[int, Rows] = {}
    for row in rows:
        roles.setdefault(row["role"], []).append(row)
    months = [month_name(day) for row in next(iter(roles.values()), []) if (day := day_of(row["month"]))]
    note = ""
    if rows and rows[0]["number_of"] > len(roles):
        note = _("Viser %(shown)s av %(all)s roller.") % {
            "shown": number(len(roles)),
            "all": number(rows[0]["number_of"]),
        }
    load = Table(
        key="belastning", caption=_("Tildelt av det som er igjen etter fravær"), headings=[_("Rolle"), *months],
        rows=[[words(found[0]["what"]), *(_share(row) for row in found)] for found in roles.values()],
        empty=_("Området hadde ingen ressursroller i disse månedene."), note=note,
    )  # fmt: skip
    return [load, _means(roles)] if roles else [load]


def _means(roles: dict[int, Rows]) -> Table:
    names = ("capacity", "absence", "granted", "granted_here", "waiting_here")
    return Table(
        key="arsverk", caption=_("Årsverk i snitt over månedene"),
        headings=[_("Rolle"), _("Kapasitet"), _("Fravær"), _("Tildelt"), _("Av det i området"), _("Venter på svar"), _("Måneder over 100 %")],
        rows=[
            [words(found[0]["what"]), *(_mean(found, name) for name in names), count(sum(row["is_over"] for row in found))]
            for found in roles.values()
        ],
    )  # fmt: skip


def number_over(rows: Rows) -> int:
    """Return how many roles are over 100 % in at least one of the months."""
    return len({row["role"] for row in rows if row["is_over"]})


def _share(row: dict[str, Any]) -> Cell:
    granted = Decimal(row["granted"])
    available = max(Decimal(row["capacity"]) - Decimal(row["absence"]), Decimal(0))
    note = _("%(granted)s av %(available)s årsverk") % {
        "granted": number(granted),
        "available": number(available),
    }
    tone = "danger" if row["is_over"] else ""
    if not available:
        return Cell(text=_("Ingen kapasitet"), note=note if granted else "", tone=tone)
    ratio = granted / available
    said = percent(ratio, 0)
    return Cell(
        text=_("Over: %(share)s") % {"share": said} if row["is_over"] else said,
        value=round(ratio, 4),
        note=note,
        tone=tone,
    )


def _mean(rows: Rows, name: str) -> Cell:
    return count(str(round(sum((Decimal(row[name]) for row in rows), Decimal(0)) / len(rows), 2)))
