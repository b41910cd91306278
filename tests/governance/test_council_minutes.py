"""What the minutes keep of who was there, and who may approve them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from archive.models import ArchiveMessage
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.council.papers import addenda_of, minutes_data
from governance.meeting_presentation import attendances_of
from governance.models import Ballot, Decision, Impartiality, Meeting, Proposal, Voting
from governance.pdf.minutes import _addendum
from governance.standing import StandingItem
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories


def seat(meeting, name):
    return meeting.seated.get(seat=name)


def enroll(meeting, by, *, present, absent=(), **more):
    return council.register_attendance(
        meeting, present={seat(meeting, name).pk for name in present}, by=by, now=timezone.now(), substitutes={},
        absent={seat(meeting, name).pk for name in absent}, **more,
    )  # fmt: skip


def open_with(place, by, *, present, absent=(), chair=None):
    """Return a meeting in session with one case, where ``present`` are there."""
    at = stories.meeting(place)
    stories.on_agenda(place, at)
    at = meeting_workflow.perform("summon", at, by=by, now=timezone.now())
    enroll(at, by, present=present, absent=absent, chair=seat(at, chair).pk if chair else None)
    return meeting_workflow.perform("open_session", at, by=by, now=timezone.now())


def conclude(meeting, by):
    for item in meeting.items.all():
        council.decide(item, outcome="postpone", text="Saken utsettes.", by=by, now=timezone.now())
    return meeting_workflow.perform("conclude", Meeting.objects.get(pk=meeting.pk), by=by, now=timezone.now())


def data_of(meeting):
    items = meeting.items.on_agenda().select_related("initiative", "decision")
    return minutes_data(
        Meeting.objects.get(pk=meeting.pk),
        items,
        attendances_of(meeting),
        addenda_of(meeting),
        StandingItem(),
    )


# --- Who was there -------------------------------------------------------------------------------
def test_keep_minutes__quorum_is_that_of_the_opening(going, secretary):
    enroll(going, secretary, present=["leader"], absent=["deputy", "member"])
    data = data_of(going)
    assert (data["attending"], data["seats"], data["quorate"]) == (3, 3, True)
    roles = {line["name"]: line["role"] for line in data["present"]}
    assert roles[str(seat(going, "member").person)] == "gikk før møtet var slutt"
    assert roles[str(seat(going, "leader").person)] == "Leder"
    assert data["absent"] == []


def test_keep_minutes__who_came_later_stands_there_as_such(place, secretary):
    meeting = open_with(place, secretary, present=["leader", "deputy"], absent=["member"])
    enroll(meeting, secretary, present=["leader", "deputy", "member"])
    conclude(meeting, secretary)
    data = data_of(meeting)
    assert (data["attending"], data["seats"]) == (2, 3)
    assert {"name": str(seat(meeting, "member").person), "role": "kom etter åpningen"} in data["present"]
    assert str(seat(meeting, "member").person) in data["items"][0]["quorum"]


def test_keep_minutes__each_case_has_those_who_took_part_in_it(going, secretary):
    first, second = going.items.order_by("position")
    council.decide(first, outcome="postpone", text="Utsettes.", by=secretary, now=timezone.now())
    enroll(going, secretary, present=["leader", "member"], absent=["deputy"])
    council.decide(second, outcome="postpone", text="Utsettes.", by=secretary, now=timezone.now())
    enroll(going, secretary, present=["leader", "deputy", "member"])
    said = [entry["quorum"] for entry in data_of(going)["items"]]
    assert said[0] == "3 av 3 deltok i saken."
    assert said[1].startswith("2 av 3 deltok i saken. Til stede i saken: ")
    assert str(seat(going, "deputy").person) not in said[1]


def test_keep_minutes__who_is_disqualified_is_not_in_the_case(going, item, secretary):
    council.declare(
        item, attendance=seat(going, "member"), ground="party", explanation="Eier firmaet.", answer="yes",
        by=secretary, now=timezone.now(),
    )  # fmt: skip
    decision = council.decide(item, outcome="postpone", text="Utsettes.", by=secretary, now=timezone.now())
    assert decision.roll == [seat(going, "leader").pk, seat(going, "deputy").pk]


def test_read_minutes__page_says_the_same(as_role, going, secretary):
    enroll(going, secretary, present=["leader"], absent=["deputy", "member"])
    page = (
        as_role(Role.SECRETARIAT).get(reverse("governance:meeting_minutes", args=[going.pk])).content.decode()
    )
    assert "3 av 3 til stede" in page
    assert page.count("gikk før møtet var slutt") == 2


# --- Who approves --------------------------------------------------------------------------------
def approve(meeting, actor):
    return meeting_workflow.perform("approve_minutes", meeting, by=actor, now=timezone.now())


def test_approve_minutes__by_a_leader_who_was_not_there_is_denied(place, secretary):
    meeting = open_with(place, secretary, present=["deputy", "member"], absent=["leader"])
    meeting = conclude(meeting, secretary)
    with pytest.raises(TransitionDenied):
        approve(meeting, place.actor(Role.COUNCIL_LEADER))
    assert approve(meeting, place.actor(Role.COUNCIL_DEPUTY)).minutes_are_locked


def test_approve_minutes__by_whom_the_council_elected_to_lead(place, secretary):
    meeting = open_with(place, secretary, present=["deputy", "member"], chair="member")
    meeting = conclude(meeting, secretary)
    assert approve(meeting, place.actor(Role.COUNCIL_MEMBER)).minutes_are_locked


def test_approve_minutes__by_a_leader_who_left_before_the_end(place, secretary):
    meeting = open_with(place, secretary, present=["leader", "deputy", "member"])
    enroll(meeting, secretary, present=["deputy", "member"], absent=["leader"])
    meeting = conclude(meeting, secretary)
    assert approve(meeting, place.actor(Role.COUNCIL_LEADER)).minutes_are_locked


def test_approve_minutes__by_who_leads_the_next_meeting(place, secretary):
    meeting = open_with(place, secretary, present=["deputy", "member"], absent=["leader"])
    meeting = conclude(meeting, secretary)
    later = stories.meeting(place, days=40)
    stories.on_agenda(place, later)
    leader = place.actor(Role.COUNCIL_LEADER)
    with pytest.raises(TransitionDenied):
        approve(meeting, leader)
    later = stories.in_session(later, place)
    with pytest.raises(TransitionDenied):  # led the next meeting, but was not in this one
        approve(meeting, leader)
    member = place.person(Role.COUNCIL_MEMBER)
    Meeting.objects.filter(pk=later.pk).update(chair=member)
    assert approve(meeting, place.actor(Role.COUNCIL_MEMBER)).minutes_are_locked


def test_approve_minutes__by_somebody_who_was_absent_is_refused_by_the_database(place, held):
    absent = place.person(Role.COUNCIL_SUBSTITUTE)
    with pytest.raises(DatabaseError, match="somebody who was there"), transaction.atomic():
        Meeting.objects.filter(pk=held.pk).update(
            status="minutes_approved", approved_at=timezone.now(), approved_by=absent
        )


# --- Locked ----------------------------------------------------------------------------------------
@pytest.fixture
def approved(place, going, item, secretary):
    """A meeting whose minutes are approved, with a declaration, a proposal and a vote."""
    council.declare(
        item, attendance=seat(going, "member"), answer="yes", ground="party", explanation="Eier firmaet.", by=secretary,
        now=timezone.now(),
    )  # fmt: skip
    council.declare_nobody(item, by=secretary, now=timezone.now())
    council.propose(
        item, text="Utsettes.", attendance=seat(going, "leader"), by=secretary, now=timezone.now()
    )
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    council.cast_for_the_rest(voting, choice="for", by=secretary, now=timezone.now())
    council.close_voting(voting, by=secretary, now=timezone.now())
    return approve(conclude(going, secretary), place.actor(Role.COUNCIL_LEADER))


@pytest.mark.parametrize(
    "rows",
    [
        lambda m: (Meeting.objects.filter(pk=m.pk), {"notes": "Endret."}),
        lambda m: (Meeting.objects.filter(pk=m.pk), {"status": "concluded"}),
        lambda m: (m.items.all(), {"discussion": "Endret."}),
        lambda m: (m.items.all(), {"recommendation": "Endret."}),
        lambda m: (m.attendances.all(), {"presence": "absent"}),
        lambda m: (Impartiality.objects.filter(item__meeting=m), {"explanation": "Endret."}),
        lambda m: (Proposal.objects.filter(item__meeting=m), {"text": "Endret."}),
        lambda m: (Voting.objects.filter(item__meeting=m), {"votes_for": 9}),
        lambda m: (Ballot.objects.filter(voting__item__meeting=m), {"choice": "against"}),
        lambda m: (Decision.objects.filter(agenda_item__meeting=m), {"text": "Endret."}),
        lambda m: (Decision.objects.filter(agenda_item__meeting=m), {"votes_for": 9}),
    ],
)
def test_locked_minutes__no_part_of_them_is_changed_by_raw_sql(approved, rows):
    found, values = rows(approved)
    assert found.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(**values)


def test_locked_minutes__nothing_is_added_or_taken_away(approved):
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        Impartiality.objects.filter(item__meeting=approved).delete()
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        approved.items.create(position=99, title="Ny sak", kind="AN", changed_at=timezone.now())


def test_addendum__is_added_told_filed_and_never_changed(as_role, place, approved, secretary):
    page = reverse("governance:meeting_minutes", args=[approved.pk])
    sent = {"do": "addendum", "text": "I sak 1 skulle det stå 2027."}
    for _again in range(2):
        assert as_role(Role.SECRETARIAT).post(page, sent).status_code == 302
    added = approved.addenda.get()
    assert (added.number, added.written_by) == (1, place.person(Role.SECRETARIAT))
    notice = Notice.objects.get(event="minutes_addendum", recipient=place.person(Role.COUNCIL_LEADER))
    assert "2027" not in notice.title + notice.body
    assert ArchiveMessage.objects.filter(key=f"meeting/{approved.pk}/addendum/1").exists()
    assert "I sak 1 skulle det stå 2027." in as_role(Role.EMPLOYEE).get(page).content.decode()
    assert data_of(approved)["addenda"][0]["text"] == added.text
    answer = as_role(Role.EMPLOYEE).get(reverse("governance:meeting_minutes_pdf", args=[approved.pk]))
    assert answer.content.startswith(b"%PDF")
    for write in (lambda: approved.addenda.update(text="Endret."), lambda: approved.addenda.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_addendum__about_a_shielded_case_is_for_those_who_read_the_case(as_role, place, secretary):
    at = stories.meeting(place)
    stories.on_agenda(place, at, title="Åpen sak")
    stories.on_agenda(
        place, at, title="Kodenavn Bjørn", shield_basis="offl_23", public_title="En anskaffelse"
    )
    at = approve(conclude(stories.in_session(at, place), secretary), place.actor(Role.COUNCIL_LEADER))
    shielded = at.items.get(initiative__title="Kodenavn Bjørn")
    page = reverse("governance:meeting_minutes", args=[at.pk])
    sent = {"do": "addendum", "item": shielded.pk, "text": "Tilbudet fra Grevling AS var høyest."}
    assert as_role(Role.SECRETARIAT).post(page, sent).status_code == 302
    assert at.addenda.get().item == shielded
    assert "Grevling" in as_role(Role.COUNCIL_LEADER).get(page).content.decode()
    shown = as_role(Role.HR).get(page).content.decode()
    assert "Grevling" not in shown
    assert "Bjørn" not in shown
    assert "bare for dem som kan lese saken" in shown
    (added,) = data_of(at)["addenda"]
    assert _addendum(added, public=True)["text"] == "Unntatt offentlighet"
    assert "Grevling" in _addendum(added, public=False)["text"]
    assert not Notice.objects.filter(body__contains="Grevling").exists()


def test_addendum__of_a_case_in_another_meeting_is_refused(as_role, place, approved):
    foreign = stories.on_agenda(place, stories.meeting(place, days=40)).agenda_items.get()
    page = reverse("governance:meeting_minutes", args=[approved.pk])
    for item in (foreign.pk, "tull", 0):
        sent = {"do": "addendum", "item": item, "text": "Rettelse."}
        assert as_role(Role.SECRETARIAT).post(page, sent).status_code == 422
    with pytest.raises(DatabaseError, match="not of this meeting"), transaction.atomic():
        approved.addenda.create(
            item=foreign, number=1, text="x", written_by=place.person(Role.SECRETARIAT), written_at=timezone.now(),
            changed_at=timezone.now(),
        )  # fmt: skip


def test_addendum__before_approval_or_by_others_is_refused(world, place, approved, secretary):
    other = stories.meeting(place, days=40)
    with pytest.raises(TransitionBlocked, match="ikke godkjent ennå"):
        council.add_addendum(other, text="Rettelse.", by=secretary, now=timezone.now())
    with pytest.raises(DatabaseError, match="have no addenda"), transaction.atomic():
        other.addenda.create(
            number=1, text="x", written_by=place.person(Role.SECRETARIAT), written_at=timezone.now(), changed_at=timezone.now()
        )  # fmt: skip
    for actor in (place.actor(Role.COUNCIL_LEADER), world.neighbor.actor(Role.SECRETARIAT)):
        with pytest.raises(TransitionDenied):
            council.add_addendum(approved, text="Rettelse.", by=actor, now=timezone.now())


@pytest.mark.parametrize("text", ["", "x" * 9000, "nul\x00tegn"])
def test_addendum__nonsense_is_refused(as_role, approved, text):
    page = reverse("governance:meeting_minutes", args=[approved.pk])
    assert as_role(Role.SECRETARIAT).post(page, {"do": "addendum", "text": text}).status_code == 422
    assert not approved.addenda.exists()


def test_approve_minutes__by_secretary_or_another_council_is_denied(world, place, held):
    for actor in (place.actor(Role.SECRETARIAT), world.neighbor.actor(Role.COUNCIL_LEADER)):
        with pytest.raises((TransitionDenied, Http404)):
            approve(held, actor)


def test_read_minutes__says_who_approves_them(as_role, held):
    url = reverse("governance:meeting_minutes", args=[held.pk])
    assert "godkjennes av den som ledet møtet" in as_role(Role.SECRETARIAT).get(url).content.decode()
    assert "godkjennes av den som ledet møtet" not in as_role(Role.COUNCIL_LEADER).get(url).content.decode()
