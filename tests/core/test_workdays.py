from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import add_working_days, is_working_day, working_days_between

days = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",  # New Year's Day
        "2026-04-02",  # Maundy Thursday
        "2026-04-03",  # Good Friday
        "2026-04-06",  # Easter Monday
        "2026-05-01",
        "2027-05-17",
        "2026-05-14",  # Ascension Day
        "2026-05-25",  # Whit Monday
        "2026-12-25",
        "2026-12-26",
        "2026-11-21",  # Saturday
        "2026-11-22",  # Sunday
    ],
)
def test_holidays_and_weekends_are_no_working_days(day: str) -> None:
    assert not is_working_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-31", "2026-04-01", "2026-11-23"])
def test_days_that_offices_close_early_are_working_days_by_law(day: str) -> None:
    assert is_working_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-21", 1, "2026-11-23"),  # Saturday to Monday
        ("2026-04-01", 1, "2026-04-07"),  # over Easter
        ("2026-12-23", 3, "2026-12-29"),  # the 24th counts; Friday the 25th and the weekend do not
        ("2026-04-07", -1, "2026-04-01"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-22", 0, "2026-11-23"),
    ],
)
def test_add_working_days(start: str, count: int, end: str) -> None:
    assert add_working_days(dt.date.fromisoformat(start), count) == dt.date.fromisoformat(end)


def test_working_days_between_leaves_out_the_first_day() -> None:
    assert working_days_between(dt.date(2026, 11, 20), dt.date(2026, 11, 27)) == 5
    assert working_days_between(dt.date(2026, 11, 20), dt.date(2026, 11, 20)) == 0


@given(days, st.integers(-300, 300).filter(bool))
def test_working_days_between_undoes_add_working_days(day: dt.date, count: int) -> None:
    moved = add_working_days(day, count)
    assert is_working_day(moved)
    assert working_days_between(day, moved) == count


def test_is_working_day_refuses_a_point_in_time() -> None:
    with pytest.raises(TypeError, match="local_day"):
        is_working_day(dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC))
