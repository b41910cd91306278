"""The pages of the meetings of professional groups: planned, written in and decided without JavaScript; the calendar too."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from governance.arena import meetings, notes
from governance.arena.page import MeetingPage
from governance.cycle import subscribing
from governance.models import GroupMeeting, GroupNote, Initiative
from organization.roles import Role
from tests import stories
from tests.governance import arenas
from tests.governance.arenas import COLLEAGUE, MEMBER, OTHER_MEMBER, RESPONSIBLE

LIST = reverse("governance:arena_list")
HTMX = {"HX-Request": "true"}


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


@pytest.fixture
def at(place):
    return arenas.meeting(place)


@pytest.fixture
def member(place):
    return place.actor(MEMBER)


def note_url(at, key, page="note"):
    return reverse(f"governance:arena_{page}", args=[at.pk, key])


# --- Planning -------------------------------------------------------------------------------------
def test_plan_meeting__on_the_page_change_it_and_cancel_it(as_role, place):
    of = arenas.group(place)
    client, new = as_role(RESPONSIBLE), reverse("governance:arena_create", args=[of.pk])
    assert new in plain(client.get(LIST))
    begins = timezone.localtime() + timedelta(days=3)
    sent = {
        "title": "Vårmøtet",
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": "",
        "place": "",
        "link": "",
    }
    refused = client.post(new, sent)
    assert refused.status_code == 422
    assert "et sted, en lenke eller begge" in plain(refused)
    made = client.post(new, {**sent, "link": "https://mote.example/123"})
    at = GroupMeeting.objects.get()
    assert made.url == at.get_absolute_url()
    page = plain(client.get(made.url))
    assert 'href="https://mote.example/123"' in page
    assert place.person(MEMBER).name in page
    edit = reverse("governance:arena_edit", args=[at.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', plain(client.get(edit)))[1]
    moved = {**sent, "title": "Sommermøtet", "place": "Rom 2", "seen": seen}
    assert client.post(edit, moved).url == at.get_absolute_url()
    assert (
        client.post(edit, {**moved, "title": "Enda et navn"}).status_code == 409
    )  # looked at before the first was saved
    assert client.post(at.get_absolute_url(), {"handling": "cancel", "reason": ""}).status_code == 422
    client.post(at.get_absolute_url(), {"handling": "cancel", "reason": "Sykdom"})
    assert "Sykdom" in plain(client.get(at.get_absolute_url()))
    assert client.post(edit, {**moved, "seen": ""}).status_code == 409


@pytest.mark.parametrize("role", [COLLEAGUE, Role.KOMMUNEDIREKTOR, Role.COUNCIL_MEMBER, Role.ADMINISTRATOR])
def test_open_meeting__is_not_there_for_others(as_role, world, at, member, role):
    row = arenas.note(at, "Et notat.", by=member)
    pages = [
        at.get_absolute_url(), reverse("governance:arena_edit", args=[at.pk]), note_url(at, row.key), note_url(at, row.key, "note_versions"),
    ]  # fmt: skip
    for place in (world.home, world.neighbor, world.stranger):
        client = as_role(role, place)
        assert [client.get(page).status_code for page in pages] == [404] * 4
        assert client.post(at.get_absolute_url(), {"handling": "conclude"}).status_code == 404
        assert "Høstmøtet" not in plain(client.get(LIST))
        assert "Høstmøtet" not in plain(client.get(LIST, {"q": "notat"}))


def test_open_meeting__the_secretariat_reads_and_writes_nothing(as_role, at, member):
    row = arenas.note(at, "Et notat.", by=member)
    client = as_role(Role.SECRETARIAT)
    page = plain(client.get(at.get_absolute_url()))
    assert "Et notat." in page
    assert "Skriv notat" not in page
    assert "Gjør til tiltak" not in page
    assert [
        client.get(url).status_code
        for url in (note_url(at, row.key), reverse("governance:arena_edit", args=[at.pk]))
    ] == [403, 403]
    assert client.post(at.get_absolute_url(), {"handling": "point", "title": "Punkt"}).status_code == 403
    assert client.post(note_url(at, row.key), {"text": "Mitt", "base": "1"}).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"handling": "finnes ikke"}, {"handling": "withdraw", "point": "x"}, {"handling": "set_aside", "note": "%s", "reason": "Nei"},
        {"handling": "set_aside", "note": "-1", "reason": ""}, {"handling": "take_up", "note": "99999999999999999999"},
        {"handling": "initiative", "notes": ["\x00", "5"]}, {"handling": "participants", "people": "0x1"}, {"handling": "point", "title": "\x00"},
        {"handling": "cancel"}, {"handling": "initiative"},
    ],
)  # fmt: skip
def test_send_anything__is_answered_with_words(as_role, at, sent):
    answer = as_role(RESPONSIBLE).post(at.get_absolute_url(), sent)
    assert answer.status_code in {302, 422}
    assert GroupMeeting.objects.get(pk=at.pk).is_open


# --- Points and notes -------------------------------------------------------------------------------
def test_suggest_point__and_write_under_it_until_it_is_finished(as_role, place, at):
    client, here = as_role(MEMBER), at.get_absolute_url()
    assert client.post(here, {"handling": "point", "title": " "}).status_code == 422
    client.post(here, {"handling": "point", "title": "Nøkler", "detail": "Hvem har dem?"})
    point = at.points.get()
    page = client.get(here)
    write = re.search(rf'href="([^"]+\?punkt={point.pk})"', plain(page))[1]
    form = plain(client.get(write))
    assert f'name="point" value="{point.pk}"' in form
    url = write.split("?")[0]
    answer = client.post(
        url, {"text": "Vaktmester\r\nhar dem.", "base": "0", "point": str(point.pk), "to": "next"}
    )
    assert answer.url.endswith(f"?punkt={point.pk}")
    assert answer.url.split("?")[0] != url
    row = at.notes.get()
    assert (row.text, row.point) == ("Vaktmester\nhar dem.", point)
    client.post(here, {"handling": "participants", "people": [place.person(MEMBER).pk]})
    assert [one.person for one in at.participants.all()] == [place.person(MEMBER)]
    assert client.post(here, {"handling": "withdraw", "point": point.pk}).status_code == 409
    leader = as_role(RESPONSIBLE)
    assert leader.post(here, {"handling": "conclude"}).status_code == 302
    assert as_role(MEMBER).get(url).status_code == 409
    late = as_role(MEMBER).post(url, {"text": "For sent.", "base": "1"})
    assert late.status_code == 409
    assert "For sent." in plain(late)
    as_role(RESPONSIBLE).post(here, {"handling": "reopen"})
    assert as_role(MEMBER).get(url).status_code == 200


def test_tick_participants__two_pages_at_once_keep_both(as_role, place, at):
    here, people = at.get_absolute_url(), [place.person(role) for role in (RESPONSIBLE, MEMBER, OTHER_MEMBER)]

    def drawn(client):
        return re.search(r'name="shown"(?: value="([^"]*)")?', plain(client.get(here)))[1] or ""

    def sent(shown, *ticked):
        return {"handling": "participants", "people": [one.pk for one in ticked], "shown": shown}

    one, two = as_role(MEMBER), as_role(OTHER_MEMBER)
    first, second = drawn(one), drawn(two)
    assert (first, second) == ("", "")
    one.post(here, sent(first, people[0]))
    two.post(here, sent(second, people[1]))
    assert {row.person for row in at.participants.all()} == set(people[:2])
    first = drawn(one)
    assert sorted(first.split(",")) == sorted(str(person.pk) for person in people[:2])
    two.post(here, sent(drawn(two), *people))
    one.post(here, sent(first, people[0]))
    assert {row.person for row in at.participants.all()} == {people[0], people[2]}
    for odd in ("x", "-1", "9" * 30, ",,"):
        assert one.post(here, sent(odd, people[0])).status_code == 302
    assert {row.person for row in at.participants.all()} == {people[0], people[2]}


def test_write_note__its_address_stays_until_it_is_saved(as_role, place, at, member):
    def key():
        row = GroupMeeting.objects.select_related("group").get(pk=at.pk)
        return MeetingPage(row, member, timezone.now()).next_key

    first = key()
    assert key() == first
    as_role(MEMBER).post(note_url(at, first), {"text": "Lagret", "base": "0"}, headers=HTMX)
    assert key() != first
    assert place.actor(OTHER_MEMBER).person_id != member.person_id


def test_write_note__two_tabs_on_two_points_are_two_notes(as_role, at, member):
    points = [
        meetings.suggest_point(at, title=title, detail="", by=member, now=timezone.now())
        for title in ("Nøkler", "Budsjett")
    ]
    client = as_role(MEMBER)
    page = plain(client.get(at.get_absolute_url()))
    tabs = {point: re.search(rf'href="([^"?]+)\?punkt={point.pk}"', page)[1] for point in points}
    without = re.search(rf'href="({at.get_absolute_url()}notater/[^"?]+)"', page)[1]
    assert len({*tabs.values(), without}) == 3
    for point, url in tabs.items():
        sent = {"text": f"Om {point}.", "base": "0", "point": str(point.pk), "to": "next"}
        answer = client.post(url, sent)
        assert answer.url.endswith(f"?punkt={point.pk}")
        assert answer.url.split("?")[0] not in {*tabs.values(), without}
    assert client.post(without, {"text": "Om annet.", "base": "0"}).status_code == 302
    assert [(row.text, row.point) for row in at.notes.all()] == [
        ("Om Nøkler.", points[0]), ("Om Budsjett.", points[1]), ("Om annet.", None),
    ]  # fmt: skip


def test_write_note__by_htmx_stays_and_two_writers_see_both_texts(as_role, at):
    url = note_url(at, uuid.uuid4())
    part = plain(as_role(MEMBER).post(url, {"text": "Mitt.", "base": "0"}, headers=HTMX))
    assert 'name="base" id="base" value="1" hx-swap-oob="true"' in part
    assert "<html" not in part
    other = as_role(OTHER_MEMBER)
    told = other.post(url, {"text": "Ditt.", "base": "0"}, headers=HTMX)
    assert told.status_code == 409
    assert "er ikke lagret. Trykk «Lagre»" in plain(told)
    both = other.post(url, {"text": "Ditt.", "base": "0"})
    page = plain(both)
    assert both.status_code == 409
    assert 'name="base" id="base" value="1"' in page
    assert "Mitt." in page
    assert "Ditt.</textarea>" in page
    assert other.post(url, {"text": "Ditt.", "base": "1", "choice": "mine"}).status_code == 302
    versions = plain(other.get(note_url(at, GroupNote.objects.get().key, "note_versions")))
    assert "Mitt." in versions
    assert "Ditt." in versions
    back = other.post(
        note_url(at, GroupNote.objects.get().key, "note_versions"), {"number": "1", "version": "2"}
    )
    assert back.status_code == 302
    assert GroupNote.objects.get().text == "Mitt."
    for version in ("1", "x", ""):
        page = other.post(
            note_url(at, GroupNote.objects.get().key, "note_versions"),
            {"number": "2", "version": version},
            follow=True,
        )
        assert "lagret notatet imens" in plain(page)


def test_write_note__after_the_session_ended_keeps_the_text(as_role, at):
    url, writer = note_url(at, uuid.uuid4()), as_role(MEMBER)
    signed = writer.get(url).context["writer"]
    writer.logout()
    answer = writer.post(url, {"text": "Skrevet uten innlogging.", "base": "0", "writer": signed})
    assert answer.status_code == 302
    assert "/logg-inn" in answer.url or "next=" in answer.url
    page = plain(as_role(MEMBER).get(url))
    assert "Skrevet uten innlogging.</textarea>" in page
    assert not at.notes.exists()


def test_write_note__what_is_wrong_is_said_and_kept(as_role, at):
    sent = {"text": "x" * 5001, "base": "0"}
    answer = as_role(MEMBER).post(note_url(at, uuid.uuid4()), sent)
    assert answer.status_code == 422
    assert f"{sent['text']}</textarea>" in plain(answer)
    assert not at.notes.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_write_note__under_a_point_that_is_withdrawn_meanwhile_is_saved_without_it(
    as_role, at, member, headers
):
    point = meetings.suggest_point(at, title="Nøkler", detail="", by=member, now=timezone.now())
    url, client = note_url(at, uuid.uuid4()), as_role(MEMBER)
    assert f'name="point" value="{point.pk}"' in plain(client.get(f"{url}?punkt={point.pk}"))
    meetings.withdraw_point(at, pk=point.pk, by=member)
    answer = client.post(url, {"text": "Skrevet.", "base": "0", "point": str(point.pk)}, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    row = at.notes.get()
    assert (row.text, row.point) == ("Skrevet.", None)
    assert "Skrevet." in plain(client.get(at.get_absolute_url()))


def test_write_note__never_under_a_point_of_another_meeting_nor_under_what_is_no_number(
    as_role, place, at, member
):
    elsewhere = arenas.meeting(place, at.group, title="Et annet møte")
    other = meetings.suggest_point(elsewhere, title="Budsjett", detail="", by=member, now=timezone.now())
    for sent in (str(other.pk), "x", "-1", "9" * 30):
        answer = as_role(MEMBER).post(
            note_url(at, uuid.uuid4()), {"text": "Skrevet.", "base": "0", "point": sent}
        )
        assert answer.status_code == 302
    assert [row.point for row in at.notes.all()] == [None] * 4


# --- What comes of them -----------------------------------------------------------------------------
def test_make_initiative__in_one_press_and_linked_both_ways(as_role, place, at, member):
    row, here = arenas.note(at, "Felles nøkler", by=member), at.get_absolute_url()
    client = as_role(RESPONSIBLE)
    assert "Gjør til tiltak" in plain(client.get(here))
    made = client.post(here, {"handling": "initiative", "notes": [row.pk]})
    draft = Initiative.objects.get()
    assert made.url == reverse("governance:intake_hub", args=[draft.pk])
    assert f"{here}#notat-{row.pk}" in plain(client.get(made.url))
    own = plain(client.get(here))
    assert draft.get_absolute_url() in own
    assert "Kladd" in own
    theirs = plain(as_role(OTHER_MEMBER).get(here))
    assert "Ble til et tiltak." in theirs
    assert draft.get_absolute_url() not in theirs


def test_tell_of_initiative__never_the_title_that_is_shielded(as_role, at, place, member):
    row = arenas.note(at, "Et notat", by=member)
    draft = notes.make_initiative(at, [row], by=place.actor(RESPONSIBLE), now=timezone.now())
    case = stories.received(place, title="Hemmelig innkjøp", shield_basis="offl_23", public_title="Innkjøp")
    row.outcome.initiative = case
    row.outcome.save()
    assert draft != case
    for role in (RESPONSIBLE, MEMBER, Role.SECRETARIAT):
        page = plain(as_role(role).get(at.get_absolute_url()))
        assert "Hemmelig" not in page
        assert "Ble til tiltak" in page
        assert case.number in page


def test_see_origin__of_an_initiative_only_who_sees_the_meeting(as_role, at, place, member):
    case = stories.received(place)
    row = arenas.note(at, "Et notat", by=member)
    notes.set_aside(at, row, reason="Nei", by=place.actor(RESPONSIBLE), now=timezone.now())
    row.refresh_from_db()
    row.outcome.reason, row.outcome.initiative = "", case
    row.outcome.save()
    assert "Høstmøtet" in plain(as_role(Role.SECRETARIAT).get(case.get_absolute_url()))
    assert "Høstmøtet" not in plain(as_role(COLLEAGUE).get(case.get_absolute_url()))


def test_set_aside__says_why_at_the_note_and_can_be_undone(as_role, at, member):
    row, here, client = arenas.note(at, "En idé", by=member), at.get_absolute_url(), as_role(RESPONSIBLE)
    missing = client.post(here, {"handling": "set_aside", "note": row.pk, "reason": " "})
    assert missing.status_code == 422
    assert re.search(r'<details class="arena-note__aside" open', plain(missing))
    client.post(here, {"handling": "set_aside", "note": row.pk, "reason": "Finnes alt"})
    assert "Finnes alt" in plain(as_role(MEMBER).get(here))
    as_role(RESPONSIBLE).post(here, {"handling": "take_up", "note": row.pk})
    assert "Finnes alt" not in plain(client.get(here))


# --- The list, the calendar and what it costs ---------------------------------------------------------
def test_list__finds_the_words_of_notes_in_the_own_groups_alone(as_role, world, at, member):
    arenas.note(at, "Nøklene ligger i skapet på vaktrommet.", by=member)
    elsewhere = arenas.meeting(world.neighbor, title="Nabomøtet")
    arenas.note(elsewhere, "Nøklene er borte.", by=world.neighbor.actor(MEMBER))
    client = as_role(MEMBER)
    page = plain(client.get(LIST, {"q": "nøkler"}))
    assert "Nøklene ligger i skapet" in page
    assert "borte" not in page
    assert "Ingen notater passer" in plain(client.get(LIST, {"q": "robot"}))
    for query in ({"q": "' & | !"}, {"gruppe": "x"}, {"gruppe": elsewhere.group_id}, {"etter": "?"}):
        assert client.get(LIST, query).status_code == 200
    assert "Ingen møter er planlagt" in plain(as_role(COLLEAGUE).get(LIST))


def test_pages__cost_at_most_twelve_queries_however_much_there_is(
    as_role, at, place, member, django_assert_max_num_queries
):
    for number in range(8):
        meetings.suggest_point(at, title=f"Punkt {number}", detail="", by=member, now=timezone.now())
        row = arenas.note(at, f"Notat {number}", by=member)
        if number % 2:
            notes.make_initiative(at, [row], by=place.actor(RESPONSIBLE), now=timezone.now())
        arenas.meeting(place, at.group, title=f"Møte {number}", hours=number * 10 - 40)
    client = as_role(RESPONSIBLE)
    pages = [
        at.get_absolute_url(), LIST, f"{LIST}?q=notat&gruppe={at.group_id}", note_url(at, row.key), note_url(at, row.key, "note_versions"),
        reverse("governance:arena_edit", args=[at.pk]),
    ]  # fmt: skip
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200


def feed_of(place, role):
    from django.test import Client

    secret = subscribing.issue(by=place.actor(role), now=timezone.now())
    answer = Client().get(reverse("governance:calendar_feed", args=[secret]))
    return {str(event["uid"]).split("@")[0]: event for event in Calendar.from_ical(answer.content).events}


def test_feed__has_the_meetings_of_the_own_groups_with_their_changes(place, world):
    at = arenas.meeting(
        place, hours=50, link="https://mote.example/1", ends_at=timezone.now() + timedelta(hours=52)
    )
    arenas.meeting(world.neighbor, hours=50)
    key = f"group-{at.pk}"
    for role in (MEMBER, RESPONSIBLE):
        event = feed_of(place, role)[key]
        assert event["summary"] == f"Gruppemøte, Høstmøtet, {at.group}"
        assert event.decoded("dtstart") == at.starts_at.replace(microsecond=0)
        assert event.decoded("dtend") == at.ends_at.replace(microsecond=0)
        assert (event["location"], event["description"], event["sequence"]) == (
            "Rom 3",
            "https://mote.example/1",
            1,
        )
        assert str(event["url"]).endswith(at.get_absolute_url())
    for role in (Role.SECRETARIAT, COLLEAGUE):
        assert not [one for one in feed_of(place, role) if one.startswith("group-")]
    meetings.cancel_meeting(at, reason="Sykdom", by=place.actor(RESPONSIBLE), now=timezone.now())
    event = feed_of(place, MEMBER)[key]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 2)


def test_calendar__shows_the_meetings_of_the_own_groups(as_role, place):
    at = arenas.meeting(place, hours=2)
    url = reverse("governance:cycle_calendar") + f"?aar={timezone.localdate(at.starts_at).year}"
    for months in ("", "&vis=maneder"):
        assert at.get_absolute_url() in plain(as_role(MEMBER).get(url + months))
        assert at.get_absolute_url() not in plain(as_role(Role.SECRETARIAT).get(url + months))
    year = plain(as_role(MEMBER).get(url + "&type=meeting")).split('id="aret"')[1]
    assert at.get_absolute_url() not in year


def test_start_page__leads_to_the_next_meeting(as_role, place):
    at = arenas.meeting(place, hours=30)
    assert at.get_absolute_url() in plain(as_role(MEMBER).get(reverse("core:start")))
    assert at.get_absolute_url() not in plain(as_role(COLLEAGUE).get(reverse("core:start")))
