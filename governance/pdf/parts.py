"""What the papers of a meeting have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils.translation import gettext, ngettext

from core.formats import clock, local_time, weekday_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).resolve().parent


class Attendee(TypedDict):
    """A person at a meeting; ``role`` is the function there, left out when it goes without saying."""

    name: str
    role: NotRequired[str]


class FollowUp(TypedDict):
    """A task that a decision gives somebody."""

    what: str
    responsible: NotRequired[str]
    due: NotRequired[dt.date | None]


class StandingEntry(TypedDict):
    """A decision made before that waits for its follow-up; only number and title where the rest is not to be told."""

    number: str
    title: str
    responsible: NotRequired[str]
    due: NotRequired[dt.date | None]
    state: NotRequired[str]
    said: NotRequired[str]


STANDING: dict[str, Any] = {"responsible": "", "due": None, "state": "", "said": ""}
ATTENDEE: dict[str, Any] = {"role": ""}
FOLLOW_UP: dict[str, Any] = {"responsible": "", "due": None}


def filled(defaults: Mapping[str, Any], given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each of ``given`` with what it leaves out, since a template asks for every key."""
    return [{**defaults, **one} for one in given]


def standing_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the papers tell of decisions that wait, with how many more there are in words."""
    others = data.get("standing_others", 0)
    more = ngettext("og %(n)d til", "og %(n)d til", others) % {"n": others} if others else ""
    return {"standing": filled(STANDING, data.get("standing", [])), "standing_others": more}


def period(start: dt.datetime, end: dt.datetime | None = None) -> str:
    """Return when a meeting is or was: «torsdag 3. desember 2026 kl. 09.00 til 11.15»."""
    values = {"day": weekday_date(start), "start": clock(local_time(start))}
    if end is None:
        return gettext("%(day)s kl. %(start)s") % values
    return gettext("%(day)s kl. %(start)s til %(end)s") % {**values, "end": clock(local_time(end))}


def join(*parts: str) -> str:
    """Return the parts that say something, with a middle dot between."""
    return " · ".join(part for part in parts if part)
