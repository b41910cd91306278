"""The arithmetic of the report, and what it calls a miss."""

from __future__ import annotations

import argparse

import pytest

from bench import explain, figures, floor
from bench.load import Target
from bench.measure import Measured, Series, entry_of_floor
from bench.pages import API_LIST, NEXT_PAGE, PAGES, Page
from bench.probe import main_table
from bench.report import document, misses_of
from bench.subjects import SUBJECTS
from organization.roles import Role

TARGET = Target(1, "/")
PLAN = [
    "Limit  (actual time=0.1..5.5 rows=31.00 loops=1)",
    "  ->  Index Scan using initiative_latest on governance_initiative  (actual time=0.03..5.2 rows=31.00 loops=1)",
    "        Rows Removed by Filter: 17",
    "        Index Searches: 1",
    "        ->  Bitmap Index Scan on hearing_of  (actual time=0.01..0.01 rows=1.00 loops=31)",
    "        ->  Index Only Scan Backward using decision_log on governance_decision  (actual time=0.0..0.0 rows=1.00 loops=1)",
    "        ->  Index Scan using person_pkey on organization_person  (never executed)",
    "  ->  Seq Scan on organization_unit u0  (actual time=0.0..0.1 rows=140.00 loops=1)",
    "        Rows Removed by Filter: 3",
]


def series(*, app=(10.0, 10.0), rates=(40.0, 40.0), floor_rates=(100.0, 80.0), queries=3, long=3):
    statement = {"sql": 'SELECT "a"."id" FROM "a" WHERE 1', "ms": 1.5}
    seen = {
        "path": "/", "statements": [statement] * queries, "short": 3, "long": long, "processor_ms": 4.0, "slowest": statement, "plan": PLAN,
    }  # fmt: skip
    return Series(
        seen, TARGET, TARGET, app_ms=list(app), floor_ms=[1.0, 1.0], all_ms=[*app], app_rate=list(rates),
        floor_rate=list(floor_rates),
    )  # fmt: skip


def measured(first=None, last=None, **page):
    page = {"key": "A list", "route": "x", "kind": API_LIST, "table": "a", **page}
    return Measured(Page(**page), {10: first or series(), 200: last or series()})


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([5.0], 0.95, 5.0), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 101)), 0.95, 95), ([3, 1, 2], 1, 3)],
)
def test_find_percentile(values, share, expected):
    assert figures.percentile(values, share) == expected


def test_find_percentile__of_nothing():
    with pytest.raises(ValueError, match="no values"):
        figures.percentile([], 0.5)


def test_pair_ratios__a_disturbed_round_disturbs_both():
    assert figures.paired_ratio([40, 4, 44], [100, 10, 100]) == pytest.approx(0.4)


def test_pair_ratios__refuses_rounds_that_do_not_pair_up():
    with pytest.raises(ValueError, match="zip"):
        figures.paired_ratio([1, 2], [1])


def test_hold_growth__up_to_the_target():
    assert figures.growth_is_held(1.3)
    assert not figures.growth_is_held(1.31)


def test_find_misses__none_when_all_is_well():
    assert misses_of(measured(last=series(rates=(45.0, 45.0)))) == []


def test_find_misses__growth_statements_rows_and_share():
    last = series(app=(15.0, 13.5), queries=7, long=9, rates=(30.0, 30.0))
    found = "; ".join(misses_of(measured(last=last)))
    assert "grows 1.43 times (10.0 → 14.2 ms)" in found
    assert "7 statements, at most 6 wanted" in found
    assert "depends on the rows" in found
    assert "34% of the raw floor's throughput, 40% wanted" in found


def test_find_misses__less_is_asked_of_lists_that_are_not_hot():
    assert misses_of(measured(last=series(rates=(30.0, 30.0)), hot=False)) == []


def test_read_plan__what_ran():
    reading = explain.read_plan(PLAN)
    assert reading.indexes == ("initiative_latest", "hearing_of", "decision_log")
    assert reading.whole_tables == ("organization_unit",)
    assert reading.removed == 20


def test_shorten_plan__cuts_long_lines_and_counters():
    short = explain.shorten([*PLAN, "x" * 400])
    assert not any("Index Searches" in line for line in short)
    assert max(len(line) for line in short) < 180


ROWS = 'SELECT "a"."id", "a"."name" FROM "a" WHERE "a"."x" = 1'
WHO = 'SELECT "organization_person"."id" FROM "organization_person" WHERE 1'
SEEN = {
    "statements": [{"sql": sql, "ms": 1} for sql in (WHO, ROWS, 'INSERT INTO "log" VALUES (1)')],
    "names": ["id", "title"],
}
ANSWER = b'{"results":[{"id":1,"title":"x","page_url":"/1/"}],"next":"?cursor=a"}'


def test_give_floor_its_statements__all_that_the_request_reads():
    assert entry_of_floor(measured(kind="list").page, SEEN, "d", b"") == {"dsn": "d", "sql": [WHO, ROWS]}
    entry = entry_of_floor(measured().page, SEEN, "d", ANSWER)
    assert entry["sql"] == [WHO, ROWS]
    assert entry["page"] == {
        "statement": 1, "names": ["id", "title"], "reckoned": [{"page_url": "/1/"}], "rest": {"next": "?cursor=a"},
    }  # fmt: skip


def test_give_floor_its_statements__refuses_a_list_that_reads_nothing_from_its_table():
    with pytest.raises(LookupError, match="nothing from other"):
        entry_of_floor(measured(table="other").page, SEEN, "d", ANSWER)


def test_answer_as_floor__the_bytes_of_the_application_from_rows_of_its_own():
    page = entry_of_floor(measured().page, SEEN, "d", ANSWER)["page"]
    found = [(["id"], [(7,)]), (["id", "name"], [(1, "x"), (2, "one row too many tells of a next page")])]
    assert floor.write(floor.as_page(page, found)) == ANSWER
    changed = [found[0], (["id", "name"], [(1, "y")])]
    assert floor.write(floor.as_page(page, changed)) != ANSWER


def test_answer_as_floor__all_rows_of_a_page():
    found = [(["id"], [(7,)]), (["id", "name"], [(1, "x")])]
    assert floor.as_rows(found) == {"results": [{"id": 7}, {"id": 1, "name": "x"}]}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (
            'SELECT "a"."id", CASE WHEN (EXISTS(SELECT 1 FROM "b" WHERE 1)) THEN 1 END AS "x" FROM "a" WHERE 1',
            "a",
        ),
        ('SELECT \') FROM "b"\' AS "t", ARRAY(SELECT 1 FROM "c") FROM "a"', "a"),
        ('(SELECT COUNT("a"."id") FROM "a")', ""),
        ("BEGIN", ""),
    ],
)
def test_find_main_table__behind_subqueries_and_texts(statement, table):
    assert main_table(statement) == table


def test_write_document__names_what_misses_and_what_is_not_there():
    options = argparse.Namespace(area="initiatives", sizes="10,200", rounds=2, seconds=1.0, seed=1)
    absent = Measured(Page(key="Not built", route="x"), {}, "no such route")
    slow = measured(key="A slow page", kind="list", first=series(), last=series(app=(20.0, 20.0)))
    text = "\n".join(document([measured(), slow, absent], options, "18.6"))
    assert "* A slow page: grows 2.00 times (10.0 → 20.0 ms)." in text
    assert "* Not built: no such route" in text
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in table.split("\n")}) == 1 for table in tables)
    assert "`initiative_latest`" in text
    assert "| A list | 3 | 10.0 ms | 10.0 ms | 1.00 | 4 ms | 40 | 80 | 45% | 45% |" in text


def test_declare_pages__keys_roles_and_subjects_are_known():
    keys = [page.key for page in PAGES]
    assert len(keys) == len(set(keys))
    assert {page.role for page in PAGES} <= set(Role.values)
    assert {page.subject for page in PAGES} - {""} <= set(SUBJECTS)
    assert all(page.table for page in PAGES if page.kind == API_LIST)
    assert any(page.query == NEXT_PAGE for page in PAGES)
