"""Meetings of professional groups: who sees them, who may what, and what becomes of the notes."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from core import reminders
from core.actors import System
from core.errors import Refused
from core.inbox import Inbox
from core.models import Notice
from core.retention import forget
from core.workdays import add_working_days
from core.workflow import TransitionDenied
from governance.arena import meetings, notes
from governance.arena.forms import MeetingForm
from governance.arena.reminders import REMINDERS
from governance.models import GroupMeeting, GroupNote, GroupOutcome, Initiative, Status
from governance.text_versions import versions_of
from governance.writing import StaleText, Typed
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.operations import Edit
from organization.roles import Role
from tests.core.test_retention import found_anywhere
from tests.governance import arenas
from tests.governance.arenas import COLLEAGUE, MEMBER, OTHER_MEMBER, RESPONSIBLE
from tests.portfolio.conftest import apart


@pytest.fixture
def at(place):
    """A meeting of a group of the municipality, that has begun."""
    return arenas.meeting(place)


@pytest.fixture
def leader(place):
    return place.actor(RESPONSIBLE)


@pytest.fixture
def member(place):
    return place.actor(MEMBER)


def now():
    return timezone.now()


# --- Who sees it ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (RESPONSIBLE, True), (MEMBER, True), (OTHER_MEMBER, True), (Role.SECRETARIAT, True), (Role.COORDINATOR, True),
        (COLLEAGUE, False), (Role.KOMMUNEDIREKTOR, False), (Role.COUNCIL_LEADER, False), (Role.COUNCIL_MEMBER, False),
        (Role.ADMINISTRATOR, False), (Role.SECTOR_LEADER, False), (Role.ARCHIVIST, False), (Role.ELECTED_REPRESENTATIVE, False),
    ],
)  # fmt: skip
def test_see_meeting__the_group_and_the_secretariat(world, at, member, role, sees):
    row = arenas.note(at, "Vi trenger felles nøkler.", by=member)
    actor = world.home.actor(role)
    assert GroupMeeting.objects.visible_to(actor).filter(pk=at.pk).exists() is sees
    assert GroupNote.objects.visible_to(actor).filter(pk=row.pk).exists() is sees
    for outside in (world.neighbor, world.stranger, world.region):
        assert not GroupMeeting.objects.visible_to(outside.actor(role)).filter(pk=at.pk).exists()


def test_see_meeting__of_the_region_by_its_members_wherever_they_work(world):
    members = [world.home.person(MEMBER), world.neighbor.person(MEMBER), world.stranger.person(MEMBER)]
    of = arenas.group(world.region, *members, responsible=world.neighbor.person(RESPONSIBLE))
    at = arenas.meeting(world.region, of)
    seen = {
        place.code: GroupMeeting.objects.visible_to(place.actor(MEMBER)).filter(pk=at.pk).exists()
        for place in (world.home, world.neighbor, world.stranger, world.region)
    }
    assert seen == {"heim": True, "granne": True, "framand": False, "region": False}
    by_secretariat = {
        place.code: GroupMeeting.objects.visible_to(place.actor(Role.SECRETARIAT)).filter(pk=at.pk).exists()
        for place in (world.home, world.neighbor, world.stranger, world.region)
    }
    assert by_secretariat == {"heim": False, "granne": False, "framand": False, "region": True}


def test_see_meeting__who_has_left_sees_no_more(world, at, member):
    RoleAssignment.objects.filter(person=member.person).update(valid_to=timezone.localdate())
    assert not GroupMeeting.objects.visible_to(person_actor(member.person)).exists()


# --- Who may what ---------------------------------------------------------------------------------
def _edit(at):
    at.title = "Vintermøtet"
    return Edit(at, ("title",))


DEEDS = {
    "plan": lambda at, by: meetings.plan_meeting(GroupMeeting(group=at.group, title="Nytt", place="Rom 1", starts_at=now()), by=by, now=now()),
    "change": lambda at, by: meetings.change_meeting(_edit(at), by=by, now=now()),
    "cancel": lambda at, by: meetings.cancel_meeting(at, reason="Sykdom", by=by, now=now()),
    "conclude": lambda at, by: meetings.conclude_meeting(at, by=by, now=now()),
    "reopen": lambda at, by: meetings.reopen_meeting(at, by=by, now=now()),
    "initiative": lambda at, by: notes.make_initiative(at, at.notes.all(), by=by, now=now()),
    "set_aside": lambda at, by: notes.set_aside(at, at.notes.first(), reason="Løst", by=by, now=now()),
    "take_up": lambda at, by: notes.take_up(at, at.notes.first(), by=by),
    "suggest": lambda at, by: meetings.suggest_point(at, title="Nøkler", detail="", by=by, now=now()),
    "withdraw": lambda at, by: meetings.withdraw_point(at, pk=at.points.first().pk, by=by),
    "tick": lambda at, by: meetings.tick_participants(at, [at.group.responsible], shown=(), by=by, now=now()),
    "note": lambda at, by: arenas.note(at, "Nytt notat", by=by),
    "take_back": lambda at, by: notes.take_back(at, at.notes.first(), 1, version=1, by=by, now=now()),
}  # fmt: skip
OF_GROUP = {"suggest", "tick", "note", "take_back"}


@pytest.mark.parametrize("deed", DEEDS)
def test_do__the_responsible_all_the_group_its_part_and_others_nothing(place, world, at, leader, deed):
    arenas.note(at, "Vi trenger felles nøkler.", by=leader)
    meetings.suggest_point(at, title="Budsjett", detail="", by=leader, now=now())
    do = DEEDS[deed]
    with pytest.raises(TransitionDenied):  # the secretariat reads, and writes nothing
        do(at, place.actor(Role.SECRETARIAT))
    for stranger in (place.actor(COLLEAGUE), world.neighbor.actor(RESPONSIBLE)):
        with pytest.raises((Http404, TransitionDenied)):
            do(at, stranger)
    if deed in OF_GROUP:
        do(at, place.actor(MEMBER))
    else:
        with pytest.raises(TransitionDenied):
            do(at, place.actor(MEMBER))
    do(at, leader)


def test_withdraw_point__by_who_suggested_it_and_never_from_under_its_notes(at, place, member, leader):
    point = meetings.suggest_point(at, title="Nøkler", detail="Hvem har dem?", by=member, now=now())
    with pytest.raises(TransitionDenied):
        meetings.withdraw_point(at, pk=point.pk, by=place.actor(OTHER_MEMBER))
    row = notes.standing(at, uuid.uuid4())
    row.point = point
    notes.save_note(at, row, Typed(text="Vaktmester har dem.", version=0), by=member, now=now())
    with pytest.raises(Refused, match="blir stående"):
        meetings.withdraw_point(at, pk=point.pk, by=leader)
    other = meetings.suggest_point(at, title="Annet", detail="", by=member, now=now())
    meetings.withdraw_point(at, pk=other.pk, by=member)
    meetings.withdraw_point(at, pk=other.pk, by=member)
    assert list(at.points.values_list("title", flat=True)) == ["Nøkler"]


# --- Planned, moved, cancelled, finished ----------------------------------------------------------
def told(event):
    return set(Notice.objects.filter(event=event).values_list("recipient__username", flat=True))


def test_plan__tells_the_members_and_again_when_it_is_moved(place, at, leader):
    people = {place.person(role).username for role in (MEMBER, OTHER_MEMBER)}
    assert told("group_meeting_planned") == people
    for hours in (3, 5):
        row = GroupMeeting.objects.get(pk=at.pk)
        row.starts_at += timedelta(hours=hours)
        meetings.change_meeting(Edit(row, ("starts_at",)), by=leader, now=now())
    assert Notice.objects.filter(event="group_meeting_moved").count() == 2 * len(people)
    row = GroupMeeting.objects.get(pk=at.pk)
    row.title = "Vintermøtet"
    saved = meetings.change_meeting(Edit(row, ("title",)), by=leader, now=now())
    assert Notice.objects.filter(event="group_meeting_moved").count() == 2 * len(people)
    assert saved.version == 4


def test_plan__at_some_place_and_ended_after_it_begins(place, leader):
    of = arenas.group(place)
    with pytest.raises(ValidationError, match="et sted, en lenke"):
        arenas.meeting(place, of, place="")
    with pytest.raises(ValidationError, match="slutte etter"):
        arenas.meeting(place, of, ends_at=now() - timedelta(hours=3))
    with pytest.raises(ValidationError):
        arenas.meeting(place, of, link="javascript:alert(1)")
    form = MeetingForm(
        {"title": "", "starts_at": "snart"}, instance=GroupMeeting(group=of, municipality=of.municipality)
    )
    assert not form.carry_out(by=leader, now=now())
    assert set(form.errors) >= {"title", "starts_at"}


def test_cancel__keeps_what_is_written_and_takes_no_more(at, place, leader, member):
    arenas.note(at, "Et notat.", by=member)
    meetings.cancel_meeting(at, reason="Sykdom", by=leader, now=now())
    assert told("group_meeting_cancelled") == {place.person(role).username for role in (MEMBER, OTHER_MEMBER)}
    for deed in ("suggest", "note", "tick", "conclude", "change", "cancel"):
        with pytest.raises(Refused, match="avlyst"):
            DEEDS[deed](at, leader)
    assert at.notes.get().text == "Et notat."


def test_conclude__when_it_has_begun_and_opened_again(place, leader, member):
    coming = arenas.meeting(place, hours=5)
    for deed in ("conclude", "tick"):
        with pytest.raises(Refused, match="ikke begynt"):
            DEEDS[deed](coming, leader)
    at = arenas.meeting(place, coming.group, title="I går", hours=-20)
    arenas.note(at, "Et notat.", by=member)
    meetings.conclude_meeting(at, by=leader, now=now())
    assert told("group_meeting_concluded") == {place.person(role).username for role in (MEMBER, OTHER_MEMBER)}
    with pytest.raises(Refused, match="ferdige"):
        arenas.note(at, "For sent.", by=member)
    DEEDS["set_aside"](at, leader)
    meetings.reopen_meeting(at, by=leader, now=now())
    arenas.note(at, "Likevel ikke for sent.", by=member)
    assert at.notes.count() == 2


def test_tick_participants__two_at_once_keep_what_the_other_changed(at, place, member):
    one, two, three = (place.person(role) for role in (RESPONSIBLE, MEMBER, OTHER_MEMBER))

    def tick(*people, shown=()):
        ids = [person.pk for person in shown]
        meetings.tick_participants(at, people, shown=ids, by=member, now=now())
        return {row.person for row in at.participants.all()}

    assert tick(one) == {one}
    assert tick(two) == {one, two}  # began before the first was saved
    assert tick(one, shown=[one, two]) == {one}
    assert tick(one, two, three, shown=[one, two]) == {one, three}  # two was taken away meanwhile
    assert tick(one, three, shown=[one]) == {one, three}
    assert tick(shown=[one, two]) == {three}


# --- Two who write --------------------------------------------------------------------------------
def test_write_note__two_at_once_lose_nothing(at, place, member):
    key, other = uuid.uuid4(), place.actor(OTHER_MEMBER)
    arenas.note(at, "Først.", by=member, key=key)
    with pytest.raises(StaleText) as stale:
        arenas.note(at, "Fra en annen skjerm.", by=other, key=key)
    assert stale.value.standing.text == "Først."
    row = notes.standing(at, key)
    typed = Typed(text="Fra en annen skjerm.", version=1)
    kept = notes.keep_standing(at, row, typed, by=other, now=now())
    assert (kept.text, kept.version, kept.restores) == ("Først.", 3, 1)
    assert {one.text for one in versions_of(kept)} == {"Først.", "Fra en annen skjerm."}
    chosen = Typed(text="Fra en annen skjerm.", version=3, is_chosen=True)
    stands = notes.save_note(at, kept, chosen, by=other, now=now())
    assert (stands.text, stands.written_by_id) == ("Fra en annen skjerm.", other.person_id)
    back = notes.take_back(at, stands, 1, version=4, by=member, now=now())
    assert (back.text, back.restores) == ("Først.", 1)
    with pytest.raises(Http404):
        notes.take_back(at, back, 77, version=5, by=member, now=now())


def test_write_note__a_repeated_save_is_the_same_note_and_nothing_is_none(at, member):
    key = uuid.uuid4()
    for _ in range(2):
        row = arenas.note(at, "Likt.", by=member, key=key)
    assert (row.version, at.notes.count()) == (1, 1)
    assert arenas.note(at, "", by=member).pk is None
    assert at.notes.count() == 1


def test_write_note__first_at_once_tells_one_of_them_of_the_other(together):
    place = together.home
    at, key = arenas.meeting(place), uuid.uuid4()

    def write(role):
        try:
            arenas.note(at, f"Skrevet av {role}.", by=place.actor(role), key=key)
        except StaleText as stale:
            return stale.standing.text
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(apart(write), (MEMBER, OTHER_MEMBER)))
    row = GroupNote.objects.get(meeting=at)
    assert (row.version, sorted(answers, key=str)) == (1, sorted([row.text, None], key=str))


# --- What comes of them ---------------------------------------------------------------------------
def test_make_initiative__is_a_draft_on_behalf_of_the_group(at, place, leader, member):
    one = arenas.note(
        at, "Felles nøkler til hjemmetjenesten\nI dag kjører vi tilbake for å hente.", by=member
    )
    two = arenas.note(at, "Det gjelder tre soner.", by=member)
    draft = notes.make_initiative(at, [one, two], by=leader, now=now())
    assert (draft.status, draft.title) == (Status.DRAFT, "Felles nøkler til hjemmetjenesten")
    assert draft.need.endswith("hente.\n\nDet gjelder tre soner.")
    assert (draft.professional_group, draft.submitter, draft.unit) == (at.group, leader.person, place.unit)
    assert set(GroupOutcome.objects.values_list("initiative_id", flat=True)) == {draft.pk}
    assert notes.make_initiative(at, [one, two], by=leader, now=now()) == draft
    assert Initiative.objects.count() == 1
    three = arenas.note(at, "En annen sak.", by=member)
    with pytest.raises(Refused, match="alt blitt til et tiltak"):
        notes.make_initiative(at, [two, three], by=leader, now=now())
    with pytest.raises(Refused, match="kan ikke tømmes"):
        notes.save_note(at, one, Typed(text=" ", version=1), by=leader, now=now())
    with pytest.raises(Refused, match="alt blitt til et tiltak"):
        notes.set_aside(at, one, reason="Nei", by=leader, now=now())


def test_take_back__never_an_empty_version_of_a_note_that_became_an_initiative(at, place, leader, member):
    row = arenas.note(at, "Felles nøkler.", by=member)
    row = notes.save_note(at, row, Typed(text=" ", version=1), by=place.actor(OTHER_MEMBER), now=now())
    row = notes.save_note(at, row, Typed(text="Felles dører.", version=2), by=member, now=now())
    notes.make_initiative(at, [row], by=leader, now=now())
    with pytest.raises(Refused, match="kan ikke tømmes"):
        notes.take_back(at, row, 2, version=3, by=leader, now=now())
    assert notes.take_back(at, row, 1, version=3, by=leader, now=now()).text == "Felles nøkler."


def test_make_initiative__for_a_group_of_the_region_begins_where_its_responsible_works(world):
    of = arenas.group(world.region, world.home.person(MEMBER), responsible=world.neighbor.person(RESPONSIBLE))
    at, leader = arenas.meeting(world.region, of), world.neighbor.actor(RESPONSIBLE)
    row = arenas.note(at, "Felles vaktplan.", by=world.home.actor(MEMBER))
    draft = notes.make_initiative(at, [row], by=leader, now=now())
    assert (draft.municipality, draft.unit) == (world.neighbor.municipality, world.neighbor.unit)


def test_make_initiative__refuses_what_cannot_be_one(at, leader, member):
    long = [arenas.note(at, "x" * 4900, by=member) for _ in range(3)]
    with pytest.raises(Refused, match="for lange"):
        notes.make_initiative(at, long, by=leader, now=now())
    with pytest.raises(Refused, match="minst ett"):
        notes.make_initiative(at, [], by=leader, now=now())
    notes.set_aside(at, long[0], reason="Løst på annen måte", by=leader, now=now())
    with pytest.raises(Refused, match="ikke tatt videre"):
        notes.make_initiative(at, long[:1], by=leader, now=now())
    emptied = notes.save_note(at, long[1], Typed(text="", version=1), by=member, now=now())
    with pytest.raises(Refused, match="tomt"):
        notes.make_initiative(at, [emptied], by=leader, now=now())
    assert not Initiative.objects.exists()


def test_set_aside__with_a_reason_and_taken_up_again(at, leader, member):
    row = arenas.note(at, "En idé.", by=member)
    notes.set_aside(at, row, reason="Finnes alt", by=leader, now=now())
    notes.set_aside(at, row, reason="Finnes alt i Profil", by=leader, now=now())
    assert GroupOutcome.objects.get().reason == "Finnes alt i Profil"
    for _ in range(2):
        notes.take_up(at, row, by=leader)
    assert not GroupOutcome.objects.exists()
    reasons = set(GroupOutcome.pgh_event_model.objects.values_list("reason", flat=True))
    assert reasons == {"Finnes alt", "Finnes alt i Profil"}
    assert notes.make_initiative(at, [row], by=leader, now=now()).title == "En idé."


# --- What is left to do, and what is forgotten ------------------------------------------------------
def test_inbox__the_responsible_finishes_the_notes(at, place, leader, member):
    arenas.meeting(place, at.group, title="Neste måned", hours=700)

    def tasks(actor):
        return [task.title for task in Inbox(actor).tasks() if "notatene" in str(task.verb)]

    assert tasks(leader) == ["Høstmøtet"]
    assert tasks(member) == []
    meetings.conclude_meeting(at, by=leader, now=now())
    assert tasks(leader) == []


def test_remind__the_responsible_of_notes_nobody_finished_once_for_each_step(at, place, leader):
    due = add_working_days(timezone.localdate(at.starts_at), 3)

    def run(day):
        return reminders.run(day=day, now=timezone.now(), only=REMINDERS)

    assert run(timezone.localdate()) == 0
    assert run(due) == 1
    assert run(due) == 0
    assert told("group_notes_due") == {leader.person.username}
    meetings.conclude_meeting(at, by=leader, now=now())
    assert run(add_working_days(due, 5)) == 0


def test_forget_note__in_every_version(at, member, leader):
    secret = "Fru Ødegård i Storgata"
    row = arenas.note(at, secret, by=member)
    row = notes.save_note(at, row, Typed(text=f"{secret} 1", version=1), by=member, now=now())
    assert found_anywhere(secret)
    forget(row, columns=["text"], legal_basis="lov", by=System("retention"), now=now())
    assert found_anywhere(secret) == []


@pytest.mark.parametrize("column", ["title", "need"])
def test_forget_initiative__with_the_notes_it_was_made_of_in_every_version(at, member, leader, column):
    row = arenas.note(at, "Fru Ødegård i Storgata", by=member)
    row = notes.save_note(at, row, Typed(text="Fru Ødegård i Parken", version=1), by=member, now=now())
    other = arenas.note(at, "Hans Moe trenger nøkler.", by=member)
    draft = notes.make_initiative(at, [row], by=leader, now=now())
    stays = notes.make_initiative(at, [other], by=leader, now=now())
    forget(draft, columns=[column], legal_basis="lov", by=System("retention"), now=now())
    texts = GroupNote.pgh_event_model.objects.filter(pgh_obj_id=row.pk).values_list("text", flat=True)
    assert set(texts) == {"[fjernet]"}
    assert not {"governance_groupnote", "governance_groupnoteevent"} & set(found_anywhere("Ødegård"))
    assert not GroupNote.objects.filter(pk=row.pk).matching("Ødegård").exists()
    other.refresh_from_db()
    stays.refresh_from_db()
    assert (other.text, stays.title) == ("Hans Moe trenger nøkler.", "Hans Moe trenger nøkler.")
    forget(other, columns=["text"], legal_basis="lov", by=System("retention"), now=now())
    stays.refresh_from_db()
    assert stays.title == "Hans Moe trenger nøkler."


def test_forget_initiative__title_and_need_leave_nothing_of_the_note(at, member, leader):
    secret = "Fru Ødegård i Storgata"
    draft = notes.make_initiative(at, [arenas.note(at, secret, by=member)], by=leader, now=now())
    forget(draft, columns=["title", "need"], legal_basis="lov", by=System("retention"), now=now())
    assert found_anywhere(secret) == []
