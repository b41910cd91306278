"""The self-assessment: who writes and reads it, what locking asks for, and how it moves over time."""

from __future__ import annotations

import html

import pytest
from django.db import InternalError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.maturity import operations
from portfolio.maturity.presentation import course_of, mean_of, moved
from portfolio.maturity.wording import asked
from portfolio.models import MaturityAnswer, MaturityReview, Prerequisite
from tests.portfolio import maturities

MAX_QUERIES = 12
LIST = reverse("portfolio:maturity_list")
START = reverse("portfolio:maturity_start")


@pytest.fixture
def place(world):
    return world.home


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


def answer_url(review, key=Prerequisite.ROLES):
    return reverse("portfolio:maturity_answer", args=[review.pk, key.value])


def lock_url(review):
    return reverse("portfolio:maturity_lock", args=[review.pk])


def test_wording__eight_with_five_levels_each():
    assert len(asked()) == 8
    assert all(one.asks and len(one.levels) == 5 and all(one.levels) for one in asked())


def test_assess__from_the_first_answer_to_the_lock(as_role, place):
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert "Ingen vurdering er låst ennå" in plain(client.get(LIST))
    assert "eget forslag" in plain(client.get(LIST))
    client.post(START)
    client.post(START)
    review = MaturityReview.objects.get()
    owner = place.person(Role.SECRETARIAT).name
    data = {
        "level": "2",
        "grounds": "Rollene er beskrevet.",
        "next_step": "Gå gjennom i ledermøtet",
        "owner": owner,
        "due_on": "2026-12-01",
    }
    assert client.post(answer_url(review), data).status_code == 302
    refused = client.post(lock_url(review))
    assert refused.status_code == 409
    assert "7 av forutsetningene er ikke vurdert ennå" in plain(refused)
    for key in Prerequisite:
        operations.answer(
            review, key, maturities.values(), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now()
        )
    assert client.post(lock_url(review)).status_code == 302
    text = plain(as_role(Role.EMPLOYEE).get(review.get_absolute_url()))
    assert "Vi gjør det stort sett." in text
    assert "Låst" in text
    assert LIST in as_role(Role.EMPLOYEE).get(reverse("portfolio:report_now")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": ""}, {"level": "6"}, {"level": "x"}, {"grounds": ""}, {"next_step": "Noe"}, {"due_on": "2026-12-01"},
        {"next_step": "Noe", "owner": "Ingen Slik", "due_on": "2026-12-01"}, {"next_step": "Noe", "due_on": "1.1.0001"}, {"grounds": "x" * 2001},
    ],
)  # fmt: skip
def test_answer__refuses_what_is_wrong_and_keeps_it(as_role, place, wrong):
    review = maturities.draft(place)
    data = {"level": "2", "grounds": "Slik er det.", "next_step": "", "owner": "", "due_on": "", **wrong}
    answer = as_role(Role.PORTFOLIO_MANAGER).post(answer_url(review), data)
    assert answer.status_code == 422
    if "grounds" not in wrong:
        assert "Slik er det." in plain(answer)
    assert not MaturityAnswer.objects.exists()


def test_read__the_draft_only_who_manages_and_never_another_municipality(as_role, world, place):
    review = maturities.answered(place)
    pages = [
        review.get_absolute_url(),
        answer_url(review),
        reverse("portfolio:maturity_drop", args=[review.pk]),
    ]
    for role, where in (
        (Role.EMPLOYEE, place),
        (Role.KOMMUNEDIREKTOR, place),
        (Role.PORTFOLIO_MANAGER, world.neighbor),
    ):
        client = as_role(role, where)
        assert [client.get(page).status_code for page in pages] == [404] * 3
        assert client.post(lock_url(review)).status_code == 404
    operations.lock_review(review, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    client = as_role(Role.EMPLOYEE)
    assert [client.get(page).status_code for page in pages] == [200, 403, 403]
    assert as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(pages[0]).status_code == 404
    assert review.title not in plain(as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(LIST))


def test_write__nobody_else(world, place):
    review = maturities.draft(place)
    with pytest.raises(TransitionDenied):
        operations.start_review(place.municipality, by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())
    for by in (place.actor(Role.SECRETARIAT), world.neighbor.actor(Role.PORTFOLIO_MANAGER)):
        with pytest.raises(Http404):
            operations.answer(review, Prerequisite.ROLES, maturities.values(), by=by, now=timezone.now())


def test_lock__nothing_changes_after_it(as_role, place):
    review, by = maturities.locked(place), place.actor(Role.PORTFOLIO_MANAGER)
    for act in (
        lambda: operations.answer(review, Prerequisite.ROLES, maturities.values(), by=by, now=timezone.now()),
        lambda: operations.lock_review(review, by=by, now=timezone.now()),
        lambda: operations.drop_review(review, by=by),
    ):
        with pytest.raises(Refused, match="låst"):
            act()
    with pytest.raises(InternalError), transaction.atomic():
        MaturityReview.objects.filter(pk=review.pk).update(title="Annet")
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert client.get(answer_url(review)).status_code == 302
    assert client.get(reverse("portfolio:maturity_drop", args=[review.pk])).status_code == 302


def test_start_again__begins_with_the_last_answers_and_shows_how_it_moved(as_role, place):
    first = maturities.locked(place, level=2)
    assert course_of([first]) is None
    second = maturities.draft(place)
    assert second.answers.count() == 8
    by = place.actor(Role.PORTFOLIO_MANAGER)
    operations.answer(second, Prerequisite.ROLES, maturities.values(level=4), by=by, now=timezone.now())
    operations.lock_review(second, by=by, now=timezone.now())
    reviews = list(MaturityReview.objects.order_by("created_at").prefetch_related("answers"))
    assert [row.levels for row in moved(reviews) if row.label == str(Prerequisite.ROLES.label)] == [[2, 4]]
    assert [mean_of(one) for one in reviews] == [2, 2.25]
    assert "<svg" in as_role(Role.EMPLOYEE).get(LIST).content.decode()


def test_drop_draft__asks_first(as_role, place):
    review = maturities.answered(place)
    client, url = as_role(Role.PORTFOLIO_MANAGER), reverse("portfolio:maturity_drop", args=[review.pk])
    assert "Slett kladden?" in plain(client.get(url))
    assert MaturityReview.objects.exists()
    assert client.post(url).status_code == 302
    assert not MaturityReview.objects.exists()


@pytest.mark.parametrize("key", ["ukjent", "roles-x"])
def test_answer__of_what_is_not_asked(as_role, place, key):
    review = maturities.draft(place)
    assert (
        as_role(Role.PORTFOLIO_MANAGER)
        .get(reverse("portfolio:maturity_answer", args=[review.pk, key]))
        .status_code
        == 404
    )


def test_pages__few_queries(as_role, place, django_assert_max_num_queries):
    for _again in range(3):
        review = maturities.locked(place)
    client = as_role(Role.PORTFOLIO_MANAGER)
    for page in (LIST, review.get_absolute_url()):
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page):
            client.get(page)
