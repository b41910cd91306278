"""The secretariat's queue: order, filters, decisions, and the next case that opens by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from core.models import AccessLog
from governance import operations
from governance.models import Initiative
from organization.roles import Role
from tests import stories

QUEUE = reverse("governance:triage_queue")


def url_of(case) -> str:
    return reverse("governance:triage_case", args=[case.pk])


def step_of(case, name: str) -> str:
    return reverse("governance:initiative_transition", args=[case.pk, name]) + "?fra=mottak"


def came(case, *, days: int, due: int | None = None) -> Initiative:
    """Let ``case`` have come ``days`` ago, with a deadline ``due`` days from now."""
    due_on = timezone.localdate() + timedelta(days=due) if due is not None else None
    Initiative.objects.filter(pk=case.pk).update(
        status_since=timezone.now() - timedelta(days=days), due_on=due_on
    )
    return case


def titles(response) -> list[str]:
    return [line.case.card_title for line, _holder in response.context["lines"]]


@pytest.mark.parametrize(
    "role",
    [
        Role.EMPLOYEE,
        Role.LEADER,
        Role.SECTOR_LEADER,
        Role.COUNCIL_LEADER,
        Role.KOMMUNEDIREKTOR,
        Role.ADMINISTRATOR,
    ],
)
def test_open_queue__is_for_the_secretariat(world, as_role, role):
    case = stories.received(world.home)
    client = as_role(role)
    assert client.get(QUEUE).status_code == 403
    assert client.get(url_of(case)).status_code == 403


def test_open_queue__overdue_first_then_oldest(world, as_role):
    came(stories.received(world.home, title="Ny"), days=1)
    came(stories.received(world.home, title="Gammel"), days=30)
    came(stories.received(world.home, title="Forfalt"), days=2, due=-1)
    assert titles(as_role(Role.SECRETARIAT).get(QUEUE)) == ["Forfalt", "Gammel", "Ny"]


def test_open_queue__shows_age_and_completeness(world, as_role):
    came(stories.received(world.home), days=12)
    lacking = stories.received(world.home, title="Mangelfull")
    lacking.benefits.all().delete()
    page = as_role(Role.SECRETARIAT).get(QUEUE).content.decode()
    assert "for 12 dager siden" in page
    assert "5 av 5 krav" in page
    assert "3 av 5 krav" in page


def test_open_queue__holds_only_the_own_municipality(world, as_role):
    stories.received(world.home, title="Vår")
    stories.received(world.neighbor, title="Deres")
    assert titles(as_role(Role.SECRETARIAT).get(QUEUE)) == ["Vår"]


def test_filter_queue__by_state_handler_unit_and_overdue(world, as_role):
    stories.received(world.home, title="Ny")
    came(stories.under_preparation(world.home, title="Utredes"), days=3, due=-2)
    client = as_role(Role.COORDINATOR)
    assert titles(client.get(QUEUE)) == ["Ny"]
    mine = {"status": "under_preparation", "mine": "on", "forfalt": "on", "enhet": world.home.sector.pk}
    assert titles(client.get(QUEUE, mine)) == ["Utredes"]
    assert titles(as_role(Role.SECRETARIAT).get(QUEUE, {"status": "under_preparation", "mine": "on"})) == []


@pytest.mark.parametrize(
    "query",
    [{"status": "rejected"}, {"enhet": "x"}, {"q": "a\x00"}, {"etter": "!!"}, {"for": "W10="}, {"valg": "x"}],
)
def test_filter_queue__survives_odd_addresses(world, as_role, query):
    case = stories.received(world.home)
    client = as_role(Role.SECRETARIAT)
    assert client.get(QUEUE, query).status_code == 200
    assert client.get(url_of(case), query).status_code == 200


def test_open_queue__counts_each_state(world, as_role):
    stories.received(world.home)
    stories.received(world.home)
    stories.under_preparation(world.home)
    tabs = {str(tab["label"]): tab["count"] for tab in as_role(Role.SECRETARIAT).get(QUEUE).context["tabs"]}
    assert tabs == {"Til vurdering": 2, "Under utredning": 1}


def test_open_queue__empty_says_what_comes(world, as_role):
    assert "Ingenting venter her" in as_role(Role.SECRETARIAT).get(QUEUE).content.decode()


def test_open_queue__query_count_does_not_grow(world, as_role, django_assert_max_num_queries):
    client = as_role(Role.SECRETARIAT)
    case = stories.received(world.home)
    for address in (QUEUE, url_of(case)):
        client.get(address)
    with django_assert_max_num_queries(12) as few:
        client.get(QUEUE)
    with django_assert_max_num_queries(12) as few_beside:
        client.get(url_of(case))
    for _ in range(4):
        stories.received(world.home)
    with django_assert_max_num_queries(len(few)):
        client.get(QUEUE)
    with django_assert_max_num_queries(len(few_beside)):
        client.get(url_of(case))


def test_open_case__shows_decisions_with_the_usual_one_open(world, as_role):
    case = stories.received(world.home)
    client = as_role(Role.SECRETARIAT)
    page = client.get(url_of(case)).content.decode()
    for words in ("Start utredning", "Returner", "Henvis videre", "Slå sammen", "Til hurtigspor"):
        assert words in page
    assert 'name="case_handler"' in page
    chosen = client.get(url_of(case), {"valg": "return_for_completion"}).content.decode()
    assert 'name="missing"' in chosen
    assert 'name="case_handler"' not in chosen


def test_open_case__of_another_municipality(world, as_role):
    case = stories.received(world.neighbor)
    assert as_role(Role.SECRETARIAT).get(url_of(case)).status_code == 404


def test_open_shielded_case__is_logged(world, as_role):
    case = stories.received(world.home, shield_basis="offl_13", public_title="Skjermet")
    as_role(Role.SECRETARIAT).get(url_of(case))
    assert AccessLog.objects.get().object_id == case.pk


def test_decide_case__opens_the_next_one_and_keeps_the_filters(world, as_role):
    oldest = came(stories.received(world.home, title="Eldst"), days=9)
    middle = came(stories.received(world.home, title="Midt"), days=5)
    newest = came(stories.received(world.home, title="Nyest"), days=1)
    client = as_role(Role.SECRETARIAT)
    answer = {"referred_to": "Drift", "reason": "Hører til drift."}
    unit = f"&enhet={world.home.unit.pk}"
    response = client.post(step_of(middle, "refer") + unit, answer)
    assert response["Location"] == f"{url_of(newest)}?enhet={world.home.unit.pk}#saken"
    response = client.post(step_of(newest, "refer"), answer)
    assert response["Location"] == f"{url_of(oldest)}#saken"
    response = client.post(step_of(oldest, "refer"), answer)
    assert response["Location"] == QUEUE
    assert "siste saken i denne køen" in client.get(QUEUE).content.decode()


def test_decide_case__with_something_missing_leads_back_to_the_queue(world, as_role):
    case = stories.received(world.home)
    response = as_role(Role.SECRETARIAT).post(step_of(case, "refer"), {"referred_to": "Drift", "reason": ""})
    assert response.status_code == 422
    assert url_of(case) in response.content.decode()


def test_start_preparation__from_the_queue(world, as_role):
    case = stories.received(world.home)
    handler = world.home.person(Role.COORDINATOR)
    data = {"case_handler": handler.pk, "deadline": (timezone.localdate() + timedelta(days=20)).isoformat()}
    assert as_role(Role.SECRETARIAT).post(step_of(case, "start_preparation"), data).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.case_handler) == ("under_preparation", handler)


def test_start_preparation__handler_of_another_municipality_is_refused(world, as_role):
    case = stories.received(world.home)
    stranger = world.neighbor.person(Role.COORDINATOR)
    data = {"case_handler": stranger.pk, "deadline": timezone.localdate().isoformat()}
    assert as_role(Role.SECRETARIAT).post(step_of(case, "start_preparation"), data).status_code == 422


# --- Returned and sent in anew -------------------------------------------------------------------
def resubmitted(world):
    case = stories.received(world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    answer = {"missing": ["Kostnad per år", "Hvem som er ansvarlig"], "deadline": timezone.localdate()}
    case = stories.perform("return_for_completion", case, by=by, now=now, data=answer)
    author = world.home.actor(Role.EMPLOYEE)
    operations.tick_missing(case, index=0, done=True, by=author, now=now)
    case = stories.perform(
        "resubmit", case, by=author, now=now, data={"changes": "Kostnaden er delt på tre år."}
    )
    return stories.perform("endorse", case, by=world.home.actor(Role.SECTOR_LEADER), now=timezone.now())


def test_open_case__sent_in_anew_says_what_is_changed_and_what_was_missing(world, as_role):
    case = resubmitted(world)
    page = as_role(Role.SECRETARIAT).get(reverse("governance:triage_case", args=[case.pk])).content.decode()
    for words in ("Kostnaden er delt på tre år.", "Kostnad per år (krysset av)", "Hvem som er ansvarlig"):
        assert words in page


def test_open_case__sent_in_once_says_nothing_of_it(world, as_role):
    case = stories.received(world.home)
    page = as_role(Role.SECRETARIAT).get(reverse("governance:triage_case", args=[case.pk])).content.decode()
    assert "Sendt inn på nytt" not in page


def test_read_timeline__has_what_was_missing_and_what_is_changed(world):
    reasons = {entry.action: entry.reason for entry in timeline(resubmitted(world))}
    assert "– Kostnad per år" in reasons["return_for_completion"]
    assert reasons["resubmit"].startswith("Kostnaden er delt på tre år.")
    assert "Dette manglet:" in reasons["resubmit"]


def test_open_case__costs_at_most_twelve_queries_with_every_filter(
    world, as_role, django_assert_max_num_queries
):
    filters = {
        "enhet": world.home.sector.pk,
        "mine": "on",
        "forfalt": "on",
        "q": "vaktplan",
        "status": "received",
    }
    client = as_role(Role.SECRETARIAT)
    for fields in ({}, {"shield_basis": "offl_13", "public_title": "Skjermet"}):
        for story in (stories.received, stories.under_preparation, stories.ready_for_council):
            case = story(world.home, **fields)
            for address in (url_of(case), QUEUE):
                client.get(address, filters)
                with django_assert_max_num_queries(12):
                    client.get(address, filters)


def test_filter_case_page__by_unit(world, as_role):
    case = stories.received(world.home, title="Min")
    client = as_role(Role.SECRETARIAT)
    for unit, expected in (
        (world.home.sector, ["Min"]),
        (world.home.unit, ["Min"]),
        (world.neighbor.unit, []),
    ):
        lines = client.get(url_of(case), {"enhet": unit.pk}).context["lines"]
        assert [line.case.card_title for line in lines] == expected


def test_open_queue__counts_no_further_than_anybody_reads(world, as_role, monkeypatch):
    monkeypatch.setattr("governance.filters.COUNT_LIMIT", 2)
    monkeypatch.setattr("core.formats.COUNT_LIMIT", 2)
    for _ in range(3):
        stories.received(world.home)
    page = as_role(Role.SECRETARIAT).get(QUEUE)
    assert page.context["tabs"][0]["count"] == 2
    assert 'count--quiet">1+<' in page.content.decode()
