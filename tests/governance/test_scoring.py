"""Criteria in versions and points: the arithmetic, who gives and sees them, and that a score keeps its criteria."""

from __future__ import annotations

import html
from decimal import Decimal

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from governance.inbox import initiatives_to_assess
from governance.models import Assessment, Assessor, CriteriaSet, Criterion, Initiative
from governance.scoring import operations
from governance.scoring.arithmetic import mean, priority, spread
from governance.scoring.presentation import scored_of
from governance.scoring.standard import standard
from organization.roles import Role
from tests import stories
from tests.governance import scorings

MAX_QUERIES = 12
WEIGHTS = [20, 20, 20, 15, 10, 10, 5]
LIST = reverse("governance:criteria_list")


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def initiative(place):
    return stories.ready_for_council(place)


def page_of(initiative, name="scoring_page"):
    return reverse(f"governance:{name}", args=[initiative.pk])


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


# --- Arithmetic ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("points", "score"),
    [
        ([5] * 7, "100"), ([0] * 7, "0"), ([3] * 7, "60"),
        ([5, 4, 3, 5, 2, 3, 1], "74"),  # (100+80+60+75+20+30+5)/500
        ([0, 0, 0, 5, 0, 0, 0], "15"), ([1, 0, 0, 0, 0, 0, 0], "4"),
    ],
)  # fmt: skip
def test_compute_priority__golden_values(points, score):
    assert priority(list(zip(WEIGHTS, points, strict=True))) == Decimal(score)


def test_compute_priority__by_weight_alone_and_nothing_of_nothing():
    assert priority([(3, 5), (1, 1)]) == Decimal(80)
    assert priority([]) is None
    assert priority([(0, 5)]) is None
    assert (mean([]), spread([])) == (None, 0)
    assert (mean([Decimal(40), Decimal(70)]), spread([Decimal(40), Decimal(70)])) == (55, 30)


def test_compute_priority__in_the_database_as_by_hand(place, initiative):
    scorings.criteria(place)
    scorings.score(initiative, place, 5, 4, 3, 5, 2, 3, 1)
    assert Assessment.objects.with_score().get().score == Decimal(74)


def test_standard__seven_criteria_that_weigh_a_hundred():
    assert [row["weight"] for row in standard()] == WEIGHTS
    assert sum(WEIGHTS) == 100
    assert all(len(row["anchors"]) == 6 and all(row["anchors"]) for row in standard())


# --- Versions ------------------------------------------------------------------------------------
def test_adopt_criteria__as_the_secretariat_registers_them(as_role, world, place):
    client = as_role(Role.SECRETARIAT)
    assert "Ingen kriterier er vedtatt ennå" in plain(client.get(LIST))
    client.post(reverse("governance:criteria_draft"))
    assert client.post(reverse("governance:criteria_draft")).status_code == 302
    assert CriteriaSet.objects.count() == 1
    row = Criterion.objects.first()
    data = {
        "name": "Mål",
        "description": "",
        "weight": "30",
        **{f"anchor_{at}": f"Trinn {at}" for at in range(6)},
    }
    assert client.post(reverse("governance:criterion_edit", args=[row.pk]), data).status_code == 302
    assert (
        client.post(
            reverse("governance:criterion_edit", args=[row.pk]), {**data, "weight": "101"}
        ).status_code
        == 422
    )
    assert client.post(reverse("governance:criterion_create"), {**data, "anchor_3": ""}).status_code == 422
    assert (
        client.post(reverse("governance:criterion_create"), data).status_code == 422
    )  # the name stands there
    assert (
        client.post(
            reverse("governance:criteria_adopt"), {"adopted_by": "", "adopted_on": "2026-01-01"}
        ).status_code
        == 422
    )
    day = timezone.localdate().isoformat()
    assert (
        client.post(
            reverse("governance:criteria_adopt"), {"adopted_by": "Rådet, sak 1/26", "adopted_on": day}
        ).status_code
        == 302
    )
    text = plain(as_role(Role.EMPLOYEE).get(LIST))
    assert "Gjelder nå: Versjon 1" in text
    assert "Rådet, sak 1/26" in text
    assert "Rådet, sak 1/26" not in plain(as_role(Role.SECRETARIAT, world.neighbor).get(LIST))
    assert (
        as_role(Role.SECRETARIAT, world.neighbor)
        .get(reverse("governance:criterion_edit", args=[row.pk]))
        .status_code
        == 404
    )


@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.COUNCIL_LEADER, Role.ADMINISTRATOR, Role.PORTFOLIO_MANAGER]
)
def test_set_criteria__nobody_else(as_role, place, role):
    row = scorings.draft(place).criteria.first()
    client = as_role(role)
    for name, args in (
        ("criteria_draft", []),
        ("criteria_drop", []),
        ("criteria_adopt", []),
        ("criterion_remove", [row.pk]),
    ):
        assert client.post(reverse(f"governance:{name}", args=args)).status_code == 403, name
    assert "Utkast" not in plain(client.get(LIST))
    with pytest.raises(TransitionDenied):
        operations.draft_criteria(place.municipality, by=place.actor(role), now=timezone.now())


def test_new_version__leaves_scores_with_the_criteria_they_were_given_by(place, initiative):
    first = scorings.criteria(place)
    scorings.score(initiative, place, 3)
    draft = scorings.draft(place)
    by = place.actor(Role.SECRETARIAT)
    operations.remove_criterion(place.municipality, pk=draft.criteria.first().pk, by=by)
    assert first.criteria.count() == 7
    second = scorings.criteria(place)
    assert (second.number, second.criteria.count()) == (2, 6)
    (kept,) = scored_of(initiative, by)
    assert (kept.criteria_set, kept.mean) == (first, 60)
    scorings.score(initiative, place, 5)
    assert [(one.criteria_set.number, one.mean) for one in scored_of(initiative, by)] == [(2, 100), (1, 60)]
    with pytest.raises(Refused):
        operations.save_criterion(place.municipality, {"weight": 1}, pk=None, by=by, now=timezone.now())


def test_remove_criterion__not_the_last(place):
    rows = list(scorings.draft(place).criteria.all())
    by = place.actor(Role.SECRETARIAT)
    for row in rows[1:]:
        operations.remove_criterion(place.municipality, pk=row.pk, by=by)
    with pytest.raises(Refused, match="minst ett"):
        operations.remove_criterion(place.municipality, pk=rows[0].pk, by=by)
    operations.drop_draft(place.municipality, by=by)
    with pytest.raises(Refused, match="utkast"):
        operations.adopt_criteria(place.municipality, adopted_by="Rådet", adopted_on=timezone.localdate(), by=by, now=timezone.now())  # fmt: skip


# --- Points --------------------------------------------------------------------------------------
def test_assess__on_the_page_with_every_point_kept(as_role, place, initiative):
    counting = scorings.criteria(place)
    client, url = as_role(Role.SECRETARIAT), page_of(initiative, "scoring_assess")
    rows = list(counting.criteria.all())
    data = {"set": counting.pk, "note": "Klar sak.", **{f"c{row.pk}": "4" for row in rows}}
    lacking = {name: value for name, value in data.items() if name != f"c{rows[2].pk}"}
    refused = client.post(url, lacking)
    assert refused.status_code == 422
    assert f"Gi poeng for «{rows[2].name}»" in plain(refused)
    assert "Klar sak." in plain(refused)
    assert client.post(url, {**data, f"c{rows[0].pk}": "6"}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert client.post(url, {**data, f"c{rows[0].pk}": "5"}).status_code == 302
    assert Assessment.objects.count() == 1
    text = plain(client.get(page_of(initiative)))
    for words in ("84", "Klar sak.", place.person(Role.SECRETARIAT).name, rows[0].name):
        assert words in text


def test_assess__shows_the_spread_and_where_they_differ(as_role, place, initiative):
    scorings.criteria(place)
    scorings.asked(initiative, place)
    scorings.score(initiative, place, 5)
    scorings.score(initiative, place, 1, 5, role=Role.COUNCIL_MEMBER)
    (one,) = scored_of(initiative, place.actor(Role.SECRETARIAT))
    assert (sorted(one.scores), one.mean, one.spread) == ([84, 100], 92, 16)
    assert [row.differs for row in one.rows] == [True, *[False] * 6]
    assert "Fra 1 til 5" in plain(as_role(Role.COUNCIL_MEMBER).get(page_of(initiative)))


def test_assess__those_who_are_asked_and_nobody_else(as_role, place, initiative):
    scorings.criteria(place)
    client = as_role(Role.COUNCIL_MEMBER)
    assert client.get(page_of(initiative, "scoring_assess")).status_code == 403
    with pytest.raises(TransitionDenied):
        scorings.score(initiative, place, 3, role=Role.COUNCIL_MEMBER)
    row = scorings.asked(initiative, place)
    assert scorings.asked(initiative, place) == row
    actor = place.actor(Role.COUNCIL_MEMBER)
    assert list(initiatives_to_assess.rows(actor)) == [row]
    assert initiatives_to_assess.task(row, actor).url == page_of(initiative, "scoring_assess")
    scorings.score(initiative, place, 3, role=Role.COUNCIL_MEMBER)
    assert not initiatives_to_assess.rows(actor).exists()
    assert (
        as_role(Role.SECRETARIAT)
        .post(reverse("governance:assessor_remove", args=[initiative.pk, row.pk]))
        .status_code
        == 302
    )
    assert not Assessor.objects.exists()
    assert Assessment.objects.count() == 1


def test_ask_assessor__by_name_and_only_who_may_read_the_case(as_role, world, place, initiative):
    scorings.criteria(place)
    client, url = as_role(Role.SECRETARIAT), page_of(initiative)
    asked = client.post(url, {"person": place.person(Role.COUNCIL_MEMBER).name})
    assert asked.status_code == 302
    for person in (place.person(Role.TILLITSVALGT), world.neighbor.person(Role.COUNCIL_MEMBER)):
        assert client.post(url, {"person": person.name}).status_code == 422, person
    Initiative.objects.filter(pk=initiative.pk).update(shield_basis="offl_13", public_title="Et tiltak")
    with pytest.raises(Refused, match="kan ikke lese saken"):
        scorings.asked(initiative, place, Role.CHIEF_OF_FINANCE)
    assert as_role(Role.COUNCIL_MEMBER).post(url, {"person": "x"}).status_code == 403


def test_assess__not_after_the_decision(as_role, place):
    scorings.criteria(place)
    done = stories.adopted(place)
    with pytest.raises(Refused, match="kan leses, men ikke endres"):
        scorings.score(done, place, 3)
    client = as_role(Role.SECRETARIAT)
    assert client.get(page_of(done, "scoring_assess")).status_code == 302
    assert "kan leses, men ikke endres" in plain(client.get(page_of(done)))


def test_assess__refuses_criteria_that_no_longer_count(as_role, place, initiative):
    old = scorings.criteria(place)
    rows = list(old.criteria.all())
    scorings.criteria(place)
    answer = as_role(Role.SECRETARIAT).post(
        page_of(initiative, "scoring_assess"), {"set": old.pk, **{f"c{row.pk}": "4" for row in rows}}
    )
    assert answer.status_code == 422
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("role", "where"),
    [(Role.EMPLOYEE, "home"), (Role.SECRETARIAT, "neighbor"), (Role.SECRETARIAT, "stranger")],
)
def test_open_scores__not_for_those_who_do_not_read_the_case(as_role, world, place, initiative, role, where):
    scorings.criteria(place)
    scorings.score(initiative, place, 4)
    other = getattr(world, where)
    submitter = place.person(Role.EMPLOYEE) == initiative.submitter
    assert (
        as_role(Role.HR if submitter and where == "home" else role, other)
        .get(page_of(initiative))
        .status_code
        == 404
    )
    seen = Assessment.objects.visible_to(other.actor(Role.HR if where == "home" else role))
    assert not seen.exists()
    if where != "home":
        with pytest.raises(Http404):
            operations.unname_assessor(initiative, pk=1, by=other.actor(role))


def test_pages__few_queries_whatever_the_number_of_assessors(
    as_role, place, initiative, django_assert_max_num_queries
):
    scorings.criteria(place)
    client = as_role(Role.SECRETARIAT)
    pages = [page_of(initiative), page_of(initiative, "scoring_assess"), LIST]
    scorings.score(initiative, place, 3)
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    for role in (Role.COUNCIL_MEMBER, Role.COUNCIL_LEADER, Role.COORDINATOR):
        scorings.asked(initiative, place, role)
        scorings.score(initiative, place, 2, role=role)
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before, info=page):
            client.get(page)
