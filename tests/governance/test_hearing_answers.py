"""Answers of hearings: the position, a deadline that is noted as passed, and an answer that comes after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.formats import short_date
from core.models import Notice
from core.workdays import add_working_days
from core.workflow import TransitionBlocked, TransitionDenied
from governance import case_papers, guards
from governance.hearings import operations as hearings
from governance.models import CouncilMandate, Hearing, Initiative
from governance.reminders import REMINDERS
from governance.views.loading import hearings_with_people
from organization.roles import Role
from tests import stories

TODAY = timezone.localdate

_PASSED = next(one for one in REMINDERS if one.key == "hearing_passed")


def fresh(hearing):
    rows = Hearing.objects.select_related("initiative__municipality", "noted_by", "answered_by", "person")
    return rows.get(pk=hearing.pk)


def ask(place, *roles, **facts):
    case = stories.under_preparation(place, **facts)
    by = place.actor(Role.COORDINATOR)
    return hearings.ask_hearings(case, roles=list(roles), due_on=None, by=by, now=timezone.now())


def let_pass(*rows, days=1):
    Hearing.objects.filter(pk__in=[row.pk for row in rows]).update(due_on=TODAY() - timedelta(days=days))
    return [fresh(row) for row in rows]


def note(hearing, place):
    return hearings.note_deadline(fresh(hearing), by=place.actor(Role.COORDINATOR), now=timezone.now())


def answer(hearing, place, position="remarks", text="Husk opplæring."):
    by = place.actor(hearing.role)
    return hearings.answer_hearing(fresh(hearing), position=position, answer=text, by=by, now=timezone.now())


def paper_of(initiative):
    """Return what the case paper says of those who were heard."""
    case = Initiative.objects.prefetch_related(hearings_with_people()).get(pk=initiative.pk)
    stories.write_paper(case, _place_of(case))
    data = case_papers.pdf_data(case, case.case_paper, [])
    return next(s["statements"] for s in data["sections"] if s.get("statements"))


def _place_of(case):
    from tests.world import WORLD

    return next(place for place in (WORLD.home, WORLD.neighbor) if place.code == case.municipality.code)


def note_url(hearing):
    return reverse("governance:hearing_note", args=[hearing.pk])


def answer_url(hearing):
    return reverse("governance:hearing_answer", args=[hearing.pk])


def ask_url(hearing):
    return reverse("governance:initiative_hearings_ask", args=[hearing.initiative_id])


# --- The deadline passed ----------------------------------------------------------------------------
def test_mark_ready__waits_until_the_passed_deadline_is_noted(world):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    reason = str(guards.hearings_are_answered(fresh(hearing).initiative))
    assert "Fristen er ute for HR. Noter det" in reason
    note(hearing, world.home)
    assert guards.hearings_are_answered(fresh(hearing).initiative) is None


def test_note_deadline__stands_with_day_and_name_wherever_hearings_are_told_of(world, as_role):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    note(hearing, world.home)
    name, today = world.home.person(Role.COORDINATOR), short_date(TODAY())
    words = f"Fristen gikk ut {short_date(TODAY() - timedelta(days=1))} uten svar, notert av {name} {today}."
    assert fresh(hearing).note_words == words
    client, case = as_role(Role.COORDINATOR), hearing.initiative
    assert words in client.get(ask_url(hearing)).content.decode()
    assert words in client.get(case.get_absolute_url(), {"vis": "behandling"}).content.decode()
    check_list = client.get(reverse("governance:initiative_case_paper_edit", args=[case.pk])).context[
        "checks"
    ]
    assert f"HR: {words}" in " ".join(check.hint for check in check_list)
    history = client.get(case.get_absolute_url(), {"vis": "historikk"}).content.decode()
    assert "Notert at høringsfristen gikk ut uten svar" in history
    (_sector_leader, statement) = paper_of(case)
    assert (statement["text"], statement["position"]) == (words, "Har ikke svart")


def test_note_deadline__by_the_button_beside_who_did_not_answer(world, as_role):
    late, in_time = ask(world.home, Role.HR, Role.ARCHIVIST)
    let_pass(late)
    client = as_role(Role.COORDINATOR)
    page = client.get(ask_url(late)).content.decode()
    assert note_url(late) in page
    assert note_url(in_time) not in page
    assert client.post(note_url(late))["Location"] == ask_url(late)
    assert fresh(late).noted_by == world.home.person(Role.COORDINATOR)
    assert client.post(note_url(late)).status_code == 409
    assert client.post(note_url(in_time)).status_code == 409


def test_note_deadline__is_for_who_prepares_the_case_at_home(world, as_role):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    for role, place, code in (
        (Role.EMPLOYEE, world.home, 403), (Role.HR, world.home, 403), (Role.COORDINATOR, world.neighbor, 404),
        (Role.COORDINATOR, world.stranger, 404),
    ):  # fmt: skip
        assert as_role(role, place).post(note_url(hearing)).status_code == code, role
    with pytest.raises(TransitionDenied):
        hearings.note_deadline(hearing, by=world.neighbor.actor(Role.COORDINATOR), now=timezone.now())
    assert not fresh(hearing).noted_at


def test_note_deadline__of_who_can_still_answer_is_refused(world):
    (hearing,) = ask(world.home, Role.HR)
    Hearing.objects.filter(pk=hearing.pk).update(due_on=TODAY())
    with pytest.raises(TransitionBlocked, match="HR kan svare til og med"):
        note(hearing, world.home)


def test_note_deadline__is_not_enough_where_the_mandate_requires_an_answer(world):
    required, other = (*let_pass(*ask(world.home, Role.HR)), *let_pass(*ask(world.neighbor, Role.HR)))
    note(required, world.home)
    CouncilMandate.objects.filter(municipality=world.home.municipality).update(answer_required=["hr"])
    assert "krever svar fra HR" in str(guards.hearings_are_answered(fresh(required).initiative))
    note(other, world.neighbor)
    assert guards.hearings_are_answered(fresh(other).initiative) is None
    (again,) = let_pass(*ask(world.home, Role.HR))
    with pytest.raises(TransitionBlocked, match="Mandatet krever svar fra HR"):
        note(again, world.home)


def test_note_deadline__of_a_case_that_is_ready_is_refused(world):
    case = stories.ready_for_council(world.home)
    now = timezone.now()
    hearing = Hearing.objects.create(
        initiative=case, role=Role.HR, person=world.home.person(Role.HR), asked_at=now, changed_at=now,
        due_on=TODAY() - timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(TransitionBlocked, match="Høringen er avsluttet"):
        note(hearing, world.home)


def test_answer_hearing__after_the_note_replaces_it_visibly(world, as_role):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    note(hearing, world.home)
    client = as_role(Role.HR)
    page = client.get(answer_url(hearing)).content.decode()
    assert "uten svar, notert av" in page
    assert "Du kan likevel svare" in page
    data = {"position": "against", "answer": "Vi fraråder dette.", "stamp": ""}
    assert client.post(answer_url(hearing), data).status_code == 302
    late = (
        f"Svaret kom etter at {world.home.person(Role.COORDINATOR)} {short_date(TODAY())} noterte at fristen"
    )
    shown = as_role(Role.COORDINATOR).get(ask_url(hearing)).content.decode()
    assert late in shown
    assert "uten svar, notert av" not in shown
    (_sector_leader, statement) = paper_of(hearing.initiative)
    assert statement["position"] == "Fraråder"
    assert late in statement["text"]
    assert guards.hearings_are_answered(fresh(hearing).initiative) is None


def test_ask_hearings__anew_with_a_later_deadline_takes_the_note_away(world):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    note(hearing, world.home)
    by = world.home.actor(Role.COORDINATOR)
    hearings.ask_hearings(fresh(hearing).initiative, roles=[Role.HR], due_on=None, by=by, now=timezone.now())
    assert not fresh(hearing).note_words
    assert "har frist" in str(guards.hearings_are_answered(fresh(hearing).initiative))


def test_inbox__a_noted_hearing_asks_nobody(world):
    (hearing,) = let_pass(*ask(world.home, Role.HR))
    waiting = Hearing.objects.asking(world.home.actor(Role.HR), TODAY())
    assert hearing in waiting
    note(hearing, world.home)
    assert hearing not in Hearing.objects.asking(world.home.actor(Role.HR), TODAY())


def test_reminder__tells_the_case_handler_the_day_after_and_nothing_when_noted(world):
    hearing, noted = ask(world.home, Role.HR, Role.ARCHIVIST)
    let_pass(noted)
    note(noted, world.home)
    day = add_working_days(fresh(hearing).due_on, 1)
    reminders.run(day=day, now=timezone.now(), only=[_PASSED])
    told = Notice.objects.filter(title__startswith="Følg opp høringen")
    assert [(n.recipient, n.url) for n in told] == [(world.home.person(Role.COORDINATOR), ask_url(hearing))]
    reminders.run(day=day, now=timezone.now(), only=[_PASSED])
    assert told.count() == 1


# --- The position -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("position", "text", "code"),
    [
        ("no_remarks", "", 302), ("no_remarks", "Lykke til.", 302), ("remarks", "Husk opplæring.", 302), ("against", "Nei.", 302),
        ("remarks", "  ", 422), ("against", "", 422), ("", "Noe.", 422), ("kanskje", "Noe.", 422),
    ],
)  # fmt: skip
def test_answer_hearing__needs_words_unless_there_are_no_remarks(world, as_role, position, text, code):
    (hearing,) = ask(world.home, Role.HR)
    data = {"position": position, "answer": text, "stamp": ""}
    response = as_role(Role.HR).post(answer_url(hearing), data)
    assert response.status_code == code
    assert fresh(hearing).is_answered == (code == 302)
    if position in {"remarks", "against"} and code == 422:
        assert "Skriv hva merknaden eller frarådingen går ut på." in response.content.decode()


@pytest.mark.parametrize(
    ("position", "label"),
    [("no_remarks", "Ingen merknader"), ("remarks", "Har merknader"), ("against", "Fraråder")],
)
def test_answer_hearing__is_told_everywhere_by_its_position(world, as_role, position, label):
    (hearing,) = ask(world.home, Role.HR)
    answer(hearing, world.home, position, "" if position == "no_remarks" else "Les dette.")
    assert label in as_role(Role.COORDINATOR).get(ask_url(hearing)).content.decode()
    (_sector_leader, statement) = paper_of(hearing.initiative)
    assert statement["position"] == label


@pytest.mark.parametrize(("position", "text"), [("", "Noe."), ("against", "")])
def test_hearing__without_position_or_words_is_refused_by_the_database(world, position, text):
    (hearing,) = ask(world.home, Role.HR)
    by = world.home.person(Role.HR)
    values = {"position": position, "answer": text, "answered_at": timezone.now(), "answered_by": by}
    with pytest.raises(IntegrityError, match="hearing_"), transaction.atomic():
        Hearing.objects.filter(pk=hearing.pk).update(**values)


def test_ask_page__with_many_notes_costs_at_most_twelve(world, as_role, django_assert_max_num_queries):
    roles = [Role.HR, Role.ARCHIVIST, Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT, Role.PRIVACY_OFFICER]
    rows = let_pass(*ask(world.home, *roles))
    for row in rows[1:]:
        note(row, world.home)
    client = as_role(Role.COORDINATOR)
    client.get(ask_url(rows[0]))
    with django_assert_max_num_queries(12):
        client.get(ask_url(rows[0]))
    with django_assert_max_num_queries(12):
        client.get(reverse("governance:initiative_case_paper_edit", args=[rows[0].initiative_id]))
