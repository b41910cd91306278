"""What the requests of a project say about its people, as a proposal for its next status report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import month as month_name
from portfolio.capacity.presentation import lines_for
from portfolio.models import Health, RequestStatus, ResourceRequest
from portfolio.status.proposal import Proposal

if TYPE_CHECKING:
    from datetime import date

    from portfolio.models import Project

MOST = 50


def resources_of(project: Project, today: date) -> Proposal:
    """Return what is proposed from the requests that are not over, in one query.

    A refusal means too few people, unless the role was granted by another request; what waits, what was granted
    in part and a role that is over 100 % mean that the project should be watched.
    """
    asked = ResourceRequest.objects.filter(project=project, to_on__gte=today).exclude(
        status=RequestStatus.WITHDRAWN
    )
    rows = list(lines_for(asked, today).order_by("-asked_at", "-pk")[:MOST])
    if not rows:
        return Proposal(
            None, _("Prosjektet har ikke spurt om noen i Stafett for tida framover. Vurder selv.")
        )
    granted = [row for row in rows if row.is_granted]
    given = {row.role_id for row in granted}
    refused = [row for row in rows if row.status == RequestStatus.REFUSED and row.role_id not in given]
    waiting = [row for row in rows if row.is_waiting]
    over = {str(row.role): row.month_over for row in granted if row.month_over}
    told = [
        _told(refused, ngettext("%(n)d forespørsel er avslått (%(roles)s)", "%(n)d forespørsler er avslått (%(roles)s)", len(refused))),
        _told(waiting, ngettext("%(n)d venter på svar (%(roles)s)", "%(n)d venter på svar (%(roles)s)", len(waiting))),
        _told([row for row in granted if row.is_granted_less], _("%(n)d er tildelt mindre enn dere ba om (%(roles)s)")),
        *(_("%(role)s er over 100 %% i %(month)s") % {"role": role, "month": month_name(month)} for role, month in over.items()),
    ]  # fmt: skip
    lacks = [one for one in told if one]
    if refused:
        return Proposal(Health.BAD, ". ".join(lacks) + ".")
    if lacks:
        return Proposal(Health.WATCH, ". ".join(lacks) + ".")
    return Proposal(
        Health.GOOD, _("Alt dere har spurt om framover, er tildelt (%(n)d).") % {"n": len(granted)}
    )


def _told(rows: list[ResourceRequest], words: str) -> str:
    roles = ", ".join(dict.fromkeys(str(row.role) for row in rows))
    return words % {"n": len(rows), "roles": roles} if rows else ""
