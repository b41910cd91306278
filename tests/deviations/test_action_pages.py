"""Corrective actions on pages: the list, one of them, its steps, and putting one on a case."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.actors import System
from core.models import Notice
from deviations.models import Anonymity, CorrectiveAction
from deviations.workflow import action_workflow
from organization.operations import create_unit
from organization.roles import Role
from tests.deviations import stories
from tests.world import end_roles_of

LIST = reverse("deviations:action_list")
SOON = timezone.localdate() + timedelta(days=10)


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def case(place):
    return stories.in_progress(place)


@pytest.fixture
def action(case, place):
    return stories.propose(case, place)


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def at(name: str, pk: int, *more: Any) -> str:
    return reverse(f"deviations:{name}", args=[pk, *more])


# --- The list --------------------------------------------------------------------------------------
def test_list_actions__mine_and_those_of_my_units(place, case, as_role):
    stories.propose(case, place, title="Til Jonas")
    stories.propose(case, place, title="Til lederen", owner=place.person(Role.LEADER))
    page = shown(as_role(Role.SERVICE_OWNER).get(LIST, {"hvem": "enheter"}))
    assert "Til Jonas" in page
    assert "Til lederen" not in page
    assert "Enhetene mine" not in page
    page = shown(as_role(Role.LEADER).get(LIST))
    assert "Til lederen" in page
    assert "Til Jonas" not in page
    page = shown(as_role(Role.LEADER).get(LIST, {"hvem": "enheter"}))
    assert "Til Jonas" in page
    assert "Til lederen" in page


def test_list_actions__not_of_confidential_cases_or_other_municipalities(world, place, as_role):
    secret = stories.in_progress(place, code="HMS-PSYK")
    stories.propose(secret, place, title="Fortrolig tiltak")
    stories.propose(stories.in_progress(world.neighbor), world.neighbor, title="Naboens tiltak")
    for role in (Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR):
        page = shown(as_role(role).get(LIST, {"hvem": "enheter"}))
        assert "Fortrolig tiltak" not in page
        assert "Naboens tiltak" not in page


def test_list_actions__by_state_words_and_deadline(place, case, as_role):
    late = stories.propose(case, place, title="Sen matte")
    CorrectiveAction.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    done = stories.do(stories.propose(case, place, title="Ferdig rekkverk"), place)
    client = as_role(Role.SERVICE_OWNER)
    for query, sees, not_sees in (
        ({"forfalt": "on"}, "Sen matte", "Ferdig rekkverk"),
        ({"status": "open"}, "Sen matte", "Ferdig rekkverk"),
        ({"status": done.status}, "Ferdig rekkverk", "Sen matte"),
        ({"q": "rekkverk"}, "Ferdig rekkverk", "Sen matte"),
    ):
        page = shown(client.get(LIST, query))
        assert sees in page
        assert not_sees not in page
    assert "3 dager over fristen" in shown(client.get(LIST))
    assert "Ingen tiltak passer" in shown(client.get(LIST, {"q": "finnes ikke"}))
    for odd in ({"status": "tull"}, {"hvem": "tull"}, {"etter": "tull"}, {"q": "x" * 300}, {"q": "a\x00b"}):
        shown(client.get(LIST, odd))


def test_list_actions__is_empty_in_words(as_role):
    assert "Du har ingen tiltak" in shown(as_role(Role.HR).get(LIST))


def test_list_actions__costs_the_same_for_many_and_pages(place, case, as_role, django_assert_max_num_queries):
    stories.propose(case, place)
    client = as_role(Role.LEADER)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST, {"hvem": "enheter"})
    for number in range(35):
        stories.propose(case, place, title=f"Tiltak {number}")
    with django_assert_max_num_queries(12) as many:
        page = shown(client.get(LIST, {"hvem": "enheter"}))
    assert len(many) == len(few)
    assert "Neste" in page
    assert "hvem=enheter" in page


# --- One action ------------------------------------------------------------------------------------
def test_open_action__shows_what_who_when_and_the_cases_one_sees(place, case, action, as_role):
    secret = stories.in_progress(place, code="HMS-PSYK", title="Det om Ola")
    from deviations import operations

    operations.reuse_action(secret, action, by=place.actor(Role.LEADER), now=timezone.now())
    CorrectiveAction.objects.filter(pk=action.pk).update(cost=Decimal(12000), description="To matter.")
    page = shown(as_role(Role.SERVICE_OWNER).get(action.get_absolute_url()))
    for words in (
        "Legg matte ved inngangen",
        "To matter.",
        "12\xa0000\xa0kr",
        case.number,
        secret.number,
        "Godta",
    ):
        assert words in page
    assert "Det om Ola" not in page
    page = shown(as_role(Role.LEADER).get(action.get_absolute_url()))
    assert "Det om Ola" in page


def test_open_action__is_hidden_from_those_without_part_in_it(world, place, action, as_role):
    for role, where in ((Role.EMPLOYEE, place), (Role.CHANGE_AGENT, place), (Role.LEADER, world.neighbor)):
        assert as_role(role, where).get(action.get_absolute_url()).status_code == 404
        assert as_role(role, where).get(at("action_transition", action.pk, "accept")).status_code == 404


def test_open_action__never_names_a_hidden_reporter(place, as_role):
    case = stories.in_progress(place, anonymity=Anonymity.HIDDEN)
    action = stories.propose(case, place)
    for role in (Role.LEADER, Role.SERVICE_OWNER):
        page = shown(as_role(role).get(action.get_absolute_url()))
        assert place.person(Role.EMPLOYEE).name not in page


def test_open_action__whose_owner_has_left_says_so_and_is_given_to_another(place, case, action, as_role):
    end_roles_of(place.person(Role.SERVICE_OWNER), timezone.localdate() - timedelta(days=1))
    client = as_role(Role.LEADER)
    assert "har ingen rolle i kommunen lenger" in shown(client.get(action.get_absolute_url()))
    assert "Har ingen rolle lenger" in shown(client.get(case.get_absolute_url(), {"vis": "tiltak"}))
    assert "Har ingen rolle lenger" in shown(client.get(LIST, {"hvem": "enheter"}))
    url = at("action_transition", action.pk, "hand_over")
    gone = {"owner": place.person(Role.SERVICE_OWNER).name, "deadline": SOON.isoformat()}
    assert "Fant ingen treff" in shown(client.post(url, gone), 422)
    response = client.post(url, {"owner": place.person(Role.HR).name, "deadline": SOON.isoformat()})
    assert "Ny ansvarlig" in said(response)
    assert CorrectiveAction.objects.get(pk=action.pk).owner == place.person(Role.HR)
    assert "har ingen rolle" not in shown(client.get(action.get_absolute_url()))


def test_open_action__costs_the_same_whatever_it_serves(
    place, action, as_role, django_assert_max_num_queries
):
    client = as_role(Role.LEADER)
    client.get(action.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(action.get_absolute_url())


def test_take_steps_of_an_action__from_accepted_to_closed(place, action, as_role):
    owner, leader = Role.SERVICE_OWNER, Role.LEADER
    for role, name, data in (
        (owner, "accept", {}), (owner, "begin", {}), (owner, "finish", {"outcome": "Matta ligger der."}),
        (leader, "close_action", {"effect": "worked"}),
    ):  # fmt: skip
        url = at("action_transition", action.pk, name)
        assert action.title in shown(as_role(role).get(url))
        assert as_role(role).post(url, data)["Location"] == action.get_absolute_url()
    done = CorrectiveAction.objects.get(pk=action.pk)
    assert (done.status, done.effect) == ("closed", "worked")
    page = shown(as_role(leader).get(action.get_absolute_url()))
    assert "Matta ligger der." in page
    assert "Effekten vurderes" in page


def test_take_step_of_an_action__says_what_is_wrong(place, action, as_role):
    client = as_role(Role.SERVICE_OWNER)
    shown(client.post(at("action_transition", action.pk, "reject"), {"reason": ""}), 422)
    page = shown(client.get(at("action_transition", action.pk, "finish")), 409)
    assert "Foreslått" in page
    assert client.get(at("action_transition", action.pk, "tull")).status_code == 404
    assert client.get(at("action_transition", action.pk, "await_evaluation")).status_code == 403


# --- A new one on a case ---------------------------------------------------------------------------
def proposal(place: Any, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Lås døra", "kind": "immediate", "owner": place.person(Role.HR).name, "unit": place.unit.name,
        "due_on": SOON.isoformat(), "cost": "1 250,50", **changed,
    }  # fmt: skip


def test_propose_action__for_somebody_in_another_unit(place, case, as_role):
    school = create_unit(
        name="Skolen", kind="unit", code="s", parent=place.municipality, by=System("t"), now=timezone.now()
    )
    client = as_role(Role.LEADER)
    response = client.post(at("action_propose", case.pk), proposal(place, unit="Skolen"))
    assert response["Location"] == f"{case.get_absolute_url()}?vis=tiltak"
    made = CorrectiveAction.objects.get()
    assert (made.unit, made.owner, made.cost) == (school, place.person(Role.HR), Decimal("1250.50"))
    assert made.is_evaluated is False
    assert Notice.objects.filter(recipient=made.owner, event="action_given").exists()
    page = shown(client.get(case.get_absolute_url(), {"vis": "tiltak"}))
    assert "Lås døra" in page
    assert "Foreslo tiltak" in shown(client.get(case.get_absolute_url(), {"vis": "historikk"}))


def test_propose_action__that_is_not_immediate_is_always_evaluated(place, case, as_role):
    as_role(Role.LEADER).post(at("action_propose", case.pk), proposal(place, kind="preventive"))
    assert CorrectiveAction.objects.get().is_evaluated is True


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Hva skal gjøres"),
        ({"title": "x" * 201}, "200 tegn"),
        ({"kind": "tull"}, "Hva slags tiltak"),
        ({"owner": "Ingen Her"}, "Fant ingen treff"),
        ({"unit": "Ingen enhet"}, "Fant ingen treff"),
        ({"due_on": "2020-01-01"}, "Datoen er passert"),
        ({"due_on": "2126-01-01"}, "mer enn ti år"),
        ({"due_on": "i morgen"}, "dag.måned.år"),
        ({"cost": "-5"}, "mindre enn"),
        ({"cost": "99 999 999 999"}, "Kostnad"),
        ({"cost": "masse"}, "beløpet i kroner"),
        ({"description": "a\x00b"}, "Mer om tiltaket"),
    ],
)
def test_propose_action__refuses_what_is_wrong_and_keeps_the_rest(place, case, as_role, changed, words):
    sent = proposal(place, **{"description": "Dette skrev jeg.", **changed})
    page = shown(as_role(Role.LEADER).post(at("action_propose", case.pk), sent), 422)
    assert words in page
    assert "description" in changed or "Dette skrev jeg." in page
    assert not CorrectiveAction.objects.exists()


def test_propose_action__not_for_people_or_units_of_another_municipality(world, place, case, as_role):
    client, url = as_role(Role.LEADER), at("action_propose", case.pk)
    shown(client.post(url, proposal(place, owner=world.neighbor.person(Role.HR).name)), 422)
    shown(client.post(url, proposal(place, unit=world.neighbor.unit.name)), 422)


def test_propose_action__is_for_those_who_handle_an_open_case(place, case, as_role):
    for role in (Role.EMPLOYEE, Role.VERNEOMBUD):
        assert as_role(role).get(at("action_propose", case.pk)).status_code == 403
        assert as_role(role).get(at("action_reuse", case.pk)).status_code == 403
    closed = stories.closed(place)
    for name in ("action_propose", "action_reuse"):
        assert "Gjenåpne den" in shown(as_role(Role.LEADER).get(at(name, closed.pk)), 409)


# --- One that is there -----------------------------------------------------------------------------
def test_reuse_action__found_by_a_word(place, action, as_role):
    other, client = stories.in_progress(place), as_role(Role.LEADER)
    response = client.post(at("action_reuse", other.pk), {"action": "matte"})
    assert action.title in said(response)
    assert set(action.deviations.all()) == {other, stories.Deviation.objects.exclude(pk=other.pk).get()}
    assert "Koblet til et tiltak" in shown(client.get(other.get_absolute_url(), {"vis": "historikk"}))


def test_reuse_action__only_among_what_one_sees(world, place, as_role):
    secret = stories.propose(stories.in_progress(place, code="HMS-PSYK"), place, title="Hemmelig tiltak")
    foreign = stories.propose(stories.in_progress(world.neighbor), world.neighbor, title="Naboens tiltak")
    rejected = stories.propose(stories.in_progress(place), place, title="Avvist tiltak")
    action_workflow.perform(
        "reject", rejected, by=place.actor(Role.LEADER), now=timezone.now(), data={"reason": "Nei."}
    )
    case, client = stories.in_progress(place), as_role(Role.SECTOR_LEADER)
    for action in (secret, foreign, rejected):
        assert "Fant ingen treff" in shown(
            client.post(at("action_reuse", case.pk), {"action": action.title}), 422
        )
        assert client.post(at("action_reuse", case.pk), {"pk": action.pk}).status_code == 404
    options = shown(client.get(reverse("deviations:action_options"), {"action": "tiltak"}))
    assert "tiltak" not in options
    shown(client.post(at("action_reuse", case.pk), {"action": ""}), 422)
    shown(client.post(at("action_reuse", case.pk), {"pk": "9" * 30}), 404)


def test_suggest_services_and_actions__of_the_own_municipality(world, place, action, as_role):
    client = as_role(Role.LEADER)
    assert "matte" in shown(client.get(reverse("deviations:action_options"), {"action": "matte"}))
    assert "Hjemmesykepleie" in shown(
        client.get(reverse("deviations:service_options"), {"service": "hjemme"})
    )
    nobody = as_role(Role.LEADER, world.stranger)
    assert "matte" not in shown(nobody.get(reverse("deviations:action_options"), {"action": "matte"}))
