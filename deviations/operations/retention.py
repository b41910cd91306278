"""Forget cases whose term is over, a batch at a time: what is done is done, and a new run goes on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import OuterRef, Q

from core.actors import System
from core.conditions import has_one
from core.retention import Order, erase, forget_files, forget_rows
from deviations import retention
from deviations.models import Deviation, DeviationRules, DeviationType, Forgotten
from deviations.models.status import FINAL
from deviations.retention_queries import ended_before

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from deviations.queries import DeviationQuerySet

log = structlog.get_logger("stafett.retention")
LEGAL_BASIS = "personvernforordningen art. 5 nr. 1 bokstav e"
BATCH = 200
MOST = 20_000
"""How many cases one run forgets of one type; the rest waits for the next."""
_BY = System("retention")


def forget_ended(*, now: datetime) -> int:
    """Forget what is past the terms of its type, and return how many cases it was.

    Two runs at once share the work: each batch is locked, forgotten and logged in one
    transaction, and what another run holds is skipped.
    """
    done = 0
    terms = Q(identity_kept_months__isnull=False) | Q(deleted_after_years__isnull=False)
    ended = has_one(Deviation.objects.filter(type_id=OuterRef("pk"), status__in=FINAL))
    types = (
        DeviationType.objects.filter(terms & ended)
        .select_related("municipality__deviation_rules")
        .order_by("pk")
    )
    for type_ in types:
        done += _batches(_deletable(type_, now), _delete, type_, now)
        done += _batches(_nameable(type_, now), _drop_identity, type_, now)
    if done:
        log.info("cases forgotten", count=done)
    return done


def _deletable(type_: DeviationType, now: datetime) -> DeviationQuerySet | None:
    """Without a registered decision nothing is deleted."""
    if type_.deleted_after_years is None or not type_.disposal_decision.strip():
        return None
    ended = ended_before(type_, retention.months_before(now, 12 * type_.deleted_after_years))
    return ended.exclude(has_one(Deviation.objects.filter(merged_into_id=OuterRef("pk"))))


def _nameable(type_: DeviationType, now: datetime) -> DeviationQuerySet | None:
    if type_.identity_kept_months is None:
        return None
    days = DeviationRules.of(type_.municipality).reopening_days
    term = retention.identity_term(type_.identity_kept_months, days, now)
    return ended_before(type_, term).filter(identity_dropped_at=None)


def _batches(
    rows: DeviationQuerySet | None,
    forget: Callable[[list[Deviation], DeviationType, datetime], None],
    type_: DeviationType,
    now: datetime,
) -> int:
    done = 0
    while rows is not None and done < MOST:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",), skip_locked=True).select_related("unit")
            cases = list(locked.order_by("status_since", "pk")[:BATCH])
            if not cases:
                break
            forget(cases, type_, now)
        done += len(cases)
    return done


def _drop_identity(cases: list[Deviation], type_: DeviationType, now: datetime) -> None:
    forget_rows(cases, retention.scope_of(cases, now), Order(legal_basis=LEGAL_BASIS, by=_BY, now=now))
    forget_files(retention.files_of([case.pk for case in cases]), now=now)
    _log(Forgotten.What.IDENTITY, cases, type_, now)


def _delete(cases: list[Deviation], type_: DeviationType, now: datetime) -> None:
    order = Order(legal_basis=LEGAL_BASIS, by=_BY, now=now, decision=type_.disposal_decision)
    actions = list(retention.actions_of_only([case.pk for case in cases]).select_related("unit"))
    _log(Forgotten.What.DELETION, cases, type_, now, decision=type_.disposal_decision)
    erase(cases, order)
    erase(actions, order)


def _log(
    what: str, cases: list[Deviation], type_: DeviationType, now: datetime, *, decision: str = ""
) -> None:
    Forgotten.objects.create(
        municipality_id=type_.municipality_id, at=now, what=what, type_name=type_.name, count=len(cases),
        numbers=sorted(case.number for case in cases), legal_basis=LEGAL_BASIS, decision=decision,
    )  # fmt: skip
