"""After the council: what each municipality decides, and who pays when one says no."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.formats import number, short_date
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import cost_shares, operations, policies
from governance.delegation import whole_life
from governance.filing import file_municipal_decision
from governance.guards import rules_of
from governance.models import Decision, Initiative, MunicipalDecision, Outcome, Status
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from core.actors import Actor

Verdict = MunicipalDecision.Verdict
label_actions({"leave_initiative": gettext_lazy("Kommunen er ute av tiltaket")})


class MunicipalAnswer(TypedDict, total=False):
    """Where the municipality's decision is found, in whose budget, and what it says beside its words.

    ``decided_on`` is the day its body met, today where it is not given; ``amount`` what it granted, where that is not its share.
    """

    reference: str
    budget_year: int | None
    decided_on: date | None
    amount: Decimal | None
    conditions: str
    document_url: str


def decide_for_municipality(
    row: MunicipalDecision, *, verdict: str, text: str, body: str, by: Actor, now: datetime,
    **answer: Unpack[MunicipalAnswer],
) -> MunicipalDecision:  # fmt: skip
    """Record what one municipality decided; the last one in moves the initiative on.

    A refusal takes the municipality out of a regional initiative, and those that stay must
    confirm their new share of the cost.  The initiative is locked first, so that of two that
    decide at once one is the last.

    :raises TransitionDenied: ``by`` does not decide for that municipality.
    :raises TransitionBlocked: it has decided already, the same decision is registered, or the initiative has moved on.
    """
    if not policies.may_decide_for_municipality(by, row):
        raise TransitionDenied
    with transaction.atomic():
        # Not inside one another: what moves the initiative on is a line of its own in the history.
        with operations.touching(row.initiative, "decide_for_municipality", by=by, now=now):
            initiative, locked = _locked(row)
            locked.verdict, locked.text, locked.body = verdict, text, body
            _fill(locked, answer, day=timezone.localdate(now))
            _write(locked, initiative, by=by, now=now)
        _move_on(initiative, by=by, now=now)
        if locked.is_refused:
            _leave(initiative, locked.municipality_id, by=by, now=now)
    return locked


def _locked(row: MunicipalDecision) -> tuple[Initiative, MunicipalDecision]:
    """Return the initiative and the row, locked in that order.

    :raises TransitionBlocked: the municipality has decided, or the initiative has moved on.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=row.initiative_id)
    locked = MunicipalDecision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not locked.is_pending or initiative.status not in {Status.PRIORITIZED, Status.RECOMMENDED}:
        raise TransitionBlocked([_("Kommunen har alt avgjort saken. Last siden på nytt.")])
    return initiative, locked


def _fill(row: MunicipalDecision, answer: MunicipalAnswer, *, day: date) -> None:
    """Set what the decision is found by.

    :raises TransitionBlocked: it is registered already.
    """
    row.reference, row.budget_year = answer.get("reference", ""), answer.get("budget_year")
    row.decided_on, row.granted = answer.get("decided_on") or day, answer.get("amount")
    row.conditions, row.document_url = answer.get("conditions", ""), answer.get("document_url", "")
    if not row.reference:
        return
    same = Decision.objects.filter(
        initiative_id=row.initiative_id, municipality_id=row.municipality_id, body=row.body, reference=row.reference,
        decided_on=row.decided_on,
    ).first()  # fmt: skip
    if same is not None:
        raise TransitionBlocked([
            _("%(reference)s fra %(date)s er alt ført, som vedtak %(number)s. Et nytt vedtak har egen dato eller referanse.")
            % {"reference": row.reference, "date": short_date(row.decided_on), "number": same.number}
        ])  # fmt: skip


def _write(row: MunicipalDecision, initiative: Initiative, *, by: Actor, now: datetime) -> None:
    """Save the answer and its line in the decision log; after a refusal the others are asked again."""
    row.decided_at, row.decided_by_id = now, by.person_id
    row.stamp(now)
    row.save()
    operations.write_decision(
        initiative=initiative, municipality_id=row.municipality_id, body=row.body, text=row.text, by=by, now=now,
        outcome=Outcome.REJECT if row.is_refused else Outcome.PRIORITIZE, reference=row.reference,
        amount=row.amount if row.granted is None else row.granted, decided_on=row.decided_on, budget_year=row.budget_year,
        conditions=row.conditions, document_url=row.document_url,
    )  # fmt: skip
    file_municipal_decision(row, initiative, now=now)
    if row.is_refused:
        _share_anew(initiative, without=row.municipality_id, now=now)


def _leave(initiative: Initiative, municipality_id: int, *, by: Actor, now: datetime) -> None:
    """Take a municipality out.  Last of all: it then no longer sees the initiative it has moved on."""
    with record("leave_initiative", actor=by):
        initiative.participations.filter(municipality_id=municipality_id).update(left_at=now, changed_at=now)


def _share_anew(initiative: Initiative, *, without: int, now: datetime) -> None:
    """Divide the share of the one that leaves in proportion to what the others had, and ask them to confirm."""
    staying = list(
        initiative.municipal_decisions.exclude(verdict=Verdict.REFUSED)
        .exclude(municipality_id=without)
        .order_by("pk")
    )
    if not staying:
        return
    total = whole_life(initiative, timezone.localdate(now))
    shares = cost_shares.to_whole([row.cost_share or Decimal(0) for row in staying])
    for other, share in zip(staying, shares, strict=True):
        if other.cost_share == share:
            continue
        other.cost_share, other.amount = share, (total * share / 100).quantize(Decimal("0.01"))
        other.confirms_new_share = True
        other.due_on = operations.deadline(now, rules_of(initiative).decision_days)
        other.verdict, other.decided_at, other.decided_by = Verdict.PENDING, None, None
        other.stamp(now)
        other.save()
        notices.post(_ask_to_confirm(other), about=other, now=now)


def _ask_to_confirm(row: MunicipalDecision) -> Iterator[notices.Draft]:
    title = _("Bekreft ny kostnadsandel i «%(title)s»") % {"title": row.initiative}
    body = _("En kommune er ute. Andelen er nå %(share)s %%, frist %(date)s.") % {
        "share": number(row.cost_share or 0), "date": short_date(row.due_on) if row.due_on else "",
    }  # fmt: skip
    for person in people_with(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=row.municipality_id):
        yield notices.Draft(
            person=person, event=f"confirm_share@{row.cost_share}", title=title, body=body,
            url=reverse("governance:municipal_decision", args=[row.pk]),
        )  # fmt: skip


def _move_on(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    from governance.workflow import initiative_workflow

    rows = list(initiative.municipal_decisions.all())
    if any(row.is_pending for row in rows):
        return
    approved = any(row.verdict == Verdict.APPROVED for row in rows)
    initiative_workflow.perform("adopt" if approved else "refuse", initiative, by=by, now=now, vouched=True)


def former_share(row: MunicipalDecision) -> Decimal | None:
    """Return the share a municipality had before another one left, from the row's history."""
    if not row.confirms_new_share:
        return None
    events = row.pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    former: Decimal | None = (
        events.exclude(cost_share=row.cost_share)
        .order_by(F("pgh_id").desc())
        .values_list("cost_share", flat=True)
        .first()
    )
    return former
