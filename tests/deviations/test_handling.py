"""What those who handle a case do beside its steps: assess, ask, send on, write, tie together, make more of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from core.models import Notice
from deviations import operations
from deviations.models import Anonymity, Cause, Deviation, DeviationType, Link, MeasureLink, Message, Status
from deviations.workflow import deviation_workflow
from governance.models import CouncilMandate, Initiative
from organization.models import Service
from organization.roles import Role
from tests import stories as initiatives
from tests.deviations import stories

perform = deviation_workflow.perform
WORDS = "skled på glatt gulv"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def case(place):
    return stories.in_progress(place)


@pytest.fixture
def leader(as_role):
    return as_role(Role.LEADER)


def at(name: str, case: Deviation, *more: int) -> str:
    return reverse(f"deviations:{name}", args=[case.pk, *more])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def label(place: Any, role: Role) -> str:
    """Return the suggestion that stands for one person only."""
    return f"{place.person(role).name} ({role.label})"


def fresh(case: Deviation) -> Deviation:
    return Deviation.objects.get(pk=case.pk)


def sent_back(client: Any, case: Deviation, **changed: Any) -> dict[str, Any]:
    """Return what the browser would send of the assessment as it stands, with some of it changed."""
    form = client.get(case.get_absolute_url(), {"vis": "vurdering"}).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **changed}.items() if value not in (None, False, "")}


# --- The assessment --------------------------------------------------------------------------------
def test_assess__keeps_everything_and_bumps_the_version_once_per_part(place, case, leader):
    cause = Cause.objects.get(municipality=place.municipality, code="environment_2")
    sent = sent_back(
        leader, case, title="  Glatt   gulv ", severity="3", consequence_area="Liv og helse", actual_consequence="2",
        potential_consequence="4", probability="3", service="Hjemmesykepleie", why_0="Vått.", why_1="Vasket.",
        cause_note="Samme sted før.",
    )  # fmt: skip
    group = next(name for name, value in _groups(leader, case).items() if cause.group == value)
    response = leader.post(at("deviation_assess", case), {**sent, group: [cause.pk]})
    assert response["Location"] == f"{case.get_absolute_url()}?vis=vurdering"
    done = fresh(case)
    assert (done.title, done.severity, done.risk_score) == ("Glatt gulv", 3, 12)
    assert (done.consequence_area, done.service) == (
        "Liv og helse",
        Service.objects.get(municipality=place.municipality),
    )
    assert (done.whys, done.cause_note, list(done.causes.all())) == (
        ["Vått.", "Vasket."],
        "Samme sted før.",
        [cause],
    )
    assert done.version == case.version + 2
    assert "Glatt gulv" in shown(leader.get(response["Location"]))


def _groups(client: Any, case: Deviation) -> dict[str, str]:
    form = client.get(case.get_absolute_url(), {"vis": "vurdering"}).context["form"]
    return {name: str(form.fields[name].label) for name in form.groups.values()}


def test_assess__unchanged_writes_nothing(case, leader):
    leader.post(at("deviation_assess", case), sent_back(leader, case))
    assert fresh(case).version == case.version


def test_assess__puts_together_what_two_wrote_in_different_fields(place, case, leader):
    mine = sent_back(leader, case, why_0="Vått.")
    operations.assess(
        case,
        type_=case.type,
        category=case.category,
        severity=4,
        by=place.actor(Role.SECTOR_LEADER),
        now=timezone.now(),
    )
    response = leader.post(at("deviation_assess", case), mine)
    assert response.status_code == 302
    assert (fresh(case).severity, fresh(case).whys) == (4, ["Vått."])


def test_assess__stale_shows_mine_and_theirs_and_saves_mine_the_second_time(place, case, leader):
    mine = sent_back(leader, case, severity="1", title="Min tittel")
    operations.assess(
        case, type_=case.type, category=case.category, severity=4, title="Deres tittel",
        by=place.actor(Role.SECTOR_LEADER), now=timezone.now(),
    )  # fmt: skip
    response = leader.post(at("deviation_assess", case), mine)
    page = shown(response, 409)
    for words in ("Noen andre har endret det samme", "Min tittel", "Deres tittel", "Lav", "Kritisk"):
        assert words in page
    assert fresh(case).title == "Deres tittel"
    form = response.context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in again.items() if value not in (None, False, "")}
    assert leader.post(at("deviation_assess", case), again).status_code == 302
    assert (fresh(case).title, fresh(case).severity) == ("Min tittel", 1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "x" * 201}, "Skriv høyst 200 tegn"),
        ({"title": "Feil på a\x00b"}, "Null"),
        ({"title": "Bruker Ola Hansen falt"}, "Tittelen leses av mange"),
        ({"title": "Fødselsnummer 01010112377"}, "Tittelen leses av mange"),
        ({"type": "987654321"}, "Type"),
        ({"type": "tull"}, "Type"),
        ({"category": "tull"}, "Kategori"),
        ({"severity": "9"}, "Alvorlighet"),
        ({"probability": "77"}, "Sannsynlighet"),
        ({"causes_0": ["987654321"]}, "Menneske"),
        ({"why_0": "x" * 501}, "Hvorfor skjedde det?"),
        ({"service": "Finnes ikke"}, "Fant ingen treff"),
        ({"version": "tull"}, "helt tall"),
    ],
)
def test_assess__refuses_what_is_wrong_and_keeps_what_was_typed(case, leader, changed, words):
    sent = {**sent_back(leader, case), "cause_note": "Dette skrev jeg.", **changed}
    page = shown(leader.post(at("deviation_assess", case), sent), 422)
    assert words in page
    assert "Dette skrev jeg." in page
    assert fresh(case).version == case.version


def test_assess__with_a_type_of_another_municipality_is_refused(world, case, leader):
    foreign = stories.type_of(world.neighbor, stories.FALL)
    page = shown(
        leader.post(at("deviation_assess", case), sent_back(leader, case, type=str(foreign.pk))), 422
    )
    assert "Type" in page


def test_assess__sent_empty_says_what_is_wrong(case, leader):
    shown(leader.post(at("deviation_assess", case), {}), 422)


def test_assess__keeps_a_type_that_is_no_longer_in_use(case, leader):
    DeviationType.objects.filter(pk=case.type_id).update(is_active=False)
    assert leader.post(at("deviation_assess", case), sent_back(leader, case, title="Nytt")).status_code == 302
    assert fresh(case).type_id == case.type_id


def test_assess__is_for_those_who_handle_the_case(place, case, as_role):
    operations.follow(case, place.person(Role.HR), note="", now=timezone.now())
    for role in (Role.EMPLOYEE, Role.HR, Role.VERNEOMBUD):
        assert as_role(role).post(at("deviation_assess", case), {"title": "x"}).status_code == 403
    assert as_role(Role.CHANGE_AGENT).post(at("deviation_assess", case), {}).status_code == 404


def test_assess__of_a_closed_case_waits_for_reopening(place, leader):
    case = stories.closed(place)
    page = shown(leader.post(at("deviation_assess", case), {"title": "x"}), 409)
    assert "Gjenåpne" in page
    assert fresh(case).title == ""


def test_make_confidential__leads_away_who_then_no_longer_sees_it(place, case, as_role):
    above = as_role(Role.SECTOR_LEADER)
    response = above.post(at("deviation_assess", case), sent_back(above, case, is_confidential="on"))
    assert response["Location"] == reverse("core:inbox")
    assert "ikke lenger tilgang" in said(response)
    assert above.get(case.get_absolute_url()).status_code == 404
    assert as_role(Role.LEADER).get(case.get_absolute_url()).status_code == 200


# --- Questions -------------------------------------------------------------------------------------
def test_answer_questions__starts_duties_and_asks_what_follows(case, leader):
    page = shown(leader.get(at("deviation_questions", case)))
    assert "Ble en ansatt" in page
    response = leader.post(at("deviation_questions", case), {"q_staff_injured": "unsure", "q_violence": "no"})
    assert [duty.code for duty in case.duties.all()] == ["NAV_YRKESSKADE"]
    assert "Én meldeplikt er startet." in said(response)
    assert response["Location"] == at("deviation_questions", case)
    page = shown(leader.get(case.get_absolute_url()))
    assert "Usikker" in page
    assert "(svart av behandler)" in page
    assert "Svarte på spørsmål" in shown(leader.get(case.get_absolute_url(), {"vis": "historikk"}))


def test_answer_questions__again_only_writes_what_changed(place, leader):
    case = stories.in_progress(place, danger="injured", answers={"staff_injured": "no", "violence": "no"})
    leader.post(at("deviation_questions", case), {"q_staff_injured": "no", "q_violence": "unsure"})
    rows = {answer.question.code: answer.from_reporter for answer in case.answers.all()}
    assert rows == {"staff_injured": True, "violence": False}


@pytest.mark.parametrize("value", ["kanskje", "a\x00b"])
def test_answer_questions__refuses_odd_answers(case, leader, value):
    shown(leader.post(at("deviation_questions", case), {"q_staff_injured": value}), 422)
    assert not case.answers.exists()


def test_answer_questions__of_a_closed_case_or_as_reporter_is_refused(place, case, as_role):
    closed = stories.closed(place)
    page = shown(as_role(Role.LEADER).post(at("deviation_questions", closed), {"q_violence": "yes"}), 409)
    assert "Gjenåpne den" in page
    assert not closed.duties.exists()
    assert as_role(Role.EMPLOYEE).post(at("deviation_questions", case), {}).status_code == 403


# --- Sending on ------------------------------------------------------------------------------------
def test_reroute__gives_the_case_to_another_with_the_reason(place, case, leader):
    person = place.person(Role.SECTOR_LEADER)
    response = leader.post(
        at("deviation_reroute", case), {"person": str(person.name), "reason": "Gjelder flere"}
    )
    assert person.name in said(response)
    assert fresh(case).responsible == person
    assert fresh(case).handler is None
    assert Notice.objects.filter(recipient=person, event="rerouted").exists()


def test_reroute__of_a_confidential_case_leads_away(place, leader):
    case = stories.received(place, code="HMS-PSYK")
    sent = {"person": place.person(Role.SECTOR_LEADER).name, "reason": "Gjelder meg"}
    response = leader.post(at("deviation_reroute", case), sent)
    assert response["Location"] == reverse("core:inbox")
    assert leader.get(case.get_absolute_url()).status_code == 404


def test_reroute__refuses_reporter_concerned_circle_and_nobody(place, as_role):
    case = stories.report(place, concerned=(place.person(Role.HR),))
    leader, url = as_role(Role.LEADER), at("deviation_reroute", case)
    for role in (Role.EMPLOYEE, Role.HR):
        sent = {"person": place.person(role).name, "reason": "Kort"}
        assert "er selv del av saken" in shown(leader.post(url, sent), 422)
    assert "ligger alt hos" in shown(
        leader.post(url, {"person": label(place, Role.LEADER), "reason": "x"}), 422
    )
    page = shown(leader.post(url, {"person": "Ingen Her", "reason": "Dette skrev jeg"}), 422)
    assert "Fant ingen treff" in page
    assert "Dette skrev jeg" in page
    shown(leader.post(url, {}), 422)
    above = place.person(Role.SECTOR_LEADER)
    leader.post(url, {"person": above.name, "reason": "Gjelder alle"})
    back = as_role(Role.SECTOR_LEADER).post(url, {"person": label(place, Role.LEADER), "reason": "Tilbake"})
    assert "har alt ligget hos" in shown(back, 422)


def test_reroute__does_not_tell_who_a_hidden_reporter_is(place, leader):
    """Neither page answers otherwise for the reporter than for any other colleague."""
    case = stories.received(place, anonymity=Anonymity.HIDDEN)
    reporter = place.person(Role.EMPLOYEE)
    url = step(case, "start")
    sent = {"handler": reporter.name, "deadline": timezone.localdate().isoformat()}
    assert leader.post(url, sent).status_code == 302
    assert (
        leader.post(at("deviation_reroute", case), {"person": reporter.name, "reason": "Ta den"}).status_code
        == 302
    )


def test_reroute__of_a_case_that_cannot_move_says_so(place, leader, as_role):
    case = stories.actions_running(place)
    assert "kan ikke sendes videre" in shown(leader.get(at("deviation_reroute", case)), 409)
    assert as_role(Role.EMPLOYEE).get(at("deviation_reroute", case)).status_code == 403


# --- The talk --------------------------------------------------------------------------------------
def test_write_to_reporter__is_read_and_told_and_counts_as_an_answer(place, leader):
    case = stories.report(place)
    url = at("deviation_message", case)
    assert leader.post(url, {"text": "Vi ser på det."})["Location"] == f"{case.get_absolute_url()}?vis=dialog"
    leader.post(url, {"text": "Snart ferdig."})
    assert (
        Notice.objects.filter(recipient=place.person(Role.EMPLOYEE), event__startswith="message_").count()
        == 2
    )
    assert fresh(case).answered_at is not None
    assert fresh(case).version == case.version
    page = shown(leader.get(case.get_absolute_url(), {"vis": "dialog"}))
    assert "Vi ser på det." in page


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 2001])
def test_write_to_reporter__refuses_odd_text(case, leader, text):
    page = shown(leader.post(at("deviation_message", case), {"text": text}), 422)
    assert "Dialog med melder" in page
    assert not Message.objects.filter(deviation=case).exclude(text__contains="ser på saken").exists()


def test_write_to_reporter__is_for_those_who_handle_an_open_case(place, case, as_role):
    assert as_role(Role.EMPLOYEE).post(at("deviation_message", case), {"text": "Hei"}).status_code == 403
    closed = stories.closed(place)
    shown(as_role(Role.LEADER).post(at("deviation_message", closed), {"text": "Hei"}), 409)


# --- Ties ------------------------------------------------------------------------------------------
def test_link__by_number_and_away_again(place, case, leader):
    other = stories.report(place)
    response = leader.post(at("deviation_link", case), {"number": f" {other.number.lower()} "})
    assert other.number in said(response)
    assert timeline(case)[0].action == "link_deviations"
    response = leader.post(at("deviation_unlink", case, other.pk))
    assert not Link.objects.exists()
    assert timeline(case)[0].action == "unlink_deviations"


def test_link__refuses_itself_and_what_is_not_seen(world, place, case, leader):
    url = at("deviation_link", case)
    assert "saken du står i" in shown(leader.post(url, {"number": case.number}), 422)
    foreign = stories.report(world.neighbor)
    Deviation.objects.filter(pk=foreign.pk).update(number="A2020-9999")
    concerning = stories.report(place, concerned=(place.person(Role.LEADER),))
    for number in ("A2020-9999", concerning.number, "A1", ""):
        shown(leader.post(url, {"number": number}), 422)
    assert leader.post(at("deviation_unlink", case, concerning.pk)).status_code == 404


# --- An initiative of it ---------------------------------------------------------------------------
MEASURE = {"title": "Tryggere gulv", "need": "Mange faller.", "summary": "Bytt belegg."}


def test_make_measure__makes_one_draft_and_keeps_the_chain_both_ways(place, case, as_role):
    leader = as_role(Role.LEADER)
    page = shown(leader.get(at("deviation_measure", case)))
    assert "Fall eller snubling (ansatt)" in page
    assert WORDS not in page
    for _ in range(2):
        response = leader.post(at("deviation_measure", case), MEASURE)
    initiative = Initiative.objects.get()
    assert response["Location"] == initiative.get_absolute_url()
    assert (initiative.need, initiative.summary, initiative.submitter) == (
        "Mange faller.", "Bytt belegg.", place.person(Role.LEADER),
    )  # fmt: skip
    assert MeasureLink.objects.get().deviation == case
    assert "Tryggere gulv" in shown(leader.get(case.get_absolute_url(), {"vis": "tiltak"}))
    hub = shown(leader.get(initiative.get_absolute_url(), follow=True))
    assert "Kommer av avvik" in hub
    assert case.number in hub
    assert "Tryggere gulv" not in shown(
        as_role(Role.EMPLOYEE).get(case.get_absolute_url(), {"vis": "tiltak"})
    )


def test_see_initiative__shows_the_case_to_those_who_may_know_of_it(place, case, as_role):
    initiative = initiatives.received(place)
    MeasureLink.objects.create(
        deviation=case, initiative=initiative, made_by=place.person(Role.LEADER), at=timezone.now()
    )
    for role, sees in (
        (Role.LEADER, True),
        (Role.SECTOR_LEADER, True),
        (Role.SECRETARIAT, False),
        (Role.HR, False),
    ):
        page = shown(as_role(role).get(initiative.get_absolute_url()))
        assert ("Kommer av avvik" in page) is sees
        assert (case.number in page) is sees


def test_make_measure__of_a_confidential_case_begins_empty(place, leader):
    case = stories.received(place, code="HMS-PSYK")
    form = leader.get(at("deviation_measure", case)).context["form"]
    assert [form[name].value() for name in form.fields] == [None, None, None]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"need": "Bruker Ola Hansen falt."},
        {"summary": "Ring 91234567"},
        {"summary": "x" * 601},
    ],
)
def test_make_measure__refuses_names_and_what_is_missing(case, leader, changed):
    shown(leader.post(at("deviation_measure", case), {**MEASURE, **changed}), 422)
    assert not Initiative.objects.exists()


def test_make_measure__is_for_those_who_may_raise_initiatives(case, as_role):
    CouncilMandate.objects.update(submitting_roles=[Role.SECRETARIAT])
    leader = as_role(Role.LEADER)
    assert leader.get(at("deviation_measure", case)).status_code == 403
    assert "Lag tiltak av dette" not in shown(leader.get(case.get_absolute_url(), {"vis": "tiltak"}))


# --- Steps -----------------------------------------------------------------------------------------
def step(case: Deviation, name: str) -> str:
    return reverse("deviations:deviation_transition", args=[case.pk, name])


def test_take_step__tells_what_follows_and_what_the_reporter_reads(place, leader):
    case = stories.report(place, anonymity=Anonymity.ANONYMOUS)
    page = shown(leader.get(step(case, "receive")))
    assert "Fristen for behandling begynner å løpe" in page
    assert "leser det med koden sin" in page
    response = leader.post(step(case, "receive"), {"note": "Takk, vi ser på det."})
    assert response["Location"] == case.get_absolute_url()
    assert case.number in said(response)
    assert fresh(case).status == Status.RECEIVED


def test_take_step__says_how_to_undo_it(place, case, leader):
    response = leader.post(step(case, "dismiss"), {"reason": "Ikke vårt."})
    assert "Du kan angre med «Gjenåpne»" in said(response)


def test_take_step__that_is_blocked_says_why_and_where_to_put_it_right(case, leader):
    sent = {"no_action_reason": "Trengs ikke.", "closing_note": "Dette skrev jeg."}
    page = shown(leader.post(step(case, "close_without_action"), sent), 409)
    assert f'href="{case.get_absolute_url()}?vis=vurdering#arsaker"' in page
    assert "Dette skrev jeg." in page
    assert fresh(case).status == Status.IN_PROGRESS


def test_take_step__that_somebody_else_took_says_where_it_stands(case, leader):
    page = shown(leader.get(step(case, "receive")), 409)
    assert "Under behandling" in page


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b", "x" * 2001])
def test_take_step__refuses_odd_text(case, leader, reason):
    shown(leader.post(step(case, "dismiss"), {"reason": reason}), 422)


def test_take_step__is_for_those_who_may(case, as_role):
    assert as_role(Role.EMPLOYEE).get(step(case, "dismiss")).status_code == 403
    assert as_role(Role.CHANGE_AGENT).get(step(case, "dismiss")).status_code == 404
    assert as_role(Role.LEADER).get(step(case, "finnes_ikke")).status_code == 404


def test_merge__suggests_open_cases_alike_and_refuses_others(place, case, leader):
    alike, closed = stories.report(place), stories.closed(place)
    page = shown(leader.get(step(case, "merge")))
    assert alike.number in page
    assert closed.number not in page
    assert "er avsluttet" in shown(leader.post(step(case, "merge"), {"main": closed.number}), 422)
    assert leader.post(step(case, "merge"), {"main": alike.number}).status_code == 302
    assert fresh(case).merged_into == alike
