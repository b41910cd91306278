"""Keyset pages: every row once, forth and back, whatever stands in the address."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notice
from core.paging import keyset
from organization.roles import Role

ORDERING = ("-created_at", "-pk")
BEGUN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def notices(world):
    """Make 23 notices, several of them from the same moment, and return their ids newest first."""
    person = world.home.person(Role.EMPLOYEE)
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(Notice)
    rows = [
        Notice(
            key=f"n{number}", recipient=person, event="x", title=f"Varsel {number}", content_type=kind, object_id=1,
            created_at=BEGUN + timedelta(hours=number // 4),
        )
        for number in range(23)
    ]  # fmt: skip
    Notice.objects.bulk_create(rows)
    return list(Notice.objects.order_by(*ORDERING).values_list("pk", flat=True))


def page_at(rf, address: str, size: int = 5):
    return keyset(Notice.objects.all(), rf.get(f"/liste/{address}"), ORDERING, size=size)


def token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize("size", [1, 4, 5, 22, 23, 24])
def test_walk_pages__meets_every_row_once(rf, notices, size):
    seen, address = [], ""
    while True:
        page = page_at(rf, address, size)
        seen += [row.pk for row in page.rows]
        if not page.next_url:
            break
        address = page.next_url
    assert seen == notices


def test_walk_pages__back_again_meets_the_same_pages(rf, notices):
    pages, address = [], ""
    while True:
        page = page_at(rf, address)
        pages.append([row.pk for row in page.rows])
        if not page.next_url:
            break
        address = page.next_url
    back = []
    while page.previous_url:
        page = page_at(rf, page.previous_url)
        back.append([row.pk for row in page.rows])
    assert back == pages[-2::-1]


def test_walk_pages__a_row_added_meanwhile_moves_nothing(rf, notices):
    first = page_at(rf, "")
    newest = Notice.objects.get(pk=notices[0])
    newest.pk, newest.key, newest.created_at = None, "ny", BEGUN + timedelta(days=1)
    newest.save()
    second = page_at(rf, first.next_url)
    assert [row.pk for row in second.rows] == notices[5:10]


def test_page__knows_when_it_is_the_only_one(rf, notices):
    assert page_at(rf, "", 50).is_only_page
    assert not page_at(rf, "", 5).is_only_page


def test_page__keeps_the_filters_of_the_address(rf, notices):
    page = page_at(rf, "?q=a%26b&status=x&status=y&etter=gammel")
    assert page.next_url.startswith("?q=a%26b&status=x&status=y&etter=")
    assert page.next_url.count("etter=") == 1


def test_page__asks_one_question_and_counts_nothing(rf, notices, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        page_at(rf, "")
    question = asked.captured_queries[0]["sql"]
    assert "COUNT" not in question
    assert "OFFSET" not in question


@pytest.mark.parametrize(
    "position",
    ["", "x", "%00", token([]), token(["2026-03-01"]), token({"a": 1}), token([True, 1]), token([None, 1]),
     token(["i går", 1]), token(["2026-03-01T08:00:00+00:00", "x"]), token([[], {}]), "A" * 2000,
     token([5, 1]), token(["2026-13-45", 1]), token(["2026-03-01\x00", 1])],
)  # fmt: skip
def test_page__that_cannot_be_read_is_the_first(rf, notices, position):
    for name in ("etter", "for"):
        assert [row.pk for row in page_at(rf, f"?{name}={position}").rows] == notices[:5]


@given(text=st.text(max_size=60))
def test_position__never_breaks_the_page(text):
    from django.test import RequestFactory

    from core.paging import _position

    forward, position = _position(RequestFactory().get("/", {"for": text}))
    assert position is None or isinstance(position, list)
    assert isinstance(forward, bool)
