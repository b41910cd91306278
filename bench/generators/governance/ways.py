"""The way from draft to each state, and how often initiatives stand in it.

The ways are legal ones: the name of each step is looked up in the workflow.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from governance.models.status import S
from governance.workflow import initiative_workflow

SHORTEST, LONGEST = 3, 6
COUNCIL_AT_ONCE = 4000
"""Only the first so many records can stand on an agenda now: a council takes no more, whatever the size."""
_ARRIVED = (S.DRAFT, S.SUBMITTED, S.AWAITING_ENDORSEMENT, S.RECEIVED)
_PREPARED = (*_ARRIVED, S.UNDER_PREPARATION, S.READY_FOR_COUNCIL)
_HEARD = (*_PREPARED, S.ON_AGENDA)
_ADOPTED = (*_HEARD, S.PRIORITIZED, S.ADOPTED)
_CARRIED_OUT = (*_ADOPTED, S.IN_PORTFOLIO)
WAYS: dict[S, tuple[S, ...]] = {
    S.DRAFT: (S.DRAFT,),
    S.SUBMITTED: (S.DRAFT, S.SUBMITTED),
    S.AWAITING_ENDORSEMENT: _ARRIVED[:3],
    S.NOT_ENDORSED: (*_ARRIVED[:3], S.NOT_ENDORSED),
    S.RECEIVED: _ARRIVED,
    S.RETURNED: (*_ARRIVED, S.RETURNED),
    S.UNDER_PREPARATION: _PREPARED[:-1],
    S.FAST_TRACK: (*_ARRIVED, S.FAST_TRACK),
    S.READY_FOR_COUNCIL: _PREPARED,
    S.ON_AGENDA: _HEARD,
    **{
        state: (*_HEARD, state)
        for state in (S.POSTPONED, S.SENT_BACK, S.PRIORITIZED, S.RECOMMENDED, S.REJECTED, S.ON_HOLD)
    },
    S.ADOPTED: _ADOPTED,
    S.IN_PORTFOLIO: _CARRIED_OUT,
    **{state: (*_CARRIED_OUT, state) for state in (S.PAUSED, S.STOPPED, S.REALIZING)},
    S.CLOSED: (*_CARRIED_OUT, S.REALIZING, S.CLOSED),
    **{state: (*_ARRIVED, state) for state in (S.WITHDRAWN, S.MERGED, S.REFERRED)},
}
YOUNG: dict[str, float] = {
    S.DRAFT: 8, S.SUBMITTED: 1, S.AWAITING_ENDORSEMENT: 8, S.NOT_ENDORSED: 2, S.RECEIVED: 9, S.RETURNED: 5,
    S.UNDER_PREPARATION: 18, S.FAST_TRACK: 2, S.READY_FOR_COUNCIL: 6, S.ON_AGENDA: 5, S.POSTPONED: 2, S.SENT_BACK: 2,
    S.PRIORITIZED: 3, S.RECOMMENDED: 3, S.REJECTED: 4, S.ON_HOLD: 3, S.ADOPTED: 5, S.IN_PORTFOLIO: 7, S.WITHDRAWN: 4,
    S.MERGED: 1, S.REFERRED: 2,
}  # fmt: skip
"""Of those raised the last five months, in percent."""
OLD: dict[str, float] = {
    S.DRAFT: 1.5, S.RETURNED: 0.5, S.UNDER_PREPARATION: 1, S.READY_FOR_COUNCIL: 0.2, S.POSTPONED: 0.2,
    S.RECOMMENDED: 0.3, S.REJECTED: 20, S.ON_HOLD: 1.5, S.ADOPTED: 1.5, S.IN_PORTFOLIO: 9, S.PAUSED: 1.5,
    S.STOPPED: 4, S.REALIZING: 10, S.CLOSED: 31.8, S.WITHDRAWN: 9, S.MERGED: 3, S.REFERRED: 5,
}  # fmt: skip
"""Of those raised before that, in percent."""
OPEN = frozenset(S) - {
    S.REJECTED, S.IN_PORTFOLIO, S.PAUSED, S.STOPPED, S.REALIZING, S.CLOSED, S.WITHDRAWN, S.MERGED, S.REFERRED,
}  # fmt: skip
HEARD = frozenset(state for state, way in WAYS.items() if S.ON_AGENDA in way)
PREPARED = frozenset(state for state, way in WAYS.items() if S.UNDER_PREPARATION in way)
ENDORSED = frozenset(state for state, way in WAYS.items() if S.RECEIVED in way)


@dataclass(frozen=True, slots=True)
class Step:
    state: str
    action: str
    by: str


def steps_to(status: S) -> list[Step]:
    """Return three to six steps to a state: of a long way the first two and the last four."""
    way = WAYS[status]
    steps = [Step(S.DRAFT.value, "create", "submitter")]
    steps += [Step(S.DRAFT.value, "edit", "submitter")] * (SHORTEST - len(way))
    steps += [
        Step(state.value, action_of(before, state), _by(before)) for before, state in itertools.pairwise(way)
    ]
    return steps if len(steps) <= LONGEST else [*steps[:2], *steps[2 - LONGEST :]]


def action_of(source: S, target: S) -> str:
    """Return the name of the transition that leads from one state to the next.

    :raises LookupError: if the workflow has none.
    """
    for declared in initiative_workflow.transitions.values():
        if source in declared.source and declared.target == target:
            return declared.name
    raise LookupError(f"{source} → {target}")


def _by(before: S) -> str:
    if before == S.DRAFT:
        return "submitter"
    if before == S.SUBMITTED:
        return "system"
    return "sector_leader" if before == S.AWAITING_ENDORSEMENT else "handler"
