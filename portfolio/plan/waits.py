"""What a project waits for in another, in words: whether it is there, when it is expected, and whether that is in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import short_date
from portfolio.models import Phase, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Wait:
    """One dependency.  Of a project that the reader does not see nothing is told but that it is waited for."""

    name: str
    milestone: str
    is_met: bool
    is_seen: bool
    ready_on: date | None
    needed_on: date | None
    warning: str

    @property
    def what(self) -> str:
        return self.milestone or _("Hele prosjektet")

    @property
    def tone(self) -> str:
        if self.warning:
            return "danger"
        return "success" if self.is_met else "neutral"

    @property
    def word(self) -> str:
        """How it stands, in a word or two."""
        if self.is_met:
            return _("På plass")
        if not self.is_seen:
            return _("Ukjent for deg")
        if self.ready_on is None:
            return _("Ingen dato")
        return _("Ventet %(day)s") % {"day": short_date(self.ready_on)}

    @property
    def when(self) -> str:
        return _("Trengs innen %(day)s") % {"day": short_date(self.needed_on)} if self.needed_on else ""


def wait_of(told: Mapping[str, Any]) -> Wait:
    """Read what ``DependencyQuerySet.told_to`` tells."""
    if not told["is_seen"]:
        return Wait(_("Et prosjekt i en annen kommune"), "", False, False, None, _day(told["needed_on"]), "")
    milestone = told["milestone"] or ""
    is_met = told["reached_on"] is not None if milestone else _is_handed_over(told)
    expected = told["milestone_on"] if milestone else told["forecast_on"] or told["ends_on"]
    ready_on, needed_on = _day(expected), _day(told["needed_on"] or told["waiting_ends_on"])
    warning = "" if is_met else _warning(told, ready_on, needed_on)
    return Wait(told["name"], milestone, is_met, True, ready_on, needed_on, warning)


def _is_handed_over(told: Mapping[str, Any]) -> bool:
    return bool(told["phase"] == Phase.REALIZING or told["status"] == ProjectStatus.COMPLETED)


def _warning(told: Mapping[str, Any], ready_on: date | None, needed_on: date | None) -> str:
    """Say what contradicts: a project that does not go on, or one that is ready after it is needed."""
    words = {"name": told["name"], "what": told["milestone"] or told["name"]}
    if told["status"] in {ProjectStatus.STOPPED, ProjectStatus.COMPLETED}:
        status = ProjectStatus(told["status"]).label.lower()
        return _("«%(name)s» er %(status)s, så det kommer ikke.") % {**words, "status": status}
    if ready_on is None:
        return _("«%(name)s» har ingen sluttdato å regne med.") % words
    if needed_on is not None and ready_on > needed_on:
        days = (ready_on - needed_on).days
        late = ngettext("%(days)d dag for sent", "%(days)d dager for sent", days) % {"days": days}
        told_late = _("«%(what)s» er ventet %(ready)s, men trengs innen %(needed)s: %(late)s.")
        return told_late % {**words, "ready": short_date(ready_on), "needed": short_date(needed_on), "late": late}  # fmt: skip
    if told["status"] == ProjectStatus.PAUSED:
        return _("«%(name)s» er satt på vent.") % words
    return ""


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
