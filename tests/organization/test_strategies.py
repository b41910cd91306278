"""Strategies: drafts are written, adopted ones stand, and a new version begins with a copy of the goals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Refused
from core.history import timeline
from organization.goal_order import goals_in_order, natural
from organization.models import Goal, Strategy
from organization.operations import Edit, save_goal
from organization.roles import Role
from tests.organization.conftest import text_of, url
from tests.world import SYSTEM


@pytest.fixture
def draft(world) -> Strategy:
    return Strategy.objects.create(
        municipality=world.home.municipality, title="Handlingsplan", version="1", changed_at=timezone.now()
    )


def goal_in(strategy: Strategy, world, code: str, parent: Goal | None = None) -> Goal:
    return Goal.objects.create(
        strategy=strategy, unit=world.home.unit, code=code, title=f"Mål {code}", parent=parent,
        changed_at=timezone.now(),
    )  # fmt: skip


def test_create_strategy__is_a_draft_everyone_reads(as_role, world):
    response = as_role(Role.ADMINISTRATOR).post(
        url("strategy_create"), {"title": "Skystrategi", "version": "1"}
    )
    made = Strategy.objects.get(title="Skystrategi")
    assert response.url == url("strategy_detail", made.pk)
    assert not made.is_adopted
    page = text_of(as_role(Role.EMPLOYEE).get(url("strategy_detail", made.pk)))
    assert "Utkast" in page
    assert "Før inn vedtaket" not in page


def test_create_strategy__version_is_there_already(admin, world):
    response = admin.post(url("strategy_create"), {"title": "Digitaliseringsstrategi", "version": "1"})
    assert response.status_code == 422
    assert "Denne versjonen finnes alt" in text_of(response)


def test_adopt_strategy__needs_a_goal_and_then_stands(admin, world, draft):
    adopt = {
        "handling": "adopt",
        "adopted_on": "01.03.2026",
        "adopted_body": "kommunestyre",
        "adopted_reference": "PS 3/26",
    }
    response = admin.post(url("strategy_detail", draft.pk), adopt)
    assert response.status_code == 409
    assert "ingen mål ennå" in text_of(response)
    assert "PS 3/26" in text_of(response)
    goal = goal_in(draft, world, "1")
    assert admin.post(url("strategy_detail", draft.pk), adopt).status_code == 302
    draft.refresh_from_db()
    assert draft.adopted_on == date(2026, 3, 1)
    assert timeline(draft, field="version")[0].action == "adopt_strategy"
    again = admin.post(url("strategy_detail", draft.pk), adopt)
    assert again.status_code == 409
    assert list(Goal.objects.adopted_on(timezone.localdate()).filter(strategy=draft)) == [goal]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"adopted_on": ""}, "Du må fylle ut «Vedtatt dato»"),
        ({"adopted_on": "2099-01-01"}, "Datoen er ikke kommet ennå"),
        ({"adopted_body": ""}, "Du må velge «Vedtatt av»"),
        ({"adopted_body": "rektor"}, "rektor"),
        ({"adopted_reference": " "}, "Du må fylle ut «Saksnummer»"),
        ({"adopted_body": "other"}, "Skriv hvilket organ"),
        ({"adopted_link": "javascript:alert(1)"}, "URL"),
        ({"valid_to": "2020-01-01"}, "ikke slutte før den er vedtatt"),
    ],
)
def test_adopt_strategy__says_what_is_wrong(admin, world, draft, changes, says):
    goal_in(draft, world, "1")
    sent = {
        "handling": "adopt",
        "adopted_on": "01.03.2026",
        "adopted_body": "formannskap",
        "adopted_reference": "PS 3/26",
        **changes,
    }
    response = admin.post(url("strategy_detail", draft.pk), sent)
    assert response.status_code == 422
    assert says in text_of(response)


def test_edit_adopted_strategy__is_refused(admin, world):
    strategy = world.home.goal.strategy
    sent = {"handling": "facts", "title": "Noe annet", "version": "1"}
    response = admin.post(url("strategy_detail", strategy.pk), sent)
    assert response.status_code == 422
    strategy.refresh_from_db()
    assert strategy.title == "Digitaliseringsstrategi"


def test_new_version__copies_goals_with_their_hierarchy_and_replaces_when_adopted(admin, world, today):
    old = world.home.goal.strategy
    part = goal_in(old, world, "1.1", parent=world.home.goal)
    address = url("strategy_create", query=f"ny-versjon-av={old.pk}")
    assert "Målene kopieres" in text_of(admin.get(address))
    response = admin.post(address, {"title": old.title, "version": "2"})
    new = Strategy.objects.get(replaces=old)
    assert response.url == url("strategy_detail", new.pk)
    copies = {goal.code: goal for goal in new.goals.all()}
    assert set(copies) == {"1", "1.1"}
    assert copies["1.1"].parent == copies["1"]
    assert part.strategy == old
    sent = {
        "handling": "adopt",
        "adopted_on": today.isoformat(),
        "adopted_body": "kommunestyre",
        "adopted_reference": "PS 4/26",
    }
    assert admin.post(url("strategy_detail", new.pk), sent).status_code == 302
    old.refresh_from_db()
    assert old.valid_to == today


def test_new_version__only_one_at_a_time(admin, world):
    old = world.home.goal.strategy
    address = url("strategy_create", query=f"ny-versjon-av={old.pk}")
    admin.post(address, {"title": old.title, "version": "2"})
    response = admin.post(address, {"title": old.title, "version": "3"})
    assert response.status_code == 422
    assert "Det finnes alt en ny versjon" in text_of(response)
    assert Strategy.objects.filter(replaces=old).count() == 1


@pytest.mark.parametrize("source", ["neighbor", "draft", "x", "9" * 30])
def test_new_version__of_what_is_not_adopted_here_is_not_found(admin, world, draft, source):
    known = {"neighbor": world.neighbor.goal.strategy_id, "draft": draft.pk}
    assert (
        admin.get(url("strategy_create", query=f"ny-versjon-av={known.get(source, source)}")).status_code
        == 404
    )


def test_adopt_new_version__not_dated_before_the_one_it_replaces(admin, world):
    old = world.home.goal.strategy
    admin.post(url("strategy_create", query=f"ny-versjon-av={old.pk}"), {"title": old.title, "version": "2"})
    new = Strategy.objects.get(replaces=old)
    sent = {
        "handling": "adopt",
        "adopted_on": "2020-01-01",
        "adopted_body": "formannskap",
        "adopted_reference": "x",
    }
    response = admin.post(url("strategy_detail", new.pk), sent)
    assert response.status_code == 409
    assert "forrige versjonen ble vedtatt" in text_of(response)


def test_end_strategy__without_a_new_version(admin, world, today):
    strategy = world.home.goal.strategy
    sent = {"handling": "end", "valid_to": (today + timedelta(days=1)).isoformat()}
    assert admin.post(url("strategy_detail", strategy.pk), sent).status_code == 302
    strategy.refresh_from_db()
    assert strategy.valid_to == today + timedelta(days=1)
    assert (
        admin.post(
            url("strategy_detail", strategy.pk), {"handling": "end", "valid_to": "2000-01-01"}
        ).status_code
        == 422
    )


def goal(world, **changes) -> dict[str, object]:
    return {
        "handling": "facts", "code": "2", "title": "Færre skjema", "parent": "", "unit": world.home.unit.pk,
        "owner": "", "indicator": "", **changes,
    }  # fmt: skip


def test_create_goal__below_another_with_owner(admin, world, draft):
    above = goal_in(draft, world, "1")
    owner = world.home.person(Role.LEADER)
    sent = goal(
        world, code="1.1", parent=above.pk, owner=f"{owner.name} ({owner.title})", indicator="Skjema per uke"
    )
    assert admin.post(url("goal_create", draft.pk), sent).status_code == 302
    made = Goal.objects.get(strategy=draft, code="1.1")
    assert (made.parent, made.owner) == (above, owner)
    page = text_of(admin.get(url("strategy_detail", draft.pk)))
    assert 'data-level="1"' in page
    assert "Måles ved: Skjema per uke" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "1"}, "Nummeret er alt i bruk i strategien"),
        ({"title": ""}, "Du må fylle ut «Mål»"),
        ({"owner": "Leder I Granne"}, "Fant ingen treff"),
    ],
)
def test_create_goal__says_what_is_wrong(admin, world, draft, changes, says):
    goal_in(draft, world, "1")
    response = admin.post(url("goal_create", draft.pk), goal(world, **changes))
    assert response.status_code == 422
    assert says in text_of(response)


def test_create_goal__parent_of_another_strategy_is_refused(admin, world, draft):
    for foreign in (world.home.goal, world.neighbor.goal):
        assert admin.post(url("goal_create", draft.pk), goal(world, parent=foreign.pk)).status_code == 422
    assert (
        admin.post(url("goal_create", draft.pk), goal(world, unit=world.neighbor.unit.pk)).status_code == 422
    )
    assert not draft.goals.exists()


def test_edit_goal__never_a_part_of_its_own_part(admin, world, draft):
    above = goal_in(draft, world, "1")
    part = goal_in(draft, world, "1.1", parent=above)
    for parent in (above, part):
        response = admin.post(url("goal_edit", above.pk), goal(world, code="1", parent=parent.pk))
        assert response.status_code == 422
    assert (
        admin.post(url("goal_edit", part.pk), goal(world, code="1.1", parent="", title="Nytt")).status_code
        == 302
    )
    part.refresh_from_db()
    assert (part.parent, part.title) == (None, "Nytt")


def test_edit_goal__of_adopted_strategy_only_the_owner(admin, world):
    adopted = world.home.goal
    page = admin.get(url("goal_edit", adopted.pk))
    assert set(page.context["facts"].fields) == {"owner", "seen"}
    owner = world.home.person(Role.CHIEF_OF_FINANCE)
    assert (
        admin.post(url("goal_edit", adopted.pk), goal(world, title="Endret", owner=owner.name)).status_code
        == 302
    )
    fresh = Goal.objects.get(pk=adopted.pk)
    assert (fresh.title, fresh.owner) == ("Mer tid til brukerne", owner)
    with pytest.raises(Refused, match="Strategien er vedtatt"):
        save_goal(Edit(fresh, ("title",)), by=SYSTEM, now=timezone.now())


def test_delete_goal__only_of_a_draft_and_without_parts(admin, world, draft):
    above = goal_in(draft, world, "1")
    part = goal_in(draft, world, "1.1", parent=above)
    response = admin.post(url("goal_edit", above.pk), {"handling": "delete"})
    assert response.status_code == 409
    assert "Målet har delmål" in text_of(response)
    for row in (part, above):
        assert admin.post(url("goal_edit", row.pk), {"handling": "delete"}).status_code == 302
    assert not draft.goals.exists()
    assert admin.post(url("goal_edit", world.home.goal.pk), {"handling": "delete"}).status_code == 409


def test_create_goal__in_adopted_strategy_is_sent_back_with_the_reason(admin, world):
    response = admin.post(url("goal_create", world.home.goal.strategy_id), goal(world), follow=True)
    assert "Lag en ny versjon" in text_of(response)
    assert world.home.goal.strategy.goals.count() == 1


def test_read_strategy_of_the_region__its_municipalities_read_and_do_not_write(as_role, world):
    regional = world.region.goal.strategy_id
    home = as_role(Role.ADMINISTRATOR)
    page = home.get(url("strategy_detail", regional))
    assert page.status_code == 200
    assert "Lag ny versjon" not in text_of(page)
    assert (
        home.post(url("strategy_detail", regional), {"handling": "end", "valid_to": "2026-01-01"}).status_code
        == 403
    )
    assert home.get(url("goal_edit", world.region.goal.pk)).status_code == 403
    assert as_role(Role.EMPLOYEE, world.stranger).get(url("strategy_detail", regional)).status_code == 404


def test_order_goals__parts_right_below_and_two_before_ten(world, draft):
    ten, two = goal_in(draft, world, "10"), goal_in(draft, world, "2")
    part = goal_in(draft, world, "2.1", parent=two)
    ordered = goals_in_order(draft.goals.all())
    assert [(goal.code, goal.level) for goal in ordered] == [("2", 0), ("2.1", 1), ("10", 0)]
    assert {ten, two, part} == set(ordered)
    assert natural("2") < natural("2.1") < natural("10") < natural("A")


def test_adopt_strategy__its_goals_cite_the_decision(admin, world, draft):
    goal = goal_in(draft, world, "1")
    link = "https://elvdal.example/vedtak/45"
    sent = {
        "handling": "adopt", "adopted_on": "2026-03-01", "adopted_body": "kommunestyre", "adopted_reference": "PS 45/26",
        "adopted_link": link,
    }  # fmt: skip
    assert admin.post(url("strategy_detail", draft.pk), sent).status_code == 302
    page = text_of(admin.get(url("strategy_detail", draft.pk)))
    assert "Målene er vedtatt 1. mars 2026: Kommunestyret, PS 45/26." in page
    assert f'href="{link}"' in page
    assert "Kommunestyret, PS 45/26" in text_of(admin.get(url("unit_detail", goal.unit_id)))
    told = admin.get(f"/api/v1/goals/{goal.pk}/").json()
    assert (told["adopted_on"], told["adopted_body"], told["adopted_reference"], told["adopted_link"]) == (
        "2026-03-01", "kommunestyre", "PS 45/26", link,
    )  # fmt: skip


def test_adopted_strategy__cites_its_decision_in_the_database_unless_it_is_older(world, draft):
    draft.adopted_on = date(2026, 3, 1)
    with pytest.raises(IntegrityError, match="strategy_citation"), transaction.atomic():
        draft.save()
    draft.is_uncited, draft.adopted_by = True, "Kommunestyret, sak 3/22"
    draft.save()
    assert draft.citation == "Kommunestyret, sak 3/22"
    draft.adopted_body, draft.adopted_by = "other", ""
    with pytest.raises(IntegrityError, match="strategy_other_body"), transaction.atomic():
        draft.save()
