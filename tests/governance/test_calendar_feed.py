"""The calendar that somebody's own calendar program reads: valid, right over summer time, and only theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from governance import council
from governance.cycle import subscribing
from governance.models import CalendarFeed, CyclePeriod, Meeting
from governance.workflow import meeting_workflow
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories


def subscribe(place, role):
    secret = subscribing.issue(by=place.actor(role), now=timezone.now())
    return reverse("governance:calendar_feed", args=[secret])


def read(url, **headers):
    answer = Client().get(url, headers=headers)
    assert answer.status_code == 200
    return answer, Calendar.from_ical(answer.content)


def events_of(url):
    return {str(event["uid"]).split("@")[0]: event for event in read(url)[1].events}


def test_feed__is_read_by_a_parser_and_keeps_the_rules_of_the_format(place):
    period = stories.period(place, submission=5, name="Vår; økonomi, «tertial» " + "å" * 30)
    at = stories.meeting(place)
    Meeting.objects.filter(pk=at.pk).update(place="Rom 2\\3; kjeller,\nblokk B " + "ø" * 80)
    answer, calendar = read(subscribe(place, Role.SECRETARIAT))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    assert calendar["version"] == "2.0"
    kept = {str(event["uid"]): event for event in calendar.events}
    assert len(kept) == 5
    by_kind = {uid.split("@")[0]: event for uid, event in kept.items()}
    assert by_kind[f"meeting-{at.pk}"]["location"] == "Rom 2\\3; kjeller,\nblokk B " + "ø" * 80
    deadline = by_kind[f"submission-{period.pk}"]
    assert deadline["summary"] == f"Innmeldingsfrist, {period.name}"
    assert deadline.decoded("dtstart") == period.submission_on
    assert deadline.decoded("dtend") == period.submission_on + timedelta(days=1)
    for event in kept.values():
        assert {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "SUMMARY"} <= set(event)


@pytest.mark.parametrize(("month", "day", "hours"), [(2, 3, 1), (6, 9, 2), (3, 30, 2), (10, 25, 1)])
def test_feed__tells_the_hour_in_norway_on_both_sides_of_summer_time(place, month, day, hours):
    year = timezone.localdate().year + 1
    starts_at = datetime(year, month, day, 9, tzinfo=ZoneInfo("Europe/Oslo"))
    at = stories.meeting(place)
    Meeting.objects.filter(pk=at.pk).update(starts_at=starts_at)
    answer, calendar = read(subscribe(place, Role.COUNCIL_MEMBER))
    assert f"DTSTART;TZID=Europe/Oslo:{year}{month:02d}{day:02d}T090000".encode() in answer.content
    (zone,) = calendar.walk("VTIMEZONE")
    told = starts_at.replace(tzinfo=zone.to_tz())
    expected = starts_at.astimezone(UTC)
    assert told.utcoffset() == expected.astimezone(ZoneInfo("Europe/Oslo")).utcoffset()


def test_feed__a_cancelled_meeting_is_told_and_keeps_its_name(place, secretary):
    at = stories.meeting(place)
    url = subscribe(place, Role.COUNCIL_LEADER)
    before = events_of(url)[f"meeting-{at.pk}"]
    assert before["status"] == "TENTATIVE"
    council.change_meeting(
        at, starts_at=at.starts_at + timedelta(days=1), place=at.place, by=secretary, now=timezone.now()
    )
    moved = events_of(url)[f"meeting-{at.pk}"]
    assert moved["uid"] == before["uid"]
    assert int(moved["sequence"]) > int(before["sequence"])
    assert moved.decoded("dtstart") == before.decoded("dtstart") + timedelta(days=1)
    meeting_workflow.perform("cancel", at, by=secretary, now=timezone.now(), data={"reason": "Ingen saker."})
    gone = events_of(url)[f"meeting-{at.pk}"]
    assert gone["status"] == "CANCELLED"
    assert int(gone["sequence"]) > int(moved["sequence"])


def test_feed__holds_nothing_of_the_cases(place):
    at = stories.meeting(place)
    stories.on_agenda(
        place,
        at,
        title="Granskningen av Ødegård",
        shield_basis="offl_13",
        public_title="Personalsak Brattlid",
    )
    text = read(subscribe(place, Role.COUNCIL_LEADER))[0].content.decode()
    assert f"meeting-{at.pk}" in text.replace("\r\n ", "")
    assert "Ødegård" not in text
    assert "Brattlid" not in text


def test_feed__only_what_the_person_sees_today(place, world):
    stories.meeting(world.neighbor)
    regional = stories.meeting(world.region)
    own = stories.meeting(place)
    url = subscribe(place, Role.COUNCIL_MEMBER)
    assert set(events_of(url)) == {f"meeting-{own.pk}"}
    assert set(events_of(subscribe(world.region, Role.COUNCIL_MEMBER))) == {f"meeting-{regional.pk}"}
    yesterday = timezone.localdate() - timedelta(days=1)
    RoleAssignment.objects.filter(person=place.person(Role.COUNCIL_MEMBER)).update(valid_to=yesterday)
    assert events_of(url) == {}


def test_feed__only_the_kinds_that_concern_the_person(place):
    stories.period(place, submission=5)
    kinds = {key.split("-")[0] for key in events_of(subscribe(place, Role.EMPLOYEE))}
    assert kinds == {"submission"}


def test_address__renewed_revoked_foreign_and_of_who_has_left(place, client):
    first = subscribe(place, Role.EMPLOYEE)
    second = subscribe(place, Role.EMPLOYEE)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    for foreign in ("x", "%00", "a" * 2000, "..", "æøå"):
        assert Client().get(f"/kalender/{foreign}/stafett.ics").status_code == 404
    person = place.person(Role.EMPLOYEE)
    person.is_active = False
    person.save()
    assert Client().get(second).status_code == 404
    person.is_active = True
    person.save()
    subscribing.revoke(by=place.actor(Role.EMPLOYEE), now=timezone.now())
    assert Client().get(second).status_code == 404
    assert Client().post(second).status_code == 405


def test_secret__is_not_kept(place):
    secret = subscribing.issue(by=place.actor(Role.EMPLOYEE), now=timezone.now())
    row = CalendarFeed.objects.get()
    assert secret not in str(row.__dict__)
    event = CalendarFeed.pgh_event_model.objects.latest("pgh_id")
    assert not hasattr(event, "digest")
    other = CalendarFeed.objects.visible_to(place.actor(Role.SECRETARIAT))
    assert not other.exists()


def test_etag__says_when_nothing_is_new(place):
    stories.period(place, submission=5)
    url = subscribe(place, Role.SECRETARIAT)
    answer, _ = read(url)
    assert Client().get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    CyclePeriod.objects.update(name="Høst")
    assert Client().get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_feed__costs_the_same_for_one_and_for_many(place, django_assert_num_queries):
    url = subscribe(place, Role.SECRETARIAT)
    stories.period(place, submission=5)
    stories.meeting(place)
    Client().get(url)
    with django_assert_num_queries(5):
        Client().get(url)
    for number in range(5):
        stories.period(place, submission=10 + 3 * number)
        stories.meeting(place, days=30 + number)
    with django_assert_num_queries(5):
        Client().get(url)


def test_page__shows_the_address_once(place, client):
    client.force_login(place.person(Role.EMPLOYEE))
    url = reverse("governance:calendar_subscription")
    shown = client.post(url, {"handling": "issue"})
    address = shown.context["address"]
    assert address in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert address.rsplit("/", 2)[1] not in client.get(url).content.decode()
    client.post(url, {"handling": "revoke"})
    assert not CalendarFeed.objects.get().is_open
