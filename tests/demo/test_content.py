"""The content of the demo: enough of it, all references hold, and mistakes are told with file and key."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from demo.content import Content, ContentError, load
from demo.content.build import build, convert
from demo.content.calendar import moment, working_day
from demo.content.checks import check
from demo.content.model import Initiative, Role, Unit
from demo.content.read import read_yaml
from demo.content.rules import END_STATES
from demo.content.staff import everyone
from demo.people import list_people

ROOT = Path(__file__).parents[2]
MUNICIPALITIES = ("elvdal", "nordsund", "fjellheim")
ROLES = (
    *("ansatt", "enhetsleder", "sektorleder", "sekretariat", "radsleder", "radsmedlem", "okonomisjef"),
    *("kommunedirektor", "tjenesteeier", "portefoljeforvalter", "prosjektleder", "arkivar", "verneombud"),
    *("personvernombud", "kvalitetsleder", "folkevalgt", "administrator"),
)
ANCHORS = [
    date(2026, 11, 21) + timedelta(days=step) for step in (*range(10), 33, 34, 35, 41, 128, 163, 177, 400)
]
LOW, HIGH = 380, 440


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def changed(content: Content, key: str, **values) -> Content:
    """Return the content with one initiative changed."""
    assert key in {initiative.key for initiative in content.initiatives}
    return replace(
        content,
        initiatives=[replace(one, **values) if one.key == key else one for one in content.initiatives],
    )


def story_with(content: Content, key: str, do: str, **values) -> Content:
    """Return the content with the steps of one kind changed in one story."""
    initiative = next(one for one in content.initiatives if one.key == key)
    assert do in {step.do for step in initiative.story}
    story = [replace(step, **values) if step.do == do else step for step in initiative.story]
    return changed(content, key, story=story)


# --- How much there is ---------------------------------------------------------------------------
def test_load__has_what_the_demo_promises(content):
    assert len(content.initiatives) == 40
    assert len(content.units) >= 60
    assert LOW <= len(content.people) <= HIGH
    assert len(content.services) >= 25
    assert 6 <= len(content.groups) <= 7
    assert {strategy.municipality for strategy in content.strategies} == set(content.tree.municipalities)


def test_load__every_state_is_the_end_of_a_story(content):
    assert {initiative.end_state for initiative in content.initiatives} == set(END_STATES)


def test_load__meetings_are_past_and_coming(content):
    found = Counter(
        (meeting.council, meeting.minutes_approved_day is not None) for meeting in content.meetings
    )
    assert found["elvdal", True] == 3
    assert found["elvdal", False] == 1
    assert found["nordsund", True] == 1
    assert found["nordsund", False] == 1
    assert found["elvelandet", True] == 1


def test_load__two_stories_are_played_to_the_end(content):
    stories = {initiative.key: initiative for initiative in content.initiatives}
    local, regional = stories["robot-sykemelding"], stories["kvalitetssystem"]
    assert (local.end_state, local.financing) == ("realizing", "own_budget")
    assert (regional.end_state, regional.participants) == ("in_portfolio", list(MUNICIPALITIES))
    shares = [step.data["cost_share"] for step in regional.story if step.do == "municipal_decision"]
    amounts = [step.data["amount"] for step in regional.story if step.do == "municipal_decision"]
    assert sum(shares) == 100
    assert sum(amounts) == sum(line.investment for line in regional.costs)


def test_load__two_initiatives_are_shielded_with_a_public_title(content):
    shielded = [initiative for initiative in content.initiatives if initiative.shielding]
    assert len(shielded) == 2
    for initiative in shielded:
        assert initiative.shielding.public_title != initiative.title
        assert "§" in initiative.shielding.legal_basis


def test_load__some_figures_are_missing_on_purpose(content):
    years = [set(exposure.values) for exposure in content.exposures]
    assert {2024, 2025, 2026} in years
    assert any(len(found) < 3 for found in years)


def test_load__members_of_a_council_can_be_in_conflict_of_interest(content):
    conflicts = [conflict for m in content.meetings for item in m.agenda for conflict in item.conflicts]
    assert {conflict.disqualified for conflict in conflicts} == {True, False}


# --- People --------------------------------------------------------------------------------------
@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_list_people__every_role_can_log_in(municipality):
    usernames = {person["username"] for person in list_people()}
    assert {f"{role}.{municipality}" for role in ROLES} <= usernames


def test_list_people__tells_five_things_about_everyone():
    for person in list_people():
        assert set(person) == {"username", "name", "role", "unit", "municipality"}
        assert all(person.values())
        assert person["username"].startswith(f"{person['role']}.")


def test_list_people__needs_no_django():
    code = "import sys; from demo.people import list_people; list_people(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_everyone__is_the_same_at_every_start():
    first = everyone()
    everyone.cache_clear()
    assert everyone() == first


def test_everyone__has_plain_user_names_and_units_with_people():
    people = everyone()
    assert all(re.fullmatch(r"[a-z0-9.-]+", person.username) for person in people)
    staffed = {person.unit for person in people}
    assert {unit.key for unit in load().units if unit.staff} <= staffed


def test_load__roles_end_begin_and_are_stood_in_for(content):
    roles = [role for person in content.people for role in person.roles]
    assert any(role.end_day is not None and role.end_day < 0 for role in roles)
    assert any(role.start_day is not None and 0 < role.start_day <= 23 for role in roles)
    assert any(role.stand_in_for and role.covers(0) for role in roles)


def test_covers__first_and_last_day_count():
    role = Role(role="leader", unit="x", start_day=-5, end_day=3)
    assert [day for day in range(-7, 6) if role.covers(day)] == list(range(-5, 4))


# --- Money ---------------------------------------------------------------------------------------
def lifetime(initiative: Initiative, years: int) -> int:
    """Return what an initiative costs with some years of operation."""
    invested = sum(line.investment for line in initiative.costs)
    return invested + years * max(line.operation for line in initiative.costs)


def test_load__what_is_decided_by_delegation_is_within_the_mandate(content):
    mandates = {council.municipality: council for council in content.councils}
    checked = set()
    for initiative in content.initiatives:
        mandate = mandates[initiative.municipality]
        limits = {
            "send_to_fast_track": mandate.secretariat_amount,
            "adopt_within_authority": mandate.council_amount,
        }
        for step in initiative.story:
            if step.do in limits:
                checked.add(step.do)
                assert lifetime(initiative, mandate.operation_years) <= limits[step.do], initiative.key
                assert initiative.financing != "budget_application", initiative.key
    assert checked == {"send_to_fast_track", "adopt_within_authority"}


def test_load__budget_never_passes_without_the_chief_of_finance(content):
    for initiative in content.initiatives:
        asked = {step.data.get("role") for step in initiative.story if step.do == "answer_hearing"}
        decided = any(step.do == "decide" for step in initiative.story)
        if decided and initiative.financing == "budget_application":
            assert "chief_of_finance" in asked, initiative.key


# --- Prose ---------------------------------------------------------------------------------------
def sentences_of(initiative: Initiative) -> set[str]:
    """Return every sentence of some length in an initiative and its story."""
    texts: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(asdict(initiative))
    sentences = {part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+|\n", text)}
    return {sentence for sentence in sentences if len(sentence.split()) >= 6}


def test_load__no_two_initiatives_share_a_sentence(content):
    seen = defaultdict(set)
    for initiative in content.initiatives:
        for sentence in sentences_of(initiative):
            seen[sentence].add(initiative.key)
    assert {sentence: keys for sentence, keys in seen.items() if len(keys) > 1} == {}


def test_load__submitted_initiatives_are_written_out(content):
    for initiative in content.initiatives:
        if initiative.end_state == "draft":
            continue
        assert len(initiative.summary) >= 120, initiative.key
        assert len(initiative.need) >= 120, initiative.key
        empty = [name for name, text in asdict(initiative.assessments).items() if text == ""]
        assert not empty, initiative.key


# --- Days ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("anchor", ANCHORS, ids=str)
def test_moment__stories_are_in_order_whatever_day_it_is(content, anchor):
    for initiative in content.initiatives:
        moments = [moment(anchor, step.day, step.time) for step in initiative.story]
        assert moments == sorted(set(moments)), initiative.key
        assert moments[-1].date() < anchor, initiative.key


@pytest.mark.parametrize("anchor", ANCHORS, ids=str)
def test_moment__past_meetings_are_past_and_coming_ones_to_come(content, anchor):
    for meeting in content.meetings:
        held = moment(anchor, meeting.day, meeting.time).date()
        assert (held < anchor) == (meeting.minutes_approved_day is not None), meeting.key


def test_working_day__skips_weekends_and_holidays():
    assert working_day(date(2026, 11, 21), 0) == date(2026, 11, 20)
    assert working_day(date(2026, 11, 21), 1) == date(2026, 11, 23)
    assert working_day(date(2026, 5, 18), -1) == date(2026, 5, 15)
    assert working_day(date(2026, 4, 7), -1) == date(2026, 4, 1)


def test_moment__is_norwegian_time():
    assert moment(date(2026, 11, 20), 0, "09:30").isoformat() == "2026-11-20T09:30:00+01:00"


# --- Mistakes ------------------------------------------------------------------------------------
def test_build__unknown_key_names_file_and_key():
    with pytest.raises(ContentError, match=r"units\.yaml: x: unknown key colour"):
        build(Unit, {"key": "x", "name": "X", "kind": "unit", "code": "1", "colour": "red"}, "units.yaml: x")


def test_build__missing_key_names_file_and_key():
    with pytest.raises(ContentError, match=r"units\.yaml: x: missing key name"):
        build(Unit, {"key": "x", "kind": "unit", "code": "1"}, "units.yaml: x")


@pytest.mark.parametrize(
    ("wanted", "raw"), [(int, "3"), (int, True), (str, 3), (list[str], "a"), (bool, "yes")], ids=str
)
def test_convert__wrong_type_is_refused(wanted, raw):
    with pytest.raises(ContentError, match=r"f\.yaml: k: expected"):
        convert(wanted, raw, "f.yaml: k")


def test_check__unknown_person_names_file_and_key(content):
    broken = changed(content, "e-las", service_owner="nobody.elvdal")
    with pytest.raises(ContentError, match=r"initiatives_elvdal_helse\.yaml: e-las: .*nobody\.elvdal"):
        check(broken)


def test_check__unknown_goal_names_file_and_key(content):
    with pytest.raises(ContentError, match=r"initiatives_elvdal_helse\.yaml: e-las: .*z9"):
        check(changed(content, "e-las", goals=["z9"]))


def test_check__goal_of_another_municipality_is_refused(content):
    with pytest.raises(ContentError, match="another municipality"):
        check(changed(content, "e-las", goals=["n1"]))


def test_check__story_that_ends_elsewhere_is_refused(content):
    with pytest.raises(ContentError, match="ends in 'in_portfolio', not in 'closed'"):
        check(changed(content, "e-las", end_state="closed"))


def test_check__actor_without_the_role_is_refused(content):
    broken = story_with(content, "byggesaksarkiv", "endorse", by="sektorleder.elvdal")
    with pytest.raises(
        ContentError, match=r"byggesaksarkiv\.story\[\d\] endorse: sektorleder\.elvdal may not"
    ):
        check(broken)


def test_check__actor_whose_role_has_ended_is_refused(content):
    broken = story_with(content, "feil-paa-bygg", "endorse", by="stedfortreder-oppvekst.elvdal")
    with pytest.raises(ContentError, match="may not do this on day"):
        check(broken)


def test_check__fast_track_by_one_who_does_not_lead_the_secretariat_is_refused(content):
    broken = story_with(content, "tilsynsrute-vann", "approve_fast_track", by="koordinator.fjellheim")
    with pytest.raises(ContentError, match=r"approve_fast_track: koordinator\.fjellheim may not"):
        check(broken)


def test_check__step_in_the_wrong_state_is_refused(content):
    initiative = next(one for one in content.initiatives if one.key == "feil-paa-bygg")
    with pytest.raises(ContentError, match="endorse: not possible in state 'draft'"):
        check(changed(content, "feil-paa-bygg", story=[initiative.story[0], *initiative.story[2:]]))


def test_check__steps_out_of_order_are_refused(content):
    initiative = next(one for one in content.initiatives if one.key == "e-las")
    with pytest.raises(ContentError, match="not in order"):
        check(changed(content, "e-las", story=initiative.story[::-1]))


def test_check__step_in_the_future_is_refused(content):
    with pytest.raises(ContentError, match="after the day before seeding"):
        check(story_with(content, "feil-paa-bygg", "endorse", day=2))


def test_check__missing_data_is_refused(content):
    with pytest.raises(ContentError, match=r"missing data \['reason'\]"):
        check(story_with(content, "brannbil-pc", "refer", data={"referred_to": "Brukerstøtte"}))


def test_check__deadline_before_the_step_is_refused(content):
    data = {"case_handler": "sekretariat-radgiver.elvdal", "deadline": -300}
    with pytest.raises(ContentError, match="deadline is not after"):
        check(story_with(content, "ppt-henvisning", "start_preparation", data=data))


def test_check__votes_that_do_not_add_up_are_refused(content):
    initiative = next(one for one in content.initiatives if one.key == "vintersensorer")
    data = next(step.data for step in initiative.story if step.do == "decide")
    with pytest.raises(ContentError, match=r"meetings\.yaml: elvdal-3\.vintersensorer: 6 votes by 5"):
        check(story_with(content, "vintersensorer", "decide", data={**data, "votes_for": 6}))


def test_check__case_led_by_one_who_is_disqualified_is_refused(content):
    broken = story_with(content, "vintersensorer", "decide", by="radsleder.elvdal")
    with pytest.raises(ContentError, match=r"radsleder\.elvdal cannot lead the case"):
        check(broken)


def test_check__agenda_that_differs_from_the_stories_is_refused(content):
    meetings = [
        replace(one, agenda=one.agenda[:1]) if one.key == "nordsund-2" else one for one in content.meetings
    ]
    with pytest.raises(ContentError, match=r"meetings\.yaml: nordsund-2: agenda"):
        check(replace(content, meetings=meetings))


def test_check__sector_that_no_council_member_covers_is_refused(content):
    people = tuple(
        replace(one, roles=[]) if one.username == "radsmedlem-kultur.elvdal" else one
        for one in content.people
    )
    leader = Role(role="leader", unit="elvdal-bibliotek")
    people = (*people[:-1], replace(people[-1], roles=[*people[-1].roles, leader]))
    with pytest.raises(ContentError, match=r"councils\.yaml: elvdal: nobody covers \['elvdal-kultur'\]"):
        check(replace(content, people=people))


def test_check__unit_without_a_leader_is_refused(content):
    people = tuple(
        replace(one, roles=[]) if one.username == "vara.fjellheim" else one for one in content.people
    )
    with pytest.raises(ContentError, match=r"units\.yaml: fjellheim-skole: one leader"):
        check(replace(content, people=people))


def test_check__two_units_with_one_code_are_refused(content):
    units = tuple(replace(unit, code="2100") if unit.key == "elvdal-nav" else unit for unit in content.units)
    with pytest.raises(ContentError, match=r"units\.yaml: .*2100.* more than once"):
        check(replace(content, units=units))


def test_plan_projects__of_known_projects_people_and_milestones(content):
    plans, people = read_yaml("project_plans.yaml"), content.people_by_username
    projects = {
        one.key for one in content.initiatives if any(step.do == "enter_portfolio" for step in one.story)
    }
    named = set()
    for plan in plans["plans"]:
        assert plan["key"] in projects
        for row in plan.get("milestones", ()):
            assert (
                {"name", "planned"}
                <= set(row)
                <= {"name", "planned", "to", "moved", "reason", "reached", "by"}
            )
            assert row.get("by") is None or row["by"] in people
            assert ("to" in row) == ("moved" in row) == ("reason" in row)
            named.add((plan["key"], row["name"]))
        for row in plan.get("deliverables", ()):
            assert {"name", "starts", "ends", "criteria", "approver"} <= set(row)
            assert row["approver"] in people
            assert row["starts"] <= row["ends"]
    for row in plans["waits"]:
        assert set(row) <= {"key", "awaited", "milestone", "day", "needed", "note"}
        assert {row["key"], row["awaited"]} <= projects
        assert "milestone" not in row or (row["awaited"], row["milestone"]) in named
