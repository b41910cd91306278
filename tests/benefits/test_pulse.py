"""The pulse: one answer a person, nobody's answers anywhere, and no group so small that somebody is recognized."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from benefits.adoption import FEWEST, results_of, shown
from benefits.inbox import pulses_to_answer
from benefits.models import PulseGroup, PulseRound, PulseToken, Question
from benefits.operations import count_marked
from benefits.operations.pulse import PulseInput, plan_pulse, six_months_after, units_to_ask
from benefits.reminders import REMINDERS
from core import reminders
from core.errors import Refused
from core.models import Notice
from organization.actors import person_actor
from organization.models import Person, Unit
from organization.roles import Role
from tests.benefits import pulses, stories

MAX_QUERIES = 12
REPLIES = {question.value: "3" for question in Question}


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def benefit(place):
    return stories.planned(place)


def url(name, *args):
    return reverse(f"benefits:{name}", args=args)


def told(pulse):
    return results_of(pulse, list(pulse.groups.all()), today=timezone.localdate(), name_of_all="Alle")


def with_answers(pulse, *counts):
    """Let the groups of a pulse that is over have so many answers, all of them «Ja»."""
    for group, count in zip(pulse.groups.all(), counts, strict=True):
        cells = [0, 0, 0, count] * 5
        PulseGroup.objects.filter(pk=group.pk).update(answers=count, counts=cells)
    return pulse


# --- One answer a person -------------------------------------------------------------------------
def test_answer__once_a_person(benefit, place):
    pulse, by = pulses.open_pulse(benefit, place), place.actor(Role.EMPLOYEE)
    pulses.answer(pulse, by)
    with pytest.raises(Refused, match="svart alt"):
        pulses.answer(pulse, by, pulses.NO)
    pulses.answer(pulse, place.actor(Role.LEADER), pulses.NO)
    group = pulse.groups.get()
    assert (group.answers, group.counts) == (2, [1, 0, 0, 1] * 5)


def test_answer__of_those_who_work_there_when_it_opens(benefit, place):
    pulse = pulses.open_pulse(benefit, place, units=[place.unit])
    planned = pulse.groups.get().asked
    gone = place.person(Role.EMPLOYEE).roles.filter(unit=place.unit)
    assert gone.update(valid_to=pulse.opens_on)
    pulses.answer(pulse, place.actor(Role.LEADER))
    assert pulse.groups.get().asked == planned - 1


def test_answer__not_before_it_opens_nor_after(benefit, place):
    pulse, by = pulses.planned(benefit, place), place.actor(Role.EMPLOYEE)
    with pytest.raises(Refused, match="ikke åpen"):
        pulses.answer(pulse, by)
    with pytest.raises(Refused, match="ikke åpen"):
        pulses.answer(pulses.over(pulse), by)
    assert not PulseToken.objects.exists()


def test_answer__only_those_who_work_there(benefit, world):
    pulse = pulses.open_pulse(benefit, world.home)
    for stranger in (world.neighbor.actor(Role.EMPLOYEE), world.home.actor(Role.ELECTED_REPRESENTATIVE)):
        with pytest.raises(Http404):
            pulses.answer(pulse, stranger)


def test_answer_again__in_the_next_pulse(benefit, place):
    by = place.actor(Role.EMPLOYEE)
    for occasion in ("before_bp3", "at_bp5"):
        pulses.answer(pulses.open_pulse(benefit, place, occasion), by)
    assert PulseToken.objects.count() == 2


# --- Nobody's answers anywhere -------------------------------------------------------------------
def rows_written_by(answering):
    """Return the tables in which rows were inserted or changed meanwhile."""

    def counted():
        with connection.cursor() as cursor:
            cursor.execute("select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables")
            return dict(cursor.fetchall())

    count_marked()  # else what was marked before is counted meanwhile
    before = counted()
    answering()
    return {name for name, count in counted().items() if count != before.get(name, 0)}


def test_answer__writes_the_counts_of_the_unit_and_a_spent_token_and_nothing_else(benefit, place):
    pulse, by = pulses.open_pulse(benefit, place), place.actor(Role.EMPLOYEE)
    written = rows_written_by(lambda: pulses.answer(pulse, by))
    assert written == {"benefits_pulsegroup", "benefits_pulsetoken"}


def test_answer__over_the_page_writes_no_more(benefit, place, as_role):
    pulse, client = pulses.open_pulse(benefit, place), as_role(Role.EMPLOYEE)
    client.get(url("pulse_answer", pulse.pk))
    written = rows_written_by(lambda: client.post(url("pulse_answer", pulse.pk), REPLIES))
    assert written == {"benefits_pulsegroup", "benefits_pulsetoken"}


def test_keep_answers__without_person_time_or_history():
    for model in (PulseGroup, PulseToken):
        kinds = {field.get_internal_type() for field in model._meta.fields}
        assert not kinds & {"DateField", "DateTimeField"}
        assert not [field for field in model._meta.fields if field.related_model is Person]
        assert f"{model.__name__}Event" not in {
            one.__name__ for one in apps.get_app_config("benefits").get_models()
        }
    assert [field.name for field in PulseToken._meta.fields] == ["token"]


def test_spend_token__differs_between_people_and_between_rounds(benefit, place):
    people = [place.actor(Role.EMPLOYEE), place.actor(Role.LEADER)]
    for occasion in ("before_bp3", "at_bp5"):
        pulse = pulses.open_pulse(benefit, place, occasion)
        for by in people:
            pulses.answer(pulse, by)
    tokens = set(PulseToken.objects.values_list("token", flat=True))
    assert len(tokens) == 4
    assert all(len(token) == 64 for token in tokens)


def test_spend_token__cannot_be_made_without_the_secret(benefit, place, settings):
    pulse, by = pulses.open_pulse(benefit, place), place.actor(Role.EMPLOYEE)
    rows = PulseRound.objects.filter(pk=pulse.pk)
    here = rows.with_token_of(by.person_id).get().token
    settings.SECRET_KEY = "another installation, with another secret"
    assert rows.with_token_of(by.person_id).get().token != here


# --- What is shown -------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 40), max_size=12))
def test_hide_groups__nothing_small_can_be_found_by_subtraction(answers):
    is_shown = shown(answers)
    for count, may in zip(answers, is_shown, strict=True):
        assert not may or count >= FEWEST
    hidden = sum(count for count, may in zip(answers, is_shown, strict=True) if not may)
    assert hidden == 0 or hidden >= FEWEST or not any(is_shown)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([12, 9, 7], [True, True, True]), ([12, 9, 4], [True, False, False]), ([12, 3, 2], [True, False, False]),
        ([12, 4, 0], [False, False, False]), ([5], [True]), ([4], [False]), ([], []), ([8, 0], [True, False]),
    ],
)  # fmt: skip
def test_hide_groups__the_smallest_with_the_one_that_is_too_small(answers, expected):
    assert shown(answers) == expected


def test_tell__nothing_before_the_last_day(benefit, place):
    pulse = with_answers(pulses.open_pulse(benefit, place), 9)
    assert told(pulse) is None
    assert told(pulses.over(pulse)) is not None


def test_tell__nothing_at_all_with_four_answers(benefit, place):
    _parts, together = told(pulses.over(with_answers(pulses.open_pulse(benefit, place), 4)))
    assert not together.is_shown


def test_tell__how_many_agree(benefit, place):
    pulse = pulses.over(pulses.open_pulse(benefit, place))
    pulse.groups.update(answers=8, counts=[1, 1, 2, 4] * 5)
    _parts, together = told(pulse)
    assert together.agree == (75,) * 5


def test_page__shows_no_count_of_a_group_that_is_hidden(benefit, place, as_role):
    pulse = pulses.open_pulse(benefit, place, units=[place.unit])
    PulseGroup.objects.create(round=pulse, unit=place.municipality, asked=30)
    pulses.over(with_answers(pulse, 4, 13))
    text = as_role(Role.EMPLOYEE).get(url("pulse_results", benefit.initiative_id)).content.decode()
    assert text.count("For få svar til å vises") == 2
    assert text.count("100 %") == 5
    assert "17 av" in text
    assert not {"4 av", "13 av"} & {f"{count} av" for count in (4, 13) if f">{count} av" in text}


def test_plan__shows_the_last_pulse_beside_the_benefits(benefit, place, as_role):
    pulse = with_answers(pulses.open_pulse(benefit, place), 9)
    client, address = as_role(Role.EMPLOYEE), reverse("benefits:plan_detail", args=[benefit.initiative_id])
    assert "Tas endringen i bruk?" not in client.get(address).content.decode()
    pulses.over(pulse)
    assert "Tas endringen i bruk?" in client.get(address).content.decode()


# --- Planning ------------------------------------------------------------------------------------
def test_plan__bp5_brings_the_one_six_months_later(benefit, place):
    first = pulses.planned(benefit, place, "at_bp5")
    later = PulseRound.objects.get(initiative=benefit.initiative, occasion="six_months_after")
    assert later.opens_on == six_months_after(first.opens_on)
    assert later.groups.get().unit == place.municipality
    assert six_months_after(date(2026, 8, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("opens", "closes", "words"), [(0, 10, "etter i dag"), (5, 5, "Siste dag"), (-3, -1, "etter i dag")]
)
def test_plan__days_that_cannot_be(benefit, place, opens, closes, words):
    today = timezone.localdate()
    days = {"opens_on": today + timedelta(days=opens), "closes_on": today + timedelta(days=closes)}
    with pytest.raises(Refused, match=words):
        pulses.planned(benefit, place, **days)


def test_plan__no_unit_inside_another(benefit, place):
    with pytest.raises(Refused, match="en del av"):
        pulses.planned(benefit, place, units=[place.municipality, place.unit])


def test_plan__not_changed_after_it_opened(benefit, place):
    pulses.open_pulse(benefit, place)
    with pytest.raises(Refused, match="kan ikke endres"):
        pulses.planned(benefit, place)


def test_plan__not_changed_in_the_night_after_it_opened(benefit, place):
    pulse = pulses.planned(benefit, place)
    day = pulse.opens_on
    after_midnight = datetime.combine(day, time(0, 30), tzinfo=timezone.get_default_timezone())
    assert after_midnight.astimezone(UTC).date() < day
    later = PulseInput(
        opens_on=day + timedelta(days=9), closes_on=day + timedelta(days=20), units=[place.unit]
    )
    by = place.actor(Role.SERVICE_OWNER)
    with pytest.raises(Refused, match="kan ikke endres"):
        plan_pulse(benefit.initiative, "before_bp3", later, by=by, now=after_midnight)


def test_plan__only_units_that_are_open_and_take_part(benefit, world):
    place, today = world.home, timezone.localdate()
    with pytest.raises(Refused, match="ikke med i tiltaket"):
        pulses.planned(benefit, place, units=[place.unit, world.neighbor.unit])
    Unit.objects.filter(pk=place.unit.pk).update(closed_on=today)
    with pytest.raises(Refused, match="lagt ned"):
        pulses.planned(benefit, place, units=[place.unit])
    assert place.unit not in units_to_ask(benefit.initiative, today)
    assert pulses.planned(benefit, place, units=[place.sector]).groups.count() == 1


def test_plan__over_the_page(benefit, place, as_role):
    client, address = as_role(Role.SERVICE_OWNER), url("pulse_plan", benefit.initiative_id, "before_bp3")
    assert client.post(address, {"opens_on": "i går", "closes_on": "", "units": []}).status_code == 422
    day = timezone.localdate() + timedelta(days=3)
    data = {
        "opens_on": day.isoformat(),
        "closes_on": (day + timedelta(days=9)).isoformat(),
        "units": [place.unit.pk],
    }
    assert client.post(address, data).status_code == 302
    assert PulseRound.objects.get().groups.get().unit == place.unit
    assert client.post(address, {**data, "units": [999999999]}).status_code == 422
    assert client.get(url("pulse_plan", benefit.initiative_id, "finnes-ikke")).status_code == 404


# --- Asking --------------------------------------------------------------------------------------
def waiting(actor):
    return [pulses_to_answer.task(row, actor) for row in pulses_to_answer.rows(actor)]


def test_inbox__until_it_is_answered(benefit, world):
    pulse, by = pulses.open_pulse(benefit, world.home), world.home.actor(Role.EMPLOYEE)
    assert [task.url for task in waiting(by)] == [pulse.get_absolute_url()]
    pulses.answer(pulse, by)
    assert waiting(by) == []
    assert len(waiting(world.home.actor(Role.LEADER))) == 1
    assert waiting(world.neighbor.actor(Role.EMPLOYEE)) == []


def test_remind__everybody_alike_so_that_nothing_tells_who_answered(benefit, place):
    pulse = pulses.open_pulse(benefit, place)
    (reminder,) = (one for one in REMINDERS if one.key == "pulse_open")
    day, now = timezone.localdate(), timezone.now()
    first = reminders.run(day=day, now=now, only=[reminder])
    assert first > 1
    assert reminders.run(day=day, now=now, only=[reminder]) == 0
    pulses.answer(pulse, place.actor(Role.EMPLOYEE))
    assert reminders.run(day=day + timedelta(days=10), now=now, only=[reminder]) == first
    told_again = Notice.objects.filter(
        recipient=place.person(Role.EMPLOYEE), object_id=pulse.pk,
        content_type=ContentType.objects.get_for_model(PulseRound),
    )  # fmt: skip
    assert told_again.count() == 2


def test_page__asks_thanks_and_asks_no_more(benefit, place, as_role):
    pulse, client = pulses.open_pulse(benefit, place), as_role(Role.EMPLOYEE)
    address = url("pulse_answer", pulse.pk)
    assert "Send svaret" in client.get(address).content.decode()
    wrong = client.post(address, {**REPLIES, "why": "7", "want": ""})
    assert wrong.status_code == 422
    assert client.post(address, REPLIES, follow=True).status_code == 200
    assert "Takk, du har svart" in client.get(address).content.decode()
    assert client.post(address, REPLIES).status_code == 409
    assert pulse.groups.get().answers == 1


def test_page__is_for_those_who_are_asked(benefit, world, as_role):
    pulse = pulses.open_pulse(benefit, world.home)
    assert as_role(Role.EMPLOYEE, world.neighbor).get(url("pulse_answer", pulse.pk)).status_code == 404
    actor = person_actor(world.neighbor.person(Role.EMPLOYEE))
    assert not PulseRound.objects.visible_to(actor).filter(pk=pulse.pk).exists()
    assert (
        as_role(Role.EMPLOYEE, world.neighbor).get(url("pulse_results", benefit.initiative_id)).status_code
        == 404
    )


def test_page__few_queries(benefit, place, as_role, django_assert_max_num_queries):
    pulse, client = pulses.open_pulse(benefit, place), as_role(Role.EMPLOYEE)
    for address in (url("pulse_answer", pulse.pk), url("pulse_results", benefit.initiative_id)):
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get(address)
