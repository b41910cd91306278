"""Who pays what: the shares of a regional initiative, and the decision each municipality is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations, policies
from governance.delegation import whole_life
from governance.guards import cost_shares_are_open, is_within_council_authority, rules_of
from governance.models import Decision, Initiative, MunicipalDecision, Status

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

_ALL = Decimal(100)


def ask_for_decisions(initiative: Initiative, *, outcome: Status, now: datetime) -> None:
    """Open a row per municipality that must decide after the council, with its share of the cost.

    A row from an earlier round begins anew; what was decided then stands in its history.
    """
    day = timezone.localdate(now)
    if outcome == Status.PRIORITIZED and is_within_council_authority(initiative, day=day) is None:
        return
    total = whole_life(initiative, day)
    due_on = operations.deadline(now, rules_of(initiative).decision_days)
    for municipality_id, share in shares_of(initiative):
        MunicipalDecision.objects.update_or_create(
            initiative=initiative,
            municipality_id=municipality_id,
            defaults={
                "verdict": MunicipalDecision.Verdict.PENDING,
                "decided_at": None,
                "decided_by": None,
                "body": Decision.Body.KOMMUNEDIREKTOR,
                "text": "",
                "reference": "",
                "budget_year": None,
                "confirms_new_share": False,
                "cost_share": share,
                "amount": (total * share / 100).quantize(Decimal("0.01")),
                "due_on": due_on,
                "changed_at": now,
            },
        )


def set_cost_shares(initiative: Initiative, *, shares: dict[int, Decimal], by: Actor, now: datetime) -> None:
    """Settle how many per cent of the cost each participating municipality, by its id, is to carry.

    :raises TransitionDenied: ``by`` does not prepare this initiative.
    :raises TransitionBlocked: it is past the time, or the shares are not those of the participants, 100 in all.
    """
    if not policies.may_prepare(by, initiative):
        raise TransitionDenied
    with operations.touching(initiative, "share_cost", by=by, now=now):
        locked = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        if reason := cost_shares_are_open(locked):
            raise TransitionBlocked([reason])
        rows = {row.municipality_id: row for row in locked.participations.filter(left_at=None)}
        if rows.keys() != shares.keys() or sum(shares.values()) != _ALL:
            raise TransitionBlocked(
                [_("Andelene må gjelde kommunene som deltar, og bli 100 prosent til sammen.")]
            )
        for municipality_id, row in rows.items():
            row.cost_share = shares[municipality_id]
            row.stamp(now)
            row.save(update_fields=["cost_share", "changed_at"])


def shares_of(initiative: Initiative) -> list[tuple[int, Decimal]]:
    """Return who pays which per cent: the participants of a regional initiative, else its owner alone.

    Who has no share set divides equally what the others leave of 100.
    """
    rows = list(initiative.participations.filter(left_at=None).order_by("pk"))
    if not rows:
        return [(initiative.municipality_id, _ALL)]
    given = [row.cost_share for row in rows]
    unset = given.count(None)
    left = max(Decimal(0), _ALL - sum((share or Decimal(0) for share in given), Decimal(0)))
    weights = [left / unset if share is None else share for share in given]
    return list(zip((row.municipality_id for row in rows), to_whole(weights), strict=True))


def to_whole(weights: list[Decimal]) -> list[Decimal]:
    """Return per cents in the proportion of ``weights``, equal where all are nought.

    The largest takes what rounding leaves, so that they sum to 100 and none falls below nought.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    shares = [(weight * 100 / whole).quantize(Decimal("0.01")) for weight in weights]
    largest = max(range(len(shares)), key=lambda at: (shares[at], at))
    shares[largest] += _ALL - sum(shares, Decimal(0))
    return shares


def cancel_pending_decisions(initiative: Initiative) -> None:
    initiative.municipal_decisions.filter(verdict=MunicipalDecision.Verdict.PENDING).delete()
