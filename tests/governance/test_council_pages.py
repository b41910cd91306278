"""The pages of meetings: who sees what, setting up, steps and attendance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog, Notice
from governance import agenda
from governance.models import Attendance, CouncilMandate, Meeting
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories

MAX_QUERIES = 12
NASTY = ["<script>alert(1)</script>", "Ŋálgu 🚀 Čáhci", "x" * 9000, "nul\x00tegn"]


def url(name, *args):
    return reverse(f"governance:{name}", args=args)


def approve(meeting, place):
    return meeting_workflow.perform(
        "approve_minutes", meeting, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now()
    )


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
        ("meeting_minutes", Role.EMPLOYEE, 403),
        ("meeting_minutes_pdf", Role.EMPLOYEE, 404),
        ("meeting_agenda_pdf", Role.EMPLOYEE, 200),
    ],
)
def test_open_meeting_in_session__answers_by_role(as_role, going, name, role, code):
    assert as_role(role).get(url(name, going.pk)).status_code == code


@pytest.mark.parametrize(
    "name",
    [
        "meeting_detail",
        "meeting_edit",
        "meeting_attendance",
        "meeting_minutes",
        "meeting_minutes_pdf",
        "meeting_agenda_pdf",
    ],
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


def test_open_case__before_the_papers_are_out_is_for_the_council(as_role, planned):
    page = url("meeting_item", planned.pk, planned.items.get().pk)
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403
    assert "Møtet: Planlagt" in as_role(Role.COUNCIL_MEMBER).get(page).content.decode()


def test_open_case__of_another_meeting_is_not_found(as_role, place, going):
    other = stories.meeting(place)
    stories.on_agenda(place, other)
    row = other.items.get()
    assert as_role(Role.SECRETARIAT).get(url("meeting_item", going.pk, row.pk)).status_code == 404


def test_open_shielded_case__is_for_the_council_and_logged(as_role, place):
    at = stories.meeting(place)
    stories.on_agenda(
        place, at, title="Hemmelig anskaffelse", shield_basis="offl_23", public_title="Anskaffelse"
    )
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
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403
    approve(held, place)
    text = as_role(Role.EMPLOYEE).get(page).content.decode()
    assert "Hemmelig drøfting." in text
    assert "<textarea" not in text


def test_open_minutes__only_what_asks_for_a_decision_is_undecided(as_role, place, going, secretary):
    page = url("meeting_minutes", going.pk)
    assert (
        as_role(Role.SECRETARIAT).get(page).content.decode().count("Ikke behandlet.") == going.items.count()
    )
    agenda.add_item(going, kind="RS", title="Avgjort på fullmakt", by=secretary, now=timezone.now())
    text = as_role(Role.SECRETARIAT).get(page).content.decode()
    assert "Avgjort på fullmakt" in text
    assert text.count("Ikke behandlet.") == going.items.filter(kind="DS").count()


def test_open_case__discussion_is_for_the_council_until_the_minutes_are_approved(as_role, place, held):
    page = url("meeting_item", held.pk, held.items.first().pk)
    text = as_role(Role.EMPLOYEE).get(page).content.decode()
    assert "Saken utsettes." in text
    assert "Hemmelig drøfting." not in text
    approve(held, place)
    assert "Hemmelig drøfting." in as_role(Role.EMPLOYEE).get(page).content.decode()


# --- Number of queries ---------------------------------------------------------------------------
def test_meeting_pages__few_queries_whatever_the_number_of_rows(
    as_role, place, going, django_assert_max_num_queries
):
    for title in ("Tredje sak", "Fjerde sak", "Femte sak"):
        initiative = stories.ready_for_council(place, title=title)
        agenda.AgendaItem.objects.create(
            meeting=going,
            initiative=initiative,
            position=9,
            title=title,
            case_number=title,
            changed_at=timezone.now(),
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
        url("meeting_create"),
        {"starts_at": starts.strftime("%d.%m.%Y kl. %H.%M"), "place": "Møterom 1"},
        follow=True,
    )
    made = Meeting.objects.get()
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert (made.municipality, made.place) == (place.municipality, "Møterom 1")
    assert "er satt opp" in answer.content.decode()


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [
        ("", "fylle ut"),
        ("i morgen", "Skriv dato og klokkeslett"),
        ("3.12.2020 14.30", "fortiden"),
        ("3.12.2099 14.30", "årstallet"),
    ],
)
def test_create_meeting__bad_time_is_told_and_the_place_kept(as_role, starts_at, words):
    answer = as_role(Role.SECRETARIAT).post(
        url("meeting_create"), {"starts_at": starts_at, "place": "Møterom Ŋ"}
    )
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
    [
        ("summon", Role.EMPLOYEE, 403),
        ("approve_minutes", Role.SECRETARIAT, 403),
        ("finnes-ikke", Role.SECRETARIAT, 404),
    ],
)
def test_take_step__not_allowed(as_role, planned, name, role, code):
    assert as_role(role).post(url("meeting_transition", planned.pk, name)).status_code == code


# --- Attendance ----------------------------------------------------------------------------------
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
    as_role(Role.SECRETARIAT).post(
        url("meeting_attendance", summoned.pk), {"everybody": "1", "version": version}
    )
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
    answer = client.post(
        url("meeting_attendance", summoned.pk),
        {**data, **roll(summoned, deputy="present"), "version": data["version"]},
    )
    assert answer.status_code == 409
    assert "Noen andre har ført frammøte imens" in answer.content.decode()
    assert summoned.attendances.get(seat="leader").presence == "present"


@pytest.mark.parametrize("value", ["hacked", "<b>", "\x00"])
def test_record_attendance__unknown_value_is_refused(as_role, summoned, value):
    answer = as_role(Role.SECRETARIAT).post(
        url("meeting_attendance", summoned.pk), roll(summoned, leader=value)
    )
    assert answer.status_code == 422


def test_record_attendance__foreign_seat_is_refused(as_role, world, summoned):
    foreign = stories.meeting(world.neighbor).attendances.get(seat="member")
    data = roll(summoned, substitute="present")
    data[f"seat_{summoned.attendances.get(seat='substitute').pk}"] = foreign.pk
    assert as_role(Role.SECRETARIAT).post(url("meeting_attendance", summoned.pk), data).status_code == 422
    assert not Attendance.objects.filter(presence="present").exists()


def test_register_attendance__the_same_twice_is_once_and_another_is_told(as_role, place, planned):
    """Ticking saves by itself, so the button may send the same once more with the old version."""
    client, page = as_role(Role.SECRETARIAT), url("meeting_attendance", planned.pk)
    rows = {f"presence_{row.pk}": "present" for row in planned.seated}
    sent = {"version": planned.version, **rows}
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 302
    assert client.post(page, {**sent, next(iter(rows)): "absent"}).status_code == 409
    assert not planned.seated.exclude(presence="present").exists()


# --- Who cannot come ---------------------------------------------------------------------------------
def test_report_absence__is_recorded_told_and_taken_back(as_role, place, summoned):
    client, page = as_role(Role.COUNCIL_MEMBER), url("meeting_detail", summoned.pk)
    assert "Meld forfall" in client.get(page).content.decode()
    for _again in range(2):
        client.post(url("meeting_absence", summoned.pk), {"kommer": "nei"})
    own = summoned.seated.get(person=place.person(Role.COUNCIL_MEMBER))
    assert own.is_absent
    told = Notice.objects.filter(event=f"absence_{own.pk}", recipient=place.person(Role.SECRETARIAT))
    assert "har meldt forfall" in told.get().title
    assert "Du har meldt forfall." in client.get(page).content.decode()
    client.post(url("meeting_absence", summoned.pk), {"kommer": "ja"})
    own.refresh_from_db()
    assert own.presence == "expected"
    assert told.count() == 2


def test_report_absence__is_for_those_who_sit_in_the_meeting_until_it_begins(as_role, world, going, planned):
    assert as_role(Role.EMPLOYEE).post(url("meeting_absence", planned.pk)).status_code == 403
    stranger = as_role(Role.COUNCIL_MEMBER, world.stranger)
    assert stranger.post(url("meeting_absence", planned.pk)).status_code == 404
    answer = as_role(Role.COUNCIL_MEMBER).post(url("meeting_absence", going.pk), follow=True)
    assert "Si fra til møteleder" in answer.content.decode()
    assert not going.seated.filter(presence="absent").exists()
