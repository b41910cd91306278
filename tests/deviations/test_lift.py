"""Lifts: a problem raised without names, solved by another unit, and seen by nobody it does not concern."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.actors import System
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import operations, policies
from deviations.models import ActionLink, CorrectiveAction, Deviation, Lift, LiftReply, LiftStatus
from deviations.operations import LiftInput, OfferInput
from deviations.reminders import REMINDERS
from deviations.workflow import action_workflow, deviation_workflow, lift_workflow
from organization.actors import person_actor
from organization.models import Person, ProfessionalGroup
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.deviations import stories
from tests.world import BORN, PASSWORD, START

LIST = reverse("deviations:lift_list")
SOON = timezone.localdate() + timedelta(days=10)
TOLD = {
    "title": "Løfteutstyret går ikke gjennom døra",
    "problem": "Vi løfter for hånd fordi åpningene er for smale.",
}
WORDS = {**TOLD, "audience": "all"}


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def case(place):
    return stories.in_progress(place)


@pytest.fixture
def technical(place):
    """The technical director, who leads a sector of their own."""
    now = timezone.now()
    sector = create_unit(
        name="Teknisk", kind="sector", code="tek", parent=place.municipality, by=System("t"), now=now
    )
    person = Person(username="tek", name="Tora Teknisk", email="tek@heim.example", changed_at=BORN)
    person.set_password(PASSWORD)
    person.save()
    give_role(
        person=person,
        role=Role.SECTOR_LEADER,
        unit=sector,
        valid_from=START,
        by=System("t"),
        now=now,
        is_main=True,
    )
    return person


@pytest.fixture
def technical_client(technical):
    client = Client()
    client.force_login(technical)
    return client


def raised(place: Any, case: Any = None, **given: Any) -> Lift:
    return operations.raise_lift(
        case or stories.in_progress(place), LiftInput(**{**TOLD, **given}), by=place.actor(Role.LEADER), now=timezone.now()
    )  # fmt: skip


def offered(lift: Lift, person: Person, **changed: Any) -> Any:
    actor = person_actor(person)
    unit = person.roles.first().unit
    given = {"plan": "Vi gjør åpningen bredere.", "unit": unit, "owner": person, "due_on": SOON, **changed}
    return operations.offer_solution(lift, OfferInput(**given), by=actor, now=timezone.now())


def accepted(lift: Lift, offer: Any, place: Any) -> Lift:
    data = {"offer": offer, "title": "Bredere dører"}
    return lift_workflow.perform(
        "accept_offer", lift, by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )


def done(action: CorrectiveAction, person: Person) -> CorrectiveAction:
    data = {"outcome": "Døra er 110 cm bred."}
    return action_workflow.perform("finish", action, by=person_actor(person), now=timezone.now(), data=data)


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def at(name: str, pk: int, *more: Any) -> str:
    return reverse(f"deviations:{name}", args=[pk, *more])


def tasks(person: Person) -> list[str]:
    return [f"{task.verb} {task.title}" for task in tasks_of(person)]


def tasks_of(person: Person) -> Any:
    from core.inbox import sources

    actor = person_actor(person)
    return [s.task(row, actor) for s in sources() if s.key.startswith("lifts") for row in s.rows(actor)]


# --- Raising ---------------------------------------------------------------------------------------
def test_raise_lift__from_the_case_in_words_of_its_own(place, case, as_role):
    client = as_role(Role.LEADER)
    assert "Løft problemet" in shown(client.get(case.get_absolute_url(), {"vis": "tiltak"}))
    page = shown(client.get(at("lift_raise", case.pk)))
    assert case.description not in page
    response = client.post(at("lift_raise", case.pk), WORDS)
    lift = Lift.objects.get()
    assert response["Location"] == lift.get_absolute_url()
    assert (lift.deviation, lift.unit, lift.status) == (case, None, LiftStatus.RAISED)
    client.post(at("lift_raise", case.pk), WORDS)
    assert Lift.objects.count() == 1
    assert TOLD["title"] in shown(client.get(case.get_absolute_url(), {"vis": "tiltak"}))
    assert "Løftet problemet" in shown(client.get(case.get_absolute_url(), {"vis": "historikk"}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Problemet i én setning"),
        ({"title": "x" * 121}, "120 tegn"),
        ({"problem": "x" * 3001}, "3000"),
        ({"problem": "Bruker Ola Nordmann falt."}, "Mange leser dette"),
        ({"title": "Ring 91 23 45 67"}, "Mange leser dette"),
        ({"problem": "Nummeret er 13097248022."}, "Mange leser dette"),
        ({"problem": "Det som skjedde: en kollega skled på glatt gulv ved inngangen."}, "dine egne ord"),
        ({"problem": "Hjemmetjenesten Heim får det ikke til."}, "Teksten nevner"),
        ({"audience": "role-tull"}, "Hvem vil du spørre"),
        ({"audience": "sector-999999"}, "Hvem vil du spørre"),
        ({"audience": "tull"}, "Hvem vil du spørre"),
        ({"title": "a\x00b"}, "Problemet i én setning"),
    ],
)
def test_raise_lift__refuses_what_is_wrong_and_keeps_the_rest(case, as_role, changed, words):
    page = shown(as_role(Role.LEADER).post(at("lift_raise", case.pk), {**WORDS, **changed}), 422)
    assert words in page
    assert ("problem" if "title" in changed else "title") in page
    assert not Lift.objects.exists()


def test_raise_lift__names_the_unit_only_when_asked_to(case, as_role):
    as_role(Role.LEADER).post(
        at("lift_raise", case.pk), {**WORDS, "problem": "Hjemmetjenesten heim får det ikke til.", "names_unit": "on"}
    )  # fmt: skip
    assert Lift.objects.get().unit == case.unit


def test_raise_lift__never_names_people_and_does_not_tell_who_is_hidden(place, as_role):
    client, name = as_role(Role.LEADER), place.person(Role.EMPLOYEE).name
    words = {**WORDS, "problem": f"{name} sa fra om dette.", "names_unit": "on"}
    known, hidden = stories.in_progress(place), stories.in_progress(place, anonymity="hidden")
    assert "Ta navnet bort" in shown(client.post(at("lift_raise", known.pk), words), 422)
    assert "Ta navnet bort" not in client.post(at("lift_raise", hidden.pk), words).content.decode()


def test_raise_lift__to_those_who_were_chosen(world, place, case, as_role):
    group = ProfessionalGroup.objects.create(
        municipality=world.region.municipality,
        name="Velferd",
        responsible=place.person(Role.HR),
        changed_at=timezone.now(),
    )
    foreign = ProfessionalGroup.objects.create(
        municipality=world.neighbor.municipality,
        name="Naboens",
        responsible=place.person(Role.HR),
        changed_at=timezone.now(),
    )
    client, url = as_role(Role.LEADER), at("lift_raise", case.pk)
    for number, (audience, words) in enumerate(
        (
            (f"sector-{place.sector.pk}", f"Lederne i {place.sector}"),
            ("role-hr", "HR"),
            (f"group-{group.pk}", "Velferd"),
        )
    ):
        client.post(url, {**WORDS, "title": f"Problem {number}", "audience": audience})
        assert Lift.objects.latest("pk").audience == words
    for audience in (f"sector-{world.neighbor.sector.pk}", f"group-{foreign.pk}", "role-administrator"):
        shown(client.post(url, {**WORDS, "audience": audience}), 422)
    for given in ({"sector": world.neighbor.sector}, {"group": foreign}):
        with pytest.raises(TransitionBlocked, match="en annen kommune"):
            raised(place, case, title="Til naboen", **given)


def test_raise_lift__never_from_a_confidential_or_ended_case(place, as_role):
    client = as_role(Role.LEADER)
    secret = stories.in_progress(place, code="HMS-PSYK")
    assert "fortrolig" in shown(client.get(at("lift_raise", secret.pk)), 409)
    assert "Løft problemet" not in shown(client.get(secret.get_absolute_url(), {"vis": "tiltak"}))
    assert "Gjenåpne" in shown(client.post(at("lift_raise", stories.dismissed(place).pk), WORDS), 409)
    with pytest.raises(TransitionBlocked):
        raised(place, secret)
    assert not Lift.objects.exists()


def test_raise_lift__is_for_those_who_handle_the_case(world, case, as_role):
    assert as_role(Role.EMPLOYEE).get(at("lift_raise", case.pk)).status_code == 403
    assert as_role(Role.LEADER, world.neighbor).get(at("lift_raise", case.pk)).status_code == 404
    with pytest.raises(TransitionDenied):
        operations.raise_lift(
            case, LiftInput(**TOLD), by=world.neighbor.actor(Role.LEADER), now=timezone.now()
        )


# --- Who sees it -----------------------------------------------------------------------------------
def seeing(world: Any, lift: Lift) -> set[str]:
    return {
        f"{place.code}:{role}"
        for place in (world.home, world.neighbor, world.region, world.stranger)
        for role in Role
        if Lift.objects.visible_to(place.actor(role)).contains(lift)
    }


def answering(world: Any, lift: Lift) -> set[str]:
    return {
        f"{place.code}:{role}"
        for place in (world.home, world.neighbor, world.region, world.stranger)
        for role in Role
        if policies.may_answer_lift(place.actor(role), lift)
    }


def test_see_lift__everybody_in_the_municipality(world, place):
    at_home = {f"heim:{role}" for role in Role}
    assert seeing(world, raised(place)) == at_home
    assert seeing(world, raised(place, role=Role.IKT_LEADER)) == at_home


def test_answer_lift__leaders_of_the_municipality_and_those_asked_but_not_who_raised_it(world, place):
    leaders = {"heim:sector_leader", "heim:kommunedirektor"}
    assert answering(world, raised(place)) == leaders
    assert answering(world, raised(place, role=Role.IKT_LEADER)) == {*leaders, "heim:ikt_leader"}
    assert answering(world, raised(place, sector=place.sector)) == leaders
    now = timezone.now()
    group = ProfessionalGroup.objects.create(
        municipality=world.region.municipality,
        name="Velferdsteknologi",
        responsible=place.person(Role.HR),
        changed_at=now,
    )
    group.members.add(place.person(Role.CHANGE_AGENT), world.neighbor.person(Role.CHANGE_AGENT))
    assert answering(world, raised(place, group=group)) == {*leaders, "heim:hr", "heim:change_agent"}


def test_see_lift__shows_neither_case_nor_unit_nor_raiser(place, case, technical_client):
    lift = raised(place, case)
    leader, reporter = place.person(Role.LEADER).name, place.person(Role.EMPLOYEE).name
    operations.write_about_lift(
        lift, "Gjelder det alle rom?", by=place.actor(Role.SECTOR_LEADER), now=timezone.now()
    )
    operations.write_about_lift(lift, "Ja, alle.", by=place.actor(Role.LEADER), now=timezone.now())
    page = shown(technical_client.get(lift.get_absolute_url()))
    assert TOLD["title"] in page
    assert "Ja, alle." in page
    for hidden in (leader, reporter, case.number, case.unit.name, case.description):
        assert hidden not in page
    assert technical_client.get(case.get_absolute_url()).status_code == 404


def test_see_lift__404_elsewhere_and_403_for_steps_of_others(world, place, case, technical_client, as_role):
    lift = raised(place, case)
    for name, more in (
        ("lift_detail", []), ("lift_offer", []), ("lift_transition", ["solve"]), ("lift_write", []),
        ("lift_reply", []), ("lift_offer_withdraw", []),
    ):  # fmt: skip
        for role, where, refused in ((Role.LEADER, world.neighbor, 404), (Role.EMPLOYEE, place, 403)):
            sent = {"text": "Kan vi hjelpe?", "svar": LiftReply.Kind.SAME}
            answer = as_role(role, where).post(at(name, lift.pk, *more), sent)
            nothing_to_take_back = name == "lift_offer_withdraw" and where is place
            expected = 302 if nothing_to_take_back else refused
            assert answer.status_code == (405 if name == "lift_detail" else expected), (name, role)
    assert technical_client.post(at("lift_transition", lift.pk, "withdraw_lift")).status_code == 403
    assert as_role(Role.LEADER).get(at("lift_offer", lift.pk)).status_code == 403
    assert technical_client.get(at("lift_transition", lift.pk, "tull")).status_code == 404
    assert technical_client.post(at("lift_reply", lift.pk), {"svar": "tull"}).status_code == 404


def test_steer_lift__never_by_somebody_the_case_is_about(place, case, as_role):
    lift, above, client = raised(place, case), place.actor(Role.SECTOR_LEADER), as_role(Role.SECTOR_LEADER)
    url = at("lift_transition", lift.pk, "withdraw_lift")
    assert policies.may_steer_lift(above, lift)
    assert client.get(url).status_code == 200
    case.concerned.add(above.person)
    assert not policies.may_steer_lift(above, Lift.objects.get(pk=lift.pk))
    assert client.post(url, {"reason": "Unødvendig."}).status_code == 403
    assert place.person(Role.LEADER).name not in shown(client.get(lift.get_absolute_url()))


def test_write_about_lift__the_same_words_sent_twice_stand_once(place, case, technical, technical_client):
    lift = raised(place, case)
    for text in (
        "Gjelder det alle rom?",
        "Gjelder det alle rom?",
        "Eller bare ett?",
        "Gjelder det alle rom?",
    ):
        technical_client.post(at("lift_write", lift.pk), {"text": text})
    assert lift.messages.count() == 3
    assert Notice.objects.filter(title__startswith="Spørsmål om", recipient=lift.raised_by).count() == 3


def test_write_about_lift__after_the_session_has_ended_leads_back_to_the_page(place, case, client):
    lift = raised(place, case)
    page = lift.get_absolute_url()
    url = at("lift_write", lift.pk)
    for referer, back in (
        (f"http://testserver{page}?vis=alt#skriv", f"{page}%3Fvis%3Dalt"), ("https://ond.example/loft/", url), ("", url),
    ):  # fmt: skip
        answer = client.post(url, {"text": "Hei"}, headers={"Referer": referer})
        assert answer["Location"] == f"/konto/login/?next={back}"
    assert (
        client.get(page, headers={"Referer": "http://testserver/"})["Location"]
        == f"/konto/login/?next={page}"
    )


def test_write_about_lift__who_steers_it_names_nobody_of_the_case(place, case, as_role, technical_client):
    lift, client = raised(place, case), as_role(Role.LEADER)
    words = {"text": f"{place.person(Role.EMPLOYEE).name} meldte det."}
    assert "Ta navnet bort" in shown(client.post(at("lift_write", lift.pk), words), 422)
    solved = client.post(at("lift_transition", lift.pk, "solve"), {"solution": words["text"]})
    assert "Ta navnet bort" in shown(solved, 422)
    assert technical_client.post(at("lift_write", lift.pk), words).status_code == 302


def test_list_lifts__with_search_and_filters(world, place, as_role, technical, technical_client):
    solved = raised(place, title="Smal dør")
    now = timezone.now()
    lift_workflow.perform(
        "solve", solved, by=place.actor(Role.LEADER), now=now, data={"solution": "Ny heis."}
    )
    raised(place, title="Nøkler som blir borte", sector=technical.roles.first().unit)
    raised(place, title="Vikarer uten tilgang", role=Role.IKT_LEADER)
    raised(world.neighbor, title="Naboens problem")
    for query, sees, not_sees in (
        ({}, ["Smal dør", "Nøkler", "Vikarer"], ["Naboens"]),
        ({"status": "open"}, ["Nøkler"], ["Smal dør"]),
        ({"status": "solved"}, ["Smal dør"], ["Nøkler"]),
        ({"q": "nøkkel"}, [], ["Smal dør"]),
        ({"q": "heis"}, ["Smal dør"], ["Nøkler"]),
        ({"meg": "on"}, ["Nøkler"], ["Vikarer"]),
        ({"mine": "on"}, [], ["Nøkler", "Vikarer"]),
    ):  # fmt: skip
        page = shown(technical_client.get(LIST, query))
        assert [word for word in sees if word not in page] == []
        assert [word for word in not_sees if word in page] == []
    for odd in (
        {"status": "tull"},
        {"etter": "tull"},
        {"q": "x" * 300},
        {"q": "a\x00b"},
        {"q": "' or 1=1 --"},
    ):
        shown(technical_client.get(LIST, odd))
    assert "Nøkler" in shown(as_role(Role.EMPLOYEE).get(LIST))
    assert "Ingen har løftet" in shown(as_role(Role.EMPLOYEE, world.stranger).get(LIST))


def test_list_lifts__costs_the_same_for_many(place, case, as_role, django_assert_max_num_queries):
    raised(place, case)
    client = as_role(Role.LEADER)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    for number in range(35):
        raised(place, case, title=f"Problem {number}", sector=place.sector)
    with django_assert_max_num_queries(12) as many:
        page = shown(client.get(LIST))
    assert len(many) == len(few)
    assert "Neste" in page


# --- The main line ---------------------------------------------------------------------------------
def test_solve_problem__by_the_technical_director(place, case, as_role, technical, technical_client):
    """The lifting machine: raised by the leader, solved by another sector, closed with what was changed."""
    lift = raised(place, case, sector=technical.roles.first().unit)
    assert Notice.objects.filter(recipient=technical, event="lift_raised").exists()
    assert tasks(technical) == [f"Kan du løse dette? {TOLD['title']}"]
    assert tasks(place.person(Role.SECTOR_LEADER)) == []
    assert tasks(place.person(Role.LEADER)) == []

    page = shown(technical_client.get(lift.get_absolute_url()))
    assert "Jeg kan løse dette" in page
    response = technical_client.post(
        at("lift_offer", lift.pk),
        {"plan": "Vi river karmen.", "unit": technical.roles.first().unit_id, "owner": technical.name, "due_on": SOON.isoformat()},
    )  # fmt: skip
    assert response["Location"] == lift.get_absolute_url()
    assert tasks(technical) == []
    assert tasks(place.person(Role.LEADER)) == [f"Ta stilling til tilbudet: {TOLD['title']}"]

    leader = as_role(Role.LEADER)
    offer = lift.offers.get()
    assert "Vi river karmen." in shown(leader.get(lift.get_absolute_url()))
    response = leader.post(
        at("lift_transition", lift.pk, "accept_offer"), {"offer": offer.pk, "title": "Bredere dør"}
    )
    assert response["Location"] == lift.get_absolute_url()
    action = CorrectiveAction.objects.get()
    assert (action.unit, action.owner, action.due_on, action.status) == (
        offer.unit,
        technical,
        SOON,
        "accepted",
    )
    assert list(action.deviations.all()) == [case]
    assert tasks(place.person(Role.LEADER)) == []

    assert technical_client.get(case.get_absolute_url()).status_code == 404
    page = shown(technical_client.get(action.get_absolute_url()))
    assert TOLD["title"] in page
    assert case.number not in page
    assert place.person(Role.LEADER).name in shown(technical_client.get(lift.get_absolute_url()))

    assert "ikke gjort ennå" in shown(leader.get(at("lift_transition", lift.pk, "solve")), 409)
    done(action, technical)
    assert tasks(place.person(Role.LEADER)) == [f"Meld som løst: {TOLD['title']}"]
    leader.post(at("lift_transition", lift.pk, "solve"), {"solution": "Døra er bredere."})
    lift.refresh_from_db()
    assert (lift.status, lift.solution) == (LiftStatus.SOLVED, "Døra er bredere.")
    assert tasks(place.person(Role.LEADER)) == []
    assert "Bredere dør" in shown(leader.get(case.get_absolute_url(), {"vis": "tiltak"}))
    assert "Foreslo tiltak" in shown(leader.get(case.get_absolute_url(), {"vis": "historikk"}))


def test_accept_offer__of_somebody_elses_work_is_proposed_to_them(place, technical):
    lift = raised(place)
    offer = offered(lift, technical, owner=place.person(Role.HR))
    assert accepted(lift, offer, place).action.status == "proposed"


def test_accept_offer__that_was_withdrawn_says_so(place, technical, as_role):
    lift = raised(place)
    offer = offered(lift, technical)
    second = offered(lift, place.person(Role.SECTOR_LEADER))
    client = as_role(Role.LEADER)
    operations.withdraw_offer(lift, by=person_actor(technical), now=timezone.now())
    page = shown(
        client.post(at("lift_transition", lift.pk, "accept_offer"), {"offer": offer.pk, "title": "x"}), 422
    )
    assert "tilbud" in page
    with pytest.raises(TransitionBlocked):
        accepted(lift, offer, place)
    operations.withdraw_offer(lift, by=place.actor(Role.SECTOR_LEADER), now=timezone.now())
    assert second.pk
    assert "Ingen har sagt" in shown(client.get(at("lift_transition", lift.pk, "accept_offer")), 409)


def test_accept_offer__on_a_case_that_has_ended_leaves_the_case_alone(place, technical, case):
    lift = raised(place, case)
    offer = offered(lift, technical)
    deviation_workflow.perform(
        "dismiss", case, by=place.actor(Role.LEADER), now=timezone.now(), data={"reason": "Ikke vårt."}
    )
    accepted(lift, offer, place)
    assert not ActionLink.objects.exists()
    assert CorrectiveAction.objects.exists()


def test_ask_again__lets_others_offer_anew(place, technical):
    lift, leader = raised(place), place.actor(Role.LEADER)
    lift = accepted(lift, offered(lift, technical), place)
    lift = lift_workflow.perform(
        "ask_again", lift, by=leader, now=timezone.now(), data={"reason": "Ble ikke noe av."}
    )
    assert (lift.status, lift.action) == (LiftStatus.RAISED, None)
    assert offered(lift, technical).is_standing


# --- Offers, questions and «we have the same» ------------------------------------------------------
def test_offer__once_per_person_and_can_be_withdrawn(place, technical, technical_client):
    lift = raised(place)
    assert offered(lift, technical) == offered(lift, technical, plan="Noe annet")
    response = technical_client.post(at("lift_offer_withdraw", lift.pk))
    assert "trukket" in said(response)
    assert "ikke noe tilbud" in said(technical_client.post(at("lift_offer_withdraw", lift.pk)))
    assert Notice.objects.filter(recipient=place.person(Role.LEADER), title__contains="er trukket").exists()
    assert offered(lift, technical, plan="Noe annet").plan == "Noe annet"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"plan": ""}, "Hvordan vil dere"),
        ({"plan": "Pasient Kari Hansen først."}, "Mange leser dette"),
        ({"owner": "Ingen Her"}, "Fant ingen treff"),
        ({"due_on": "2020-01-01"}, "Datoen er passert"),
        ({"unit": "1"}, "Hvilken enhet"),
    ],
)
def test_offer__refuses_what_is_wrong(place, technical, technical_client, changed, words):
    lift = raised(place)
    sent = {
        "plan": "Vi ordner det.",
        "unit": technical.roles.first().unit_id,
        "owner": technical.name,
        "due_on": SOON.isoformat(),
    }
    assert words in shown(technical_client.post(at("lift_offer", lift.pk), {**sent, **changed}), 422)
    assert not lift.offers.exists()


def test_offer__not_for_what_no_longer_waits(place, technical, technical_client):
    lift = raised(place)
    lift_workflow.perform(
        "withdraw_lift", lift, by=place.actor(Role.LEADER), now=timezone.now(), data={"reason": "Løst."}
    )
    assert "venter ikke lenger" in shown(technical_client.get(at("lift_offer", lift.pk)), 409)
    with pytest.raises(TransitionBlocked):
        offered(lift, technical)


def test_ask_and_answer__tells_the_other_side(place, technical, technical_client, as_role):
    lift = raised(place)
    technical_client.post(at("lift_write", lift.pk), {"text": "Hvor bred er døra?"})
    assert tasks(place.person(Role.LEADER)) == [f"Svar på spørsmål om {TOLD['title']}"]
    as_role(Role.LEADER).post(at("lift_write", lift.pk), {"text": "82 cm."})
    assert tasks(place.person(Role.LEADER)) == []
    assert Notice.objects.filter(recipient=technical, title__startswith="Svar om").exists()
    page = shown(technical_client.post(at("lift_write", lift.pk), {"text": "Ring 91 23 45 67"}), 422)
    assert "Mange leser dette" in page
    assert "91 23 45 67" in page


def test_have_the_same__is_counted_once_each_and_can_be_taken_back(
    place, technical, technical_client, as_role
):
    lift = raised(place)
    for _ in range(2):
        technical_client.post(at("lift_reply", lift.pk), {"svar": "same"})
    assert "1 til har det samme" in shown(as_role(Role.LEADER).get(lift.get_absolute_url()))
    assert tasks(technical) == []
    technical_client.post(at("lift_reply", lift.pk), {"svar": ""})
    assert "til har det samme" not in shown(as_role(Role.LEADER).get(lift.get_absolute_url()))
    technical_client.post(at("lift_reply", lift.pk), {"svar": "not_us"})
    assert tasks(technical) == []


# --- Ends ------------------------------------------------------------------------------------------
def test_merge_lift__brings_the_case_and_those_with_the_same_along(place, technical, as_role):
    main, other = raised(place, title="Smale dører"), raised(place, title="Løfteren står utenfor")
    lift_case = other.deviation
    operations.reply_to_lift(other, LiftReply.Kind.SAME, by=person_actor(technical), now=timezone.now())
    accepted(main, offered(main, technical), place)
    response = as_role(Role.LEADER).post(
        at("lift_transition", other.pk, "merge_lift"), {"main": "smale dører"}
    )
    assert response["Location"] == other.get_absolute_url()
    other.refresh_from_db()
    assert (other.status, other.merged_into) == (LiftStatus.MERGED, main)
    assert set(CorrectiveAction.objects.get().deviations.all()) == {main.deviation, lift_case}
    assert [reply.person for reply in main.replies.all()] == [technical]
    assert "Smale dører" in shown(as_role(Role.LEADER).get(other.get_absolute_url()))


def test_merge_lift__not_with_itself_or_another_municipality(world, place, as_role):
    lift, foreign = raised(place), raised(world.neighbor, title="Naboens problem")
    client, url = as_role(Role.LEADER), at("lift_transition", lift.pk, "merge_lift")
    for name in (lift.title, foreign.title, ""):
        shown(client.post(url, {"main": name}), 422)
    assert shown(client.get(reverse("deviations:lift_options"), {"main": "a\x00b"})) == ""
    options = shown(client.get(reverse("deviations:lift_options"), {"main": "problem"}))
    assert "Naboens" not in options


def test_steer_lift__also_those_who_handle_the_case_when_its_raiser_has_left(place, case, as_role):
    lift = raised(place, case)
    url = at("lift_transition", lift.pk, "withdraw_lift")
    response = as_role(Role.SECTOR_LEADER).post(url, {"reason": "Det ordnet seg."})
    assert response["Location"] == lift.get_absolute_url()


@pytest.mark.parametrize(
    "change", ["status = 'being_solved'", "status = 'solved'", "role = 'hr', sector_id = municipality_id", "ended_at = now()"]
)  # fmt: skip
def test_keep_lift__whatever_raw_sql_tries(place, change):
    lift = raised(place)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update deviations_lift set {change} where id = %s", [lift.pk])


def test_keep_lift__when_its_deviation_is_gone(place, technical):
    lift = raised(place)
    Lift.objects.filter(pk=lift.pk).update(deviation=None)
    lift.refresh_from_db()
    assert accepted(lift, offered(lift, technical), place).action is not None


# --- Reminders -------------------------------------------------------------------------------------
def test_remind_raiser__of_offers_and_of_what_is_done(place, technical):
    lift = raised(place)
    offered(lift, technical)
    only = [one for one in REMINDERS if one.key.startswith("lift")]
    day, now = timezone.localdate() + timedelta(days=7), timezone.now()
    assert reminders.run(day=day, now=now, only=only) == 1
    assert reminders.run(day=day, now=now, only=only) == 0
    lift = accepted(lift, lift.offers.get(), place)
    done(lift.action, technical)
    assert reminders.run(day=timezone.localdate() + timedelta(days=12), now=now, only=only) == 1
    assert {notice.recipient for notice in Notice.objects.filter(title__contains="løst nå")} == {
        place.person(Role.LEADER)
    }


def test_open_lift__costs_no_more_with_much_in_it(place, technical, as_role, django_assert_max_num_queries):
    lift, client = raised(place), as_role(Role.LEADER)
    client.get(lift.get_absolute_url())
    with django_assert_max_num_queries(12) as few:
        client.get(lift.get_absolute_url())
    offered(lift, technical)
    for number in range(5):
        operations.write_about_lift(
            lift, f"Spørsmål {number}", by=person_actor(technical), now=timezone.now()
        )
    with django_assert_max_num_queries(12) as many:
        client.get(lift.get_absolute_url())
    assert len(many) <= len(few) + 1


def test_keep_case_from_solver__also_in_lists_and_search(place, technical, case):
    lift = raised(place, case)
    accepted(lift, offered(lift, technical), place)
    actor = person_actor(technical)
    assert not Deviation.objects.visible_to(actor).exists()
    assert CorrectiveAction.objects.visible_to(actor).count() == 1
