"""Wherever a goal is chosen or stands in a case, it says which political decision it stands on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.workflow import meeting_workflow
from organization.models import Goal, Strategy
from organization.roles import Role
from tests import stories

WORDS = "Vedtatt av kommunestyret 12. mars 2026, sak 24/26"


def cite(place, **changes) -> Strategy:
    facts = {
        "adopted_on": date(2026, 3, 12), "adopted_body": "kommunestyre", "adopted_by": "", "adopted_reference": "24/26",
        "is_uncited": False, **changes,
    }  # fmt: skip
    Strategy.objects.filter(pk=place.goal.strategy_id).update(**facts)
    return Strategy.objects.get(pk=place.goal.strategy_id)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, WORDS),
        ({"adopted_reference": "Sak PS 4/26"}, "Vedtatt av kommunestyret 12. mars 2026, Sak PS 4/26"),
        ({"adopted_reference": "Bystyresak 3/26"}, "Vedtatt av kommunestyret 12. mars 2026, Bystyresak 3/26"),
        (
            {"adopted_body": "other", "adopted_by": "Styret for Helse IKT"},
            "Vedtatt av Styret for Helse IKT 12. mars 2026, sak 24/26",
        ),
        (
            {"adopted_body": "", "adopted_by": "Kommunestyret, sak 3", "adopted_reference": "", "is_uncited": True},
            "Vedtatt 12. mars 2026: Kommunestyret, sak 3",
        ),
        (
            {"adopted_body": "", "adopted_by": "", "adopted_reference": "", "is_uncited": True},
            "Vedtatt 12. mars 2026",
        ),
        ({"adopted_on": None}, ""),
    ],
)  # fmt: skip
def test_decision_words__name_body_day_and_case(world, changes, words):
    assert cite(world.home, **changes).decision_words == words


def test_choose_goals__in_the_intake_and_what_is_looked_over(world, as_role):
    cite(world.home)
    cite(world.neighbor, adopted_reference="77/26")
    draft, author = stories.draft(world.home), as_role(Role.EMPLOYEE)
    chooser = author.get(reverse("governance:intake_section", args=[draft.pk, "about"])).content.decode()
    assert WORDS in chooser
    assert "77/26" not in chooser
    review = author.get(reverse("governance:intake_review", args=[draft.pk])).content.decode()
    assert f"{world.home.goal} ({WORDS})" in review


def test_choose_goals__for_a_game_of_nyttepoker(world, as_role):
    cite(world.home)
    assert WORDS in as_role(Role.SECRETARIAT).get(reverse("governance:poker_create")).content.decode()


def test_read_goals__in_the_case_its_paper_and_the_pdf(world, as_role, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "governance.views.papers.render_case_paper", lambda data, _now: drawn.append(data) or b"%PDF-"
    )
    cite(world.home)
    case, client = stories.ready_for_council(world.home), as_role(Role.SECRETARIAT)
    assert WORDS in client.get(case.get_absolute_url()).content.decode()
    assert WORDS in client.get(reverse("governance:initiative_case_paper", args=[case.pk])).content.decode()
    client.get(reverse("governance:initiative_case_paper_pdf", args=[case.pk]))
    sections = {one["heading"]: one for one in drawn[0]["sections"]}
    assert sections["Strategiske mål"]["tables"][0]["rows"] == [[str(world.home.goal), WORDS]]


def test_paper_that_went_out__keeps_the_decision_it_was_sent_with(world, as_role):
    cite(world.home)
    case = stories.on_agenda(world.home, stories.meeting(world.home, days=1))
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    meeting_workflow.perform("summon", case.agenda_items.get().meeting, by=by, now=now)
    cite(world.home, adopted_reference="99/26")
    page = reverse("governance:initiative_case_paper", args=[case.pk])
    assert WORDS in as_role(Role.EMPLOYEE).get(page).content.decode()


@pytest.mark.parametrize("name", ["governance:initiative_detail", "governance:initiative_case_paper", "governance:intake_section"])  # fmt: skip
def test_pages_with_goals__cost_the_same_however_many_goals(world, as_role, name):
    if name == "governance:intake_section":
        case, client = stories.draft(world.home), as_role(Role.EMPLOYEE)
        page = reverse(name, args=[case.pk, "about"])
    else:
        case, client = stories.ready_for_council(world.home), as_role(Role.SECRETARIAT)
        page = reverse(name, args=[case.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(2, 7):
        strategy = Strategy.objects.create(
            municipality=world.home.municipality, title=f"Plan {number}", version="1", adopted_on=date(2026, 1, 1),
            adopted_body="formannskap", adopted_reference=f"{number}/26", changed_at=timezone.now(),
        )  # fmt: skip
        goal = Goal.objects.create(
            strategy=strategy,
            unit=world.home.unit,
            code="1",
            title=f"Mål {number}",
            changed_at=timezone.now(),
        )
        case.goals.add(goal)
    with CaptureQueriesContext(connection) as many:
        assert "sak 6/26" in client.get(page).content.decode()
    assert len(many) == len(few)
