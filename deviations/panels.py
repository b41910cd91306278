"""What deviations put on the start page, and on the page of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Link, Panel
from deviations.filters import LIST_ORDERING, listed
from deviations.models import Deviation, Status
from deviations.presentation import who_has_it
from organization.roles import Permission

if TYPE_CHECKING:
    from organization.actors import PersonActor

_SHOWN = 5
_SETTINGS = [
    ("catalogue_list", _("Avvikskatalogen"), _("Typer, spørsmål, meldeplikter og årsaker.")),
    (
        "routing_list",
        _("Hvem mottar avvik"),
        _("Regler som går foran nærmeste leder. Prøv hvor en sak ville havnet."),
    ),
    ("import_start", _("Les inn eldre avvik"), _("Fra et system kommunen har brukt før.")),
    (
        "rules_edit",
        _("Frister og kanaler for avvik"),
        _("Dager per alvorlighet, risikomatrise og andre kanaler."),
    ),
]


def my_reports(actor: PersonActor) -> Panel | None:
    """Show what the person has reported and who has it now; others get the way to report."""
    if not actor.holds(Permission.REPORT_DEVIATION):
        return None
    rows = listed(Deviation.objects.of_reporter(actor).exclude(status=Status.DRAFT))
    latest = list(rows.order_by(*LIST_ORDERING)[: _SHOWN + 1])
    lines = [{"case": row, "holder": who_has_it(row)} for row in latest[:_SHOWN]]
    return Panel("deviations/panels/my_reports.html", {"lines": lines, "has_more": len(latest) > _SHOWN})


def settings_links(actor: PersonActor) -> list[Link]:
    """Return what those who look after the catalogue set for deviations."""
    if not actor.holds(Permission.MANAGE_CATALOGUE, municipality_id=actor.acting_for_id):
        return []
    return [
        Link(label=label, url=reverse(f"deviations:{name}"), hint=hint) for name, label, hint in _SETTINGS
    ]
