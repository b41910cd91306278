from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.charts import (
    Axis,
    Chart,
    Entry,
    Milestone,
    Series,
    Span,
    bars,
    line,
    matrix,
    sparkline,
    stacked_bars,
    timeline,
)
from core.charts.scales import scale
from core.charts.svg import SERIES_COLORS, shortened, spread, text_width
from core.spreadsheets import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ["jan.", "feb.", "mars", "april"]
TODAY = dt.date(2026, 9, 10)
EVIL = "<script>alert(1)</script> & \"'"
NB = "\xa0"


def drawn(chart: Chart, tag: str, class_: str = "") -> list[Element]:
    found = fromstring(chart.markup).iter(f"{SVG}{tag}")
    return [one for one in found if not class_ or class_ in (one.get("class") or "").split()]


def texts(chart: Chart) -> list[str]:
    return ["".join(one.itertext()) for one in drawn(chart, "text")]


def a_line(values: list[float | None], **more: object) -> Chart:
    return line("Tid", MONTHS, [Series("Målt", values)], **more)


SPANS = [
    Span(
        "Byggesak",
        dt.date(2026, 2, 1),
        dt.date(2026, 10, 15),
        "i rute",
        (Milestone("BP3", dt.date(2026, 4, 1), done=True),),
    ),
    Span("Alarmer", dt.date(2026, 6, 1), None),
    Span("Portal", None, None),
]
EVERY: dict[str, Callable[[str], Chart]] = {
    "line": lambda text: line(text, [text, "b"], [Series(text, [1, 2])], unit=text),
    "bars": lambda text: bars(text, [text, "b"], [1, None], unit=text),
    "stacked_bars": lambda text: stacked_bars(text, [text], [Series(text, [1])], unit=text),
    "sparkline": lambda text: sparkline(text, [text], [1], unit=text),
    "timeline": lambda text: timeline(
        text, [Span(text, TODAY, TODAY, text, (Milestone(text, TODAY),))], today=TODAY
    ),
    "matrix": lambda text: matrix(
        text, Axis(text, (text,)), Axis(text, ("a", "b")), {(0, 0): [Entry(text, "/x?a=1&b=2"), Entry(text)]},
        levels=[text], level=lambda _row, _column: 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY)
def test_charts_escape_every_text(kind: str) -> None:
    chart = EVERY[kind](EVIL)
    assert "<script" not in chart.markup
    root = fromstring(chart.markup)
    assert EVIL in [one.text for one in root.iter()]
    assert Template("{{ chart }}").render(Context({"chart": chart})) == chart.markup


@pytest.mark.parametrize("kind", sorted(set(EVERY) - {"matrix"}))
def test_drawings_are_named_and_described(kind: str) -> None:
    chart = EVERY[kind]("Tid")
    root = fromstring(chart.markup)
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    assert [ids[ident] for ident in root.get("aria-labelledby", "").split()] == ["Tid", chart.description]
    assert chart.description.endswith(".")


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_charts_have_no_inline_style_and_are_the_same_every_time(kind: str) -> None:
    chart = EVERY[kind]("Tid")
    assert "style=" not in chart.markup.replace("font-style=", "")
    assert EVERY[kind]("Tid") == chart


def test_key_gives_equal_charts_on_one_page_ids_of_their_own() -> None:
    first, second = a_line([1, 2, 3, 4], key="a"), a_line([1, 2, 3, 4], key="b")
    assert not {one.get("id") for one in drawn(first, "title")} & {
        one.get("id") for one in drawn(second, "title")
    }


def test_line_leaves_a_gap__where_nothing_was_measured() -> None:
    chart = a_line([1, 2, None, 3])
    [path] = drawn(chart, "polyline")
    assert len(path.get("points", "").split()) == 2  # the last point stands alone, without a line to it
    assert len(drawn(chart, "circle")) == 4  # three values, and the mark before the name
    assert "Mangler: mars." in chart.description
    assert chart.shown_rows == [["jan.", "1"], ["feb.", "2"], ["mars", "mangler"], ["april", "3"]]


def test_line_draws_zero_as_zero() -> None:
    chart = a_line([5, 0, None, 5])
    [path] = drawn(chart, "polyline")
    zero = next(one for one in drawn(chart, "line") if one.get("class") == "chart-axis")
    assert path.get("points", "").split()[1].split(",")[1] == f"{float(zero.get('y1', 0)):.1f}"
    assert chart.rows[1] == ("feb.", 0)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            [41.5, None, 30, 27.2],
            f"Målt gikk fra 41,5{NB}dager (jan.) til 27,2{NB}dager (april). Mangler: feb.",
        ),
        ([3, 3, 3, 3], f"Målt var 3{NB}dager både først (jan.) og sist (april)."),
        ([None, 7, None, None], f"Målt var 7{NB}dager (feb.). Mangler: jan., mars, april."),
        ([None] * 4, "Målt har ingen tall ennå."),
    ],
)
def test_line_is_told_in_words(values: list[float | None], told: str) -> None:
    assert a_line(values, unit="dager").description == told


def test_line_tells_plan_and_reference_apart_without_color() -> None:
    series = [
        Series("Målt", [1, 2, 3, 4]),
        Series("Plan", [2, 3, 4, 5], "plan"),
        Series("Nullpunkt", [1] * 4, "reference"),
    ]
    chart = line("Tid", MONTHS, series)
    dashes = {one.get("class"): one.get("stroke-dasharray") for one in drawn(chart, "polyline")}
    assert dashes == {"chart-line chart-s1": None, "chart-line chart-s2": "6 4", "chart-line chart-s3": "2 4"}
    hollow = drawn(chart, "polygon", "chart-hollow")
    assert len(hollow) == 5
    assert all(one.get("fill") == "#ffffff" for one in hollow)
    assert drawn(chart, "polyline")[-1].get("class") == "chart-line chart-s1"  # measured lies on top


def test_line_names_series_at_their_ends__moved_apart() -> None:
    chart = line("Tid", MONTHS, [Series(name, [5, 5, 5, 5]) for name in "abc"])
    heights = [float(one.get("y", 0)) for one in drawn(chart, "text", "chart-text")]
    assert {"a 5", "b 5", "c 5"} <= set(texts(chart))
    assert [there - here for here, there in pairwise(sorted(heights))] == [17, 17]


def test_line_says_a_long_unit_once__and_a_short_one_at_each_end() -> None:
    long = texts(a_line([1, 2, None, 3], unit="avvik per årsverk og år"))
    assert long.count("avvik per årsverk og år") == 1
    assert "Målt 3" in long
    assert "Målt 3\u00a0dager" in texts(a_line([1, 2, None, 3], unit="dager"))


def test_line_keeps_its_first_label_inside_the_drawing() -> None:
    chart = line("Tid", ["24. november 2025", "18. mars 2026"], [Series("Målt", [1, 2])])
    first = next(one for one in drawn(chart, "text") if "".join(one.itertext()).startswith("24."))
    assert float(first.get("x") or 0) + 1 >= text_width("24. november 2025") / 2


def test_line_without_anything_is_still_a_chart() -> None:
    assert line("Tid", [], []).rows == ()
    assert line("Tid", ["jan."], [Series("Målt", [3])]).description == "Målt var 3 (jan.)."


def test_line_shows_as_many_labels_as_there_is_room_for__the_last_among_them() -> None:
    labels = [f"uke {week}" for week in range(1, 53)]
    chart = line("Tid", labels, [Series("Målt", [1] * 52)])
    shown = [text for text in texts(chart) if text.startswith("uke")]
    assert 5 < len(shown) < 20
    assert "uke 52" in shown


@pytest.mark.parametrize("draw", [line, stacked_bars])
def test_charts_refuse_values_without_label(draw: Callable[..., Chart]) -> None:
    with pytest.raises(ValueError, match="Målt has 3 values for 4 labels"):
        draw("Tid", MONTHS, [Series("Målt", [1, 2, 3])])


def test_bars_begin_at_zero_and_tell_zero_from_missing() -> None:
    chart = bars("Tiltak", ["A", "B", "C", "D"], [10, 0, None, 5])
    ten, five = drawn(chart, "rect")
    assert float(ten.get("width", 0)) == pytest.approx(2 * float(five.get("width", 0)), abs=0.2)
    assert ten.get("x") == five.get("x")
    assert [text for text in texts(chart) if text not in "ABCD"] == ["10", "0", "mangler", "5"]
    assert chart.description == "A: 10. B: 0. D: 5. Mangler: C."


def test_bars_draw_negative_values_to_the_left_of_zero() -> None:
    chart = bars("Avvik", ["A", "B"], [Decimal(-400000), 2_500_000], unit="kr")
    [zero] = drawn(chart, "line", "chart-axis")
    less, more = drawn(chart, "rect")
    x0 = float(zero.get("x1", 0))
    assert float(less.get("x", 0)) + float(less.get("width", 0)) == pytest.approx(x0, abs=0.2)
    assert float(more.get("x", 0)) == pytest.approx(x0, abs=0.2)
    assert float(less.get("x", 0)) > 60  # room for its value
    assert f"−400{NB}000{NB}kr" in texts(chart)


def test_stacked_bars_add_layers_up_and_say_when_one_is_missing() -> None:
    chart = stacked_bars(
        "Kapasitet",
        ["Q1", "Q2", "Q3"],
        [Series("Drift", [12, 10, None]), Series("Utvikling", [6, None, None])],
    )
    first, second, third = drawn(chart, "rect", "chart-layer")
    assert float(first.get("x", 0)) + float(first.get("width", 0)) == pytest.approx(
        float(second.get("x", 0)), abs=0.2
    )
    assert float(first.get("width", 0)) == pytest.approx(1.2 * float(third.get("width", 0)), abs=0.2)
    assert {"18", "10, noe mangler", "mangler"} <= set(texts(chart))
    assert chart.description == "Q1: 18 (Drift 12, Utvikling 6). Q2: 10, noe mangler (Drift 10). Q3: mangler."
    assert chart.shown_rows[1] == ["Q2", "10", "mangler"]


def test_stacked_bars_refuse_negative_layers() -> None:
    with pytest.raises(ValueError, match="negative"):
        stacked_bars("Kapasitet", ["Q1"], [Series("Drift", [-1])])


def test_sparkline_leaves_gaps_and_marks_the_last_known_value() -> None:
    chart = sparkline("Tid", MONTHS, [1, 2, None, None])
    assert len(drawn(chart, "polyline")) == 1
    [dot] = drawn(chart, "circle")
    assert float(dot.get("cx", 0)) == pytest.approx(4 + 112 / 3, abs=0.1)
    assert sparkline("Tid", MONTHS, [None] * 4).description.startswith("Tid har ingen tall ennå.")
    assert sparkline("Tid", [], []).rows == ()


def test_timeline_places_periods_milestones_and_today() -> None:
    chart = timeline("Portefølje", SPANS, today=TODAY)
    closed, opened = drawn(chart, "rect")
    [today] = drawn(chart, "line", "chart-line")
    x = float(today.get("x1", 0))
    assert float(closed.get("x", 0)) < float(opened.get("x", 0)) < x
    assert (
        x
        < float(closed.get("x", 0)) + float(closed.get("width", 0))
        < float(opened.get("x", 0)) + float(opened.get("width", 0))
    )
    assert closed.get("stroke-dasharray") is None
    assert opened.get("stroke-dasharray") == "5 3"
    [milestone] = drawn(chart, "polygon")
    assert milestone.get("class") == "chart-line chart-s1 chart-solid"
    assert {"i dag", "ikke planlagt", "Byggesak"} <= set(texts(chart))
    assert chart.description == (
        "I dag er 10. sep. 2026. Byggesak (i rute) fra 1. feb. 2026 til 15. okt. 2026. "
        "BP3 1. apr. 2026 (nådd). "
        "Alarmer fra 1. juni 2026 uten sluttdato. Portal er ikke planlagt."
    )
    assert chart.rows[0][:4] == ("Byggesak", dt.date(2026, 2, 1), dt.date(2026, 10, 15), "i rute")


@pytest.mark.parametrize(
    ("end", "tick"),
    [(dt.date(2026, 8, 1), "mai 2026"), (dt.date(2028, 3, 1), "1. kv. 2027"), (dt.date(2036, 1, 1), "2030")],
)
def test_timeline_divides_the_calendar_by_its_length(end: dt.date, tick: str) -> None:
    chart = timeline("Plan", [Span("A", dt.date(2026, 4, 1), end)], today=dt.date(2026, 6, 1))
    assert tick in texts(chart)


def test_timeline_draws_a_single_day_and_nothing_at_all() -> None:
    chart = timeline("Plan", [Span("A", TODAY, TODAY)], today=TODAY)
    assert float(drawn(chart, "rect")[0].get("width", 0)) >= 2
    assert timeline("Plan", [], today=dt.date(2026, 12, 31)).rows == ()


RISK = {(0, 2): [Entry("Konkurs", "/risiko/1/")], (1, 0): [Entry("Forsinkelse")]}


def a_matrix(entries: dict[tuple[int, int], list[Entry]]) -> Chart:
    return matrix(
        "Risiko", Axis("Sannsynlighet", ("Høy", "Lav")), Axis("Konsekvens", ("Liten", "Middels", "Stor")),
        entries, levels=("Lav", "Høy"), level=lambda row, column: int(column - row >= 1),
    )  # fmt: skip


def test_matrix_is_a_table_that_says_its_levels_in_words() -> None:
    root = fromstring(a_matrix(RISK).markup)
    assert root.findtext("caption") == "Risiko"
    assert [one.text for one in root.iter("th") if one.get("scope") == "col"] == [
        "Sannsynlighet / Konsekvens", "Liten", "Middels", "Stor"
    ]  # fmt: skip
    assert [one.text for one in root.iter("th") if one.get("scope") == "row"] == ["Høy", "Lav"]
    cells = list(root.iter("td"))
    assert [one.findtext("span") for one in cells] == ["Lav", "Høy", "Høy", "Lav", "Lav", "Høy"]
    assert [one.get("class") for one in cells[:2]] == ["chart-level-1", "chart-level-5"]
    assert [one.get("href") for one in root.iter("a")] == ["/risiko/1/"]
    assert [one.text for one in cells[3].iter("li")] == ["Forsinkelse"]


def test_matrix_has_a_plain_list_behind_it() -> None:
    chart = a_matrix(RISK)
    assert chart.headings == ("Navn", "Sannsynlighet", "Konsekvens", "Nivå")
    assert chart.rows == (("Konkurs", "Høy", "Stor", "Høy"), ("Forsinkelse", "Lav", "Liten", "Lav"))
    assert chart.description == "Høy: 1. Lav: 1."
    assert a_matrix({}).description == "Ingenting er plassert i matrisen ennå."


@pytest.mark.parametrize("place", [(2, 0), (0, 3), (-1, 0)])
def test_matrix_refuses_what_lies_outside(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        a_matrix({place: [Entry("x")]})


def test_rows_of_a_chart_can_be_downloaded() -> None:
    chart = timeline("Plan", SPANS, today=TODAY)
    assert b"Alarmer;2026-06-01;;;" in b"".join(write_csv(chart.headings, chart.rows))


numbers = st.none() | st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9)


@given(st.lists(numbers, max_size=30))
def test_charts_take_any_numbers_and_stay_inside_the_drawing(values: list[float | None]) -> None:
    labels = [str(place) for place in range(len(values))]
    for chart in (
        line("T", labels, [Series("S", values)]),
        bars("T", labels, values),
        sparkline("T", labels, values),
    ):
        root = fromstring(chart.markup)
        _, _, width, height = map(float, root.get("viewBox", "").split())
        for one in root.iter(f"{SVG}circle"):
            assert 0 <= float(one.get("cx", 0)) <= width
            assert 0 <= float(one.get("cy", 0)) <= height
        assert "nan" not in chart.markup.lower()


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=9), st.booleans())
def test_scale_holds_every_value_between_round_ticks(values: list[float], from_zero: bool) -> None:
    found = scale(values, 0, 100, from_zero=from_zero)
    invisible = 1e-6 * (found.high - found.low)
    assert found.low <= min(values) + invisible
    assert found.high >= max(values) - invisible
    assert 2 <= len(found.ticks) <= 9
    if from_zero:
        assert 0 in found.ticks


@given(st.lists(st.floats(0, 300), max_size=10))
def test_spread_keeps_labels_apart_and_in_order(wanted: list[float]) -> None:
    placed = spread(wanted, gap=17, low=0, high=300)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    gaps = [placed[there] - placed[here] for here, there in pairwise(order)]
    assert all(gap >= 17 - 1e-6 for gap in gaps)
    assert all(value <= 300 for value in placed)


def test_shortened_fits_the_room() -> None:
    assert shortened("Kort", 100) == "Kort"
    cut = shortened("Et veldig langt navn på et tiltak", 100)
    assert cut.endswith("…")
    assert text_width(cut) <= 100


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", SERIES_COLORS)
def test_colors_on_paper_can_be_read_and_carry_white_text(color: str) -> None:
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


def test_style_sheet_knows_every_class_that_is_drawn() -> None:
    css = (settings.BASE_DIR / "static/stafett/charts.css").read_text("utf-8")
    charts = [
        line("T", ["a", "b"], [Series(str(place), [1, 2], "plan") for place in range(6)]),
        line("T", ["a", "b"], [Series(str(place), [1, 2]) for place in range(6)]),
        bars("T", ["a"], [None]),
        stacked_bars("T", ["a"], [Series("s", [10])]),
        sparkline("T", ["a", "b"], [1, 2]),
        timeline("T", SPANS, today=TODAY),
        a_matrix(RISK),
    ]
    drawn_classes = {
        name
        for chart in charts
        for found in re.findall(r'class="([^"]*)"', chart.markup)
        for name in found.split()
    }
    assert len(drawn_classes) > 15
    assert {name for name in drawn_classes if not re.search(rf"\.{name}\b(?!-)", css)} == set()
