"""Where days lie on the roadmap: fixed numbers, with leap years, single days and what lies outside."""

from __future__ import annotations

from datetime import date

import pytest

from portfolio.roadmap.geometry import (
    FIRST_YEAR,
    LAST_YEAR,
    THINNEST,
    Scale,
    Window,
    Zoom,
    bar_of,
    elbow,
    ticks,
    window_of,
    year_around,
)

# One unit a day: 2027 has 365 days, and 2028 has 366.
ORDINARY = Scale(Window(date(2027, 1, 1), date(2028, 1, 1)), 100, 465)
LEAP = Scale(Window(date(2028, 1, 1), date(2029, 1, 1)), 100, 466)


@pytest.mark.parametrize(
    ("scale", "day", "x"),
    [
        (ORDINARY, date(2027, 1, 1), 100), (ORDINARY, date(2027, 3, 1), 159), (ORDINARY, date(2027, 12, 31), 464),
        (LEAP, date(2028, 2, 29), 159), (LEAP, date(2028, 3, 1), 160), (LEAP, date(2028, 12, 31), 465),
        (ORDINARY, date(2026, 12, 31), 100), (ORDINARY, date(2028, 1, 1), 465), (ORDINARY, date(2040, 1, 1), 465),
    ],
)  # fmt: skip
def test_place_day__one_unit_a_day(scale, day, x):
    assert scale.at(day) == pytest.approx(x)


def test_place_day__around_the_change_to_summer_time_is_a_day_like_others():
    assert ORDINARY.at(date(2027, 3, 29)) - ORDINARY.at(date(2027, 3, 28)) == pytest.approx(1)
    assert ORDINARY.middle_of(date(2027, 3, 28)) == pytest.approx(ORDINARY.at(date(2027, 3, 28)) + 0.5)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2027, 1, 1), date(2027, 1, 31), (100, 31, False, False)),  # a period holds its last day
        (date(2027, 2, 1), date(2027, 2, 28), (131, 28, False, False)),
        (date(2026, 5, 5), date(2027, 1, 31), (100, 31, True, False)),
        (date(2027, 12, 1), date(2028, 6, 1), (434, 31, False, True)),
        (date(2020, 1, 1), date(2040, 1, 1), (100, 365, True, True)),
        (date(2027, 12, 1), date(2027, 12, 31), (434, 31, False, False)),
        (date(2027, 12, 1), None, (434, 31, False, True)),
        (date(2020, 1, 1), None, (100, 365, True, True)),
    ],
)
def test_draw_bar__inside_and_over_the_edges(start, end, expected):
    bar = bar_of(ORDINARY, start, end)
    assert (bar.x, bar.width) == pytest.approx(expected[:2])
    assert (bar.begins_before, bar.ends_after) == expected[2:]


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2026, 1, 1), date(2026, 12, 31)), (date(2028, 1, 1), date(2028, 2, 1)), (date(2028, 1, 1), None)],
)
def test_draw_bar__nothing_of_what_lies_outside(start, end):
    assert bar_of(ORDINARY, start, end) is None


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 6, 15), date(2027, 12, 31)])
def test_draw_bar__of_one_day_can_be_seen_and_stays_inside(day):
    bar = bar_of(ORDINARY, day, day)
    assert bar.width == THINNEST
    assert ORDINARY.left <= bar.x
    assert bar.right <= ORDINARY.right
    assert (bar.begins_before, bar.ends_after) == (False, False)


def test_draw_bar__of_february_in_a_leap_year():
    bar = bar_of(LEAP, date(2028, 2, 1), date(2028, 2, 29))
    assert (bar.x, bar.width) == pytest.approx((131, 29))


@pytest.mark.parametrize(
    ("zoom", "year", "first", "last", "lines"),
    [
        (Zoom.MONTH, 2027, date(2027, 1, 1), date(2027, 12, 31), 12),
        (Zoom.QUARTER, 2027, date(2027, 1, 1), date(2028, 12, 31), 8),
        (Zoom.YEAR, 2025, date(2025, 1, 1), date(2029, 12, 31), 5),
        (Zoom.YEAR, 0, date(FIRST_YEAR, 1, 1), date(FIRST_YEAR + 4, 12, 31), 5),
        (Zoom.MONTH, 10**17, date(LAST_YEAR - 1, 1, 1), date(LAST_YEAR - 1, 12, 31), 12),
    ],
)
def test_choose_window__whole_years_with_their_lines(zoom, year, first, last, lines):
    window = window_of(zoom, year)
    days = list(ticks(window, zoom))
    assert (window.first, window.last, len(days), days[0]) == (first, last, lines, first)
    assert all(day.day == 1 and window.holds(day) for day in days)
    assert not window.holds(window.until)


@pytest.mark.parametrize("zoom", list(Zoom))
@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 1, 1), date(2027, 12, 31)])
def test_choose_window__holds_today(zoom, today):
    assert window_of(zoom, year_around(zoom, today)).holds(today)


def test_draw_arrow__leaves_between_the_rows_on_the_side_it_goes_to():
    assert elbow((10, 50), (90, 200), gap=7) == [(10, 50), (10, 57), (90, 57), (90, 200)]
    assert elbow((90, 200), (10, 50), gap=7) == [(90, 200), (90, 193), (10, 193), (10, 50)]
