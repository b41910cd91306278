"""A gate paper as something the council has on its agenda (``governance.matters``)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.matters import MatterKind
from governance.models import Outcome
from portfolio.gatepaper import operations

gate_paper = MatterKind(
    key=operations.KIND,
    label=_("Beslutningsgrunnlag"),
    read=_("Les beslutningsgrunnlaget"),
    outcomes={
        Outcome.APPROVE: _("Prosjektet kan gå videre."),
        Outcome.APPROVE_ON_TERMS: _("Prosjektet kan gå videre. Vilkårene står i vedtaket."),
        Outcome.SEND_BACK: _(
            "Prosjektet går ikke videre før rådet har godkjent et nytt beslutningsgrunnlag."
        ),
        Outcome.STOP: _("Porteføljeforvalteren stopper prosjektet."),
        Outcome.POSTPONE: _("Saken kommer opp igjen i et senere møte."),
    },
    url=lambda pk: reverse("portfolio:gate_paper_detail", args=[pk]),
    publish=operations.publish,
    settle=operations.settle,
)
