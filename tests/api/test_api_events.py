"""The feed of events: of every resource, to who sees the record, without holes and in order however writers overlap."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Self

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from core.actors import System
from core.retention import Order, erase, forget
from deviations.models import Deviation
from governance.models import Initiative, InitiativeGoal
from organization.feed import CHANGED, CREATED, REMOVED, sources
from organization.models import FeedEntry
from organization.numbering import last_position
from organization.roles import Role
from organization.scopes import SCOPES
from tests import stories
from tests.api.clients import machine
from tests.api.conftest import Api, pointers, slug_of
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.organization import consulted
from tests.portfolio import statuses

SYSTEM = System("tests")
MOST_QUERIES = 6


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(request):
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")
    cache.clear()


def follow(caller: Any, after: str = "0", **asked: Any) -> tuple[list[dict[str, Any]], str]:
    """Return all events after a cursor and the cursor to go on from, page by page."""
    found: list[dict[str, Any]] = []
    address = "/events/?" + "&".join(f"{name}={value}" for name, value in {"after": after, **asked}.items())
    while address:
        answer = caller.get(address)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["results"]
        address, cursor = page["next"], page["cursor"]
    return found, cursor


def now_at(caller: Any) -> str:
    page = caller.get("/events/?after=latest").json()
    assert (page["results"], page["next"]) == ([], None)
    return str(page["cursor"])


def told(caller: Any, after: str = "0", **asked: Any) -> list[tuple[str, str]]:
    return [
        (one["type"].removeprefix("no.stafett."), one["subject"]) for one in follow(caller, after, **asked)[0]
    ]


def everything(place: Any, name: str = "Alt") -> Any:
    return machine(place, *SCOPES, name=name)


# --- What is told ------------------------------------------------------------------------------------
def test_follow__tells_of_every_resource(world):
    caller = everything(world.home)
    start = now_at(caller)
    benefit = benefits.realizing(world.home)
    statuses.published(benefit.initiative.project, world.home)
    case = deviations.in_progress(world.home)
    deviations.propose(case, world.home)
    consulted.opened(world.home)
    InitiativeGoal.objects.filter(initiative=benefit.initiative).first().goal.strategy.goals.first().save()
    found = told(caller, start)
    assert {type_.partition(".")[0] for type_, _subject in found} >= {
        "initiative", "council-meeting", "decision", "deviation", "corrective-action", "project", "status-report", "benefit",
        "indicator", "measurement", "archive-message", "consultation",
    }  # fmt: skip
    of_case = [type_ for type_, subject in found if subject == f"deviations/{case.pk}"]
    assert of_case[0] in {"deviation.reported", "deviation.created"}
    assert "deviation.in_progress" in of_case
    of_initiative = [type_ for type_, subject in found if subject == f"initiatives/{benefit.initiative_id}"]
    moves = [type_ for type_ in of_initiative if type_ != "initiative.changed"]
    assert moves[0] == "initiative.submitted"
    assert moves.index("initiative.adopted") < moves.index("initiative.in_portfolio")


def _touch(model, pk):
    model._base_manager.filter(pk=pk).update(changed_at=timezone.now())


def test_follow__every_kind_tells_when_it_is_made_and_edited(world):
    caller = everything(world.home)
    benefit = benefits.realizing(world.home)
    statuses.published(benefit.initiative.project, world.home)
    deviations.propose(deviations.in_progress(world.home), world.home)
    consulted.opened(world.home)
    for source in sources():
        made = FeedEntry.objects.filter(resource=source.resource).values("object_id")
        if source.resource == "status-reports":  # one that is published never changes
            assert made.exists()
            continue
        row = source.model._base_manager.filter(pk__in=made).order_by("-pk").first()
        assert row is not None, source.kind
        start = now_at(caller)
        _touch(source.model, row.pk)
        last = FeedEntry.objects.filter(resource=source.resource, object_id=row.pk).latest("id")
        assert last.type == f"no.stafett.{source.kind}.changed"
        assert last.municipality
        assert now_at(caller) == str(int(start) + 1)


def test_follow__gives_events_that_are_cloudevents_and_lead_to_the_record(world):
    caller = everything(world.home)
    start = now_at(caller)
    benefit = benefits.realizing(world.home)
    statuses.published(benefit.initiative.project, world.home)
    deviations.propose(deviations.in_progress(world.home), world.home)
    found, _cursor = follow(caller, start)
    known = {type_ for source in sources() for type_ in source.types}
    for event in found:
        assert event["specversion"] == "1.0"
        assert event["datacontenttype"] == "application/json"
        assert event["type"] in known
        assert (
            event["source"].endswith(f"/api/v1/units/?municipality={world.home.municipality.pk}")
            or "goal" in event["type"]
        )
        assert set(event["data"]) == {"id", "status", "changed_at", "url"}
        assert event["subject"].rpartition("/")[2] == str(event["data"]["id"])
    for address in {event["data"]["url"].partition("/api/v1")[2]: event for event in found}:
        answer = caller.get(address)
        assert (answer.status_code, answer.json()["id"]) == (200, int(address.split("/")[2])), address
    identities = [(event["source"], event["id"]) for event in found]
    assert len(set(identities)) == len(identities)


def test_follow__a_draft_is_nobodys_event(world):
    caller = everything(world.home)
    start = now_at(caller)
    draft = stories.draft(world.home)
    _touch(Initiative, draft.pk)
    deviations.draft(world.home)
    assert told(caller, start) == []
    assert not FeedEntry.objects.filter(resource="initiatives", object_id=draft.pk).exists()
    stories.perform("submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    assert ("initiative.submitted", f"initiatives/{draft.pk}") in told(caller, start)


def test_follow__a_job_an_import_and_sql_by_hand_are_told_too(world):
    caller = everything(world.home)
    case = deviations.received(world.home)
    start = now_at(caller)
    with connection.cursor() as cursor:
        cursor.execute("update deviations_deviation set changed_at = now() where id = %s", [case.pk])
    assert told(caller, start) == [("deviation.changed", f"deviations/{case.pk}")]


def test_follow__what_is_rolled_back_has_not_happened(world):
    caller = everything(world.home)
    case = deviations.received(world.home)
    start = now_at(caller)
    with transaction.atomic():
        _touch(Deviation, case.pk)
        transaction.set_rollback(True)
    assert told(caller, start) == []


def test_types__none_is_taken_for_another():
    for source in sources():
        assert not {CREATED, CHANGED, REMOVED} & set(source.states), source.kind
    types = [type_ for source in sources() for type_ in source.types]
    assert len(types) == len(set(types))
    assert all(f"{source.resource}:read" in SCOPES for source in sources())


# --- To whom -------------------------------------------------------------------------------------------
def test_follow__tells_each_municipality_of_its_own(world):
    callers = [
        everything(place, f"Alt {place.code}") for place in (world.home, world.neighbor, world.stranger)
    ]
    start = now_at(callers[0])
    here, there = deviations.received(world.home), deviations.received(world.neighbor)
    submitted = stories.received(world.neighbor)
    home, neighbor, stranger = ({subject for _type, subject in told(caller, start)} for caller in callers)
    assert f"deviations/{here.pk}" in home
    assert f"deviations/{there.pk}" in neighbor
    assert f"initiatives/{submitted.pk}" in neighbor
    assert not home & neighbor
    assert not stranger & (home | neighbor)


def test_follow__tells_a_client_of_what_it_has_scopes_for(world):
    start = now_at(everything(world.home))
    case, initiative = deviations.in_progress(world.home), stories.received(world.home)
    deviations.propose(case, world.home)
    caller = machine(world.home, "deviations:read", name="Avvik")
    assert {subject for _type, subject in told(caller, start)} == {f"deviations/{case.pk}"}
    caller = machine(world.home, "initiatives:read", name="Tiltak")
    assert {subject for _type, subject in told(caller, start)} == {f"initiatives/{initiative.pk}"}


@pytest.mark.parametrize(
    "query", ["resource=projects", "type=no.stafett.project.active", "subject=projects/1", "resource=deviations&resource=projects"]
)  # fmt: skip
def test_follow__asking_for_more_than_the_scopes_is_403(world, query):
    answer = machine(world.home, "deviations:read").get(f"/events/?{query}")
    assert (answer.status_code, slug_of(answer)) == (403, "scope")
    assert 'scope="projects:read"' in answer["WWW-Authenticate"]


def test_follow__with_no_scope_to_read_anything_is_403(world):
    answer = machine(world.home, "deviations:write", "people:read").get("/events/")
    assert (answer.status_code, slug_of(answer)) == (403, "scope")


def test_follow__without_log_in_is_401(world):
    assert Api().get("/events/").status_code == 401


def test_follow__shows_a_person_what_visible_to_says(world):
    case = deviations.received(world.home)
    stories.received(world.home)
    for role in (Role.EMPLOYEE, Role.LEADER, Role.SECRETARIAT, Role.PRIVACY_OFFICER):
        actor = world.home.actor(role)
        subjects = {subject for _type, subject in told(Api(world.home.person(role)))}
        for source in sources():
            known = FeedEntry.objects.filter(resource=source.resource).exclude(type=source.removed)
            seen = source.seen_by(actor).filter(pk__in=known.values("object_id")).values_list("pk", flat=True)
            listed = {
                int(one.rpartition("/")[2]) for one in subjects if one.startswith(f"{source.resource}/")
            }
            assert listed == set(seen), (role, source.resource)
    assert f"deviations/{case.pk}" not in {
        subject for _type, subject in told(Api(world.stranger.person(Role.LEADER)))
    }


def test_follow__a_case_that_turns_confidential_is_told_as_gone_and_no_more(world):
    usual = machine(world.home, "deviations:read", name="Vanlig")
    trusted = machine(world.home, "deviations:read", "confidential:read", name="Betrodd")
    neighbor = machine(world.neighbor, "deviations:read", name="Nabo")
    employee = Api(world.home.person(Role.LEADER))
    start = now_at(usual)
    case = deviations.in_progress(world.home)
    subject = f"deviations/{case.pk}"
    assert ("deviation.in_progress", subject) in told(usual, start)
    middle = now_at(usual)
    Deviation.objects.filter(pk=case.pk).update(is_confidential=True, changed_at=timezone.now())
    assert told(usual, middle) == [("deviation.removed", subject)]
    assert told(usual, start) == [("deviation.removed", subject)]
    [event] = follow(usual, middle)[0]
    assert event["data"]["status"] == ""
    assert told(trusted, middle) == [("deviation.changed", subject)]
    assert told(neighbor, start) == []
    assert (("deviation.removed", subject)) not in told(employee, start)
    _touch(Deviation, case.pk)
    after = follow(usual, middle)[1]
    _touch(Deviation, case.pk)
    assert told(usual, after) == []


def test_follow__a_case_that_was_always_confidential_is_never_told_of(world):
    usual = machine(world.home, "deviations:read", name="Vanlig")
    start = now_at(usual)
    case = deviations.in_progress(world.home, code="HMS-PSYK")
    assert Deviation.objects.get(pk=case.pk).is_confidential
    assert told(usual, start) == []
    trusted = machine(world.home, "deviations:read", "confidential:read", name="Betrodd")
    assert told(trusted, start)
    order = Order(legal_basis="lov", by=SYSTEM, now=timezone.now(), decision="vedtak 1")
    erase([Deviation.objects.get(pk=case.pk)], order)
    assert told(usual, start) == []


def test_follow__what_is_erased_is_told_as_gone_and_nothing_else_is_left(world):
    usual = machine(world.home, "deviations:read", name="Vanlig")
    start = now_at(usual)
    case = deviations.received(world.home)
    subject = f"deviations/{case.pk}"
    erase([case], Order(legal_basis="lov", by=SYSTEM, now=timezone.now(), decision="vedtak 1"))
    assert told(usual, start) == [("deviation.removed", subject)]


def test_follow__what_is_redacted_is_told_as_changed(world):
    secret = "Hemmeligheten om fru Ødegård"
    caller = everything(world.home)
    initiative = stories.received(world.home, title=secret)
    start = now_at(caller)
    forget(initiative, columns=["title"], legal_basis="art. 17", by=SYSTEM, now=timezone.now())
    assert ("initiative.changed", f"initiatives/{initiative.pk}") in told(caller, start)
    assert secret not in json.dumps(list(FeedEntry.objects.values()), default=str, ensure_ascii=False)


def test_follow__content_that_is_shielded_is_nowhere_in_it(world):
    caller = machine(
        world.home, "initiatives:read", "benefits:read", "indicators:read", "measurements:read", name="Vanlig"
    )
    start = now_at(caller)
    benefit = benefits.baseline_measured(world.home)
    assert f"benefits/{benefit.pk}" in {subject for _type, subject in told(caller, start)}
    Initiative.objects.filter(pk=benefit.initiative_id).update(
        shield_basis="offl_13", public_title="Sak", changed_at=timezone.now()
    )
    found = told(caller, start)
    assert {subject.partition("/")[0] for _type, subject in found} == {"initiatives"}
    assert found[-1] == ("initiative.changed", f"initiatives/{benefit.initiative_id}")


# --- Pages and parameters ------------------------------------------------------------------------------
def test_follow__pages_hold_each_event_once_and_filters_count_together(world):
    caller = everything(world.home)
    start = now_at(caller)
    case = deviations.in_progress(world.home)
    stories.received(world.home)
    whole, cursor = follow(caller, start)
    for size in (1, 2, 7, 1000):
        assert follow(caller, start, page_size=size) == (whole, cursor)
    assert follow(caller, cursor) == ([], cursor)
    of_case = [event for event in whole if event["subject"] == f"deviations/{case.pk}"]
    assert of_case
    assert follow(caller, start, subject=f"deviations/{case.pk}")[0] == of_case
    assert follow(caller, start, subject=f"deviations/{case.pk}", resource="initiatives")[0] == []
    moved = [event for event in of_case if event["type"] == "no.stafett.deviation.in_progress"]
    assert (
        follow(caller, start, type="no.stafett.deviation.in_progress", resource="deviations", page_size=1)[0]
        == moved
    )
    both = caller.get(
        f"/events/?after={start}&resource=deviations&resource=initiatives&page_size=1000"
    ).json()["results"]
    assert both == [
        event for event in whole if event["subject"].partition("/")[0] in {"deviations", "initiatives"}
    ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("after=-1", "after"), ("after=x", "after"), ("after=", "after"), ("after=1.5", "after"), ("after=%00", "after"),
        ("after=99999999999999999999", "after"), ("after=9223372036854775807", "after"), ("after=%D9%A1", "after"),
        ("page_size=1000000", "page_size"), ("page_size=1001", "page_size"), ("page_size=0", "page_size"),
        ("page_size=ti", "page_size"), ("type=no.stafett.deviation", "type"), ("type=%00", "type"), ("type=", "type"),
        ("resource=avvik", "resource"), ("resource=", "resource"), ("subject=deviations", "subject"),
        ("subject=deviations/x", "subject"), ("subject=avvik/1", "subject"), ("subject=deviations/9999999999999999999", "subject"),
        ("cursor=1", "cursor"), ("ordering=changed_at", "ordering"),
    ],
)  # fmt: skip
def test_follow__a_bad_parameter_is_400_with_its_name_and_what_to_do(world, query, name):
    answer = everything(world.home).get(f"/events/?{query}")
    assert (answer.status_code, slug_of(answer)) == (400, "parameter")
    assert pointers(answer) == [name]
    assert all(error["detail"].strip() for error in answer.json()["errors"])


def test_follow__a_cursor_ahead_of_all_that_has_happened_is_refused(world):
    caller = everything(world.home)
    answer = caller.get(f"/events/?after={int(now_at(caller)) + 1}")
    assert (answer.status_code, pointers(answer)) == (400, ["after"])
    assert "after=latest" in answer.json()["errors"][0]["detail"]


def test_follow__asks_the_same_few_questions_however_many_events(world, django_assert_max_num_queries):
    caller = everything(world.home)
    start = now_at(caller)
    for _round in range(3):
        benefits.realizing(world.home)
        deviations.in_progress(world.home)
        with django_assert_max_num_queries(
            4
        ) as few:  # who calls, the numbers, the events, the count of the call
            caller.get(f"/events/?after={start}&page_size=1000")
        assert len(few) == 4 <= MOST_QUERIES


def test_follow__goes_through_so_many_positions_a_call_and_loses_none(world, monkeypatch):
    monkeypatch.setattr("organization.api.events.MOST_LOOKED_AT", 3)
    caller = everything(world.home)
    start = now_at(caller)
    for _round in range(3):
        deviations.received(world.neighbor)
    case = deviations.received(world.home)
    page = caller.get(f"/events/?after={start}").json()
    assert (page["results"], page["cursor"]) == ([], str(int(start) + 3))
    assert page["next"]
    assert f"deviations/{case.pk}" in {subject for _type, subject in told(caller, start)}


def test_number__so_many_at_a_time_are_all_numbered_in_order(world, monkeypatch):
    monkeypatch.setattr("organization.numbering.AT_MOST", 2)
    case = deviations.received(world.home)
    for _round in range(5):
        _touch(Deviation, case.pk)
    before = -1
    while (last := last_position()) != before:
        before = last
    rows = list(FeedEntry.objects.order_by("id").values_list("position", flat=True))
    assert None not in rows
    assert rows == sorted(rows)


# --- Writers that overlap ---------------------------------------------------------------------------------
class Writer:
    """A connection of its own, that changes records by plain SQL and commits when told to."""

    def __init__(self) -> None:
        parameters = {
            key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"
        }
        self.connection = psycopg2.connect(**parameters)
        self.cursor = self.connection.cursor()

    def change(self, pk: int) -> None:
        self.cursor.execute(
            "update deviations_deviation set changed_at = clock_timestamp() where id = %s", [pk]
        )

    def commit(self) -> None:
        self.connection.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.connection.close()


@pytest.fixture
def cases(committed):
    """Five cases in a database where connections commit for real, and a client that reads them."""
    from tests import world

    place = world.build().home
    found = [deviations.received(place).pk for _number in range(5)]
    return found, machine(place, "deviations:read")


def subjects(caller: Any, after: str) -> tuple[list[int], str]:
    found, cursor = follow(caller, after)
    return [event["data"]["id"] for event in found], cursor


def test_follow__a_late_commit_with_a_lower_number_is_not_missed(cases):
    (first, second, *_others), caller = cases
    start = now_at(caller)
    with Writer() as a, Writer() as b:
        a.change(first)  # has the lower id, and holds it back
        b.change(second)
        b.commit()
        seen, cursor = subjects(caller, start)
        assert seen == [second]
        assert subjects(caller, cursor) == ([], cursor)
        a.commit()
        seen, last = subjects(caller, cursor)
        assert seen == [first]
        assert subjects(caller, last) == ([], last)
    lower, higher = FeedEntry.objects.order_by("-id").values_list("object_id", "position")[:2][::-1]
    assert (lower[0], higher[0]) == (first, second)
    assert lower[1] > higher[1]
    assert subjects(caller, start) == ([second, first], last)


def test_follow__a_transaction_that_began_first_and_changed_last_is_told_last(cases):
    """By the numbers of transactions, the change of the one that began first would be told first."""
    (shared, other, *_others), caller = cases
    start = now_at(caller)
    with Writer() as early, Writer() as late:
        early.change(other)  # its transaction has the lower number from here on
        late.change(shared)
        late.commit()
        seen, cursor = subjects(caller, start)
        assert seen == [shared]
        early.change(shared)
        early.commit()
    seen, _cursor = subjects(caller, cursor)
    assert seen == [other, shared]


def test_follow__a_long_transaction_holds_nobody_back(cases):
    (first, second, *_others), caller = cases
    with Writer() as long, Writer() as short:
        long.change(first)
        long.cursor.execute("select txid_current()")
        start = now_at(caller)
        for _round in range(3):
            short.change(second)
            short.commit()
        assert subjects(caller, start)[0] == [second] * 3


def test_follow__while_another_reader_numbers_nothing_is_skipped(cases):
    (first, second, *_others), caller = cases
    start = now_at(caller)
    with Writer() as writer, Writer() as reader:
        writer.change(first)
        writer.commit()
        reader.cursor.execute("select number_feed(100)")  # has given a number, and has not come through
        writer.change(second)
        writer.commit()
        seen, cursor = subjects(caller, start)
        assert (seen, cursor) == ([], start)
        reader.commit()
        assert subjects(caller, cursor)[0] == [first, second]


SECONDS = 2


def _write(known: list[int], chance: random.Random, end: float) -> list[tuple[int, Any]]:
    """Change some records in each transaction until the end, and return each change that was committed."""
    done: list[tuple[int, Any]] = []
    with Writer() as writer:
        while time.monotonic() < end:
            chosen = sorted(
                chance.sample(known, chance.randint(1, 3))
            )  # in one order, so that nobody deadlocks
            for pk in chosen:
                writer.change(pk)
                time.sleep(chance.random() / 200)
            writer.cursor.execute(
                "select id, changed_at from deviations_deviation where id = any(%s)", [chosen]
            )
            rows = writer.cursor.fetchall()
            if chance.random() < 0.2:
                writer.connection.rollback()
            else:
                writer.commit()
                done += rows
    return done


def _number(end: float) -> None:
    """Number a few at a time until the end, and let the others wait for it."""
    with Writer() as reader:
        while time.monotonic() < end:
            reader.cursor.execute("select number_feed(3)")
            time.sleep(0.005)
            reader.commit()


def _read_on(caller: Any, cursor: str, found: list[dict[str, Any]], size: int) -> str:
    cache.clear()  # where calls are counted
    events, cursor = follow(caller, cursor, page_size=size)
    found += events
    return cursor


@pytest.mark.parametrize("seed", range(2))
def test_follow__many_writers_and_readers_lose_repeat_and_turn_round_nothing(cases, seed):
    known, caller = cases
    start = cursor = now_at(caller)
    end, found = time.monotonic() + SECONDS, []
    chance = random.Random(seed)
    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(_write, known, random.Random(f"{seed} {one}"), end) for one in range(5)]
        beside = pool.submit(_number, end)
        while not (beside.done() and all(writer.done() for writer in writers)):
            cursor = _read_on(caller, cursor, found, chance.choice([1, 3, 50]))
        changes = [change for writer in writers for change in writer.result()]
    while FeedEntry.objects.filter(position=None).exists() or int(cursor) < last_position():
        cursor = _read_on(caller, cursor, found, 50)
    _holds_each_once_in_order(found, changes)
    assert follow(caller, start, page_size=1000)[0] == found


def _holds_each_once_in_order(found: list[dict[str, Any]], changes: list[tuple[int, Any]]) -> None:
    got = [(event["data"]["id"], datetime.fromisoformat(event["time"])) for event in found]
    assert len(changes) > 50
    assert sorted(got) == sorted(changes)
    for pk in {pk for pk, _at in got}:
        of_one = [at for one, at in got if one == pk]
        assert of_one == sorted(of_one)


# --- Around it -----------------------------------------------------------------------------------------
def test_migrate__the_function_is_the_one_in_the_file(world):
    from organization.numbering import _SQL

    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'number_feed'")
        [(source,)] = cursor.fetchall()
    assert source.strip() in _SQL.read_text("utf-8")


def test_triggers__stand_on_every_table_of_the_feed(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger where tgname like 'pgtrigger_feed_%'"
        )
        standing = cursor.fetchall()
    for source in sources():
        names = [name for table, name in standing if table == source.model._meta.db_table]
        assert len(names) == (4 if source.is_open else 2), source.kind


def test_follow__old_events_stay(world):
    caller = everything(world.home)
    start = now_at(caller)
    case = deviations.received(world.home)
    Deviation.objects.filter(pk=case.pk).update(changed_at=timezone.now() - timedelta(days=900))
    assert told(caller, start)[-1] == ("deviation.changed", f"deviations/{case.pk}")
