"""Numbers, money, dates and durations as people in Norway write and read them.

One function per shape, used by the template filters (``core.templatetags.formats``), charts,
PDF files and notices, so that the same number looks the same everywhere.  The language is
the active one; bokmål stands in for languages that have no locale here.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from decimal import Decimal
from typing import TypeAlias

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

Number: TypeAlias = int | float | Decimal

COUNT_LIMIT = 100
"""Nobody counts further than this: a count that reaches it is shown as «99+»."""
NOTHING = "–"
NBSP = "\xa0"
MINUS = "−"

_LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
_MILLION = 1_000_000
_DAYS_SHOWN_AS_DAYS = 60
_MONTHS_SHOWN_AS_MONTHS = 24


class NotUnderstood(ValueError):
    """What a person typed is not a number or a date; the text says what to type instead."""


class Unclear(NotUnderstood):
    """What a person typed is a number, but could be two; the text says how to write each."""


def current_locale() -> Locale:
    """Return the Babel locale of the active language, bokmål where there is none."""
    language = (get_language() or "nb").lower().split("-", maxsplit=1)[0]
    return Locale.parse(_LOCALES.get(language, "nb_NO"))


# --- Numbers ----------------------------------------------------------------------------------
def number(value: Number, decimals: int | None = None) -> str:
    """Write ``value`` with grouped thousands: «1 250 000», «41,5».

    :param decimals: show exactly so many; as many as there are, but at most two, when left out.
    """
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    # People expect 2,5 to become 3; Python's and Babel's own rounding is to the even neighbor.
    with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):
        written = format_decimal(_exact(value), format=pattern, locale=current_locale())
    return written.replace("-", MINUS)


def count(value: int) -> str:
    """Write a count that stopped at ``COUNT_LIMIT``: «7», «99+»."""
    return f"{COUNT_LIMIT - 1}+" if value >= COUNT_LIMIT else str(value)


def kroner(value: Number) -> str:
    """Write an amount in whole kroner: «1 250 000 kr»."""
    return f"{number(value, 0)}{NBSP}kr"


def kroner_short(value: Number) -> str:
    """Write an amount so that it fits in a card: «4,9 mill. kr», in full below a million."""
    exact = _exact(value)
    if abs(exact) < _MILLION:
        return kroner(exact)
    with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):
        short = format_compact_decimal(exact, locale=current_locale(), fraction_digits=1)
    return f"{short}{NBSP}kr".replace("-", MINUS)


def percent(ratio: Number, decimals: int | None = None) -> str:
    """Write a ratio as a percentage: ``0.123`` is «12,3 %».

    :param decimals: show exactly so many; at most one when left out.
    """
    shown = _exact(ratio) * 100
    if decimals is None:
        shown = shown.quantize(Decimal("0.1"), rounding=decimal.ROUND_HALF_UP)
    return f"{number(shown, decimals)}{NBSP}%"


def rate(part: Number | None, whole: Number | None, decimals: int | None = None) -> str:
    """Write ``part`` of ``whole`` as a percentage, or «mangler» when there is no denominator.

    A share of nothing is unknown, not zero, and a page that says 0 % would be believed.
    """
    if part is None or whole is None or whole == 0:
        return gettext("mangler")
    return percent(_exact(part) / _exact(whole), decimals)


def _exact(value: Number) -> Decimal:
    """Return ``value`` as the decimal number that is printed for it: 0.1 is 0.1."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a number that can be shown")
    return exact


# --- Dates ------------------------------------------------------------------------------------
def in_sentence(label: object) -> str:
    """Write a label as it stands within a sentence: «personvernombud»; what is in capitals stays, as in «HR» and «IKT-leder»."""
    text = str(label)
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def long_date(value: dt.date) -> str:
    """Write a date in full: «3. desember 2026»."""
    return format_date(local_day(value), "long", locale=current_locale())


def short_date(value: dt.date) -> str:
    """Write a date with a short month: «3. des. 2026»."""
    return format_date(local_day(value), "medium", locale=current_locale())


def weekday_date(value: dt.date) -> str:
    """Write a date with its day of the week: «torsdag 3. desember 2026»."""
    return format_date(local_day(value), "full", locale=current_locale())


def month(value: dt.date) -> str:
    """Write a month and its year: «des. 2026»."""
    return format_date(local_day(value), "MMM y", locale=current_locale())


def numeric_date(value: dt.date) -> str:
    """Write a date in digits only: «03.12.2026»."""
    return local_day(value).strftime("%d.%m.%Y")


def moment(value: dt.datetime) -> str:
    """Write a point in time as the clock in Oslo shows it: «3. des. 2026 kl. 14.30»."""
    at = {"date": short_date(value), "time": clock(local_time(value))}
    return gettext("%(date)s kl. %(time)s") % at


def clock(value: dt.time) -> str:
    """Write the time of day: «14.30»."""
    return value.strftime("%H:%M" if current_locale().language == "en" else "%H.%M")


def relative_day(value: dt.date, today: dt.date) -> str:
    """Tell how far ``value`` is from ``today`` in calendar days: «i går», «om 3 dager»."""
    days = (local_day(value) - local_day(today)).days
    near = {-1: gettext("i går"), 0: gettext("i dag"), 1: gettext("i morgen")}
    if days in near:
        return near[days]
    span = _span(local_day(value), local_day(today))
    return (
        gettext("om %(span)s") % {"span": span}
        if days > 0
        else gettext("for %(span)s siden") % {"span": span}
    )


def _span(one: dt.date, other: dt.date) -> str:
    early, late = sorted((one, other))
    days = (late - early).days
    if days < _DAYS_SHOWN_AS_DAYS:
        return ngettext("%(n)d dag", "%(n)d dager", days) % {"n": days}
    months = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
    if months < _MONTHS_SHOWN_AS_MONTHS:
        return ngettext("%(n)d måned", "%(n)d måneder", months) % {"n": months}
    return ngettext("%(n)d år", "%(n)d år", months // 12) % {"n": months // 12}


def local_day(value: dt.date) -> dt.date:
    """Return the calendar day in Oslo of a date or a point in time.

    :raises ValueError: if a point in time has no time zone: nobody knows which day it is.
    """
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def local_time(value: dt.datetime) -> dt.time:
    """Return what the clock in Oslo shows at a point in time."""
    return timezone.localtime(value).time()


def duration(value: dt.timedelta | Number) -> str:
    """Write a length of time: «3 dager 4 timer», «2 timer 15 minutter», «41,5 dager».

    :param value: a ``timedelta``, shown by its two largest units, or a number of days.
    """
    if not isinstance(value, dt.timedelta):
        return ngettext("%(n)s dag", "%(n)s dager", 1 if value == 1 else 2) % {"n": number(value)}
    if value < dt.timedelta(0):
        raise ValueError("a length of time cannot be negative")
    hours, minutes = divmod(value.seconds // 60, 60)
    parts = [
        (value.days, ngettext("%(n)d dag", "%(n)d dager", value.days)),
        (hours, ngettext("%(n)d time", "%(n)d timer", hours)),
        (minutes, ngettext("%(n)d minutt", "%(n)d minutter", minutes)),
    ]
    while parts and not parts[0][0]:
        parts.pop(0)
    shown = [text % {"n": count} for count, text in parts[:2] if count]
    return " ".join(shown) or gettext("under ett minutt")


# --- What people type ---------------------------------------------------------------------------
_MAX_TYPED = 60
_ANY_SPACE = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_AROUND_AMOUNTS = re.compile(r"^kr\.? ?|,[-–]$| ?kr\.?$", re.IGNORECASE)
_POINTED = re.compile(r"-?\d+(?: \d{3})*(?:[.,]\d+)?", re.ASCII)
_DOTTED = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3}){2,}|-?[1-9]\d{0,2}(?:\.\d{3})+,\d+", re.ASCII)
_TWO_WAYS = re.compile(r"(-?[1-9]\d{0,2})\.(\d{3})", re.ASCII)
_DECIMALS_OF_A_GROUP = 3


def parse_number(text: str, decimals: int | None = None) -> Decimal:
    """Read a number or an amount as it is typed in Norway: «1 250 000,50», «1.250.000,50», «-3», «250 kr».

    :param decimals: see ``read_number``.
    :raises NotUnderstood: if it is no number.
    :raises Unclear: if it could be two different ones.
    """
    return read_number(_AROUND_AMOUNTS.sub("", _ANY_SPACE.sub(" ", text).strip()), decimals)


def read_number(text: str, decimals: int | None = None) -> Decimal:
    """Read a number as it is typed in Norway: «1 250 000,50», «1.250.000,50», «12.5», «-3».

    A comma is the decimal sign, and so is a single point, as pasted text has it; spaces and several points group thousands.
    «1.250» is twelve hundred and fifty where three decimals do not fit, and unclear where they do.

    :param decimals: how many decimals there is room for, ``None`` when nobody knows.
    :raises NotUnderstood: if it is no number.
    :raises Unclear: if it could be two different ones.
    """
    typed = _ANY_SPACE.sub(" ", text).strip().replace(MINUS, "-").replace("- ", "-")
    bare = typed if len(typed) <= _MAX_TYPED else ""
    if match := _TWO_WAYS.fullmatch(bare):
        whole, rest = match.groups()
        if decimals is not None and decimals < _DECIMALS_OF_A_GROUP:
            return Decimal(whole + rest)
        raise Unclear(
            gettext("«%(typed)s» kan bety to ting. Skriv %(thousands)s eller %(fraction)s.")
            % {"typed": typed, "thousands": f"{whole}{NBSP}{rest}", "fraction": f"{whole},{rest}"}
        )
    if _POINTED.fullmatch(bare):
        return Decimal(bare.replace(" ", "").replace(",", "."))
    if _DOTTED.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    raise NotUnderstood(
        gettext("«%(typed)s» er ikke et tall. Skriv for eksempel 1 250 000 eller 41,5.")
        % {"typed": _cut(typed)}
    )


_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})\.? ([a-zæøå]{3,})\.? (\d{4})", re.IGNORECASE)
_YEARS = range(1900, 2200)


def parse_date(text: str) -> dt.date:
    """Read a date as it is typed in Norway: «3.12.2026», «3. desember 2026» or «2026-12-03».

    :raises NotUnderstood: if it is no date, is not in the calendar, or lacks the century.
    """
    typed = _ANY_SPACE.sub(" ", text).strip()
    found = _day_month_year(typed) if len(typed) <= _MAX_TYPED else None
    if found is None or found[2] not in _YEARS:
        raise NotUnderstood(
            gettext(
                "«%(typed)s» er ikke en dato. Skriv dag, måned og år med fire sifre, for eksempel 3.12.2026."
            )
            % {"typed": _cut(typed)}
        )
    day, month, year = found
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NotUnderstood(
            gettext("%(typed)s finnes ikke i kalenderen. Kontroller dag og måned.") % {"typed": typed}
        ) from None


def _day_month_year(typed: str) -> tuple[int, int, int] | None:
    if match := _NUMERIC.fullmatch(typed):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _ISO.fullmatch(typed):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _WORDS.fullmatch(typed):
        names = get_month_names("wide", locale="nb_NO")
        months = [index for index, name in names.items() if name.startswith(match[2].lower())]
        return (int(match[1]), months[0], int(match[3])) if len(months) == 1 else None
    return None


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TYPED else f"{text[:_MAX_TYPED]}…"
