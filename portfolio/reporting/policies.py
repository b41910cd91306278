"""Who writes and publishes portfolio reports: the portfolio manager of the municipality or region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.roles import Permission

if TYPE_CHECKING:
    from core.actors import Actor
    from portfolio.models import PortfolioReport


def may_report_on(actor: Actor, municipality_id: int, /) -> bool:
    if not actor:
        return False
    return actor.is_system or actor.holds(  # type: ignore[attr-defined]
        Permission.MANAGE_PORTFOLIO, municipality_id=municipality_id
    )


def may_write(actor: Actor, report: PortfolioReport, /) -> bool:
    return may_report_on(actor, report.municipality_id)
