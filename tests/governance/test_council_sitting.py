"""What the council does in a case before it is decided: impartiality, substitutes, proposals and votes."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.models import Attendance, Ballot, CouncilMandate, Decision, Impartiality, Voting
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.governance.locks import at_once
from tests.world import SYSTEM

WHY = {"ground": "family", "explanation": "Søster leder leverandøren."}


def seat(meeting, name):
    return meeting.seated.filter(seat=name).earliest("pk")


def declare(item, name, answer, by, **more):
    told = {} if answer == "no" else WHY
    return council.declare(
        item,
        attendance=seat(item.meeting, name),
        answer=answer,
        by=by,
        now=timezone.now(),
        **{**told, **more},
    )


def decide(item, by, **details):
    given = {"outcome": "reject", "text": "Avslås.", **details}
    return council.decide(item, by=by, now=timezone.now(), **given)


def enroll(meeting, by, *, present, absent=(), substitutes=None):
    return council.register_attendance(
        meeting, present={seat(meeting, name).pk for name in present}, absent={seat(meeting, name).pk for name in absent},
        substitutes={seat(meeting, s).pk: seat(meeting, m).pk for s, m in (substitutes or {}).items()},
        by=by, now=timezone.now(),
    )  # fmt: skip


def case(item):
    return council.case_of(type(item).objects.select_related("meeting__mandate").get(pk=item.pk))


def names(rows):
    return {row.seat for row in rows}


def settle(item, **values):
    CouncilMandate.objects.filter(pk=item.meeting.mandate_id).update(**values)


# --- Declared ------------------------------------------------------------------------------------
def test_declare__each_member_for_themself(place, item):
    row = declare(item, "member", "yes", place.actor(Role.COUNCIL_MEMBER))
    assert (row.is_disqualified, row.answered_by) == (True, place.person(Role.COUNCIL_MEMBER))
    assert names(case(item).voters) == {"leader", "deputy"}


def test_declare__for_somebody_else_is_for_who_leads_or_keeps_the_minutes(world, place, item, secretary):
    for actor in (place.actor(Role.COUNCIL_MEMBER), place.actor(Role.EMPLOYEE), world.neighbor.actor(Role.SECRETARIAT)):  # fmt: skip
        with pytest.raises((TransitionDenied, Http404)):
            declare(item, "leader", "yes", actor)
    for actor in (secretary, place.actor(Role.COUNCIL_LEADER)):
        assert declare(item, "deputy", "no", actor).is_disqualified is False


def test_declare__in_good_time_before_the_meeting(place, summoned):
    item = summoned.items.get()
    assert declare(item, "member", "doubt", place.actor(Role.COUNCIL_MEMBER)).is_open


@pytest.mark.parametrize(
    "values", [{"ground": ""}, {"is_disqualified": None}, {"answer": "maybe"}, {"answer": "no"}]
)
def test_declare__the_database_refuses_what_contradicts_itself(item, secretary, values):
    row = declare(item, "member", "yes", secretary)
    with pytest.raises(DatabaseError), transaction.atomic():
        Impartiality.objects.filter(pk=row.pk).update(**values)


def test_decide_case__with_somebody_who_has_not_answered_is_refused(item, secretary):
    declare(item, "leader", "no", secretary)
    with pytest.raises(TransitionBlocked, match="har ikke svart om habilitet"):
        decide(item, secretary, asked=False)
    council.declare_nobody(item, by=secretary, now=timezone.now())
    assert decide(item, secretary, asked=False).present == 3


# --- Decided by the council ------------------------------------------------------------------------
def test_decide_case__while_somebody_is_in_doubt_is_refused_everywhere(place, item, secretary):
    declare(item, "member", "doubt", secretary)
    with pytest.raises(TransitionBlocked, match="er i tvil om habiliteten"):
        decide(item, secretary)
    with pytest.raises(DatabaseError, match="in doubt"), transaction.atomic():
        Decision.objects.create(
            municipality=place.municipality, number="V 99/26", initiative=item.initiative, agenda_item=item, body="council",
            outcome="reject", text="Avslås.", decided_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("disqualified", [True, False])
def test_decide_doubt__without_the_member(item, secretary, disqualified):
    row = declare(item, "member", "doubt", secretary)
    row = council.decide_doubt(row, is_disqualified=disqualified, by=secretary, now=timezone.now())
    assert set(row.decided_roll) == {seat(item.meeting, name).pk for name in ("leader", "deputy")}
    assert decide(item, secretary).present == (2 if disqualified else 3)


def test_decide_doubt__two_in_doubt_take_no_part_in_either(place, item, secretary):
    """Four seats: the two who are in doubt decide on none of them, also after the first is found impartial."""
    four_seats(place, item.meeting)
    first, second = declare(item, "member", "doubt", secretary), declare(item, "deputy", "doubt", secretary)
    others = [row.pk for row in case(item).deciders]
    first = council.decide_doubt(first, is_disqualified=False, by=secretary, now=timezone.now())
    second = council.decide_doubt(second, is_disqualified=True, by=secretary, now=timezone.now())
    assert first.decided_roll == second.decided_roll == others
    assert {first.attendance_id, second.attendance_id}.isdisjoint(others)
    assert len(others) == 2


def four_seats(place, meeting):
    """Let one more sit in the meeting, with a role of the council."""
    person = place.person(Role.HR)
    give_role(
        person=person, role=Role.COUNCIL_MEMBER, unit=place.municipality, by=SYSTEM, now=timezone.now(),
        valid_from=timezone.localdate(),
    )  # fmt: skip
    Attendance.objects.create(
        meeting=meeting, person=person, seat="leader", presence="present", changed_at=timezone.now()
    )


def test_decide_doubt__all_decide_where_the_rest_are_below_the_quorum(item, secretary):
    """Two of three are in doubt: one is left, so all take part, as forvaltningsloven 1967 § 8 has it."""
    row = declare(item, "member", "doubt", secretary)
    declare(item, "deputy", "doubt", secretary)
    assert case(item).all_decide
    row = council.decide_doubt(row, is_disqualified=False, by=secretary, now=timezone.now())
    assert len(row.decided_roll) == 3


def test_decide_doubt__waits_for_a_substitute_where_the_mandate_says_so(item, secretary):
    settle(item, doubt_rule="wait")
    row = declare(item, "member", "doubt", secretary)
    declare(item, "deputy", "doubt", secretary)
    with pytest.raises(TransitionBlocked, match=r"1 av 3 kan avgjøre habiliteten.*Kall inn vara"):
        council.decide_doubt(row, is_disqualified=False, by=secretary, now=timezone.now())


@pytest.mark.parametrize(
    ("votes", "words"),
    [({"for": 1, "against": 0}, "går ikke opp"), ({"for": 1, "against": 1}, "fikk ikke flertall"), ({"for": 3, "against": 0}, "går ikke opp")],
)  # fmt: skip
def test_decide_doubt__votes_must_add_up(item, secretary, votes, words):
    row = declare(item, "member", "doubt", secretary)
    with pytest.raises(TransitionBlocked, match=words):
        council.decide_doubt(row, is_disqualified=True, votes=votes, by=secretary, now=timezone.now())


def test_decide_doubt__cannot_be_undone_by_the_member(place, item, secretary):
    row = declare(item, "member", "doubt", secretary)
    council.decide_doubt(row, is_disqualified=True, by=secretary, now=timezone.now())
    with pytest.raises(TransitionBlocked, match="Rådet har avgjort"):
        declare(item, "member", "no", place.actor(Role.COUNCIL_MEMBER))


# --- Derived from a superior -------------------------------------------------------------------------
def lead(place, role, unit, line_role):
    give_role(
        person=place.person(role), role=line_role, unit=unit, valid_from=timezone.localdate(), by=SYSTEM, now=timezone.now()
    )  # fmt: skip


def test_derived__is_proposed_and_never_set(place, item, secretary):
    lead(place, Role.COUNCIL_LEADER, place.sector, Role.SECTOR_LEADER)
    lead(place, Role.COUNCIL_MEMBER, place.unit, Role.EMPLOYEE)
    lead(place, Role.COUNCIL_DEPUTY, place.municipality, Role.EMPLOYEE)
    declare(item, "leader", "yes", secretary)
    found = council.derived_in(case(item))
    assert [(one.attendance.seat, one.superior.seat) for one in found] == [("member", "leader")]
    assert names(case(item).voters) == {"deputy", "member"}
    with pytest.raises(TransitionBlocked, match="Ta stilling til om inhabiliteten følger med"):
        decide(item, secretary)
    declare(item, "member", "no", secretary, ground="derived", explanation="Annet fagområde.")
    assert council.derived_in(case(item)) == []
    assert decide(item, secretary).present == 2


def test_derived__a_leader_of_the_same_unit_is_not_below(place, item, secretary):
    lead(place, Role.COUNCIL_LEADER, place.unit, Role.LEADER)
    lead(place, Role.COUNCIL_MEMBER, place.sector, Role.SECTOR_LEADER)
    declare(item, "leader", "yes", secretary)
    assert council.derived_in(case(item)) == []


# --- Substitutes -------------------------------------------------------------------------------------
def test_step_in__substitute_takes_the_seat_in_this_case_only(going, item, secretary):
    enroll(going, secretary, present=["leader", "deputy", "member", "substitute"])
    row = declare(item, "member", "yes", secretary)
    council.step_in(row, substitute=seat(going, "substitute"), by=secretary, now=timezone.now())
    assert names(case(item).voters) == {"leader", "deputy", "substitute"}
    other = going.items.order_by("position").last()
    assert names(case(other).voters) == {"leader", "deputy", "member"}
    assert decide(item, secretary).present == 3


def test_step_in__all_substitutes_absent_is_refused_and_quorum_counts_without(going, item, secretary):
    row = declare(item, "member", "yes", secretary)
    with pytest.raises(TransitionBlocked, match="ikke ledig som vara"):
        council.step_in(row, substitute=seat(going, "substitute"), by=secretary, now=timezone.now())
    declare(item, "deputy", "yes", secretary)
    with pytest.raises(TransitionBlocked, match="1 av 3 til stede"):
        decide(item, secretary)


def test_step_in__of_who_is_not_disqualified_is_refused(going, item, secretary):
    row = declare(item, "member", "no", secretary)
    with pytest.raises(TransitionBlocked, match="ikke inhabilt"):
        council.step_in(row, substitute=None, by=secretary, now=timezone.now())


# --- A leader who is disqualified ----------------------------------------------------------------------
def test_leader_is_disqualified__deputy_leads_and_has_the_casting_vote(place, going, item, secretary):
    declare(item, "leader", "yes", place.actor(Role.COUNCIL_LEADER))
    assert council.chair_in(item) == place.person(Role.COUNCIL_DEPUTY)
    voting = vote(item, secretary, deputy="for", member="against")
    assert (voting.result, voting.casting_vote) == ("carried", True)


# --- Votes ---------------------------------------------------------------------------------------------
def vote(item, by, proposal=None, **choices):
    council.declare_nobody(item, by=by, now=timezone.now())
    voting = council.open_voting(item, proposal=proposal, by=by, now=timezone.now())
    for name, choice in choices.items():
        council.cast(voting, attendance=seat(item.meeting, name), choice=choice, by=by, now=timezone.now())
    return council.close_voting(voting, by=by, now=timezone.now())


def test_vote__each_on_an_own_device_and_the_decision_has_its_votes(place, item, secretary):
    council.declare_nobody(item, by=secretary, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    for role, name, choice in (
        (Role.COUNCIL_LEADER, "leader", "for"), (Role.COUNCIL_DEPUTY, "deputy", "against"), (Role.COUNCIL_MEMBER, "member", "for"),
    ):  # fmt: skip
        council.cast(voting, attendance=seat(item.meeting, name), choice=choice, by=place.actor(role), now=timezone.now())  # fmt: skip
    with pytest.raises(TransitionDenied):
        council.cast(voting, attendance=seat(item.meeting, "leader"), choice="against", by=place.actor(Role.COUNCIL_MEMBER), now=timezone.now())  # fmt: skip
    voting = council.close_voting(voting, by=secretary, now=timezone.now())
    decision = decide(item, secretary, voting=voting, text=voting.text)
    assert (decision.votes_for, decision.votes_against, decision.present) == (2, 1, 3)


@pytest.mark.parametrize(
    ("casting", "chair", "result"),
    [(True, "for", "carried"), (True, "against", "fallen"), (False, "for", "fallen")],
)
def test_vote__tie(item, secretary, casting, chair, result):
    enroll(item.meeting, secretary, present=["leader", "member"], absent=["deputy"])
    settle(item, has_casting_vote=casting)
    voting = vote(item, secretary, leader=chair, member="against" if chair == "for" else "for")
    assert (voting.result, voting.casting_vote) == (result, casting)


def test_vote__fallen_text_cannot_be_decided(item, secretary):
    voting = vote(item, secretary, leader="against", deputy="against", member="for")
    with pytest.raises(TransitionBlocked, match="ga ikke flertall"):
        decide(item, secretary, voting=voting)


def test_decide_case__with_votes_on_another_text_is_refused(item, secretary):
    voting = vote(item, secretary, leader="for", deputy="for", member="for")
    with pytest.raises(TransitionBlocked, match="annet enn det rådet stemte over"):
        decide(item, secretary, voting=voting, text=f"{voting.text} Rammen økes til kr 900 000.")
    assert decide(item, secretary, voting=voting, text=f"  {voting.text}\n").votes_for == 3


@pytest.mark.parametrize("answer", ["yes", "doubt"])
def test_decide_case__on_votes_of_somebody_who_then_declares_is_refused_with_words(item, secretary, answer):
    voting = vote(item, secretary, leader="for", deputy="for", member="for")
    row = declare(item, "member", answer, secretary)
    if answer == "doubt":
        council.decide_doubt(row, is_disqualified=True, by=secretary, now=timezone.now())
    with pytest.raises(TransitionBlocked, match="Stem på nytt"):
        decide(item, secretary, voting=voting, text=voting.text)
    voting = vote(item, secretary, leader="for", deputy="for")
    assert decide(item, secretary, voting=voting, text=voting.text).votes_for == 2


def test_vote__proposal_is_voted_on_word_for_word(place, item, secretary):
    made = council.propose(
        item, text="Saken utsettes.", attendance=seat(item.meeting, "member"), by=place.actor(Role.COUNCIL_MEMBER),
        now=timezone.now(),
    )  # fmt: skip
    voting = vote(item, secretary, made, leader="for", deputy="for", member="for")
    assert (voting.text, voting.result) == ("Saken utsettes.", "carried")
    with pytest.raises(TransitionBlocked, match="stemt over forslaget"):
        council.withdraw_proposal(made, by=secretary, now=timezone.now())


def test_vote__of_who_must_vote_and_has_not_is_asked_for(item, secretary):
    with pytest.raises(TransitionBlocked, match="Disse har ikke stemt"):
        vote(item, secretary, leader="for")
    settle(item, must_vote=False)
    voting = item.votings.get()
    assert council.close_voting(voting, by=secretary, now=timezone.now()).votes_for == 1


def test_vote__the_rest_voted_for(item, secretary):
    council.declare_nobody(item, by=secretary, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    council.cast(
        voting, attendance=seat(item.meeting, "member"), choice="against", by=secretary, now=timezone.now()
    )
    assert council.cast_for_the_rest(voting, choice="for", by=secretary, now=timezone.now()) == 2
    voting = council.close_voting(voting, by=secretary, now=timezone.now())
    assert (voting.votes_for, voting.votes_against) == (2, 1)


def test_vote__of_who_is_disqualified_is_refused_by_guard_and_database(item, secretary):
    declare(item, "member", "yes", secretary)
    council.declare_nobody(item, by=secretary, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    member = seat(item.meeting, "member")
    with pytest.raises(TransitionBlocked, match="stemmer ikke"):
        council.cast(voting, attendance=member, choice="for", by=secretary, now=timezone.now())
    for attendance in (member, seat(item.meeting, "substitute")):
        with pytest.raises(DatabaseError, match="does not vote in the case"), transaction.atomic():
            Ballot.objects.create(
                voting=voting, attendance=attendance, choice="for", cast_at=timezone.now(), registered_by_id=secretary.person_id,
                changed_at=timezone.now(),
            )  # fmt: skip


def test_vote__after_it_is_closed_is_refused_by_guard_and_database(item, secretary):
    voting = vote(item, secretary, leader="for", deputy="for", member="for")
    with pytest.raises(TransitionBlocked, match="avsluttet"):
        council.cast(voting, attendance=seat(item.meeting, "member"), choice="against", by=secretary, now=timezone.now())  # fmt: skip
    with pytest.raises(DatabaseError, match="voting is over"), transaction.atomic():
        voting.ballots.update(choice="against")


def test_while_a_vote_is_going_on__nobody_comes_goes_or_declares(item, secretary):
    council.declare_nobody(item, by=secretary, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    with pytest.raises(TransitionBlocked, match="Votering pågår"):
        enroll(item.meeting, secretary, present=["leader"])
    with pytest.raises(TransitionBlocked, match="Votering pågår"):
        declare(item, "member", "yes", secretary)
    with pytest.raises(TransitionBlocked, match="Votering pågår"):
        decide(item, secretary)
    council.stop_voting(voting, by=secretary, now=timezone.now())
    assert declare(item, "member", "yes", secretary).is_disqualified
    assert not Voting.objects.filter(votes_for__isnull=False).exists()


# --- Quorum --------------------------------------------------------------------------------------------
def test_quorum_lost_in_the_meeting__vote_and_decision_are_refused_by_guard_and_database(
    place, going, item, secretary
):
    council.declare_nobody(item, by=secretary, now=timezone.now())
    enroll(going, secretary, present=["leader"], absent=["deputy", "member"])
    with pytest.raises(TransitionBlocked, match="1 av 3 til stede"):
        council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    with pytest.raises(DatabaseError, match="below its quorum"), transaction.atomic():
        Decision.objects.create(
            municipality=place.municipality, number="V 99/26", initiative=item.initiative, agenda_item=item, body="council",
            outcome="reject", text="Avslås.", decided_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip


def test_database__refuses_a_disqualified_voter_and_votes_from_nowhere(place, item, secretary):
    row = declare(item, "member", "yes", secretary)
    two = [seat(item.meeting, name).pk for name in ("leader", "deputy")]
    for roll, ayes, words in (([*two, row.attendance_id], 2, "disqualified"), (two, 3, "more votes")):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            Decision.objects.create(
                municipality=place.municipality, number="V 99/26", initiative=item.initiative, agenda_item=item,
                body="council", outcome="reject", text="Avslås.", votes_for=ayes, roll=roll, decided_at=timezone.now(),
                changed_at=timezone.now(),
            )  # fmt: skip


def test_database__reckons_voters_as_the_council_does(going, item, secretary):
    """Whoever the guard lets vote, the database lets vote, and nobody else."""
    enroll(going, secretary, present=["leader", "deputy", "member", "substitute"])
    row = declare(item, "deputy", "yes", secretary)
    council.step_in(row, substitute=seat(going, "substitute"), by=secretary, now=timezone.now())
    council.declare_nobody(item, by=secretary, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    allowed = set()
    for attendance in going.attendances.all():
        try:
            with transaction.atomic():
                Ballot.objects.create(
                    voting=voting, attendance=attendance, choice="for", cast_at=timezone.now(),
                    registered_by_id=secretary.person_id, changed_at=timezone.now(),
                )  # fmt: skip
            allowed.add(attendance.pk)
        except DatabaseError:
            continue
    assert allowed == {one.pk for one in case(item).voters} == {seat(going, n).pk for n in ("leader", "member", "substitute")}  # fmt: skip


# --- Two at once, on connections of their own ----------------------------------------------------------
@pytest.fixture
def real(committed):
    from tests import world

    place = world.build().home
    at = stories.meeting(place)
    stories.on_agenda(place, at)
    at = stories.in_session(at, place)
    return place, at.items.get()


def test_decide_case__two_at_once_decide_once(real):
    place, item = real
    by = [place.actor(Role.SECRETARIAT), place.actor(Role.COUNCIL_LEADER)]
    outcomes = at_once(*[partial(decide, item, one) for one in by])
    assert sorted(type(one).__name__ for one in outcomes) == ["Decision", "TransitionBlocked"]
    assert Decision.objects.filter(agenda_item=item).count() == 1


def test_vote__cast_while_it_is_closed_counts_or_is_refused(real):
    place, item = real
    by = place.actor(Role.SECRETARIAT)
    settle(item, must_vote=False)
    council.declare_nobody(item, by=by, now=timezone.now())
    voting = council.open_voting(item, proposal=None, by=by, now=timezone.now())
    council.cast(voting, attendance=seat(item.meeting, "leader"), choice="for", by=by, now=timezone.now())
    member = seat(item.meeting, "member")
    mine = partial(council.cast, voting, attendance=member, choice="against", by=place.actor(Role.COUNCIL_MEMBER), now=timezone.now())  # fmt: skip
    ballot, closed = at_once(mine, partial(council.close_voting, voting, by=by, now=timezone.now()))
    voting.refresh_from_db()
    counted = (voting.votes_for, voting.votes_against)
    assert counted == ((1, 1) if isinstance(ballot, Ballot) else (1, 0))
    assert voting.ballots.count() == sum(counted)
    assert not isinstance(closed, TransitionBlocked)


# --- The page --------------------------------------------------------------------------------------------
def page_of(item):
    return reverse("governance:meeting_item", args=[item.meeting_id, item.pk])


def test_page__member_declares_proposes_and_votes(as_role, place, item, secretary):
    client, page = as_role(Role.COUNCIL_MEMBER), page_of(item)
    assert "Nei, jeg er ikke inhabil" in client.get(page).content.decode()
    said = client.post(page, {"do": "declare", "own": "1", "habilitet-answer": "no"}, follow=True)
    assert "Habil, deltar" in said.content.decode()
    client.post(page, {"do": "propose", "own": "1", "forslag-text": "Saken utsettes."})
    council.declare_nobody(item, by=secretary, now=timezone.now())
    as_role(Role.SECRETARIAT).post(page, {"do": "open", "proposal": item.proposals.get().pk})
    voting, client = item.votings.get(), as_role(Role.COUNCIL_MEMBER)
    assert "Din stemme" in client.get(page).content.decode()
    answer = client.post(page, {"do": "ballot", "own": "1", "voting": voting.pk, "choice": "against"})
    assert answer.status_code == 302
    assert voting.ballots.get().attendance.person == place.person(Role.COUNCIL_MEMBER)
    for do in ("close", "rest", "stop", "nobody"):
        assert client.post(page, {"do": do, "voting": voting.pk}).status_code == 403


def test_page__whole_case_with_votes(as_role, item):
    client, page = as_role(Role.SECRETARIAT), page_of(item)
    client.post(page, {"do": "nobody"})
    client.post(page, {"do": "open"})
    voting = item.votings.get()
    client.post(page, {"do": "rest", "voting": voting.pk})
    text = client.post(page, {"do": "close", "voting": voting.pk}, follow=True).content.decode()
    assert "Stemmene fra voteringen føres: 3 for, 0 mot, 0 blankt" in text
    sent = {"outcome": "prioritize", "text": "1. Tiltaket prioriteres.", "voting": voting.pk}
    assert client.post(page, sent).status_code == 302
    assert Decision.objects.get().votes_for == 3


def test_page__doubt_substitute_and_derived_by_buttons(as_role, place, going, item, secretary):
    lead(place, Role.COUNCIL_DEPUTY, place.sector, Role.SECTOR_LEADER)
    lead(place, Role.COUNCIL_MEMBER, place.unit, Role.EMPLOYEE)
    enroll(going, secretary, present=["leader", "deputy", "member", "substitute"])
    client, page = as_role(Role.SECRETARIAT), page_of(item)
    row = declare(item, "deputy", "doubt", secretary)
    text = client.get(page).content.decode()
    assert "Disse avgjør:" in text
    text = client.post(
        page, {"do": "doubt", "row": row.pk, "verdict": "disqualified"}, follow=True
    ).content.decode()
    assert "trer inn" in text
    assert "Følger inhabiliteten med?" in text
    member = seat(going, "member")
    client.post(page, {"do": "derived", "attendance": member.pk, "follows": "no"})
    client.post(page, {"do": "step_in", "row": row.pk, "substitute": seat(going, "substitute").pk})
    assert names(case(item).voters) == {"leader", "member", "substitute"}
    minutes = client.get(reverse("governance:meeting_minutes", args=[going.pk])).content.decode()
    assert "avgjort av rådet uten dem som var i tvil, 2 mot 0" in minutes
    assert "trådte inn" in minutes


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"do": "declare", "own": "1", "habilitet-answer": "yes"}, 422),
        ({"do": "declare", "own": "1", "habilitet-answer": "kanskje"}, 422),
        ({"do": "declare", "own": "1", "habilitet-answer": "yes", "habilitet-ground": "x", "habilitet-explanation": "\x00"}, 422),
        ({"do": "propose", "own": "1", "forslag-text": ""}, 422),
        ({"do": "propose", "own": "1", "forslag-text": "x" * 9000}, 422),
        ({"do": "ballot", "own": "1", "voting": "9999999", "choice": "for"}, 409),
        ({"do": "ballot", "own": "1", "voting": "x' or 1=1", "choice": "<b>"}, 409),
        ({"do": "tull"}, 409),
    ],
)  # fmt: skip
def test_page__nonsense_is_refused_and_changes_nothing(as_role, item, sent, code):
    assert as_role(Role.COUNCIL_MEMBER).post(page_of(item), sent).status_code == code
    assert not Impartiality.objects.exists()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(("typed", "words"), [("-1", "0"), ("tre", "tall"), ("9999", "100")])
def test_page__votes_on_doubt_that_cannot_be_read_say_why(as_role, item, secretary, typed, words):
    row = declare(item, "member", "doubt", secretary)
    sent = {
        "do": "doubt",
        "row": row.pk,
        "verdict": "disqualified",
        "votes_for": typed,
        "votes_against": "0",
    }
    answer = as_role(Role.SECRETARIAT).post(page_of(item), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert words in text
    assert "Valget finnes ikke lenger" not in text
    assert item.impartialities.get().is_open


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_page__of_another_council_is_not_found(as_role, world, item, where):
    client = as_role(Role.COUNCIL_MEMBER, getattr(world, where))
    sent = {"do": "declare", "own": "1", "habilitet-answer": "no"}
    assert client.post(page_of(item), sent).status_code == 404
    assert as_role(Role.EMPLOYEE).post(page_of(item), sent).status_code == 403


def test_page__few_queries_whatever_is_said_and_voted(
    as_role, item, secretary, django_assert_max_num_queries
):
    declare(item, "member", "doubt", secretary)
    row = item.impartialities.get()
    council.decide_doubt(row, is_disqualified=False, by=secretary, now=timezone.now())
    council.declare_nobody(item, by=secretary, now=timezone.now())
    for text in ("A", "B", "C"):
        council.propose(
            item, text=text, attendance=seat(item.meeting, "leader"), by=secretary, now=timezone.now()
        )
    council.open_voting(item, proposal=None, by=secretary, now=timezone.now())
    for role in (Role.SECRETARIAT, Role.COUNCIL_MEMBER):
        client = as_role(role)
        client.get(page_of(item))
        with django_assert_max_num_queries(12):
            client.get(page_of(item))
