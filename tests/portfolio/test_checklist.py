"""Checklists of the decision points: what stops a project, who answers, and that no answer is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Event

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from organization.roles import Role
from portfolio import operations
from portfolio.checklist.operations import answer_point, copy_checklist
from portfolio.checklist.standard import standard
from portfolio.models import Answer, ChecklistPoint, Checkpoint, DecisionPoint, Project
from portfolio.workflow import status_workflow
from tests import stories
from tests.benefits import stories as benefits
from tests.governance import regional, rules
from tests.portfolio.conftest import apart

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def points_of(project, point=None, **fields):
    rows = Checkpoint.objects.filter(project=project, **({"point": point} if point else {}), **fields)
    return list(rows.order_by("point", "position"))


def answer(row, answered="done", *, place, role=Role.PROJECT_MANAGER, **more):
    return answer_point(row, answered, by=place.actor(role), now=timezone.now(), **more)


def move(project, place, to):
    by = place.actor(Role.PORTFOLIO_MANAGER)
    return operations.move_phase(Project.objects.get(pk=project.pk), to=to, by=by, now=timezone.now())


def post(client, row, answered="done", *, htmx=False, **fields):
    data = {"answer": answered, "comment": "", "seen": row.changed_at.isoformat(), **fields}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url("checkpoint_answer", row.project_id, row.pk), data, headers=headers)


# --- What a project is asked ------------------------------------------------------------------------
def test_start_project__gets_the_standard_checklist_where_there_is_no_own(project):
    rows = points_of(project)
    assert [(row.point, row.position, row.text, row.help, row.is_required) for row in rows] == list(
        standard()
    )
    assert {row.answer for row in rows} == {Answer.OPEN}
    assert {row.point for row in rows} == set(DecisionPoint.values)


def test_standard__is_of_a_size_that_people_answer():
    for point in DecisionPoint.values:
        of_point = [row for row in standard() if row[0] == point]
        assert 4 <= len(of_point) <= 8
        assert sum(required for *_rest, required in of_point) >= 3
        assert len({text for _point, _position, text, _help, _required in of_point}) == len(of_point)


def test_start_project__gets_the_words_of_its_own_municipality(world):
    for place, text in ((world.home, "Her hjemme"), (world.neighbor, "Hos naboen")):
        ChecklistPoint.objects.create(
            municipality=place.municipality, point="bp3", text=text, changed_at=timezone.now()
        )
    gone = ChecklistPoint.objects.create(
        municipality=world.home.municipality, point="bp3", text="Ute av bruk", is_active=False, changed_at=timezone.now()
    )  # fmt: skip
    here, there = stories.in_portfolio(world.home).project, stories.in_portfolio(world.neighbor).project
    assert [row.text for row in points_of(here)] == ["Her hjemme"]
    assert [row.text for row in points_of(there)] == ["Hos naboen"]
    ChecklistPoint.objects.exclude(pk=gone.pk).update(text="Nye ord")
    assert [row.text for row in points_of(here)] == ["Her hjemme"]


def test_give_checklists__to_projects_that_ran_before_there_were_any(place, project):
    module = import_module("portfolio.migrations.0004_checklists_of_running_projects")
    Checkpoint.objects.all().delete()
    stories.move(project, place, "planning")
    stopped = stories.in_portfolio(place).project
    Checkpoint.objects.all().delete()
    data = {"reason": "For dyrt", "spent": 0}
    status_workflow.perform(
        "stop", stopped, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(), data=data
    )
    module.give_checklists(apps, None)
    assert {row.point for row in points_of(project)} == {"bp3", "bp4", "bp5", "bp6"}
    assert points_of(stopped) == []


def test_move_back__meets_a_checklist_that_was_not_there_then(place, project):
    Checkpoint.objects.filter(point__in=["bp1", "bp2"]).delete()
    project = stories.move(project, place, "planning")
    move(project, place, "concept")
    assert len(points_of(project, "bp2")) == len([row for row in standard() if row[0] == "bp2"])
    with pytest.raises(TransitionBlocked, match="BP2"):
        move(project, place, "planning")


# --- What stops a project ---------------------------------------------------------------------------
def test_pass_bp2__needs_its_points_and_those_of_bp1(place, project):
    required = points_of(project, is_required=True, point__in=["bp1", "bp2"])
    with pytest.raises(TransitionBlocked, match=f"{len(required)} punkter i sjekklisten for BP1 og BP2") as blocked:  # fmt: skip
        move(project, place, "planning")
    assert [reason.url for reason in blocked.value.reasons] == [url("checklist", project.pk)]
    for row in required[:-1]:
        answer(row, place=place)
    with pytest.raises(TransitionBlocked, match=r"1 punkt i sjekklisten for BP2 er"):
        move(project, place, "planning")
    answer(required[-1], "not_relevant", comment="Bare ett alternativ finnes.", place=place)
    assert move(project, place, "planning").phase == "planning"


PATH = [("planning", "bp2"), ("execution", "bp3"), ("closing", "bp4"), ("realizing", "bp5")]


def test_pass_points__each_is_asked_for_at_its_own_move(place, project):
    rules.demand(place, gates=[])
    for to, point in PATH:
        with pytest.raises(TransitionBlocked, match=point.upper()) as blocked:
            move(project, place, to)
        assert len(blocked.value.reasons) == 1
        assert stories.move(project, place, to).phase == to
        project.refresh_from_db()
    by, now = place.actor(Role.PORTFOLIO_MANAGER), timezone.now()
    with pytest.raises(TransitionBlocked, match="BP6"):
        status_workflow.perform("complete", project, by=by, now=now)
    stories.answer_checklist(project, place)
    assert status_workflow.perform("complete", project, by=by, now=now).status == "completed"


def test_pass_bp3__not_when_an_earlier_point_was_opened_again(place, project):
    rules.demand(place, gates=[])
    project = stories.move(project, place, "planning")
    stories.answer_checklist(project, place)
    answer(points_of(project, "bp1")[0], "open", place=place)
    with pytest.raises(TransitionBlocked, match="1 punkt i sjekklisten for BP1 er"):
        move(project, place, "execution")


def test_move_back__keeps_the_answers(place, project):
    project = stories.move(project, place, "planning")
    before = [(row.pk, row.answer, row.answered_at) for row in points_of(project)]
    move(project, place, "concept")
    assert [(row.pk, row.answer, row.answered_at) for row in points_of(project)] == before
    assert move(project, place, "planning").phase == "planning"


def test_pass_point__what_need_not_be_answered_stops_nothing(place, project):
    Checkpoint.objects.filter(project=project).update(is_required=False)
    assert move(project, place, "planning").phase == "planning"


def test_skip_checklist__not_by_address_nor_by_the_board(as_role, place, project):
    client = as_role(Role.PROJECT_OWNER)
    step = client.post(url("project_transition", project.pk, "to_planning"))
    dragged = client.post(url("project_move", project.pk), {"target": "planning", "version": project.version})
    for refused in (step, dragged):
        assert refused.status_code == 409
        assert f'href="{url("checklist", project.pk)}"' in refused.content.decode()
    project.refresh_from_db()
    assert project.phase == "concept"


# --- Who answers ------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER])
def test_answer_point__by_those_who_answer_for_the_project(as_role, place, project, role):
    row = points_of(project)[0]
    assert post(as_role(role), row, comment="Se saken").status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.comment, row.answered_by) == ("done", "Se saken", place.person(role))


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.KOMMUNEDIREKTOR])
def test_answer_point__others_read_only(as_role, place, project, role):
    row = points_of(project)[0]
    client = as_role(role)
    assert row.text in (page := client.get(url("checklist", project.pk)).content.decode())
    assert "checkpoint" not in page
    assert 'name="answer"' not in page
    assert post(client, row).status_code == 403
    with pytest.raises(TransitionDenied):
        answer(row, place=place, role=role)
    row.refresh_from_db()
    assert row.answer == "open"


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_checklist__not_another_municipalitys(as_role, world, project, where):
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    assert client.get(url("checklist", project.pk)).status_code == 404
    assert post(client, points_of(project)[0]).status_code == 404


def test_open_checklist__of_the_region_is_open_to_participants_and_answered_at_home(as_role, world):
    initiative = regional.recommended(world)
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    at = world.region
    made = operations.start_project(
        initiative, name="Felles prosjekt", owner=at.person(Role.PROJECT_OWNER), by=at.actor(Role.PORTFOLIO_MANAGER),
        manager=at.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert client.get(url("checklist", made.pk)).status_code == 200
    assert post(client, points_of(made)[0]).status_code == 403


def test_answer_point__of_another_project_is_not_found(as_role, place, project):
    other = points_of(stories.in_portfolio(place).project)[0]
    data = {"answer": "done"}
    client = as_role(Role.PROJECT_MANAGER)
    assert client.post(url("checkpoint_answer", project.pk, other.pk), data).status_code == 404
    assert client.post(url("checkpoint_answer", project.pk, 10**15), data).status_code == 404


# --- What is answered --------------------------------------------------------------------------------
def test_answer_point__not_relevant_needs_a_reason(as_role, project):
    row, client = points_of(project)[0], as_role(Role.PROJECT_MANAGER)
    for htmx in (False, True):
        refused = post(client, row, "not_relevant", htmx=htmx)
        assert refused.status_code == 422
        assert "Skriv hvorfor punktet ikke gjelder" in refused.content.decode()
    assert post(client, row, "not_relevant", comment="Ingen ansatte blir berørt.").status_code == 302
    row.refresh_from_db()
    assert row.answer == "not_relevant"


@pytest.mark.parametrize(
    "data", [{}, {"answer": ""}, {"answer": "ja"}, {"answer": "x" * 5000}, {"answer": "done", "comment": "a" * 2001},
             {"answer": "done", "comment": "\x00"}],
)  # fmt: skip
def test_answer_point__bad_input_is_refused_in_words(as_role, project, data):
    row, client = points_of(project)[0], as_role(Role.PROJECT_MANAGER)
    refused = client.post(url("checkpoint_answer", project.pk, row.pk), data)
    assert refused.status_code == 422
    row.refresh_from_db()
    assert row.answer == "open"


@pytest.mark.parametrize("seen", ["", "x" * 999, "2026-01-01"])
def test_answer_point__without_telling_what_was_seen_is_shown_what_stands(as_role, project, seen):
    assert post(as_role(Role.PROJECT_MANAGER), points_of(project)[0], seen=seen).status_code == 409


def test_answer_point__too_long_comment_is_kept_in_the_form(as_role, project):
    refused = post(as_role(Role.PROJECT_MANAGER), points_of(project)[0], comment="ord " * 600)
    assert "ord ord ord" in refused.content.decode()


def test_open_again__takes_the_answer_away_and_history_keeps_it(as_role, place, project):
    row = answer(points_of(project)[0], comment="Se saken", place=place)
    client = as_role(Role.PROJECT_OWNER)
    assert post(client, row, "open").status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_by, row.answered_at, row.comment) == ("open", None, None, "")
    told = client.get(url("checklist", project.pk)).context["told"]
    assert [(one.answer, one.who, one.comment) for one in told] == [
        (Answer.OPEN.label, place.person(Role.PROJECT_OWNER).name, ""),
        (Answer.DONE.label, place.person(Role.PROJECT_MANAGER).name, "Se saken"),
    ]


def test_answer_point__of_a_stopped_project_is_refused(as_role, place, project):
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "For dyrt", "spent": 0}
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)
    client, row = as_role(Role.PROJECT_OWNER), points_of(project)[0]
    assert post(client, row).status_code == 409
    with pytest.raises(Refused, match="stoppet"):
        answer(row, place=place)
    page = client.get(url("checklist", project.pk)).content.decode()
    assert "kan leses, men ikke endres" in page
    assert 'name="answer"' not in page


def test_answer_point__of_a_paused_project_goes_on(place, project):
    status_workflow.perform(
        "pause",
        project,
        by=place.actor(Role.PORTFOLIO_MANAGER),
        now=timezone.now(),
        data={"reason": "Venter"},
    )
    assert answer(points_of(project)[0], place=place).answer == "done"


# --- Two at once, and many clicks --------------------------------------------------------------------
def test_answer_point__twice_the_same_is_once(as_role, project):
    row, client = points_of(project)[0], as_role(Role.PROJECT_MANAGER)
    assert post(client, row).status_code == 302
    first = Checkpoint.objects.get(pk=row.pk)
    assert post(client, row).status_code == 302
    assert Checkpoint.objects.get(pk=row.pk).changed_at == first.changed_at


def test_answer_point__what_somebody_else_answered_is_not_overwritten(as_role, place, project):
    row = points_of(project)[0]
    answer(row, "not_relevant", comment="Gjelder ikke skoler.", place=place)
    client = as_role(Role.PROJECT_OWNER)
    refused = post(client, row, comment="Min kommentar")
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Noen andre har svart" in text
    assert "Gjelder ikke skoler." in text
    assert "Min kommentar" in text
    assert post(client, row, comment="Min kommentar", htmx=True).status_code == 409
    with pytest.raises(StaleVersion):
        answer(row, place=place, seen=row.changed_at.isoformat())
    standing = Checkpoint.objects.get(pk=row.pk)
    assert standing.answer == "not_relevant"
    assert post(client, standing, comment="Min kommentar").status_code == 302


def test_answer_points__one_after_another_from_the_same_old_page(as_role, project):
    client, rows = as_role(Role.PROJECT_MANAGER), points_of(project)
    for number, row in enumerate(rows):
        assert post(client, row, comment=f"Svar {number}", htmx=True).status_code == 200
    assert [row.comment for row in points_of(project)] == [f"Svar {number}" for number in range(len(rows))]


def test_answer_point__with_htmx_answers_with_the_point_and_the_sums(as_role, project):
    row = points_of(project, "bp1")[0]
    text = post(as_role(Role.PROJECT_MANAGER), row, htmx=True).content.decode()
    assert f'id="punkt-{row.pk}"' in text
    assert text.count('class="point"') == 1
    assert 'id="antall-bp1" hx-swap-oob="true"' in text
    assert "1 av 7 er i orden" in text
    assert 'id="neste-bp" hx-swap-oob="true"' in text
    assert "<html" not in text


def test_answer_points__many_at_once_on_connections_of_their_own(client, together):
    project = stories.in_portfolio(together.home).project
    client.force_login(together.home.person(Role.PROJECT_MANAGER))
    rows = points_of(project)
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(apart(lambda row: post(client, row, comment=f"Om {row.pk}").status_code), rows))
    assert set(codes) == {302}
    assert {(row.answer, row.comment) for row in points_of(project)} == {
        ("done", f"Om {row.pk}") for row in rows
    }


def test_open_again__while_a_move_is_under_way_waits_for_it(together):
    place = together.home
    project = stories.in_portfolio(place).project
    stories.answer_checklist(project, place)
    row, begun = points_of(project, "bp1")[0], Event()

    def open_again():
        begun.set()
        answer(row, "open", place=place)
        return Project.objects.get(pk=project.pk).phase

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock(project, place.actor(Role.PORTFOLIO_MANAGER))
            opened = pool.submit(apart(open_again))
            assert begun.wait(10)
            assert move(project, place, "planning").phase == "planning"
            assert Checkpoint.objects.get(pk=row.pk).answer == "done"
        assert opened.result(10) == "planning"
    assert Checkpoint.objects.get(pk=row.pk).answer == "open"


# --- Pages ---------------------------------------------------------------------------------------------
def test_open_checklist__what_is_due_comes_first_and_is_open(as_role, place, project):
    rules.demand(place, gates=[])
    client, page = as_role(Role.PROJECT_MANAGER), url("checklist", project.pk)

    def shown(address):
        groups = client.get(address).context["page"].groups
        return [group.point for group in groups if group.is_open], groups[0].point

    assert shown(page) == (["bp1", "bp2"], "bp1")
    stories.move(project, place, "planning")
    assert shown(page) == (["bp3"], "bp3")
    assert shown(page + "?vis=bp6") == (["bp3", "bp6"], "bp3")
    assert shown(page + "?vis=<b>") == (["bp3"], "bp3")
    answer(points_of(project, "bp1")[0], "open", place=place)
    assert shown(page) == (["bp1", "bp3"], "bp1")


def test_open_project__tells_of_the_next_decision_point(as_role, place, project):
    client = as_role(Role.EMPLOYEE)
    text = client.get(project.get_absolute_url()).content.decode()
    assert "BP2 · 0 av 7 punkter er i orden" in text
    assert f'href="{url("checklist", project.pk)}"' in text
    stories.answer_checklist(project, place)
    assert "BP2 · 6 av 7 punkter er i orden" in client.get(project.get_absolute_url()).content.decode()


def test_board__cards_tell_what_is_left(as_role, place, project):
    client = as_role(Role.EMPLOYEE)
    left = len(points_of(project, is_required=True, point__in=["bp1", "bp2"]))
    assert f"BP2: {left} punkter igjen" in client.get(url("board")).content.decode()
    stories.answer_checklist(project, place)
    assert "BP2: sjekklisten er i orden" in client.get(url("board")).content.decode()


def test_pages__few_queries_whatever_the_number_of_projects_and_answers(
    as_role, place, project, django_assert_max_num_queries
):
    client = as_role(Role.PROJECT_MANAGER)
    pages = [url("board"), url("checklist", project.pk), project.get_absolute_url()]
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    for _again in range(3):
        stories.in_portfolio(place)
    stories.answer_checklist(project, place)
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before + (page == pages[1]), info=page):
            client.get(page)


def test_board__of_all_phases_asks_checklists_and_gates_together(
    as_role, place, django_assert_max_num_queries
):
    for to in ("planning", "execution"):
        benefit = benefits.baseline_measured(place)
        project = benefit.initiative.project
        for phase, _point in PATH:
            stories.move(project, place, phase)
            project.refresh_from_db()
            if phase == to:
                break
    stories.in_portfolio(place)
    client = as_role(Role.PORTFOLIO_MANAGER)
    client.get(url("board"))
    with django_assert_max_num_queries(MAX_QUERIES):
        text = client.get(url("board")).content.decode()
    for words in ("BP2: ", "BP3: ", "BP4: ", "i sjekklisten for BP3 er ikke besvart"):
        assert words in text


def test_start_project__copies_a_long_checklist_in_one_statement(place, django_assert_num_queries):
    for number in range(40):
        ChecklistPoint.objects.create(
            municipality=place.municipality, point="bp2", text=f"Punkt {number}", position=number, changed_at=timezone.now()
        )  # fmt: skip
    project = stories.in_portfolio(place).project
    assert len(points_of(project)) == 40
    with django_assert_num_queries(2):
        copy_checklist(project, now=timezone.now())
