"""Statutory duties: which answer starts them, their clocks, their checklist, and what closing asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from core.workflow import TransitionBlocked, TransitionDenied
from deviations import operations, triage
from deviations.duty_presentation import clock_of, duties_context
from deviations.models import Category, Danger, Deviation, DeviationType, Duty, DutyTemplate, Kind, Question
from deviations.workflow import deviation_workflow, duty_workflow
from organization.roles import Role
from tests.deviations import stories

OSLO = ZoneInfo("Europe/Oslo")
# Question, an answer that starts, and the duty that begins.
STARTS = [
    ("staff_injured", "yes", "NAV_YRKESSKADE"),
    ("serious_injury", "Bevissthetstap", "AML_5_2"),
    ("violence", "yes", "AML_5_2"),
    ("patient_harmed", "yes", "HTL_6"),
    ("pollution", "yes", "YM_110"),
    ("drinking_water", "yes", "MATTILSYNET_VANN"),
    ("personal_data", "yes", "GDPR_33"),
    ("high_risk", "yes", "GDPR_34"),
]
STAMPS = {
    "AML_5_2": 5, "GDPR_33": 3, "GDPR_34": 2, "HTL_6": 3, "YM_110": 1, "NAV_YRKESSKADE": 1, "MATTILSYNET_VANN": 1,
}  # fmt: skip
# Discovery in Oslo's time, and when 72 hours have passed, by UTC: in March the clock on the wall shows an hour more.
ACROSS = {
    "ordinary": (datetime(2026, 2, 2, 9, 0, tzinfo=OSLO), datetime(2026, 2, 5, 8, 0, tzinfo=UTC)),
    "march": (datetime(2026, 3, 27, 9, 0, tzinfo=OSLO), datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
    "october": (datetime(2026, 10, 23, 9, 0, tzinfo=OSLO), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
}


@pytest.fixture
def place(world):
    return world.home


def with_duty(place, wanted="GDPR_33", /, **fields) -> Duty:
    """Return a duty of a fresh report, started by the answer that starts it."""
    question, value, _code = next(row for row in STARTS if row[2] == wanted)
    case = stories.report(place, **{"danger": Danger.INJURED, "answers": {question: value}, **fields})
    return case.duties.get(code=wanted)


def stamp_all(duty, place, **options):
    for stamp in duty.stamps.filter(done_at=None):
        duty = operations.stamp_duty(
            stamp, **{"proof": "Ref. 17", "at": timezone.now(), "by": place.actor(Role.LEADER), "now": timezone.now(), **options}
        )  # fmt: skip
    return duty


# --- What starts a duty ------------------------------------------------------------------------
def test_start__the_table_names_every_question_that_starts_and_every_duty_in_use(place):
    rows = Question.objects.active().filter(municipality=place.municipality).exclude(starts=[])
    assert {row.code: row.starts for row in rows} == {
        question: [code] for question, _value, code in STARTS
    } | {}
    in_use = DutyTemplate.objects.active().filter(municipality=place.municipality)
    assert set(in_use.values_list("code", flat=True)) == {code for _question, _value, code in STARTS}


@pytest.mark.parametrize(("question", "value", "code"), STARTS)
def test_start__by_the_answer_whatever_the_category(place, question, value, code):
    for category in ["", *Category.values]:
        case = stories.report(place, code="", category=category, answers={question: value})
        duty = case.duties.get()
        assert duty.code == code
        assert duty.started_by == Question.objects.get(municipality=place.municipality, code=question).text
        assert duty.stamps.count() == STAMPS[code]


@pytest.mark.parametrize("value", ["yes", "unsure"])
@pytest.mark.parametrize(("question", "code"), [(q, code) for q, value, code in STARTS if value == "yes"])
def test_start__yes_and_unsure_but_not_no_and_not_silence(question, code, value):
    rows = [Question(code=question, starts=[code])]
    assert triage.duties_started(rows, {question: value}) == {code: ""}
    assert triage.duties_started(rows, {question: "no"}) == {}
    assert triage.duties_started(rows, {}) == {}


def test_start__danger_brings_the_questions_up_for_every_type(place):
    """All types but those that refer elsewhere: whoever is hurt is asked, and the pollution too."""
    questions = list(Question.objects.filter(municipality=place.municipality))
    general = {"staff_injured", "violence", "pollution", "drinking_water"}
    for type_ in DeviationType.objects.filter(municipality=place.municipality, refers_to=""):
        for danger in (Danger.INJURED, Danger.ONGOING, Danger.UNSURE):
            case = triage.Case(
                category=type_.category, type=type_, danger=danger, answers={"staff_injured": "yes"}
            )
            codes = {question.code for question in triage.asked(questions, case)}
            assert general | {"serious_injury"} <= codes, type_.code
            if type_.category == Category.SERVICE:
                assert "patient_harmed" in codes


def test_start__injury_and_breach_open_their_questions_whatever_the_type(place):
    questions = list(Question.objects.filter(municipality=place.municipality))
    type_ = stories.type_of(place, "TJ-VEI")
    for answer, brought in (("staff_injured", "injury_body_part"), ("personal_data", "breach_number")):
        case = triage.Case(
            category=type_.category, type=type_, danger=Danger.INJURED, answers={answer: "unsure"}
        )
        assert brought in {question.code for question in triage.asked(questions, case)}
        quiet = triage.Case(
            category=type_.category, type=type_, danger=Danger.INJURED, answers={answer: "no"}
        )
        assert brought not in {question.code for question in triage.asked(questions, quiet)}


def test_start__every_choice_of_the_serious_list_and_what_the_municipality_adds(place):
    question = Question.objects.get(municipality=place.municipality, code="serious_injury")
    operations_catalogue_edit(question, place, choices=[*question.choices, "Strømgjennomgang"])
    for choice in question.choices:
        assert with_duty(place, "AML_5_2", answers={"serious_injury": choice}).name
    assert not stories.report(place, answers={"serious_injury": "no"}).duties.exists()


def operations_catalogue_edit(row, place, **values):
    from deviations.operations.catalogue import edit_row

    edit_row(row, values, version=row.version, by=place.actor(Role.QUALITY_MANAGER), now=timezone.now())
    row.refresh_from_db()


def test_start__digital_security_only_where_the_municipality_is_covered(place):
    case = stories.report(place, answers={"personal_data": "yes"})
    assert not case.duties.filter(code="DSL_24").exists()
    question = Question.objects.get(municipality=place.municipality, code="personal_data")
    operations_catalogue_edit(question, place, starts=["GDPR_33", "DSL_24"])
    assert not stories.report(place, answers={"personal_data": "yes"}).duties.filter(code="DSL_24").exists()
    template = DutyTemplate.objects.get(municipality=place.municipality, code="DSL_24")
    operations_catalogue_edit(template, place, is_active=True)
    duty = stories.report(place, answers={"personal_data": "yes"}).duties.get(code="DSL_24")
    assert duty.due_at - duty.deviation.discovered_at == timedelta(hours=24)


def test_start__later_by_the_handler_and_once(place):
    case = stories.in_progress(place)
    answer = {"values": {"violence": "yes"}, "from_reporter": False, "by": place.actor(Role.LEADER)}
    first = operations.judge_answers(case, **answer, now=timezone.now())
    again = operations.judge_answers(case, **answer, now=timezone.now())
    assert [duty.code for duty in first] == ["AML_5_2"]
    assert again == []


@pytest.mark.parametrize("kind", [Kind.SUGGESTION, Kind.POSITIVE])
def test_start__not_by_suggestions_and_what_went_well(place, kind):
    assert not stories.report(place, kind=kind, answers={"violence": "yes"}).duties.exists()


# --- The clock ---------------------------------------------------------------------------------
@pytest.mark.parametrize("season", ACROSS)
def test_clock__is_72_absolute_hours_from_the_discovery(place, season):
    discovered, due = ACROSS[season]
    duty = with_duty(place, discovered_at=discovered)
    assert duty.due_at == due
    duty.refresh_from_db()
    assert duty.due_at == due
    begun = clock_of(duty, discovered.astimezone(UTC) + timedelta(hours=10))
    assert begun.text == "62 timer igjen"
    assert clock_of(duty, due - timedelta(seconds=90)).text == "1 minutt igjen"


def test_clock__shows_less_time_left_when_it_is_registered_late(place):
    now = timezone.now()
    late = with_duty(place, discovered_at=now - timedelta(hours=50))
    fresh = with_duty(place, discovered_at=now - timedelta(hours=1))
    assert late.started_at >= now
    assert clock_of(late, now).text == "22 timer igjen"
    assert clock_of(fresh, now).text == "71 timer igjen"
    over = with_duty(place, discovered_at=now - timedelta(hours=75))
    assert clock_of(over, now).text == "Fristen gikk ut for 3 timer siden"
    assert clock_of(over, now).tone == "danger"


@pytest.mark.parametrize(
    ("code", "words"), [("AML_5_2", "Straks"), ("GDPR_34", "Snarest mulig"), ("YM_110", "Straks")]
)
def test_clock__never_invents_a_time(place, code, words):
    duty = with_duty(place, code, discovered_at=timezone.now() - timedelta(hours=5))
    clock = clock_of(duty, timezone.now())
    assert duty.due_at is None
    assert clock.text == words
    assert "for 5 timer siden" in clock.note
    assert "Fristen" not in clock.note


@pytest.mark.parametrize(
    ("hours", "words", "tone"),
    [(60, "Meldt i tide", "success"), (75, "Meldt 3 timer etter fristen", "warning")],
)
def test_clock__rests_when_the_first_report_is_sent(place, hours, words, tone):
    now = timezone.now()
    duty = with_duty(place, discovered_at=now - timedelta(hours=hours))
    stamp = duty.stamps.get(code="forste_melding")
    operations.stamp_duty(stamp, proof="AR1", at=now, by=place.actor(Role.LEADER), now=timezone.now())
    clock = clock_of(duty, now + timedelta(days=9))
    assert (clock.text, clock.tone) == (words, tone)
    assert "Resten av sjekklista" in clock.note


def test_clock__rests_when_both_authorities_are_called(place):
    duty = with_duty(place, "AML_5_2")
    called = ("ringt_arbeidstilsynet", "ringt_politi")
    for code, words in zip(called, ("Straks", "Meldt"), strict=True):
        stamp = duty.stamps.get(code=code)
        operations.stamp_duty(
            stamp, proof="Ja", at=timezone.now(), by=place.actor(Role.LEADER), now=timezone.now()
        )
        assert clock_of(duty, timezone.now()).text == words


def test_clock__says_when_the_deadline_is_unknown(place):
    template = DutyTemplate.objects.get(municipality=place.municipality, code="NAV_YRKESSKADE")
    operations_catalogue_edit(template, place, deadline="clarify")
    assert clock_of(with_duty(place, "NAV_YRKESSKADE"), timezone.now()).text == "Avklar frist"


# --- The checklist -----------------------------------------------------------------------------
def test_stamp__the_last_point_completes_the_duty(place):
    duty = with_duty(place, "AML_5_2")
    first, *rest = duty.stamps.all()
    assert operations.stamp_duty(
        first,
        proof="Snakket med vakthavende",
        at=timezone.now(),
        by=place.actor(Role.LEADER),
        now=timezone.now(),
    ).is_open
    assert len(rest) == 4
    done = stamp_all(duty, place)
    assert not done.is_open
    first.refresh_from_db()
    assert (first.done_by, first.proof) == (place.person(Role.LEADER), "Snakket med vakthavende")


@pytest.mark.parametrize(
    ("shift", "words"),
    [(timedelta(hours=1), "ikke kommet"), (timedelta(days=-2), "før avviket ble oppdaget")],
)
def test_stamp__not_in_the_future_and_not_before_the_discovery(place, shift, words):
    duty = with_duty(place)
    with pytest.raises(TransitionBlocked, match=words):
        stamp_all(duty, place, at=timezone.now() + shift)
    assert not duty.stamps.exclude(done_at=None).exists()


def test_stamp__is_put_right_and_taken_away_with_its_history(place):
    duty, leader, now = with_duty(place, "AML_5_2"), place.actor(Role.LEADER), timezone.now()
    stamp = duty.stamps.first()
    operations.stamp_duty(stamp, proof="Kl. 9", at=now, by=leader, now=now)
    operations.stamp_duty(stamp, proof="Kl. 10", at=now, by=place.actor(Role.SECTOR_LEADER), now=now)
    operations.unstamp_duty(stamp, reason="Feil punkt", by=leader, now=now)
    stamp.refresh_from_db()
    assert (stamp.done_at, stamp.done_by, stamp.proof) == (None, None, "")
    said = list(
        stamp.pgh_event_model.objects.filter(pgh_obj=stamp).order_by("pgh_id").values_list("proof", flat=True)
    )
    assert said == ["", "Kl. 9", "Kl. 10", ""]


def test_stamp__by_somebody_without_a_part_in_it_is_refused(place, world):
    for actor in (place.actor(Role.HR), place.actor(Role.EMPLOYEE), world.neighbor.actor(Role.LEADER)):
        with pytest.raises(TransitionDenied):
            stamp_all(with_duty(place), place, by=actor)


def test_stamp__by_the_privacy_officer_whatever_the_category(place):
    duty = with_duty(place, "GDPR_33", code="TJ-LM-PERSON")
    assert not stamp_all(duty, place, by=place.actor(Role.PRIVACY_OFFICER)).is_open


# --- Not notifiable ----------------------------------------------------------------------------
def judge(duty, actor, reason):
    data = {"reason": reason} if reason is not None else {}
    return duty_workflow.perform("judge_not_notifiable", duty, by=actor, now=timezone.now(), data=data)


def test_judge__needs_a_name_and_a_reason(place, client):
    duty = with_duty(place, "AML_5_2")
    client.force_login(place.person(Role.LEADER))
    answer = client.post(f"/avvik/plikt/{duty.pk}/handling/judge_not_notifiable/", {"reason": " "})
    assert answer.status_code == 422
    done = judge(duty, place.actor(Role.LEADER), "Ingen ble skadet.")
    assert (done.judged_by, done.judgement) == (place.person(Role.LEADER), "Ingen ble skadet.")


@pytest.mark.parametrize("missing", ["judged_by_id", "judged_at", "judgement"])
def test_judge__without_a_name_or_a_reason_is_refused_by_the_database(place, missing):
    duty = with_duty(place, "AML_5_2")
    values = {"judged_by_id": place.person(Role.LEADER).pk, "judged_at": timezone.now(), "judgement": "Nei"}
    values[missing] = "" if missing == "judgement" else None
    with pytest.raises(IntegrityError, match="duty_judged"), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(status="not_notifiable", **values)


def test_reopen__only_while_the_case_is_open(place):
    case = stories.assessed(place)
    operations.judge_answers(
        case, {"violence": "yes"}, from_reporter=False, by=place.actor(Role.LEADER), now=timezone.now()
    )
    leader, duty = place.actor(Role.LEADER), case.duties.get()
    judge(duty, leader, "Ikke alvorlig")
    again = duty_workflow.perform("reopen_duty", duty, by=leader, now=timezone.now(), data={"reason": "Jo"})
    assert again.is_open
    assert again.judgement == ""
    judge(again, leader, "Likevel ikke")
    data = {"reason": "Gjelder ikke oss."}
    deviation_workflow.perform(
        "dismiss", Deviation.objects.get(pk=case.pk), by=leader, now=timezone.now(), data=data
    )
    with pytest.raises(TransitionBlocked, match="Gjenåpne den først"):
        duty_workflow.perform("reopen_duty", duty, by=leader, now=timezone.now(), data={"reason": "Jo"})
    with pytest.raises((IntegrityError, InternalError), match="is not open"), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(status="open")


# --- Closing -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("question", "value", "code"), STARTS)
def test_close__is_refused_by_guard_and_by_database_for_every_duty(place, question, value, code):
    leader = place.actor(Role.LEADER)
    case = stories.assessed(place)
    answers = {"serious_injury": "no", "high_risk": "no", question: value}
    operations.judge_answers(case, answers, from_reporter=False, by=leader, now=timezone.now())
    data = {"no_action_reason": "Ingen", "closing_note": "Ingenting"}
    close = {"by": leader, "now": timezone.now(), "data": data}
    with pytest.raises(TransitionBlocked, match="Meldeplikten er ikke gjort ferdig"):
        deviation_workflow.perform("close_without_action", case, **close)
    sql = "update deviations_deviation set status = 'closed', closed_at = now(), closing_note = 'x' where id = %s"
    with (
        pytest.raises((IntegrityError, InternalError), match="open duty"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [case.pk])
    duty = case.duties.get(code=code)
    stamp_all(duty, place) if code == "AML_5_2" else judge(duty, leader, "Vurdert")
    assert deviation_workflow.perform(
        "close_without_action", Deviation.objects.get(pk=case.pk), **close
    ).is_closed


# --- On the page of the case -------------------------------------------------------------------
def test_context__shows_what_is_urgent_first_and_why_it_began(place, django_assert_num_queries):
    case = stories.report(
        place, danger=Danger.INJURED, answers={"staff_injured": "unsure", "serious_injury": "Bevissthetstap; Forgiftning"}
    )  # fmt: skip
    case = Deviation.objects.select_related("unit").get(pk=case.pk)
    leader = place.actor(Role.LEADER)
    with django_assert_num_queries(3):
        found = duties_context(case, leader)
        urgent, later = found["duties"]
        assert (urgent.duty.code, later.duty.code) == ("AML_5_2", "NAV_YRKESSKADE")
    assert urgent.answer == "Bevissthetstap; Forgiftning"
    assert later.answer == "Usikker"
    assert urgent.phone_url == "tel:73199700"
    assert found["urgent_duties"] == [urgent]
    assert urgent.progress == "0 av 5 punkter er stemplet"


def test_context__is_empty_for_who_does_not_read_the_words(place):
    case = stories.report(place, code="HMS-PSYK", danger=Danger.INJURED, answers={"violence": "yes"})
    assert Deviation.objects.visible_to(place.actor(Role.VERNEOMBUD)).contains(case)
    assert duties_context(case, place.actor(Role.VERNEOMBUD))["duties"] == []
    assert len(duties_context(case, place.actor(Role.LEADER))["duties"]) == 1
