"""The pages of the council: who sees what, what works, and what is refused with what was typed kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from governance import agenda, council
from governance.models import Attendance, CouncilMandate, Decision, GovernanceRules, Meeting, Status
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance import regional

MAX_QUERIES = 12
NASTY = ["<script>alert(1)</script>", "Ŋálgu 🚀 Čáhci", "x" * 9000, "nul\x00tegn"]


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def secretary(place):
    return place.actor(Role.SECRETARIAT)


def url(name, *args):
    return reverse(f"governance:{name}", args=args)


@pytest.fixture
def planned(place):
    """A planned meeting with one case."""
    at = stories.meeting(place)
    stories.on_agenda(place, at)
    return at


@pytest.fixture
def going(place):
    """A meeting in session with two cases, the first with a recommendation in plain words."""
    at = stories.meeting(place)
    for title in ("Første sak", "Andre sak"):
        stories.on_agenda(place, at, title=title)
    return stories.in_session(at, place)


@pytest.fixture
def item(going):
    return going.items.order_by("position").first()


@pytest.fixture
def held(place, going, secretary):
    """A meeting that is over, its minutes not approved."""
    for row in going.items.order_by("position"):
        council.decide(row, outcome="postpone", text="Saken utsettes.", by=secretary, now=timezone.now(), discussion="Hemmelig drøfting.")
    return meeting_workflow.perform("conclude", going, by=secretary, now=timezone.now())


def approve(meeting, place):
    return meeting_workflow.perform("approve_minutes", meeting, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now())


# --- Who sees and may what -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "role", "code"),
    [
        ("meeting_list", Role.EMPLOYEE, 200),
        ("meeting_list", Role.ELECTED_REPRESENTATIVE, 200),
        ("decision_log", Role.EMPLOYEE, 200),
        ("mandate_list", Role.EMPLOYEE, 200),
        ("meeting_create", Role.SECRETARIAT, 200),
        ("meeting_create", Role.COUNCIL_LEADER, 403),
        ("meeting_create", Role.EMPLOYEE, 403),
        ("rules_edit", Role.ADMINISTRATOR, 200),
        ("rules_edit", Role.SECRETARIAT, 403),
        ("mandate_create", Role.ADMINISTRATOR, 200),
        ("mandate_create", Role.SECRETARIAT, 403),
    ],
)
def test_open_page__answers_by_role(as_role, name, role, code):
    assert as_role(role).get(url(name)).status_code == code


@pytest.mark.parametrize(
    ("name", "role", "code"),
    [
        ("meeting_detail", Role.EMPLOYEE, 200),
        ("meeting_edit", Role.SECRETARIAT, 200),
        ("meeting_edit", Role.COUNCIL_LEADER, 403),
        ("meeting_attendance", Role.COUNCIL_LEADER, 200),
        ("meeting_attendance", Role.COUNCIL_MEMBER, 403),
        ("meeting_minutes", Role.COUNCIL_MEMBER, 200),
        ("meeting_minutes", Role.EMPLOYEE, 404),
        ("meeting_minutes_pdf", Role.EMPLOYEE, 404),
        ("meeting_agenda_pdf", Role.EMPLOYEE, 200),
    ],
)
def test_open_meeting_in_session__answers_by_role(as_role, going, name, role, code):
    assert as_role(role).get(url(name, going.pk)).status_code == code


@pytest.mark.parametrize(
    "name",
    ["meeting_detail", "meeting_edit", "meeting_attendance", "meeting_minutes", "meeting_minutes_pdf", "meeting_agenda_pdf"],
)
@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_meeting__of_another_municipality_is_not_found(as_role, world, going, name, where):
    client = as_role(Role.SECRETARIAT, getattr(world, where))
    assert client.get(url(name, going.pk)).status_code == 404


def test_open_meeting__of_the_region_is_open_to_its_municipalities(as_role, world):
    at = stories.meeting(world.region)
    assert as_role(Role.EMPLOYEE).get(url("meeting_detail", at.pk)).status_code == 200
    assert as_role(Role.SECRETARIAT).get(url("meeting_edit", at.pk)).status_code == 403
    assert as_role(Role.SECRETARIAT, world.stranger).get(url("meeting_detail", at.pk)).status_code == 404


def test_open_page__anonymous_is_sent_to_log_in(client, going):
    answer = client.get(url("meeting_detail", going.pk))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("pk", [0, 999_999_999, 2**63, 10**30])
def test_open_meeting__that_does_not_exist_is_not_found(as_role, pk):
    assert as_role(Role.SECRETARIAT).get(f"/raadet/{pk}/").status_code == 404


def test_open_planned_meeting__shows_time_and_place_but_no_cases(as_role, planned):
    text = as_role(Role.EMPLOYEE).get(url("meeting_detail", planned.pk)).content.decode()
    assert "Kommunestyresalen" in text
    assert "Sakslista er ikke sendt ut ennå" in text
    assert "Digital vaktplan" not in text
    assert "Frammøte" not in text


def test_open_planned_meeting__council_reads_the_agenda(as_role, planned):
    text = as_role(Role.COUNCIL_MEMBER).get(url("meeting_detail", planned.pk)).content.decode()
    assert "Digital vaktplan" in text
    assert "Saksframlegg" in text
    assert "Send innkalling" not in text


def test_open_agenda_pdf__before_the_papers_are_out_is_for_the_council(as_role, planned):
    page = url("meeting_agenda_pdf", planned.pk)
    assert as_role(Role.EMPLOYEE).get(page).status_code == 404
    answer = as_role(Role.COUNCIL_MEMBER).get(page)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"


def test_open_case__before_the_papers_are_out_is_not_found(as_role, planned):
    row = planned.items.get()
    assert as_role(Role.EMPLOYEE).get(url("meeting_item", planned.pk, row.pk)).status_code == 404


def test_open_case__of_another_meeting_is_not_found(as_role, place, going):
    other = stories.meeting(place)
    stories.on_agenda(place, other)
    row = other.items.get()
    assert as_role(Role.SECRETARIAT).get(url("meeting_item", going.pk, row.pk)).status_code == 404


def test_open_shielded_case__is_for_the_council_and_logged(as_role, place):
    at = stories.meeting(place)
    stories.on_agenda(place, at, title="Hemmelig anskaffelse", shield_basis="offl_23", public_title="Anskaffelse")
    stories.in_session(at, place)
    page = url("meeting_item", at.pk, at.items.get().pk)
    text = as_role(Role.HR).get(page).content.decode()
    assert "Skjermet sak" in text
    assert "Anskaffelse" in text
    assert "Hemmelig anskaffelse" not in text
    assert "Tiltaket prioriteres" not in text
    assert not AccessLog.objects.exists()
    text = as_role(Role.COUNCIL_MEMBER).get(page).content.decode()
    assert "Hemmelig anskaffelse" in text
    assert AccessLog.objects.get().what == "meeting_item"


def test_open_minutes__are_open_to_everyone_when_approved(as_role, place, held):
    page = url("meeting_minutes", held.pk)
    assert as_role(Role.EMPLOYEE).get(page).status_code == 404
    approve(held, place)
    text = as_role(Role.EMPLOYEE).get(page).content.decode()
    assert "Hemmelig drøfting." in text
    assert "<textarea" not in text


def test_open_case__discussion_is_for_the_council_until_the_minutes_are_approved(as_role, place, held):
    page = url("meeting_item", held.pk, held.items.first().pk)
    text = as_role(Role.EMPLOYEE).get(page).content.decode()
    assert "Saken utsettes." in text
    assert "Hemmelig drøfting." not in text
    approve(held, place)
    assert "Hemmelig drøfting." in as_role(Role.EMPLOYEE).get(page).content.decode()


# --- Number of queries ---------------------------------------------------------------------------
def test_meeting_pages__few_queries_whatever_the_number_of_rows(as_role, place, going, django_assert_max_num_queries):
    for title in ("Tredje sak", "Fjerde sak", "Femte sak"):
        initiative = stories.ready_for_council(place, title=title)
        agenda.AgendaItem.objects.create(
            meeting=going, initiative=initiative, position=9, title=title, case_number=title, changed_at=timezone.now()
        )
    client = as_role(Role.SECRETARIAT)
    pages = [
        url("meeting_list"), url("meeting_detail", going.pk), url("meeting_attendance", going.pk),
        url("meeting_minutes", going.pk), url("decision_log"), url("mandate_list"),
        url("meeting_edit", going.pk),
    ]  # fmt: skip
    for page in pages:
        with django_assert_max_num_queries(MAX_QUERIES, info=page):
            assert client.get(page).status_code == 200


def test_case_page__few_queries(as_role, item, going, django_assert_max_num_queries):
    client = as_role(Role.SECRETARIAT)
    with django_assert_max_num_queries(MAX_QUERIES - 1):
        assert client.get(url("meeting_item", going.pk, item.pk)).status_code == 200


# --- Setting up ----------------------------------------------------------------------------------
def test_create_meeting__leads_to_its_page(as_role, place):
    starts = timezone.localtime() + timedelta(days=30)
    answer = as_role(Role.SECRETARIAT).post(
        url("meeting_create"), {"starts_at": starts.strftime("%d.%m.%Y kl. %H.%M"), "place": "Møterom 1"}, follow=True
    )
    made = Meeting.objects.get()
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert (made.municipality, made.place) == (place.municipality, "Møterom 1")
    assert "er satt opp" in answer.content.decode()


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [("", "fylle ut"), ("i morgen", "Skriv dato og klokkeslett"), ("3.12.2020 14.30", "fortiden"), ("3.12.2099 14.30", "årstallet")],
)
def test_create_meeting__bad_time_is_told_and_the_place_kept(as_role, starts_at, words):
    answer = as_role(Role.SECRETARIAT).post(url("meeting_create"), {"starts_at": starts_at, "place": "Møterom Ŋ"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Møterom Ŋ" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_create_meeting__without_mandate_says_why(as_role, place):
    CouncilMandate.objects.filter(municipality=place.municipality).delete()
    data = {"starts_at": (timezone.localtime() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"), "place": "A"}
    answer = as_role(Role.SECRETARIAT).post(url("meeting_create"), data)
    assert answer.status_code == 409
    assert "Registrer mandatet først" in answer.content.decode()


def test_edit_meeting__moves_it(as_role, planned):
    client = as_role(Role.SECRETARIAT)
    later = timezone.localtime(planned.starts_at) + timedelta(days=2)
    data = {"starts_at": later.strftime("%Y-%m-%dT%H:%M"), "place": "Teams", "version": planned.version}
    assert client.post(url("meeting_edit", planned.pk), data).status_code == 302
    planned.refresh_from_db()
    assert (planned.place, timezone.localdate(planned.starts_at)) == ("Teams", later.date())
    answer = client.post(url("meeting_edit", planned.pk), {**data, "place": "Annet sted"})
    assert answer.status_code == 409
    assert "Noen andre har endret møtet" in answer.content.decode()
    assert "Annet sted" in answer.content.decode()


def test_edit_meeting__adds_a_notice_to_the_agenda(as_role, planned):
    data = {"do": "add_item", "item-kind": "RS", "item-title": "Avgjort på fullmakt <b>"}
    answer = as_role(Role.SECRETARIAT).post(url("meeting_edit", planned.pk), data, follow=True)
    assert "Avgjort på fullmakt &lt;b&gt;" in answer.content.decode()
    assert planned.items.filter(kind="RS").count() == 1
    answer = as_role(Role.SECRETARIAT).post(url("meeting_edit", planned.pk), {**data, "item-kind": "DS"})
    assert answer.status_code == 422


def test_move_item__by_buttons(as_role, going):
    first, second = going.items.order_by("position")
    client = as_role(Role.SECRETARIAT)
    client.post(url("meeting_item_move", going.pk, first.pk), {"direction": "down"})
    assert list(going.items.order_by("position")) == [second, first]
    assert as_role(Role.COUNCIL_MEMBER).post(url("meeting_item_move", going.pk, first.pk)).status_code == 403
    assert client.get(url("meeting_item_move", going.pk, first.pk)).status_code == 405


# --- Steps of the meeting ------------------------------------------------------------------------
def test_summon_meeting__by_its_button(as_role, planned):
    client, page = as_role(Role.SECRETARIAT), url("meeting_transition", planned.pk, "summon")
    assert "Innstillingene kan ikke endres etterpå" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    planned.refresh_from_db()
    assert planned.papers_are_out
    assert client.post(page).status_code == 409


def test_summon_meeting__empty_agenda_says_what_is_missing(as_role, place):
    at = stories.meeting(place)
    answer = as_role(Role.SECRETARIAT).post(url("meeting_transition", at.pk, "summon"))
    assert answer.status_code == 409
    assert "Sakslista er tom" in answer.content.decode()


def test_cancel_meeting__needs_a_reason(as_role, planned):
    client, page = as_role(Role.SECRETARIAT), url("meeting_transition", planned.pk, "cancel")
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "For få saker"}).status_code == 302
    planned.refresh_from_db()
    assert planned.status == "cancelled"
    assert "Innkalling og saksliste" not in client.get(planned.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("name", "role", "code"),
    [("summon", Role.EMPLOYEE, 403), ("approve_minutes", Role.SECRETARIAT, 403), ("finnes-ikke", Role.SECRETARIAT, 404)],
)
def test_take_step__not_allowed(as_role, planned, name, role, code):
    assert as_role(role).post(url("meeting_transition", planned.pk, name)).status_code == code


# --- Attendance ----------------------------------------------------------------------------------
@pytest.fixture
def summoned(place, planned, secretary):
    return meeting_workflow.perform("summon", planned, by=secretary, now=timezone.now())


def roll(meeting, *, chair="", **seats):
    """Return the posted form: ``leader="present"``, ``substitute=("present", "member")``."""
    rows = {row.seat: row.pk for row in meeting.attendances.all()}
    data = {"version": Meeting.objects.get(pk=meeting.pk).version, "chair": chair}
    for seat, given in seats.items():
        presence, stands_for = given if isinstance(given, tuple) else (given, None)
        data[f"presence_{rows[seat]}"] = presence
        if stands_for:
            data[f"seat_{rows[seat]}"] = rows[stands_for]
    return data


def test_record_attendance__substitute_counts_at_once(as_role, summoned):
    client, page = as_role(Role.SECRETARIAT), url("meeting_attendance", summoned.pk)
    data = roll(summoned, leader="present", member="absent", substitute=("present", "member"))
    answer = client.post(page, data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "2 av 3 til stede" in answer.content.decode()
    assert "Vedtaksført" in answer.content.decode()
    assert client.post(page, roll(summoned, leader="present")).status_code == 302


def test_record_attendance__everybody_with_one_press(as_role, summoned):
    version = summoned.version
    as_role(Role.SECRETARIAT).post(url("meeting_attendance", summoned.pk), {"everybody": "1", "version": version})
    assert set(summoned.attendances.filter(presence="present").values_list("seat", flat=True)) == {
        "leader", "deputy", "member",
    }  # fmt: skip


def test_record_attendance__refusal_keeps_what_was_chosen(as_role, summoned):
    data = roll(summoned, member="present", substitute=("present", "member"))
    answer = as_role(Role.SECRETARIAT).post(url("meeting_attendance", summoned.pk), data)
    assert answer.status_code == 409
    assert "Plassen kan ikke tas av vara" in answer.content.decode()
    assert answer.content.decode().count("checked") >= 2
    assert not summoned.attendances.filter(presence="present").exists()


def test_record_attendance__stale_form_shows_the_list_as_it_stands(as_role, summoned):
    client, data = as_role(Role.SECRETARIAT), roll(summoned, leader="present")
    client.post(url("meeting_attendance", summoned.pk), data)
    answer = client.post(url("meeting_attendance", summoned.pk), {**data, **roll(summoned, deputy="present"), "version": data["version"]})
    assert answer.status_code == 409
    assert "Noen andre har ført frammøte imens" in answer.content.decode()
    assert summoned.attendances.get(seat="leader").presence == "present"


@pytest.mark.parametrize("value", ["hacked", "<b>", "\x00"])
def test_record_attendance__unknown_value_is_refused(as_role, summoned, value):
    answer = as_role(Role.SECRETARIAT).post(url("meeting_attendance", summoned.pk), roll(summoned, leader=value))
    assert answer.status_code == 422


def test_record_attendance__foreign_seat_is_refused(as_role, world, summoned):
    foreign = stories.meeting(world.neighbor).attendances.get(seat="member")
    data = roll(summoned, substitute="present")
    data[f"seat_{summoned.attendances.get(seat='substitute').pk}"] = foreign.pk
    assert as_role(Role.SECRETARIAT).post(url("meeting_attendance", summoned.pk), data).status_code == 422
    assert not Attendance.objects.filter(presence="present").exists()


# --- One case ------------------------------------------------------------------------------------
def test_decide_case__undisputed_takes_one_press(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert (data["outcome"], data["text"]) == ("prioritize", "1. Tiltaket prioriteres.")
    answer = client.post(page, {**data, "unanimous": "on", "chair_is_for": ""}, follow=True)
    decision = Decision.objects.get()
    assert (decision.text, decision.votes_for, decision.casting_vote) == ("1. Tiltaket prioriteres.", 3, False)
    second = going.items.exclude(pk=item.pk).get()
    assert answer.redirect_chain[-1][0] == url("meeting_item", going.pk, second.pk)
    assert "er ført: Prioritert" in answer.content.decode()


def test_decide_case__last_one_leads_back_to_the_meeting(as_role, going, item, secretary):
    council.decide(item, outcome="reject", text="Nei", by=secretary, now=timezone.now())
    last = going.items.exclude(pk=item.pk).get()
    answer = as_role(Role.COUNCIL_LEADER).post(
        url("meeting_item", going.pk, last.pk), {"outcome": "reject", "text": "Nei", "unanimous": "on"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == going.get_absolute_url()
    assert "Nå kan møtet avsluttes" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"outcome": ""}, "Du må velge"),
        ({"text": ""}, "Du må fylle ut «Vedtak»"),
        ({"outcome": "hold"}, "Skriv når saken skal vurderes på nytt"),
        ({"outcome": "hold", "review_on": "1.1.2020"}, "Velg en dato etter møtet"),
        ({"unanimous": ""}, "Skriv hvor mange som stemte for"),
        ({"unanimous": "", "votes_for": "-1"}, "ikke være mindre"),
        ({"unanimous": "", "votes_for": "1", "votes_against": "1", "votes_blank": "1"}, "Stemmene står likt"),
        ({"due_on": "1.1.2020"}, "Fristen kan ikke være før møtet"),
        ({"responsible": "Ingen Slik"}, "Fant ingen treff"),
        ({"outcome": "note"}, "gyldig"),
    ],
)
def test_decide_case__error_is_told_and_the_text_kept(as_role, going, item, data, words):
    sent = {"outcome": "prioritize", "text": "Rådet ønsker mer.", "unanimous": "on", "discussion": "Lang drøfting Ŋ", **data}
    answer = as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Lang drøfting Ŋ" in answer.content.decode()
    assert not Decision.objects.exists()


def test_decide_case__votes_that_do_not_add_up_keep_what_was_typed(as_role, going, item):
    data = {"outcome": "prioritize", "text": "Rådet ønsker mer.", "votes_for": "2", "votes_against": "0"}
    answer = as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Stemmene går ikke opp: 2 stemmer og 3 til stede i saken" in text
    assert "Rådet ønsker mer." in text


def test_decide_case__below_quorum_is_refused_with_reason(as_role, going, item, secretary):
    leader = going.attendances.get(seat="leader")
    council.register_attendance(going, present={leader.pk}, absent=set(), substitutes={}, by=secretary, now=timezone.now())
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    assert "Ikke vedtaksført" in client.get(page).content.decode()
    answer = client.post(page, {"outcome": "reject", "text": "Møysommelig skrevet", "unanimous": "on"})
    assert answer.status_code == 409
    assert "mandatet krever 2" in answer.content.decode()
    assert "Møysommelig skrevet" in answer.content.decode()


def test_decide_case__tie_with_the_chairs_vote(as_role, going, item, secretary):
    two = {row.pk for row in going.attendances.filter(seat__in=["leader", "member"])}
    council.register_attendance(going, present=two, absent=set(), substitutes={}, by=secretary, now=timezone.now())
    data = {"outcome": "reject", "text": "Nei", "votes_for": "1", "votes_against": "1", "chair_is_for": "on"}
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 302
    assert Decision.objects.get().casting_vote
    assert "dobbeltstemme avgjorde" in as_role(Role.EMPLOYEE).get(url("meeting_item", going.pk, item.pk)).content.decode()


def test_decide_case__double_submit_decides_once(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {"outcome": "reject", "text": "Nei", "unanimous": "on"}
    assert client.post(page, data).status_code == 302
    answer = client.post(page, data)
    assert answer.status_code == 409
    assert "alt avgjort" in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.EMPLOYEE, Role.KOMMUNEDIREKTOR])
def test_decide_case__by_others_is_forbidden(as_role, going, item, role):
    client, page = as_role(role), url("meeting_item", going.pk, item.pk)
    assert "<textarea" not in client.get(page).content.decode()
    assert client.post(page, {"outcome": "reject", "text": "Nei", "unanimous": "on"}).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("text", NASTY)
def test_decide_case__odd_text_is_kept_whole_or_refused(as_role, going, item, text):
    page = url("meeting_item", going.pk, item.pk)
    data = {"outcome": "reject", "text": text, "unanimous": "on"}
    answer = as_role(Role.SECRETARIAT).post(page, data)
    if answer.status_code == 302:
        assert Decision.objects.get().text == text
        assert "<script>alert" not in as_role(Role.EMPLOYEE).get(page).content.decode()
    else:
        assert answer.status_code == 422
        assert not Decision.objects.exists()


@pytest.mark.parametrize("typed", NASTY)
def test_decide_case__odd_name_of_responsible_is_refused(as_role, going, item, typed):
    data = {"outcome": "reject", "text": "Nei", "unanimous": "on", "responsible": typed}
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 422


def test_decide_case__responsible_is_of_the_own_municipality(as_role, world, going, item):
    foreign = world.neighbor.person(Role.SERVICE_OWNER)
    data = {"outcome": "reject", "text": "Nei", "unanimous": "on", "responsible": foreign.name}
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 422


def test_compare_with_recommendation__shows_what_changed_and_writes_nothing(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {"do": "preview", "outcome": "prioritize", "text": "1. Tiltaket avslås.", "discussion": "Tatt vare på"}
    part = client.post(page, data, headers={"HX-Request": "true"}).content.decode()
    assert "<ins>" in part
    assert "<html" not in part
    whole = client.post(page, data).content.decode()
    assert "<ins>" in whole
    assert "Tatt vare på" in whole
    assert not Decision.objects.exists()
    assert "Likt innstillingen" in client.get(page).content.decode()


def test_declare_impartiality__takes_the_member_out_of_the_count(as_role, going, item):
    member = going.attendances.get(seat="member")
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {
        "do": "declare", "habilitet-attendance": member.pk, "habilitet-ground": "family",
        "habilitet-explanation": "Søster av leverandøren", "habilitet-is_disqualified": "yes",
    }  # fmt: skip
    text = client.post(page, data, follow=True).content.decode()
    assert "Inhabil, fratrer" in text
    assert "2 av 3 deltar i saken" in text
    assert "Søster av leverandøren" not in as_role(Role.EMPLOYEE).get(page).content.decode()
    answer = as_role(Role.SECRETARIAT).post(page, {**data, "habilitet-explanation": ""})
    assert answer.status_code == 422


def test_note_case__is_taken_note_of(as_role, going, secretary):
    notice = agenda.add_item(going, title="Avgjort på fullmakt", kind="RS", by=secretary, now=timezone.now())
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, notice.pk)
    assert "Tas til orientering." in client.get(page).content.decode()
    assert client.post(page, {"text": "Tas til orientering."}).status_code == 302
    assert Decision.objects.get().outcome == "note"


# --- Minutes -------------------------------------------------------------------------------------
def written(meeting, **texts):
    data = {"version": Meeting.objects.get(pk=meeting.pk).version, "notes": texts.get("notes", "")}
    for row in meeting.items.all():
        data[f"discussion_{row.pk}"] = texts.get("discussion", "")
        data[f"impartiality_{row.pk}"] = texts.get("impartiality", "")
    return data


def test_write_minutes__until_they_are_approved(as_role, place, held):
    client, page = as_role(Role.SECRETARIAT), url("meeting_minutes", held.pk)
    data = written(held, notes="Ingen merknader.", discussion="Rådet var enig <b>")
    assert client.post(page, data).status_code == 302
    text = client.get(page).content.decode()
    assert "Ingen merknader." in text
    assert "Rådet var enig &lt;b&gt;" in text
    approve(held, place)
    assert client.post(page, written(held, notes="Endret")).status_code == 409
    held.refresh_from_db()
    assert held.notes == "Ingen merknader."


def test_write_minutes__second_writer_sees_both_texts(as_role, held):
    client, page = as_role(Role.SECRETARIAT), url("meeting_minutes", held.pk)
    mine = written(held, discussion="Min tekst")
    client.post(page, written(held, discussion="Deres tekst"))
    answer = client.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Min" in text
    assert "Deres" in text
    again = {name: answer.context["form"][name].value() for name in mine}
    assert client.post(page, again).status_code == 302
    assert set(held.items.values_list("discussion", flat=True)) == {"Min tekst"}


def test_write_minutes__by_the_leader_is_forbidden(as_role, held):
    client = as_role(Role.COUNCIL_LEADER)
    page = url("meeting_minutes", held.pk)
    assert "Godkjenn protokollen" in client.get(page).content.decode()
    assert client.post(page, written(held)).status_code == 403


def test_open_minutes_pdf__is_pdf(as_role, place, held):
    approve(held, place)
    answer = as_role(Role.EMPLOYEE).get(url("meeting_minutes_pdf", held.pk))
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]


# --- The log -------------------------------------------------------------------------------------
def test_decision_log__filters(as_role, place):
    stories.decided(place, "reject", title="Avvist sak")
    stories.decided(place, "prioritize", title="Vedtatt sak")
    client = as_role(Role.EMPLOYEE)

    def titles(**query):
        return [line.title for line in client.get(url("decision_log"), query).context["lines"]]

    assert titles() == ["Vedtatt sak", "Avvist sak"]
    assert titles(utfall="reject") == ["Avvist sak"]
    assert titles(q="vedtatt") == ["Vedtatt sak"]
    assert titles(organ="kommunestyre") == []
    assert titles(aar=timezone.localdate().year) == ["Vedtatt sak", "Avvist sak"]
    assert titles(aar=timezone.localdate().year - 1) == []
    assert titles(aar="år null", organ="<b>", q="\x00") == ["Vedtatt sak", "Avvist sak"]


def test_decision_log__search_never_finds_words_one_may_not_read(as_role, place):
    at = stories.meeting(place)
    shielded = stories.on_agenda(place, at, shield_basis="offl_23", public_title="Anskaffelse", title="Kodenavn Bjørn")
    stories.in_session(at, place)
    council.decide(
        shielded.agenda_items.get(), outcome="reject", text="Leverandør Hemmelig AS.", by=place.actor(Role.SECRETARIAT),
        now=timezone.now(),
    )  # fmt: skip
    found = as_role(Role.HR).get(url("decision_log"), {"q": "Hemmelig"})
    assert found.context["lines"] == []
    text = as_role(Role.HR).get(url("decision_log")).content.decode()
    assert "Anskaffelse" in text
    assert "Hemmelig AS" not in text
    assert "Kodenavn Bjørn" not in text
    assert len(as_role(Role.COUNCIL_MEMBER).get(url("decision_log"), {"q": "Hemmelig"}).context["lines"]) == 1


def test_decision_log__pages_by_key(as_role, place, secretary):
    now = timezone.now()
    for number in range(35):
        Decision.objects.create(
            municipality=place.municipality, number=f"x/{number}", body="council", outcome="note", text=f"Tekst {number}",
            decided_at=now - timedelta(minutes=number), changed_at=now,
        )  # fmt: skip
    client = as_role(Role.EMPLOYEE)
    first = client.get(url("decision_log")).context["page"]
    second = client.get(first.next_url if first.next_url.startswith("/") else url("decision_log") + first.next_url).context["page"]
    assert [row.number for row in first.rows] == [f"x/{n}" for n in range(30)]
    assert [row.number for row in second.rows] == [f"x/{n}" for n in range(30, 35)]


# --- After the council ---------------------------------------------------------------------------
def answer_page(initiative, place):
    return url("municipal_decision", regional.row_of(initiative, place).pk)


def test_municipal_decision__by_the_own_kommunedirektor(as_role, world):
    initiative = regional.recommended(world)
    page = answer_page(initiative, world.home)
    client = as_role(Role.KOMMUNEDIREKTOR)
    text = client.get(page).content.decode()
    assert "Tiltaket innstilles." in text
    assert "50 %" in text
    data = {"verdict": "approved", "text": "Vedtas.", "body": "kommunedirektor", "reference": "", "budget_year": "2027"}
    assert client.post(page, data).status_code == 302
    row = regional.row_of(initiative, world.home)
    assert (row.verdict, row.budget_year) == ("approved", 2027)
    assert client.post(page, data).status_code == 409


def test_municipal_decision__who_sees_and_who_decides(as_role, world):
    page = answer_page(regional.recommended(world), world.home)
    data = {"verdict": "approved", "text": "Ja", "body": "kommunedirektor"}
    assert as_role(Role.KOMMUNEDIREKTOR, world.neighbor).get(page).status_code == 404
    assert as_role(Role.KOMMUNEDIREKTOR, world.region).get(page).status_code == 200
    assert as_role(Role.KOMMUNEDIREKTOR, world.region).post(page, data).status_code == 403
    assert as_role(Role.CHIEF_OF_FINANCE).post(page, data).status_code == 403


def test_municipal_decision__shows_only_the_own_side(as_role, world):
    initiative = regional.recommended(world, shares={"heim": 70, "granne": 30})
    own = as_role(Role.KOMMUNEDIREKTOR).get(answer_page(initiative, world.home)).content.decode()
    assert "70 %" in own
    assert "30 %" not in own
    assert "Kommunens egen sak" in own
    whole = as_role(Role.SECRETARIAT, world.region).get(answer_page(initiative, world.home)).content.decode()
    assert "30 %" in whole


def test_municipal_decision__new_share_is_shown_beside_the_old(as_role, world):
    initiative = regional.answer(regional.recommended(world, shares={"heim": 60, "granne": 40}), world.home, "approved")
    regional.answer(initiative, world.neighbor, "refused")
    text = as_role(Role.KOMMUNEDIREKTOR).get(answer_page(initiative, world.home)).content.decode()
    assert "Før: 60 %" in text
    assert "<strong>100 %</strong>" in text
    gone = as_role(Role.KOMMUNEDIREKTOR, world.neighbor).get(answer_page(initiative, world.neighbor))
    assert gone.status_code == 200
    assert "Avslått" in gone.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"verdict": ""}, "Du må velge"),
        ({"verdict": "refused"}, "Skriv hvorfor kommunen avslår"),
        ({"body": "kommunestyre"}, "Skriv saksnummeret"),
        ({"budget_year": "3000"}, "ikke være større"),
        ({"text": "nul\x00"}, "Null"),
    ],
)
def test_municipal_decision__errors_are_told(as_role, world, data, words):
    page = answer_page(regional.recommended(world), world.home)
    sent = {"verdict": "approved", "text": "Tiltaket innstilles.", "body": "kommunedirektor", **data}
    answer = as_role(Role.KOMMUNEDIREKTOR).post(page, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_municipal_decision__moves_a_single_municipality_on(as_role, place):
    initiative = stories.decided(place, "recommend", financing="budget_application")
    page = answer_page(initiative, place)
    data = {"verdict": "approved", "text": "Vedtas.", "body": "kommunestyre", "reference": "PS 41/26"}
    as_role(Role.KOMMUNEDIREKTOR).post(page, data)
    initiative.refresh_from_db()
    assert initiative.status == Status.ADOPTED
    text = as_role(Role.EMPLOYEE).get(url("decision_log")).content.decode()
    assert "PS 41/26" in text


def test_municipal_decision__few_queries(as_role, world, django_assert_max_num_queries):
    page = answer_page(regional.recommended(world), world.home)
    client = as_role(Role.KOMMUNEDIREKTOR)
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(page)


# --- Rules and mandate ---------------------------------------------------------------------------
def rules_data(client):
    form = client.get(url("rules_edit")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_edit_rules__saves_with_history(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    data = {**rules_data(client), "papers_days": "7", "requirements": ["strategic_goal"], "council_amount": "3 mill."}
    assert client.post(url("rules_edit"), data).status_code == 302
    rules = GovernanceRules.objects.get(municipality=place.municipality)
    assert (rules.papers_days, rules.requirements, rules.council_amount) == (7, ["strategic_goal"], 3_000_000)
    event = rules.pgh_event_model.objects.filter(pgh_obj_id=rules.pk).latest("pgh_id")
    assert event.pgh_context.metadata["action"] == "set_rules"
    assert event.pgh_context.metadata["actor"] == place.person(Role.ADMINISTRATOR).pk


def test_edit_rules__second_editor_sees_both(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    mine = rules_data(client)
    client.post(url("rules_edit"), {**mine, "papers_days": "7"})
    answer = client.post(url("rules_edit"), {**mine, "papers_days": "9"})
    assert answer.status_code == 409
    assert "Noen andre har endret reglene" in answer.content.decode()
    again = {**mine, "papers_days": "9", "stamp": answer.context["form"]["stamp"].value()}
    assert client.post(url("rules_edit"), again).status_code == 302
    assert GovernanceRules.objects.get(municipality=place.municipality).papers_days == 9


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"submitting_roles": []}, "Velg minst én rolle"),
        ({"submitting_roles": ["administrator"]}, "gyldig"),
        ({"requirements": ["finnes_ikke"]}, "gyldig"),
        ({"hearing_days": "0"}, "ikke være mindre"),
        ({"hearing_days": "99999"}, "ikke være større"),
        ({"fast_track_amount": "-1"}, "ikke være mindre"),
        ({"fast_track_amount": "2 mill."}, "Årsrammen kan ikke være mindre"),
        ({"council_amount": "mange"}, "beløpet"),
    ],
)
def test_edit_rules__nonsense_is_refused(as_role, place, data, words):
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(url("rules_edit"), {**rules_data(client), **data})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_edit_rules__where_none_were_set(as_role, place):
    GovernanceRules.objects.filter(municipality=place.municipality).delete()
    client = as_role(Role.ADMINISTRATOR)
    assert client.post(url("rules_edit"), rules_data(client)).status_code == 302
    assert GovernanceRules.objects.filter(municipality=place.municipality).exists()


def test_register_mandate__ends_the_one_before(as_role, place):
    begins = timezone.localdate() + timedelta(days=3)
    data = {"version": "2", "valid_from": begins.isoformat(), "quorum": "2/3", "has_casting_vote": ""}
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(url("mandate_create"), data, follow=True)
    assert "Minst 2 av 3" in answer.content.decode()
    assert "Kommer" in answer.content.decode()
    first, second = CouncilMandate.objects.filter(municipality=place.municipality).order_by("valid_from")
    assert (first.valid_to, second.has_casting_vote) == (begins, False)
    assert client.post(url("mandate_create"), data).status_code == 422
    answer = client.post(url("mandate_create"), {**data, "version": "3"})
    assert answer.status_code == 409
    assert "må begynne etter" in answer.content.decode()
