"""Writes to what a municipality decides about its own governance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import StaleVersion
from core.formats import short_date
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.mandates import floor_problem
from governance.models import CouncilMandate, Delegation, GovernanceRules, Meeting, MeetingStatus, Organ
from governance.models.delegation import standard_rows
from governance.models.mandate import Occasion
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from governance.forms.rules import RulesForm

label_actions({
    "set_rules": gettext_lazy("Reglene endret"),
    "adopt_mandate": gettext_lazy("Nytt mandat registrert"),
    "follow_mandate": gettext_lazy("Møtet følger nytt mandat"),
})  # fmt: skip


@transaction.atomic
def set_rules(form: RulesForm, *, by: Actor, now: datetime) -> GovernanceRules:
    """Save the rules of a municipality, unless somebody else did since the form was opened.

    :raises TransitionDenied: ``by`` is not the municipality's administrator.
    :raises StaleVersion: with what was chosen.
    """
    rules: GovernanceRules = form.instance
    if not policies.may_set_rules(by, rules.municipality_id):
        raise TransitionDenied
    # The lock on the municipality lets two first saves meet here, and not in the database's constraint.
    Unit.objects.select_for_update(no_key=True).get(pk=rules.municipality_id)
    current = GovernanceRules.objects.filter(municipality_id=rules.municipality_id).first()
    stamp = form.cleaned_data.get("stamp")
    if current is not None and stamp != current.changed_at.isoformat():
        raise _stale(form, current)
    with record("set_rules", actor=by):
        saved: GovernanceRules = form.save(commit=False)
        saved.stamp(now)
        saved.save()
    return saved


def _stale(form: RulesForm, current: GovernanceRules) -> StaleVersion:
    names = [name for name in form.changed_data if hasattr(current, name)]
    differing = [name for name in names if form.cleaned_data.get(name) != getattr(current, name)]
    return StaleVersion(
        mine={
            str(form.fields[name].label): _words(form, name, form.cleaned_data.get(name))
            for name in differing
        },
        theirs={
            str(form.fields[name].label): _words(form, name, getattr(current, name)) for name in differing
        },
    )


def _words(form: RulesForm, name: str, value: Any) -> str:
    """Return a value of a field as the form shows it."""
    if isinstance(value, bool):
        return str(_("Ja")) if value else str(_("Nei"))
    if isinstance(value, list):
        labels = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        return ", ".join(str(labels.get(one, one)) for one in value)
    return str(form.fields[name].prepare_value(value))


class Given(TypedDict):
    """What the matrix gives an organ."""

    amount: Decimal | None
    yearly_frame: Decimal | None
    operation_limit: Decimal | None
    categories: list[str]
    decides_principle: bool
    conditions: str


class Settled(TypedDict):
    """What a mandate settles.  ``quorum`` is a fraction: numerator and denominator."""

    version: str
    adopted_by: str
    valid_from: date
    quorum: tuple[int, int]
    has_casting_vote: bool
    majority: NotRequired[str]
    must_vote: NotRequired[bool]
    allows_blank: NotRequired[bool]
    law: NotRequired[str]
    doubt_rule: NotRequired[str]
    submitting_roles: NotRequired[list[str]]
    may_lift_without_endorsement: NotRequired[bool]
    papers_days: NotRequired[int]
    endorsement_days: NotRequired[int]
    hearing_days: NotRequired[int]
    heard_always: NotRequired[list[str]]
    heard_staff: NotRequired[list[str]]
    heard_personal_data: NotRequired[list[str]]
    heard_budget: NotRequired[list[str]]
    answer_required: NotRequired[list[str]]
    covered_fields: NotRequired[list[str]]
    term_notice_days: NotRequired[int]
    cases_per_position: NotRequired[int]
    counted_years: NotRequired[int]
    delegations: NotRequired[Mapping[Organ, Given]]


@transaction.atomic
def adopt_mandate(
    municipality: Unit, *, by: Actor, now: datetime, **settled: Unpack[Settled]
) -> CouncilMandate:
    """Register a new version of the council's mandate, which ends the one before it.

    Meetings from that day on that have not begun follow the new version.  What is not settled is
    as the model begins.

    :raises TransitionDenied: ``by`` is not the municipality's administrator.
    :raises TransitionBlocked: a later version exists, or a meeting was held under the old one since; or somebody is
        left out whom the law wants heard.
    """
    if not policies.may_set_rules(by, municipality.pk):
        raise TransitionDenied
    _check_floor(settled)
    begins = settled["valid_from"]
    Unit.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    before = list(CouncilMandate.objects.filter(municipality=municipality).order_by("-valid_from", "-pk"))
    _check_order(before, begins)
    meetings = _meetings_from(municipality, begins)
    with record("adopt_mandate", actor=by):
        for old in before:
            if old.valid_to is None or old.valid_to > begins:
                old.valid_to = begins
                old.stamp(now)
                old.save(update_fields=["valid_to", "changed_at"])
        adopted = CouncilMandate.objects.create(
            municipality=municipality, changed_at=now, **_columns(settled, before)
        )
        Delegation.objects.bulk_create(_rows(adopted, settled.get("delegations"), before))
    with record("follow_mandate", actor=by):
        for meeting in meetings:
            meeting.mandate = adopted
            meeting.version += 1
            meeting.stamp(now)
            meeting.save(update_fields=["mandate", "version", "changed_at"])
    return adopted


def _rows(
    adopted: CouncilMandate, given: Mapping[Organ, Given] | None, before: list[CouncilMandate]
) -> list[Delegation]:
    """Return the matrix of the new version: as it was settled, else as before, else what a first mandate begins with."""
    if given is not None:
        return [
            Delegation(mandate=adopted, organ=organ, changed_at=adopted.changed_at, **values)
            for organ, values in given.items()
        ]
    kept = list(before[0].delegations.all()) if before else []
    for row in kept:
        row.pk, row.mandate, row.changed_at = None, adopted, adopted.changed_at
        row._state.adding = True
    return kept or standard_rows(adopted)


def _columns(settled: Settled, before: list[CouncilMandate]) -> dict[str, Any]:
    values: dict[str, Any] = dict(settled)
    values.pop("delegations", None)
    if before:
        values.setdefault("counted_years", before[0].counted_years)
    values["quorum_numerator"], values["quorum_denominator"] = values.pop("quorum")
    return values


def _check_floor(settled: Settled) -> None:
    given = {
        Occasion.STAFF: settled.get("heard_staff"),
        Occasion.PERSONAL_DATA: settled.get("heard_personal_data"),
    }
    problems = [floor_problem(one, roles) for one, roles in given.items() if roles is not None]
    if reasons := [problem for problem in problems if problem]:
        raise TransitionBlocked(reasons)


def _check_order(before: list[CouncilMandate], begins: date) -> None:
    if before and begins <= before[0].valid_from:
        raise TransitionBlocked([
            _("Versjon %(version)s gjelder fra %(date)s. Den nye må begynne etter det.")
            % {"version": before[0].version, "date": short_date(before[0].valid_from)}
        ])  # fmt: skip


def _meetings_from(municipality: Unit, day: date) -> list[Meeting]:
    """Return the meetings that are to follow a mandate from ``day``, locked.

    :raises TransitionBlocked: one of them has begun under the mandate before it.
    """
    rows = Meeting.objects.select_for_update(of=("self",)).filter(municipality=municipality)
    later = [
        m for m in rows.exclude(status=MeetingStatus.CANCELLED) if timezone.localdate(m.starts_at) >= day
    ]
    begun = [m.number for m in later if m.opened_at is not None]
    if begun:
        raise TransitionBlocked([
            _("Møte %(numbers)s er holdt etter det gamle mandatet. Velg en senere dato.") % {"numbers": ", ".join(begun)}
        ])  # fmt: skip
    return later
