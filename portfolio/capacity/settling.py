"""Whether a role has room for a grant.  The role is locked while it is asked, so that two grants at once both count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import month as month_name
from core.formats import number, percent
from core.workflow import TransitionBlocked
from portfolio.capacity.load import Load, Span, by_weight, loads_of
from portfolio.models import ResourceRole

if TYPE_CHECKING:
    from portfolio.models import ResourceRequest


@dataclass(frozen=True, slots=True)
class Change:
    """One month: as it stands, without this request at all, and as it would be."""

    now: Load
    without: Load
    then: Load

    @property
    def goes_over(self) -> bool:
        """Tell whether the month would be over 100 %, and more so than it is."""
        return self.then.is_over and self.then.granted_days > self.now.granted_days


def span_of(request: ResourceRequest) -> Span | None:
    """Return what is granted."""
    if request.granted is None or request.granted_from is None or request.granted_to is None:
        return None
    return Span(request.granted, request.granted_from, request.granted_to)


def changes_of(request: ResourceRequest, span: Span) -> list[Change]:
    """Return each month of a grant, in one statement."""
    standing, found = span_of(request), loads_of([request.role_id], span.from_on, span.to_on)
    return [_change(load, standing, span) for load in found.get(request.role_id, [])]


def _change(load: Load, standing: Span | None, span: Span) -> Change:
    without = load.without_grant(standing) if standing else load
    return Change(load, without, without.with_grant(span))


def going_over(changes: list[Change]) -> list[Load]:
    """Return the months that a grant would take over 100 %, the worst first."""
    return by_weight(change.then for change in changes if change.goes_over)


def settle(request: ResourceRequest, span: Span, over_reason: str) -> str:
    """Lock the role and return why it is let go over 100 %, or nothing where it has room.

    :raises TransitionBlocked: it has no room, and nobody has said why.
    """
    ResourceRole.objects.select_for_update(of=("self",)).get(pk=request.role_id)
    changes = changes_of(request, span)
    over = going_over(changes)
    if over and not over_reason.strip():
        raise TransitionBlocked([why_not(over)])
    is_over = any(change.then.is_over for change in changes)
    return over_reason.strip() or request.over_reason if is_over else ""


def why_not(over: list[Load]) -> str:
    """Return why so much cannot be granted without a word, and what to do."""
    return _("Rollen får for mye å gjøre. Verst blir %(month)s. Tildel mindre, eller skriv hvorfor det likevel må gå.") % {
        "month": in_words(over[0])
    }  # fmt: skip


def in_words(load: Load) -> str:
    """Return a month in words: «mars 2027: 130 % (2,6 av 2 årsverk)»."""
    words = {
        "month": month_name(load.month), "granted": number(round(load.granted, 2)), "available": number(round(load.available, 2)),
    }  # fmt: skip
    if load.ratio is None:
        return _("%(month)s: %(granted)s årsverk tildelt, ingen kapasitet") % words
    words["share"] = percent(load.ratio, 0)
    return _("%(month)s: %(share)s (%(granted)s av %(available)s årsverk)") % words
