"""A day and a time of day as somebody typed them, as the one moment they mean."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import clock, long_date

FIRST, SECOND = "1", "2"
_CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?", re.IGNORECASE | re.ASCII)
_TICK = dt.timedelta(microseconds=1)


class NoSuchTime(ValueError):
    """The clocks were put forward, and this time of day was passed over; the text says so."""


class TwoSuchTimes(ValueError):
    """The clocks were put back, and it was this time twice; the text asks which."""


def time_of(text: str) -> dt.time:
    """Return the time of day in «14.30», «14:30», «kl. 9» or «9».

    :raises ValueError: it is none.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(_("Skriv klokkeslettet som timer og minutter, for eksempel 14.30."))
    hour, minute = int(match[1]), int(match[2] or 0)
    try:
        return dt.time(hour, minute)
    except ValueError:
        raise ValueError(_("Klokka går fra 00.00 til 23.59.")) from None


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_current_timezone()).astimezone(dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """Return the last moment of a day."""
    return start_of(day + dt.timedelta(days=1)) - _TICK


def moment_of(day: dt.date, at: dt.time, *, which: str = "") -> dt.datetime:
    """Return the moment when the clock in Oslo showed ``at`` on a day.

    :param which: ``FIRST`` or ``SECOND``, where it was that time twice.
    :raises NoSuchTime: it never did.
    :raises TwoSuchTimes: it did twice, and ``which`` does not say.
    """
    zone = timezone.get_current_timezone()
    early, late = (dt.datetime.combine(day, at.replace(fold=fold), zone) for fold in (0, 1))
    said = {"time": clock(at), "day": long_date(day)}
    if early.astimezone(dt.UTC).astimezone(zone).time() != at:
        raise NoSuchTime(
            _("Klokka var aldri %(time)s den %(day)s: den ble stilt fram til sommertid. Velg et annet klokkeslett.") % said
        )  # fmt: skip
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(dt.UTC)
    if which not in {FIRST, SECOND}:
        raise TwoSuchTimes(
            _("Klokka var %(time)s to ganger den %(day)s: den ble stilt tilbake til normaltid. Velg hvilken.") % said
        )  # fmt: skip
    return (early if which == FIRST else late).astimezone(dt.UTC)
