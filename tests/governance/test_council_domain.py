"""The council's rules: seats, substitutes, quorum, votes, mandate, and what comes after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import StaleVersion
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from governance import agenda, cost_shares, council, rules_operations
from governance.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingStatus,
    MunicipalDecision,
    Status,
)
from governance.workflow import meeting_workflow
from organization.models import RoleAssignment
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.governance import regional
from tests.world import SYSTEM, end_roles_of


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def secretary(place):
    return place.actor(Role.SECRETARIAT)


@pytest.fixture
def meeting(place):
    return stories.meeting(place)


def seat(meeting, role):
    return meeting.seated.get(seat=role)


def enroll(meeting, by, *, present=(), absent=(), substitutes=None, **more):
    return council.register_attendance(
        meeting, present={seat(meeting, s).pk for s in present}, absent={seat(meeting, s).pk for s in absent},
        substitutes={seat(meeting, s).pk: seat(meeting, m).pk for s, m in (substitutes or {}).items()},
        by=by, now=timezone.now(), **more,
    )  # fmt: skip


def decide(item, by, **details):
    given = {"outcome": "prioritize", "text": "Tiltaket prioriteres.", **details}
    return council.decide(item, by=by, now=timezone.now(), **given)


@pytest.fixture
def in_session(place, meeting):
    """A meeting in session, everybody there, with one case."""
    initiative = stories.on_agenda(place, meeting)
    stories.in_session(meeting, place)
    meeting.refresh_from_db()
    return initiative.agenda_items.get()


# --- Seats and substitutes -----------------------------------------------------------------------
def test_plan_meeting__seats_are_the_council_of_that_day(meeting):
    assert set(meeting.attendances.values_list("seat", flat=True)) == {
        "leader",
        "deputy",
        "member",
        "substitute",
    }
    assert council.seats_of(meeting) == 3


def test_register_attendance__substitute_takes_a_seat(meeting, secretary):
    enroll(
        meeting,
        secretary,
        present=["leader", "substitute"],
        absent=["member"],
        substitutes={"substitute": "member"},
    )
    assert (council.present_of(meeting), council.seats_of(meeting)) == (2, 3)
    assert seat(meeting, "substitute").substitute_for == seat(meeting, "member")


def test_register_attendance__substitute_without_seat_does_not_count(meeting, secretary):
    enroll(meeting, secretary, present=["leader", "substitute"])
    assert council.present_of(meeting) == 1


def test_register_attendance__substitute_may_follow_a_member_who_leaves(meeting, secretary):
    enroll(meeting, secretary, present=["leader", "deputy", "member"])
    enroll(
        meeting, secretary, present=["leader", "deputy", "substitute"], absent=["member"],
        substitutes={"substitute": "member"},
    )  # fmt: skip
    assert council.present_of(meeting) == 3
    assert seat(meeting, "substitute").substitute_for_id is not None


def test_register_attendance__substitute_gives_the_seat_back(meeting, secretary):
    enroll(
        meeting, secretary, present=["substitute"], absent=["member"], substitutes={"substitute": "member"}
    )
    enroll(
        meeting, secretary, present=["member"], absent=["substitute"], substitutes={"substitute": "member"}
    )
    assert seat(meeting, "substitute").substitute_for_id is None
    assert council.present_of(meeting) == 1


def test_register_attendance__two_substitutes_on_one_seat_are_refused(place, secretary):
    other = place.person(Role.HR)
    give_role(
        person=other, role=Role.COUNCIL_SUBSTITUTE, unit=place.municipality, valid_from=timezone.localdate(), by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    meeting = stories.meeting(place)
    first, second = meeting.attendances.filter(seat="substitute")
    member = seat(meeting, "member")
    with pytest.raises(TransitionBlocked, match="samme plass"):
        council.register_attendance(
            meeting, present={first.pk, second.pk}, absent={member.pk}, by=secretary, now=timezone.now(),
            substitutes={first.pk: member.pk, second.pk: member.pk},
        )  # fmt: skip
    assert not meeting.attendances.exclude(presence="expected").exists()


def test_register_attendance__seat_of_someone_present_is_refused(meeting, secretary):
    with pytest.raises(TransitionBlocked, match="er til stede"):
        enroll(meeting, secretary, present=["member", "substitute"], substitutes={"substitute": "member"})


def test_register_attendance__member_cannot_take_another_seat(meeting, secretary):
    with pytest.raises(TransitionBlocked, match="kan ikke ta den plassen"):
        enroll(meeting, secretary, present=["member"], absent=["leader"], substitutes={"member": "leader"})


def test_register_attendance__by_member_is_denied(place, meeting):
    with pytest.raises(TransitionDenied):
        enroll(meeting, place.actor(Role.COUNCIL_MEMBER), present=["leader"])


def test_register_attendance__second_secretary_is_told(place, meeting, secretary):
    enroll(meeting, secretary, present=["leader"], version=meeting.version)
    with pytest.raises(StaleVersion):
        enroll(meeting, place.actor(Role.COORDINATOR), present=["deputy"], version=meeting.version)
    assert seat(meeting, "leader").presence == "present"


def test_register_attendance__deputy_leads_until_the_leader_comes(place, meeting, secretary):
    enroll(meeting, secretary, present=["deputy", "member"])
    meeting.refresh_from_db()
    assert meeting.chair == place.person(Role.COUNCIL_DEPUTY)
    enroll(meeting, secretary, present=["leader", "deputy", "member"])
    meeting.refresh_from_db()
    assert meeting.chair == place.person(Role.COUNCIL_LEADER)


def test_register_attendance__elected_chair_must_be_there(place, meeting, secretary):
    with pytest.raises(TransitionBlocked, match="Møteleder må være til stede"):
        enroll(meeting, secretary, present=["leader"], absent=["member"], chair=seat(meeting, "member").pk)
    enroll(meeting, secretary, present=["member"], chair=seat(meeting, "member").pk)
    meeting.refresh_from_db()
    assert meeting.chair == place.person(Role.COUNCIL_MEMBER)


def summoned_with_roll(place, meeting, secretary):
    """Papers are out and everybody has said they come."""
    stories.on_agenda(place, meeting)
    meeting = meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    return enroll(meeting, secretary, present=["leader", "deputy", "member"])


def opened(meeting, secretary):
    return meeting_workflow.perform("open_session", meeting, by=secretary, now=timezone.now())


def test_open_session__who_left_the_council_after_the_summons_has_no_vote(place, meeting, secretary):
    meeting = summoned_with_roll(place, meeting, secretary)
    end_roles_of(place.person(Role.COUNCIL_MEMBER), timezone.localdate())
    meeting = opened(meeting, secretary)
    assert (council.present_of(meeting), council.seats_of(meeting)) == (2, 2)
    assert not meeting.seated.filter(person=place.person(Role.COUNCIL_MEMBER)).exists()
    decision = decide(meeting.items.get(), secretary)
    assert (decision.votes_for, decision.seats) == (2, 2)


def test_open_session__below_quorum_without_those_who_left_is_refused(place, meeting, secretary):
    give_role(
        person=place.person(Role.HR), role=Role.COUNCIL_MEMBER, unit=place.municipality, by=SYSTEM, now=timezone.now(),
        valid_from=timezone.localdate(),
    )  # fmt: skip
    stories.on_agenda(place, meeting)
    meeting = meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    meeting = enroll(meeting, secretary, present=["leader", "deputy"])
    end_roles_of(place.person(Role.COUNCIL_DEPUTY), timezone.localdate())
    with pytest.raises(TransitionBlocked, match="1 av 3 til stede"):
        opened(meeting, secretary)


def test_open_session__a_chair_who_left_leads_no_more(place, meeting, secretary):
    meeting = summoned_with_roll(place, meeting, secretary)
    end_roles_of(place.person(Role.COUNCIL_LEADER), timezone.localdate())
    assert opened(meeting, secretary).chair == place.person(Role.COUNCIL_DEPUTY)


def test_open_session__the_seat_of_who_left_has_no_substitute(place, meeting, secretary):
    stories.on_agenda(place, meeting)
    meeting = meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    meeting = enroll(
        meeting, secretary, present=["leader", "deputy", "substitute"], absent=["member"],
        substitutes={"substitute": "member"},
    )  # fmt: skip
    end_roles_of(place.person(Role.COUNCIL_MEMBER), timezone.localdate())
    meeting = opened(meeting, secretary)
    assert (council.present_of(meeting), council.seats_of(meeting)) == (2, 2)


def test_change_meeting__keeps_what_was_declared_by_who_left(place, meeting, secretary):
    item = stories.on_agenda(place, meeting).agenda_items.get()
    member = seat(meeting, "member")
    council.declare(
        item, attendance=member, ground="party", explanation="Eier firmaet.", answer="yes", by=secretary,
        now=timezone.now(),
    )  # fmt: skip
    end_roles_of(member.person, timezone.localdate())
    council.change_meeting(
        meeting,
        starts_at=meeting.starts_at + timedelta(days=1),
        place="Møterom 2",
        by=secretary,
        now=timezone.now(),
    )
    member.refresh_from_db()
    assert member.gone_at is not None
    assert item.impartialities.count() == 1


def test_change_meeting__who_is_back_in_the_council_has_the_seat_again(place, meeting, secretary):
    row = seat(meeting, "member")
    role = RoleAssignment.objects.get(person=row.person, role=Role.COUNCIL_MEMBER)
    for days, ends in ((1, timezone.localdate()), (2, None)):
        RoleAssignment.objects.filter(pk=role.pk).update(valid_to=ends)
        starts_at = meeting.starts_at + timedelta(days=days)
        council.change_meeting(
            meeting, starts_at=starts_at, place="Møterom 2", by=secretary, now=timezone.now()
        )
    assert list(meeting.seated.filter(person=row.person)) == [row]


# --- Votes ---------------------------------------------------------------------------------------
def test_decide_case__unanimous_counts_everybody_there(in_session, secretary):
    decision = decide(in_session, secretary)
    assert (decision.votes_for, decision.present, decision.seats, decision.is_unanimous) == (3, 3, 3, True)


@pytest.mark.parametrize(
    "votes", [{"for": 2, "against": 0, "blank": 0}, {"for": 3, "against": 1, "blank": None}]
)
def test_decide_case__votes_that_do_not_add_up_are_refused(in_session, secretary, votes):
    with pytest.raises(TransitionBlocked, match="går ikke opp"):
        decide(in_session, secretary, votes=votes)
    assert not Decision.objects.exists()


def test_decide_case__majority_against_is_refused(in_session, secretary):
    with pytest.raises(TransitionBlocked, match="ikke flertall"):
        decide(in_session, secretary, votes={"for": 1, "against": 2, "blank": 0})


@pytest.fixture
def tie(in_session, secretary):
    enroll(in_session.meeting, secretary, present=["leader", "member"], absent=["deputy"])
    return in_session


def test_decide_case__tie_is_settled_by_casting_vote(tie, secretary):
    decision = decide(tie, secretary, votes={"for": 1, "against": 1, "blank": 0}, chair_is_for=True)
    assert decision.casting_vote
    tie.initiative.refresh_from_db()
    assert tie.initiative.status == Status.ADOPTED


def test_decide_case__that_nobody_voted_for_is_refused(in_session, secretary):
    with pytest.raises(TransitionBlocked, match="Ingen stemte for"):
        decide(in_session, secretary, votes={"for": 0, "against": 0, "blank": 3}, chair_is_for=True)


def test_decide_case__tie_falls_unless_the_chair_is_said_to_be_for(tie, secretary):
    with pytest.raises(TransitionBlocked, match="ikke flertall"):
        decide(tie, secretary, votes={"for": 1, "against": 1, "blank": 0})


def test_decide_case__tie_falls_when_the_chair_is_against(tie, secretary):
    with pytest.raises(TransitionBlocked, match="ikke flertall"):
        decide(tie, secretary, votes={"for": 1, "against": 1, "blank": 0}, chair_is_for=False)


def test_decide_case__tie_without_casting_vote_in_the_mandate_is_refused(tie, secretary):
    mandate = tie.meeting.mandate
    mandate.has_casting_vote = False
    mandate.save()
    with pytest.raises(TransitionBlocked, match="ikke møteleder dobbeltstemme"):
        decide(tie, secretary, votes={"for": 1, "against": 1, "blank": 0})


def test_decide_case__disqualified_chair_has_no_casting_vote(tie, secretary):
    """The member and a substitute are left, votes are even, and neither leader nor deputy is in the case."""
    meeting = tie.meeting
    enroll(
        meeting, secretary, present=["leader", "member", "substitute"], absent=["deputy"],
        substitutes={"substitute": "deputy"},
    )  # fmt: skip
    council.declare(
        tie, attendance=seat(meeting, "leader"), ground="family", explanation="Søster leder leverandøren.",
        answer="yes", by=secretary, now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(TransitionBlocked, match="ingen leder møtet i saken"):
        decide(tie, secretary, votes={"for": 1, "against": 1, "blank": 0})


def test_decide_case__disqualified_member_leaves_vote_and_count(in_session, secretary):
    council.declare(
        in_session, attendance=seat(in_session.meeting, "member"), ground="party", explanation="Eier firmaet.",
        answer="yes", by=secretary, now=timezone.now(),
    )  # fmt: skip
    decision = decide(in_session, secretary)
    assert (decision.votes_for, decision.present, decision.seats) == (2, 2, 3)


def test_decide_case__disqualified_member_may_break_the_quorum(tie, secretary):
    council.declare(
        tie, attendance=seat(tie.meeting, "member"), ground="party", explanation="Eier firmaet.", answer="yes",
        by=secretary, now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(TransitionBlocked, match="1 av 3 til stede"):
        decide(tie, secretary)


def test_decide_case__twice_is_refused(in_session, secretary):
    decide(in_session, secretary)
    with pytest.raises(TransitionBlocked, match="alt avgjort"):
        decide(in_session, secretary)
    assert Decision.objects.count() == 1


def test_decide_case__notice_is_taken_note_of_without_votes(in_session, secretary):
    notice = agenda.add_item(
        in_session.meeting, title="Avgjort på fullmakt", kind="RS", by=secretary, now=timezone.now()
    )
    with pytest.raises(TransitionBlocked, match="til orientering"):
        decide(notice, secretary, outcome="prioritize")
    decision = decide(notice, secretary, outcome="note", text="Tas til orientering.")
    assert (decision.votes_for, decision.present) == (None, 3)


def test_decide_case__keeps_an_older_minutes_form_from_overwriting(in_session, secretary):
    meeting = in_session.meeting
    opened_with = meeting.version
    decide(in_session, secretary, discussion="Ført i møtet.")
    with pytest.raises(StaleVersion) as stale:
        council.write_minutes(
            meeting, notes="", items={in_session.pk: {"discussion": "", "impartiality": ""}}, version=opened_with,
            by=secretary, now=timezone.now(),
        )  # fmt: skip
    assert "Ført i møtet." in stale.value.theirs.values()


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1. Tiltaket prioriteres og tas inn i porteføljen.", "prioritize"),
        ("Tiltaket innstilles til kommunedirektøren.", "recommend"),
        ("Saken utsettes til neste møte.", "postpone"),
        ("Saken sendes tilbake for mer utredning.", "send_back"),
        ("Tiltaket settes på vent til 2027.", "hold"),
        ("Tiltaket avslås. Begrunnelse: for dyrt.", "reject"),
        ("Tiltaket innstilles og bør prioriteres.", ""),
        ("Rådet tar stilling.", ""),
        ("", ""),
    ],
)
def test_proposed_outcome__follows_the_words_of_the_recommendation(text, outcome):
    assert council.proposed_outcome(text) == outcome


# --- Time, mandate, agenda -----------------------------------------------------------------------
def test_change_meeting__before_papers_tells_nobody(meeting, secretary):
    later = meeting.starts_at + timedelta(days=1)
    council.change_meeting(meeting, starts_at=later, place="Teams", by=secretary, now=timezone.now())
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.place) == (later, "Teams")
    assert not Notice.objects.filter(event="meeting_moved").exists()


def test_change_meeting__after_papers_tells_the_council(place, meeting, secretary):
    stories.on_agenda(place, meeting)
    meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    council.change_meeting(
        meeting, starts_at=meeting.starts_at, place="Teams", by=secretary, now=timezone.now()
    )
    told = set(Notice.objects.filter(event="meeting_moved").values_list("recipient__username", flat=True))
    assert told == {f"council_{seat}.heim" for seat in ("leader", "deputy", "member", "substitute")}


def test_change_meeting__in_session_is_refused(in_session, secretary):
    meeting = in_session.meeting
    with pytest.raises(TransitionBlocked, match="begynt eller avlyst"):
        council.change_meeting(
            meeting, starts_at=meeting.starts_at, place="Ute", by=secretary, now=timezone.now()
        )


def test_change_meeting__second_editor_is_told(meeting, secretary):
    opened_with = meeting.version
    council.change_meeting(meeting, starts_at=meeting.starts_at, place="A", by=secretary, now=timezone.now())
    with pytest.raises(StaleVersion):
        council.change_meeting(
            meeting,
            starts_at=meeting.starts_at,
            place="B",
            version=opened_with,
            by=secretary,
            now=timezone.now(),
        )


def test_change_meeting__to_another_year_gets_a_number_of_that_year(meeting, secretary):
    next_year = meeting.starts_at.replace(year=meeting.starts_at.year + 1, month=6)
    council.change_meeting(meeting, starts_at=next_year, place="A", by=secretary, now=timezone.now())
    meeting.refresh_from_db()
    assert meeting.number == f"1/{next_year.year % 100:02d}"


def test_change_meeting__to_another_year_after_papers_is_refused(place, meeting, secretary):
    stories.on_agenda(place, meeting)
    meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    next_year = meeting.starts_at.replace(year=meeting.starts_at.year + 1, month=6)
    with pytest.raises(TransitionBlocked, match="møtenummer"):
        council.change_meeting(meeting, starts_at=next_year, place="A", by=secretary, now=timezone.now())


def test_summon_meeting__seats_follow_the_roles_of_the_day(place, meeting, secretary):
    stories.on_agenda(place, meeting)
    today, leader = timezone.localdate(), place.person(Role.COUNCIL_LEADER)
    RoleAssignment.objects.filter(person=leader).update(valid_to=today)
    give_role(
        person=place.person(Role.HR), role=Role.COUNCIL_LEADER, unit=place.municipality, valid_from=today, by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())
    assert seat(meeting, "leader").person == place.person(Role.HR)
    assert not meeting.seated.filter(person=leader).exists()


def test_summon_meeting__without_a_leader_is_refused(place, meeting, secretary):
    stories.on_agenda(place, meeting)
    RoleAssignment.objects.filter(person=place.person(Role.COUNCIL_LEADER)).update(
        valid_to=timezone.localdate()
    )
    with pytest.raises(TransitionBlocked, match="ingen leder"):
        meeting_workflow.perform("summon", meeting, by=secretary, now=timezone.now())


def test_cancel_meeting__releases_its_cases(place, meeting, secretary):
    initiative = stories.on_agenda(place, meeting)
    meeting_workflow.perform(
        "cancel", meeting, by=secretary, now=timezone.now(), data={"reason": "For få saker."}
    )
    initiative.refresh_from_db()
    assert initiative.status == Status.READY_FOR_COUNCIL
    assert initiative.agenda_items.get().removed_at is not None
    stories.perform(
        "put_on_agenda",
        initiative,
        by=secretary,
        now=timezone.now(),
        data={"meeting": stories.meeting(place)},
    )
    assert initiative.agenda_items.count() == 2


def test_move_item__changes_places_and_stops_at_the_ends(place, meeting, secretary):
    for title in ("Første", "Andre"):
        stories.on_agenda(place, meeting, title=title)
    first = meeting.items.first()
    council.move_item(first, up=True, by=secretary, now=timezone.now())
    assert list(meeting.items.values_list("title", flat=True)) == ["Første", "Andre"]
    council.move_item(first, up=False, by=secretary, now=timezone.now())
    assert list(meeting.items.values_list("title", flat=True)) == ["Andre", "Første"]


def test_move_item__after_the_meeting_is_refused(in_session, secretary):
    decide(in_session, secretary)
    meeting_workflow.perform("conclude", in_session.meeting, by=secretary, now=timezone.now())
    with pytest.raises(TransitionBlocked, match="Møtet er over"):
        council.move_item(AgendaItem.objects.get(pk=in_session.pk), up=True, by=secretary, now=timezone.now())


@pytest.mark.parametrize(
    ("starts", "last_day"),
    [
        pytest.param(datetime(2026, 10, 14, 9, tzinfo=UTC), date(2026, 10, 7), id="a-week-without-holidays"),
        pytest.param(datetime(2026, 12, 11, 23, 21, tzinfo=UTC), date(2026, 12, 7), id="saturday-in-oslo"),
        pytest.param(datetime(2027, 4, 1, 9, tzinfo=UTC), date(2027, 3, 22), id="across-easter"),
    ],
)
def test_papers_due__is_counted_in_working_days(place, meeting, starts, last_day):
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts)
    meeting.refresh_from_db()
    assert council.papers_due(meeting) == last_day


def adopt(place, *, days, **fields):
    values = {"version": "2", "adopted_by": "", "quorum": (2, 3), "has_casting_vote": False, **fields}
    return rules_operations.adopt_mandate(
        place.municipality, by=place.actor(Role.ADMINISTRATOR), now=timezone.now(),
        valid_from=timezone.localdate() + timedelta(days=days), **values,
    )  # fmt: skip


def test_adopt_mandate__coming_meetings_follow_it_and_earlier_ones_do_not(place):
    before, after = stories.meeting(place, days=5), stories.meeting(place, days=20)
    mandate = adopt(place, days=10)
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.mandate.version, after.mandate.version) == ("1", "2")
    assert before.mandate.valid_to == mandate.valid_from
    assert after.mandate.needed(3) == 2
    assert stories.meeting(place, days=5).mandate.version == "1"


def test_adopt_mandate__meeting_moved_past_it_follows_it(place, secretary):
    meeting = stories.meeting(place, days=5)
    adopt(place, days=10)
    later = meeting.starts_at + timedelta(days=10)
    council.change_meeting(meeting, starts_at=later, place="A", by=secretary, now=timezone.now())
    meeting.refresh_from_db()
    assert meeting.mandate.version == "2"


def test_adopt_mandate__before_the_one_in_force_is_refused(place):
    with pytest.raises(TransitionBlocked, match="må begynne etter"):
        adopt(place, days=-2000)


def test_adopt_mandate__under_a_meeting_already_begun_is_refused(place, in_session):
    with pytest.raises(TransitionBlocked, match="er holdt etter det gamle mandatet"):
        adopt(place, days=0)


def test_adopt_mandate__by_secretariat_or_another_municipality_is_denied(world, place):
    for actor in (place.actor(Role.SECRETARIAT), world.neighbor.actor(Role.ADMINISTRATOR)):
        with pytest.raises(TransitionDenied):
            rules_operations.adopt_mandate(
                place.municipality, by=actor, now=timezone.now(), version="2", adopted_by="", quorum=(1, 2),
                valid_from=timezone.localdate(), has_casting_vote=True,
            )  # fmt: skip


# --- After the council, several municipalities ---------------------------------------------------
def test_regional_initiative__is_adopted_when_both_have_decided(world):
    initiative = regional.recommended(world)
    assert [row.cost_share for row in initiative.municipal_decisions.all()] == [50, 50]
    assert regional.answer(initiative, world.home, "approved").status == Status.RECOMMENDED
    assert regional.answer(initiative, world.neighbor, "approved").status == Status.ADOPTED


def test_regional_initiative__refusal_asks_the_others_to_confirm_a_new_share(world):
    initiative = regional.answer(
        regional.recommended(world, shares={"heim": 60, "granne": 40}), world.home, "approved"
    )
    regional.answer(initiative, world.neighbor, "refused")
    row = regional.row_of(initiative, world.home)
    assert (row.verdict, row.cost_share, row.confirms_new_share) == ("pending", Decimal(100), True)
    assert council.former_share(row) == Decimal(60)
    assert row.amount == initiative.lifetime_amount(4)
    assert initiative.status == Status.RECOMMENDED
    director = world.home.person(Role.KOMMUNEDIREKTOR)
    assert Notice.objects.filter(recipient=director, event="confirm_share").exists()
    assert regional.answer(initiative, world.home, "approved").status == Status.ADOPTED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([None, None, None], ["33.33", "33.33", "33.34"]),
        ([58, None, 12], ["58.00", "30.00", "12.00"]),
        ([60, 60, None], ["50.00", "50.00", "0.00"]),
        ([0, 0, 0], ["33.33", "33.33", "33.34"]),
    ],
)
def test_share_cost__who_has_no_share_set_divides_the_rest(world, given, expected):
    places = [world.home.municipality, world.neighbor.municipality, world.region.municipality]
    initiative = stories.draft(world.region, participants=places)
    for row, share in zip(initiative.participations.order_by("pk"), given, strict=True):
        row.cost_share = share
        row.save()
    shares = cost_shares.shares_of(initiative)
    assert [str(share) for _municipality, share in shares] == expected
    assert sum(share for _municipality, share in shares) == 100


@pytest.mark.parametrize("weights", [[1, 1, 1, 1, 1, 1, 0], [0, 0, 1, 1, 1], [1, 2, 4]])
def test_share_cost__rounding_is_taken_by_the_largest(weights):
    shares = cost_shares.to_whole([Decimal(weight) for weight in weights])
    assert sum(shares) == 100
    assert all(share >= 0 for share in shares)
    assert [share == 0 for share in shares] == [weight == 0 for weight in weights]


def test_regional_initiative__second_round_begins_with_nothing_decided(world):
    initiative = regional.recommended(world)
    regional.answer(initiative, world.home, "approved", reference="PS 41/26", budget_year=2027)
    row = regional.row_of(initiative, world.home)
    row.confirms_new_share = True
    row.save()
    by, now = world.region.actor(Role.KOMMUNEDIREKTOR), timezone.now()
    stories.perform("return_to_preparation", initiative, by=by, now=now, data={"reason": "Nye tall."})
    handler = {"case_handler": world.region.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    secretary, at = world.region.actor(Role.SECRETARIAT), stories.meeting(world.region)
    stories.perform("resume_preparation", initiative, by=secretary, now=now, data=handler)
    stories.perform("mark_ready", initiative, by=secretary, now=now)
    stories.perform("put_on_agenda", initiative, by=secretary, now=now, data={"meeting": at})
    stories.in_session(at, world.region)
    decide(at.items.get(), secretary, outcome="recommend", text="Innstilles på nytt.")
    row.refresh_from_db()
    assert (row.verdict, row.text, row.reference, row.budget_year, row.confirms_new_share) == (
        "pending",
        "",
        "",
        None,
        False,
    )
    assert "PS 41/26" in row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).values_list(
        "reference", flat=True
    )


def test_regional_initiative__who_refused_is_out(world):
    initiative = regional.answer(regional.recommended(world), world.neighbor, "refused")
    left = initiative.participations.get(municipality=world.neighbor.municipality)
    assert left.left_at is not None
    with pytest.raises(TransitionBlocked, match="alt avgjort"):
        regional.answer(initiative, world.neighbor, "approved")


def test_regional_initiative__is_rejected_when_all_refuse(world):
    """The last one to refuse moves the initiative on, and leaves it after that."""
    initiative = regional.recommended(world)
    regional.answer(initiative, world.home, "refused")
    assert regional.answer(initiative, world.neighbor, "refused").status == Status.REJECTED


def test_regional_initiative__refusal_that_changes_no_share_may_be_the_last_answer(world):
    initiative = regional.recommended(world, shares={"heim": 100, "granne": 0})
    regional.answer(initiative, world.home, "approved")
    assert regional.answer(initiative, world.neighbor, "refused").status == Status.ADOPTED


def test_municipal_decision__is_the_paper_of_its_own_municipality(world):
    initiative = regional.recommended(world)
    seen = {
        place.code: set(
            MunicipalDecision.objects.visible_to(place.actor(Role.KOMMUNEDIREKTOR)).values_list(
                "municipality__code", flat=True
            )
        )
        for place in (world.region, world.home, world.neighbor, world.stranger)
    }
    assert seen == {"region": {"heim", "granne"}, "heim": {"heim"}, "granne": {"granne"}, "framand": set()}
    assert initiative.municipal_decisions.count() == 2


def test_decision_log__shows_each_municipality_its_own_decision(world):
    initiative = regional.recommended(world)
    regional.answer(initiative, world.home, "approved")
    regional.answer(initiative, world.neighbor, "approved")

    def bodies(place, role):
        rows = Decision.objects.logged_for(place.actor(role)).order_by("pk")
        return list(rows.values_list("municipality__code", flat=True))

    assert bodies(world.region, Role.EMPLOYEE) == ["region", "heim", "granne"]
    assert bodies(world.home, Role.EMPLOYEE) == ["region", "heim"]
    assert bodies(world.neighbor, Role.EMPLOYEE) == ["region", "granne"]
    assert bodies(world.stranger, Role.KOMMUNEDIREKTOR) == []
    words = Decision.objects.visible_to(world.home.actor(Role.EMPLOYEE)).values_list(
        "municipality__code", flat=True
    )
    assert set(words) == {"region", "heim"}


def test_decision_log__words_of_a_shielded_case_are_for_the_council(place):
    stories.decided(place, "reject", shield_basis="offl_23", public_title="Anskaffelse")

    def reads(role):
        return Decision.objects.logged_for(place.actor(role)).values_list("reads_text", flat=True).get()

    assert reads(Role.COUNCIL_MEMBER) is True
    assert reads(Role.HR) is False


def test_meeting_workflow__states_of_a_meeting_that_is_held(place, in_session, secretary):
    decide(in_session, secretary)
    meeting = meeting_workflow.perform("conclude", in_session.meeting, by=secretary, now=timezone.now())
    leader = place.actor(Role.COUNCIL_LEADER)
    done = meeting_workflow.perform("approve_minutes", meeting, by=leader, now=timezone.now())
    assert done.status == MeetingStatus.MINUTES_APPROVED
    with pytest.raises(TransitionBlocked, match="låst"):
        council.write_minutes(done, notes="x", items={}, version=None, by=secretary, now=timezone.now())
    assert Attendance.objects.filter(meeting=done, presence="present").count() == 3
