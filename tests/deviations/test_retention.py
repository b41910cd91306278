"""When its term is over a case forgets who and what, and later all; figures stand, and what still runs is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pghistory.models
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive.models import ArchiveMessage
from core.attachments import attach
from core.history import timeline
from core.mail import bundle_all
from core.models import Attachment, Tombstone
from core.workflow import TransitionBlocked
from deviations import operations, retention
from deviations.models import (
    Cause,
    CorrectiveAction,
    Deviation,
    DeviationRules,
    DeviationType,
    Forgotten,
    Injury,
    Message,
    Question,
)
from deviations.operations import Analysis
from deviations.tasks import forget as forget_task
from deviations.triage import unanswered
from deviations.workflow import action_workflow, duty_workflow, lift_workflow
from organization.models import Person
from organization.operations import give_role
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_report import photo
from tests.deviations.test_report_anonymous import dump
from tests.world import BORN, START, SYSTEM

PK, SECRET = 987_654_321, "Planteskog"
LATER = timedelta(days=3 * 365)


@pytest.fixture
def place(world):
    DeviationType.objects.update(identity_kept_months=24)
    return world.home


def forget(*, after=LATER) -> int:
    return operations.forget_ended(now=timezone.now() + after)


@pytest.fixture
def reporter(place) -> Person:
    person = Person.objects.create(
        pk=PK,
        username="plante",
        name=f"Sølvi {SECRET}",
        email="s@x.example",
        changed_at=BORN,
        is_active=True,
    )
    give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=place.unit,
        valid_from=START,
        by=SYSTEM,
        now=BORN,
        is_main=True,
    )
    return person


def planted(place, reporter) -> Deviation:
    """Return a closed case with the name of somebody in every place where one can stand."""
    from core.actors import actor_of

    by, leader, now = actor_of(reporter), place.actor(Role.LEADER), timezone.now()
    words = {name: f"{SECRET} {name}" for name in ("title", "description", "immediate_action")}
    case = stories.in_progress(
        place, by=by, concerned=(place.person(Role.HR),), code="IS-FEILSENDT", answers={"personal_data": "yes"}, **words
    )  # fmt: skip
    Deviation.objects.filter(pk=case.pk).update(place=f"Hos {SECRET}")
    attach(case, photo(f"{SECRET}.jpg"), by=by, now=now)
    operations.add_information(case, f"Mer fra {SECRET}", by=by, now=now)
    operations.write_to_reporter(case, f"Til {SECRET}", by=leader, now=now)
    operations.follow(case, place.person(Role.CHANGE_AGENT), note=f"{SECRET} også", now=now)
    _plant_in_duties(case, leader)
    _plant_in_the_handling(case, place)
    bundle_all(day=timezone.localdate(), now=now)
    return Deviation.objects.get(pk=case.pk)


def _plant_in_duties(case, leader) -> None:
    now = timezone.now()
    given = {"by": leader, "now": now}
    first, *others = case.duties.order_by("pk")
    operations.write_notification(first, "report", {"what": SECRET}, seen=first.seen, **given)
    stamp = first.stamps.first()
    operations.stamp_duty(stamp, proof=f"Ringt {SECRET}", at=now, **given)
    for duty in [first, *others]:
        duty_workflow.perform("judge_not_notifiable", duty, data={"reason": f"Ikke om {SECRET}"}, **given)


def _plant_in_the_handling(case, place) -> None:
    given = {"by": place.actor(Role.LEADER), "now": timezone.now()}
    no = dict.fromkeys([question.code for question in unanswered(case)], "no")
    operations.judge_answers(case, no, from_reporter=False, **given)
    free = Question.objects.filter(municipality=place.municipality, form=Question.Form.TEXT).first()
    case.answers.create(
        question=free, wording=free.text, question_version=1, value=SECRET, answered_at=given["now"]
    )
    operations.assess(
        case, type_=case.type, category=case.category, severity=3, title=f"Om {SECRET}", **given
    )
    cause = Cause.objects.get(municipality=place.municipality, code="environment_2")
    operations.set_causes(
        case, Analysis(causes=[cause], note=SECRET, whys=[f"{SECRET} så det ikke."]), **given
    )
    action = stories.propose(case, place, title=f"Snakk med {SECRET}", description=SECRET)
    operations.reroute(case, place.person(Role.SECTOR_LEADER), reason=f"Kjenner {SECRET}", **given)
    given["by"] = place.actor(Role.SECTOR_LEADER)
    case = stories.perform("start_actions", case, **given)
    stories.do(action, place)
    CorrectiveAction.objects.filter(pk=action.pk).update(outcome=f"{SECRET} er snakket med")
    case = stories.perform("evaluate", case, **given)
    told = {"effect": "worked", "effect_note": f"Spurt {SECRET}", "closing_note": f"Takk til {SECRET}"}
    stories.perform("close_with_effect", case, data=told, **given)


def traces() -> dict[str, int]:
    """Return where a dump names the reporter, or what was planted, outside the register of persons."""
    found: dict[str, int] = {}
    for row in dump():
        table = row.split("\t", 1)[0]
        own = table.startswith(("organization_", "django_session"))
        if not own and (SECRET in row or str(PK) in row):
            found[table] = found.get(table, 0) + 1
    return found


def test_drop_identity__leaves_no_trace_of_a_name_in_a_dump(
    place, reporter, django_capture_on_commit_callbacks
):
    case = planted(place, reporter)
    file = Attachment.objects.get()
    storage, path = file.file.storage, file.file.name
    before = traces()
    assert {
        "deviations_deviation", "deviations_deviationevent", "deviations_duty", "deviations_dutyevent", "deviations_stamp",
        "deviations_stampevent", "deviations_answer", "deviations_message", "deviations_routing", "deviations_follower",
        "deviations_correctiveaction", "deviations_correctiveactionevent", "pghistory_context", "core_notice", "core_mail",
        "core_attachment",
    } <= set(before)  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert forget() == 1
    # That mail went to a person stays; what it said does not.
    assert set(traces()) <= {"core_mail"}
    assert not any(SECRET in row for row in dump() if not row.startswith("organization_"))
    assert not storage.exists(path)
    assert not Deviation.objects.get(pk=case.pk).concerned.exists()


_FIGURES = (
    "number", "status", "kind", "category", "type_id", "unit_id", "danger", "severity", "reported_severity", "anonymity",
    "is_confidential", "reported_at", "discovered_at", "closed_at", "answered_at", "effect", "responsible_id", "handler_id",
)  # fmt: skip


def test_drop_identity__keeps_the_figures(place, reporter):
    case = planted(place, reporter)

    def figures() -> list:
        rows = Deviation.objects.values_list(*_FIGURES)
        chosen = case.answers.filter(question__form="yes_no").order_by("pk").values_list("wording", "value")
        duties = case.duties.order_by("pk").values_list("code", "status", "due_at")
        actions = case.actions.values_list("kind", "status", "due_on", "done_at", "cost")
        events = Deviation.pgh_event_model.objects.filter(pgh_obj_id=case.pk)
        months = events.order_by("pgh_id").values_list("status", "changed_at")[: events.count()]
        return [list(rows), list(chosen), list(duties), list(actions), list(case.causes.all()), list(months)]

    before = figures()
    forget()
    *after, events = figures()
    assert after == before[:-1]
    assert events[: len(before[-1])] == before[-1]


def test_drop_identity__shows_a_case_without_names(place, reporter, as_role):
    case = planted(place, reporter)
    forget()
    client = as_role(Role.SECTOR_LEADER)
    for part in ("", "vurdering", "tiltak", "dialog", "historikk", "koblinger"):
        answer = client.get(case.get_absolute_url(), {"vis": part})
        assert answer.status_code == 200
        assert "Navn og fritekst er fjernet" in answer.content.decode()
        assert "None" not in answer.content.decode().split("<main", 1)[1]
    assert "Melder" in client.get(case.get_absolute_url(), {"vis": "historikk"}).content.decode()
    with pytest.raises(TransitionBlocked, match="fjernet"):
        stories.perform(
            "reopen", Deviation.objects.get(), by=place.actor(Role.SECTOR_LEADER), now=timezone.now(), data={"reason": "Mer"}
        )  # fmt: skip


def test_forget__is_done_once_and_logged_by_number(place):
    case = stories.closed(place)
    assert [forget(), forget()] == [1, 0]
    row = Forgotten.objects.get()
    assert (row.what, row.count, row.numbers, row.type_name) == ("identity", 1, [case.number], case.type_name)
    stone = Tombstone.objects.get(kind="deviations.deviation")
    assert stone.object_id == case.pk
    assert "description" in stone.columns


def test_forget__not_before_its_term_and_never_without_one(place, world):
    case = stories.dismissed(place)
    stories.dismissed(world.neighbor)
    DeviationType.objects.filter(municipality=world.neighbor.municipality).update(identity_kept_months=None)
    ended = case.status_since
    assert operations.forget_ended(now=retention.months_before(ended, -24)) == 0
    assert operations.forget_ended(now=retention.months_before(ended, -24) + timedelta(seconds=1)) == 1
    assert Deviation.objects.get(identity_dropped_at__isnull=False).pk == case.pk


def test_forget__not_while_a_reporter_may_open_it_again(place):
    DeviationType.objects.update(identity_kept_months=0)
    DeviationRules.objects.update_or_create(
        municipality=place.municipality, defaults={"reopening_days": 30, "changed_at": timezone.now()}
    )
    stories.closed(place)
    assert forget(after=timedelta(days=29)) == 0
    assert forget(after=timedelta(days=31)) == 1


@pytest.mark.parametrize(
    ("end", "months", "start"),
    [
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, datetime(2023, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 25, datetime(2023, 12, 15, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 32_767, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_months_before(end, months, start):
    assert retention.months_before(end, months) == start


def _open_case(place) -> Deviation:
    return stories.evaluating(place)


def _with_open_action(place) -> Deviation:
    case = stories.closed(place)
    CorrectiveAction.objects.filter(deviations=case).update(status="in_progress")
    return case


def _with_injury(place) -> Deviation:
    case = stories.dismissed(place)
    Injury.objects.create(
        deviation=case, municipality=place.municipality, unit=place.unit, discovered_at=case.discovered_at,
        changed_at=case.changed_at,
    )  # fmt: skip
    return case


def _merged_into_open(place) -> Deviation:
    return stories.merged(place)


def _appealed(place) -> Deviation:
    case = stories.dismissed(place)
    by = {"by": place.actor(Role.EMPLOYEE), "now": timezone.now()}
    return stories.perform("appeal", case, data={"reason": "Det er deres."}, **by)


def _not_in_the_archive(place) -> Deviation:
    case = stories.closed(place)
    ArchiveMessage.objects.create(
        municipality=place.municipality, key="deviation/1", kind="x", title="x", status_since=timezone.now(),
        content_type=ContentType.objects.get_for_model(case), object_id=case.pk, created_at=timezone.now(),
        changed_at=timezone.now(),
    )  # fmt: skip
    return case


RUNNING = (_open_case, _with_open_action, _with_injury, _merged_into_open, _appealed, _not_in_the_archive)


@pytest.mark.parametrize("story", RUNNING, ids=lambda story: story.__name__)
def test_forget__leaves_alone_what_still_runs(place, story):
    DeviationType.objects.update(deleted_after_years=1, disposal_decision="KS 12/26")
    case = story(place)
    forget()
    left = Deviation.objects.get(pk=case.pk)
    assert left.identity_dropped_at is None
    assert left.description == case.description


@pytest.fixture
def deleting(place):
    DeviationType.objects.update(deleted_after_years=2, disposal_decision="KS 12/26")
    return place


def test_delete__takes_the_case_and_all_that_hangs_on_it(
    deleting, reporter, django_capture_on_commit_callbacks
):
    case = planted(deleting, reporter)
    number, file = case.number, Attachment.objects.get()
    events = Deviation.pgh_event_model.objects.filter(pgh_obj_id=case.pk)
    contexts = set(events.values_list("pgh_context_id", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget() == 1
    assert set(traces()) <= {"core_mail"}
    for model in apps.get_app_config("deviations").get_models():
        names = {field.name for field in model._meta.get_fields()}
        if names & {"deviation", "deviation_id", "duty", "pgh_obj"} and "Type" not in model.__name__:
            rows = model._default_manager.all()
            if model.__name__.endswith("Event"):
                rows = (
                    rows.exclude(pgh_obj__isnull=False) if model.__name__ == "DeviationEvent" else rows.none()
                )
            assert not rows.exists(), model
    assert not events.exists()
    assert not Deviation.objects.filter(pk=case.pk).exists()
    assert not CorrectiveAction.objects.exists()
    assert not Attachment.objects.exists()
    assert not file.file.storage.exists(file.file.name)
    assert not pghistory.models.Context.objects.filter(
        pk__in=contexts, metadata__reason__contains="x"
    ).exists()
    row = Forgotten.objects.get()
    assert (row.what, row.numbers, row.decision) == ("deletion", [number], "KS 12/26")
    stone = Tombstone.objects.get(kind="deviations.deviation")
    assert (stone.decision, stone.columns, stone.unit_label) == ("KS 12/26", [], str(deleting.unit))


def test_delete__not_without_a_decision(deleting):
    DeviationType.objects.update(disposal_decision=" ")
    case = stories.closed(deleting)
    assert forget() == 1
    assert Deviation.objects.get().pk == case.pk
    assert Forgotten.objects.get().what == "identity"


def test_delete__keeps_an_action_that_serves_another_case(deleting):
    case, other = stories.closed(deleting), stories.in_progress(deleting)
    action = case.actions.get()
    operations.reuse_action(other, action, by=deleting.actor(Role.LEADER), now=timezone.now())
    assert forget() == 1
    assert CorrectiveAction.objects.get().title == action.title
    assert list(Deviation.objects.all()) == [other]


def test_delete__keeps_a_lifted_problem_and_what_solved_it(deleting):
    leader, now = deleting.actor(Role.LEADER), timezone.now()
    case = stories.assessed(deleting)
    lift = stories.raised(case, deleting)
    owner = deleting.person(Role.SECTOR_LEADER)
    plan = {
        "plan": "Vi river karmen.",
        "unit": deleting.sector,
        "owner": owner,
        "due_on": timezone.localdate(now),
    }
    by = deleting.actor(Role.SECTOR_LEADER)
    offer = operations.offer_solution(lift, operations.OfferInput(**plan), by=by, now=now)
    data = {"offer": offer, "title": "Bredere dør"}
    action = lift_workflow.perform("accept_offer", lift, by=leader, now=now, data=data).action
    action_workflow.perform("finish", action, by=by, now=now, data={"outcome": "Døra er bred."})
    stories.perform("dismiss", case, by=leader, now=now, data={"reason": "Løst av andre."})
    assert forget() == 1
    lift.refresh_from_db()
    assert (lift.deviation, lift.action.title, lift.action.outcome) == (None, "Bredere dør", "Døra er bred.")
    assert [entry.action for entry in timeline(lift)][-1] == "raise_lift"


def test_delete__a_merged_case_before_the_one_it_was_merged_into(deleting):
    merged = stories.merged(deleting)
    main = Deviation.objects.get(pk=merged.merged_into_id)
    by = {"by": deleting.actor(Role.LEADER), "now": timezone.now()}
    stories.perform("dismiss", main, data={"reason": "Ferdig"}, **by)
    assert forget() == 2
    assert not Deviation.objects.exists()


def test_delete__only_in_the_municipality_that_decided(deleting, world):
    DeviationType.objects.filter(municipality=world.neighbor.municipality).update(
        deleted_after_years=None, identity_kept_months=None
    )
    stories.closed(deleting)
    kept = stories.closed(world.neighbor)
    forget()
    assert list(Deviation.objects.all()) == [kept]
    assert Message.objects.filter(deviation=kept).exists()


def test_forget__costs_the_same_for_one_case_and_for_many(deleting):
    only = DeviationType.objects.filter(municipality=deleting.municipality, code=stories.FALL)
    DeviationType.objects.exclude(pk__in=only).update(identity_kept_months=None, deleted_after_years=None)
    asked = []
    for decision in ("", "KS 12/26"):  # what is asked for once in a process is not counted
        only.update(disposal_decision=decision)
        stories.dismissed(deleting)
        forget()
    for identity, count in ((True, 1), (True, 4), (False, 1), (False, 4)):
        only.update(disposal_decision="" if identity else "KS 12/26")
        for _number in range(count):
            stories.dismissed(deleting)
        with CaptureQueriesContext(connection) as queries:
            forget()
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[2] == asked[3]


def test_forget__after_a_run_that_died_goes_on(place, monkeypatch):
    from deviations.operations import retention as job

    monkeypatch.setattr(job, "BATCH", 1)
    for _number in range(3):
        stories.dismissed(place)
    keep, calls = job._log, []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        keep(*args, **kwargs)

    monkeypatch.setattr(job, "_log", dies)
    with pytest.raises(KeyboardInterrupt):
        forget()
    assert Deviation.objects.exclude(identity_dropped_at=None).count() == Forgotten.objects.count() == 1
    assert forget() == 2
    assert sorted(number for row in Forgotten.objects.all() for number in row.numbers) == sorted(
        Deviation.objects.values_list("number", flat=True)
    )


def test_forget__is_on_the_schedule(db):
    assert forget_task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert forget_task() == 0


# --- Nothing can be overlooked -----------------------------------------------------------------
_OFFICIALS = frozenset(
    {
        "responsible",
        "handler",
        "judged_by",
        "done_by",
        "moved_by",
        "made_by",
        "linked_by",
        "owner",
        "proposed_by",
    }
)
"""Who handled a case by office: kept as long as the case is."""
_OWN_WORDS = {
    "Deviation": {"number", "type_name", "consequence_area"},
    "Answer": {"wording"},
    "Routing": {"why", "person"},
    "Duty": {"code", "name", "recipients", "channel", "phone", "guidance", "source", "started_by"},
    "Stamp": {"code", "label"},
    "MonthlyCount": {"key"},
    "Injury": {"who", "body_part", "nature", "absence"},
    "Origin": {"system", "external_number"},
}
"""Columns that hold the words of the catalogue, choices of it or their keys, and the number a case had in an older system."""
_OTHERS = {
    "DeviationType", "Cause", "Question", "DutyTemplate", "DeviationRules", "RoutingRule", "Forgotten", "ImportMapping",
    "DeviationImport", "ImportJob",
}  # fmt: skip
"""What the municipality has set, and the logs of what was forgotten and of the files that were read in."""
_TOLD_ANEW = {"Lift", "LiftOffer", "LiftMessage", "LiftReply"}
"""What leaders wrote to each other of a problem, guarded against names; it stands without the case."""


def _can_name(field: models.Field) -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model is Person
    kinds = (models.CharField, models.TextField, models.JSONField, models.UUIDField)
    from django.contrib.postgres.fields import ArrayField

    return isinstance(field, (*kinds, ArrayField)) and not field.choices


def test_every_column__in_which_a_name_can_stand_is_forgotten_or_kept_for_a_reason():
    missing = []
    for model in apps.get_app_config("deviations").get_models():
        name = model.__name__
        if name in _OTHERS | _TOLD_ANEW or name.endswith("Event") or model._meta.auto_created:
            continue
        known = retention.FORGOTTEN.get(model, frozenset()) | _OFFICIALS | _OWN_WORDS.get(name, set())
        missing += [
            f"{name}.{f.name}" for f in model._meta.concrete_fields if _can_name(f) and f.name not in known
        ]
    assert missing == []


# --- Who reads the log -------------------------------------------------------------------------
ADDRESS = reverse("deviations:forgotten_list")


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.ARCHIVIST, Role.QUALITY_MANAGER, Role.PRIVACY_OFFICER]
)
def test_log__is_read_by_those_who_see_to_it(deleting, as_role, role):
    case = stories.closed(deleting)
    forget()
    answer = as_role(role).get(ADDRESS)
    assert answer.status_code == 200
    assert case.number in answer.content.decode()
    assert "KS 12/26" in answer.content.decode()


def test_log__shows_nothing_of_another_municipality(deleting, world, as_role):
    stories.closed(world.neighbor)
    forget()
    assert Forgotten.objects.exists()
    assert "Ingenting er slettet" in as_role(Role.ARCHIVIST).get(ADDRESS).content.decode()
    assert as_role(Role.LEADER).get(ADDRESS).status_code == 403


def test_log__says_what_waits_for_a_decision(place, as_role, django_assert_max_num_queries):
    rows = DeviationType.objects.filter(municipality=place.municipality, code="HMS-FALL")
    rows.update(deleted_after_years=5)
    client = as_role(Role.ARCHIVIST)
    client.get(ADDRESS)
    with django_assert_max_num_queries(12):
        answer = client.get(ADDRESS)
    assert "mangler kassasjonsvedtak" in answer.content.decode()


def test_log__is_never_changed(place):
    from django.db import InternalError, transaction

    stories.closed(place)
    forget()
    with pytest.raises(InternalError), transaction.atomic():
        Forgotten.objects.update(count=0)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from deviations_forgotten")
