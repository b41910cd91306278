"""Status reports: who writes and reads, what is filled in, what two at once meet, and that what is published stays."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection, connections, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.history import timeline
from core.models import Notice
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.health import MEANINGS, trend_of
from portfolio.models import Area, BudgetLine, Health, Project, ProjectRisk, StatusReport
from portfolio.status import operations
from portfolio.status.basis import basis_of
from portfolio.status.presentation import end_in_words, money_in_words
from portfolio.workflow import status_workflow
from tests import stories
from tests.benefits import stories as benefits
from tests.portfolio import statuses as reports

MAX_QUERIES = 12
WRITERS = [Role.PROJECT_MANAGER, Role.PROJECT_OWNER, Role.PORTFOLIO_MANAGER]


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, project, *args):
    return reverse(f"portfolio:status_{name}", args=[project.pk, *args])


def text_of(answer):
    return html.unescape(answer.content.decode())


# --- Who writes and who reads --------------------------------------------------------------------
@pytest.mark.parametrize("role", WRITERS)
def test_write_status__by_manager_owner_and_portfolio_manager(as_role, project, role):
    client = as_role(role)
    assert client.get(url("write", project)).status_code == 200
    answer = client.post(url("write", project), reports.posted(project, "publish"))
    report = StatusReport.objects.get()
    assert answer.url == report.get_absolute_url()
    assert (report.status, report.published_by_id, report.progress_trend) == (
        "published",
        client_id(client),
        "first",
    )


def client_id(client):
    return int(client.session["_auth_user_id"])


def test_write_status__not_by_others(as_role, world, project, place):
    assert as_role(Role.EMPLOYEE).get(url("write", project)).status_code == 403
    assert (
        as_role(Role.EMPLOYEE).post(url("write", project), reports.posted(project, "publish")).status_code
        == 403
    )
    for where in (world.neighbor, world.stranger):
        client = as_role(Role.PORTFOLIO_MANAGER, where)
        for page in (url("list", project), url("write", project)):
            assert client.get(page).status_code == 404
        with pytest.raises(Http404):
            operations.publish(
                project,
                reports.values(),
                mark="0-0",
                by=where.actor(Role.PORTFOLIO_MANAGER),
                now=timezone.now(),
            )
    with pytest.raises(TransitionDenied):
        operations.save_draft(
            project, reports.values(), mark="0-0", by=place.actor(Role.EMPLOYEE), now=timezone.now()
        )
    assert not StatusReport.objects.exists()


def test_read_status__draft_by_its_writers_and_published_by_all(as_role, world, project, place):
    draft = reports.draft(project, place, summary="Bare for oss")
    for role in WRITERS:
        client = as_role(role)
        assert "Kladd" in text_of(client.get(url("list", project)))
        assert client.get(draft.get_absolute_url()).url == url("write", project)
    client = as_role(Role.EMPLOYEE)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "Kladd" not in text_of(client.get(url("list", project)))
    assert "Fortsett" not in text_of(client.get(project.get_absolute_url()))
    report = reports.published(project, place, summary="For alle")
    assert "For alle" in text_of(client.get(report.get_absolute_url()))
    assert "For alle" in text_of(client.get(project.get_absolute_url()))
    for where in (world.neighbor, world.stranger):
        assert as_role(Role.PORTFOLIO_MANAGER, where).get(report.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_read_status__that_does_not_exist(as_role, project, pk):
    client = as_role(Role.EMPLOYEE)
    assert client.get(f"/portefolje/status/{pk}/").status_code == 404
    assert client.get(f"/portefolje/{pk}/status/").status_code == 404


# --- Drafts and publishing -------------------------------------------------------------------------
def test_save_draft__waits_with_what_is_not_known(as_role, project):
    client = as_role(Role.PROJECT_MANAGER)
    sent = reports.posted(project, "save", progress="bad", quality="", summary="Halvferdig")
    assert client.post(url("write", project), sent).url == url("write", project)
    draft = StatusReport.objects.get()
    assert (draft.status, draft.progress, draft.quality, draft.version) == ("draft", "bad", "unknown", 1)
    page = text_of(client.get(url("write", project)))
    assert "Halvferdig" in page
    client.post(url("write", project), reports.posted(project, "publish", summary="Ferdig"))
    assert StatusReport.objects.get().status == "published"


@pytest.mark.parametrize("value", ["watch", "bad"])
def test_publish__asks_for_a_text_where_something_is_wrong(as_role, project, value):
    client = as_role(Role.PROJECT_MANAGER)
    sent = reports.posted(
        project, "publish", economy=value, economy_text="  ", quality="", summary="Skrevet på bussen"
    )
    answer = client.post(url("write", project), sent)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Skriv hva som er galt og hva dere gjør, når «Økonomi»" in text
    assert "Velg hvordan det står til med «Kvalitet»" in text
    assert "Skrevet på bussen" in text
    assert not StatusReport.objects.exists()
    sent |= {"economy_text": "Vi kutter i opplæringen.", "quality": "unknown"}
    assert client.post(url("write", project), sent).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("spent", "-1", "Tallet kan ikke være mindre enn 0"),
        ("forecast", "mye", "Skriv beløpet i kroner"),
        ("forecast_ends_on", "31.2.2027", "Skriv datoen som dag.måned.år"),
        ("day", "", "Du må fylle ut «Status per»"),
        ("progress", "lilla", "lilla"),
        ("summary", "x" * 2001, "Skriv høyst 2000 tegn"),
    ],
)
def test_write_status__bad_input_is_kept_and_named(as_role, project, field, typed, told):
    client = as_role(Role.PROJECT_MANAGER)
    for do in ("save", "publish"):
        sent = reports.posted(project, do, summary="Det jeg skrev") | {field: typed}
        answer = client.post(url("write", project), sent)
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert typed in text_of(answer)
    assert not StatusReport.objects.exists()


def test_publish__day_is_neither_ahead_nor_before_the_last(place, project):
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="fram i tid"):
        reports.published(project, place, day=today + timedelta(days=1))
    reports.published(project, place)
    with pytest.raises(ValidationError, match="Velg den dagen eller en senere"):
        reports.published(project, place, day=today - timedelta(days=1))


def test_publish__trend_against_the_one_before(place, project):
    now = timezone.now()
    reports.published(
        project,
        place,
        now=now - timedelta(days=60),
        progress="bad",
        progress_text="Sent",
        quality="good",
        risk="unknown",
    )
    report = reports.published(
        project, place, progress="watch", progress_text="Bedre", quality="bad", quality_text="Feil"
    )
    trends = {area.value: getattr(report, f"{area}_trend") for area in Area}
    assert trends == {
        "progress": "better", "quality": "worse", "economy": "same", "risk": "first", "resources": "same", "benefits": "same",
    }  # fmt: skip
    assert trend_of("unknown", "unknown") == "same"


def test_publish__is_never_changed_afterwards(place, project):
    report = reports.published(project, place)
    for change in (
        lambda: StatusReport.objects.filter(pk=report.pk).update(summary="Pyntet"),
        lambda: StatusReport.objects.filter(pk=report.pk).delete(),
    ):
        with pytest.raises(InternalError, match="annot"), transaction.atomic():
            change()
    assert StatusReport.objects.get().summary == "Vi er i gang."
    again = reports.published(project, place, summary="Rettet")
    assert operations.latest_of(project) == again


def test_publish__stands_in_the_history_with_who_did_it(place, project):
    reports.draft(project, place)
    report = reports.published(project, place)
    assert [str(entry.label) for entry in timeline(report)] == [
        "Publiserte statusrapporten",
        "Skrev på statusrapporten",
    ]


def test_publish__tells_owner_and_portfolio_manager_where_help_is_needed(place, project):
    reports.published(project, place, risk="watch", risk_text="Litt")
    assert not Notice.objects.filter(event="status_needs_help").exists()
    report = reports.published(project, place, resources="bad", resources_text="To har sluttet.")
    told = Notice.objects.filter(event="status_needs_help")
    assert {row.recipient for row in told} == {project.owner, place.person(Role.PORTFOLIO_MANAGER)}
    assert {row.url for row in told} == {report.get_absolute_url()}
    assert "To har sluttet." in told[0].body


def test_write_status__not_of_a_project_that_is_over(as_role, place, project):
    data = {"reason": "Ikke nytte", "spent": Decimal(1)}
    by = place.actor(Role.PORTFOLIO_MANAGER)
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)
    with pytest.raises(Refused):
        reports.published(Project.objects.get(pk=project.pk), place)
    answer = as_role(Role.PROJECT_MANAGER).get(url("write", project))
    assert answer.status_code == 409
    assert "Prosjektet er stoppet" in text_of(answer)


# --- Two at once -----------------------------------------------------------------------------------
def test_save_draft__somebody_else_saved_meanwhile(as_role, place, project):
    client = as_role(Role.PROJECT_OWNER)
    sent = reports.posted(project, "save", summary="Eierens tekst")
    reports.draft(project, place, summary="Lederens tekst", progress="watch", progress_text="Sent")
    answer = client.post(url("write", project), sent)
    text = text_of(answer)
    assert answer.status_code == 409
    assert "Noen andre har lagret kladden imens" in text
    assert place.person(Role.PROJECT_MANAGER).name in text
    assert "Eierens" in text
    assert "Lederens" in text
    assert StatusReport.objects.get().summary == "Lederens tekst"
    again = sent | {"mark": answer.context["mark"]}
    assert client.post(url("write", project), again).status_code == 302
    assert StatusReport.objects.get().summary == "Eierens tekst"


def test_publish__somebody_else_published_meanwhile(as_role, place, project):
    sent = reports.posted(project, "publish", summary="Eierens tekst")
    reports.published(project, place, summary="Lederens tekst")
    answer = as_role(Role.PROJECT_OWNER).post(url("write", project), sent)
    assert answer.status_code == 409
    assert "publiserte en statusrapport" in text_of(answer)
    assert StatusReport.objects.count() == 1


@pytest.mark.parametrize("mark", ["", "x", "0-99", "-", "1" * 5000])
def test_publish__without_a_mark_that_fits(as_role, place, project, mark):
    reports.draft(project, place)
    answer = as_role(Role.PROJECT_OWNER).post(
        url("write", project), reports.posted(project, "publish", mark=mark)
    )
    assert answer.status_code == 409


def test_publish__two_at_once_on_connections_of_their_own(committed):
    from tests import world

    place = world.build().home
    project = stories.in_portfolio(place).project
    actors = [place.actor(Role.PROJECT_MANAGER), place.actor(Role.PROJECT_OWNER)]
    ready = Barrier(len(actors))

    def publish(by):
        ready.wait()
        try:
            return operations.publish(project, reports.values(), mark="0-0", by=by, now=timezone.now())
        except StaleVersion as stale:
            return stale
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actors)) as pool:
        outcomes = list(pool.map(publish, actors))
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["StaleVersion", "StatusReport"]
    assert StatusReport.objects.count() == 1


# --- What is filled in -----------------------------------------------------------------------------
def proposal(project, place, area, **fields):
    Project.objects.filter(pk=project.pk).update(**fields)
    by = place.actor(Role.PROJECT_MANAGER)
    return basis_of(Project.objects.get(pk=project.pk), by=by, today=timezone.localdate()).areas[area]


def test_basis__progress_from_the_planned_end_and_the_phase(place, project):
    today = timezone.localdate()
    begun = {"starts_on": today - timedelta(days=40)}
    assert proposal(project, place, Area.PROGRESS).value is None
    same_day = {"starts_on": today, "ends_on": today}
    assert proposal(project, place, Area.PROGRESS, **same_day).value == Health.WATCH
    late = proposal(project, place, Area.PROGRESS, **begun | {"ends_on": today - timedelta(days=1)})
    assert late.value == Health.BAD
    ahead = {"ends_on": today + timedelta(days=60), **begun}
    assert proposal(project, place, Area.PROGRESS, **ahead).value == Health.WATCH
    planning = proposal(project, place, Area.PROGRESS, phase="planning", **ahead)
    assert planning.value == Health.GOOD
    assert "40\xa0%" in planning.why
    assert proposal(project, place, Area.PROGRESS, status="paused").value == Health.WATCH


@pytest.mark.parametrize(
    ("budget", "spent", "forecast", "value"),
    [
        (100, 50, 100, "good"),
        (100, 50, 105, "watch"),
        (100, 50, 106, "bad"),
        (100, 120, 0, "bad"),
        (0, 0, 0, "good"),
        (0, 0, 1, "bad"),
    ],
)
def test_basis__economy_from_the_budget_lines(place, project, budget, spent, forecast, value):
    assert proposal(project, place, Area.ECONOMY).value is None
    BudgetLine.objects.create(
        project=project,
        year=2026,
        source="adopted",
        budget=budget,
        spent=spent,
        forecast=forecast,
        changed_at=timezone.now(),
    )
    assert proposal(project, place, Area.ECONOMY).value == value


def test_basis__risk_from_the_open_ones(place, project):
    def risk(probability, impact, **more):
        ProjectRisk.objects.create(
            project=project, title=f"Noe {probability}{impact}", probability=probability, impact=impact,
            created_at=timezone.now(), changed_at=timezone.now(), **more,
        )  # fmt: skip
        return proposal(project, place, Area.RISK)

    assert proposal(project, place, Area.RISK).value is None
    assert risk(5, 5, status="handled").value is None
    assert risk(5, 5, kind="opportunity").value == Health.GOOD
    assert risk(1, 4).value == Health.GOOD
    assert risk(2, 4).value == Health.WATCH
    worst = risk(4, 4)
    assert worst.value == Health.BAD
    assert "«Noe 44» med 16 av 25" in worst.why


def test_basis__benefits_from_what_is_measured_and_missing(place):
    benefit = benefits.planned(place)
    project = benefit.initiative.project
    today = timezone.localdate()
    indicator = benefit.indicators.get()
    for number, row in enumerate(indicator.measurements.order_by("-due_on")):
        type(row).objects.filter(pk=row.pk).update(due_on=today + timedelta(days=4000 - number))
    assert proposal(project, place, Area.BENEFITS).value == Health.UNKNOWN
    first = indicator.measurements.order_by("pk").first()
    type(first).objects.filter(pk=first.pk).update(due_on=today - timedelta(days=4))
    late = proposal(project, place, Area.BENEFITS)
    assert late.value == Health.WATCH
    assert "1 mangler en måling" in late.why


def test_write_status__offers_values_with_their_basis_and_the_last_text_beside(as_role, place, project):
    BudgetLine.objects.create(
        project=project,
        year=2026,
        source="adopted",
        budget=1000,
        spent=10,
        forecast=2000,
        changed_at=timezone.now(),
    )
    reports.published(project, place, quality="watch", quality_text="Testen feilet sist")
    answer = as_role(Role.PROJECT_MANAGER).get(url("write", project))
    text, form = text_of(answer), answer.context["form"]
    assert form.initial["economy"] == "bad"
    assert form.initial["forecast"] == 2000
    assert "Forslag: Trenger hjelp. Grunnlag: Budsjett 1\xa0000\xa0kr" in text
    assert "Testen feilet sist" in text
    assert "quality_text" not in form.initial
    for meanings in MEANINGS.values():
        assert all(str(words) in text for words in meanings.values())


# --- Seen elsewhere --------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["board", "table"])
def test_overview__six_signs_in_words_at_the_same_cost(as_role, place, project, page):
    client, address = as_role(Role.EMPLOYEE), reverse(f"portfolio:{page}")
    client.get(address)
    counts = []
    for number in range(3):
        other = stories.in_portfolio(place, title=f"Sak {number}").project
        reports.published(
            other, place, now=timezone.now() - timedelta(days=40), progress="bad", progress_text="x"
        )
        reports.published(other, place, progress="watch", progress_text="y", economy="unknown")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= MAX_QUERIES
    text = " ".join(text_of(answer).split())
    assert text.count('Framdrift<span class="ds-sr-only">: Følg med, Bedre enn sist</span>') == 3
    assert text.count('Økonomi<span class="ds-sr-only">: Vet ikke</span>') == 3


def test_overview__draft_is_not_shown(as_role, place, project):
    reports.draft(project, place)
    for page in ("board", "table"):
        assert "Status per" not in text_of(as_role(Role.PROJECT_MANAGER).get(reverse(f"portfolio:{page}")))


def test_pages__few_queries_whatever_the_number_of_reports(
    as_role, place, project, django_assert_max_num_queries
):
    now = timezone.now()
    client = as_role(Role.PROJECT_MANAGER)
    for days in range(8, 0, -1):
        report = reports.published(project, place, now=now - timedelta(days=days))
    reports.draft(project, place)
    for page in (
        url("list", project),
        report.get_absolute_url(),
        url("write", project),
        project.get_absolute_url(),
    ):
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page):
            assert client.get(page).status_code == 200


def test_list__pages_by_key_the_newest_first(as_role, place, project, monkeypatch):
    monkeypatch.setattr("core.paging.keyset.__kwdefaults__", {"size": 2, "first": None})
    now, client = timezone.now(), as_role(Role.EMPLOYEE)
    made = [reports.published(project, place, now=now - timedelta(days=days)) for days in (4, 3, 2, 1)]
    first = client.get(url("list", project)).context["page"]
    assert first.rows == made[:1:-1]
    assert client.get(url("list", project) + first.next_url).context["page"].rows == made[1::-1]


def test_forecast__against_plan_in_words():
    day = timezone.localdate().replace(year=2027, month=6, day=1)
    assert end_in_words(day, None) == "Plan 1. juni 2027"
    assert end_in_words(None, None) == ""
    assert end_in_words(day, day) == "Ventet 1. juni 2027, som planlagt"
    assert end_in_words(day, day + timedelta(days=1)) == "Ventet 2. juni 2027, 1 dag etter plan"
    assert end_in_words(day, day - timedelta(days=3)) == "Ventet 29. mai 2027, 3 dager før plan"
    words = money_in_words(Decimal(1000), Decimal(1100)).replace("\xa0", " ")
    assert words == "Prognose 1 100 kr, 100 kr (10 %) over budsjettet"
    assert money_in_words(Decimal(0), Decimal(5)).endswith(", uten budsjett")
    assert (
        money_in_words(Decimal(10), Decimal(5)).replace("\xa0", " ").endswith("5 kr (50 %) under budsjettet")
    )
    assert money_in_words(None, None) == ""


# --- Taking a draft away ---------------------------------------------------------------------------
def test_drop__draft_after_asking(as_role, place, project):
    reports.published(project, place)
    draft = reports.draft(project, place)
    page = reverse("portfolio:status_drop", args=[project.pk])
    client = as_role(Role.PROJECT_MANAGER)
    assert "Slette kladden?" in client.get(page).content.decode()
    assert page in client.get(reverse("portfolio:status_list", args=[project.pk])).content.decode()
    assert client.post(page, {"mark": "0-0"}).status_code == 409
    assert StatusReport.objects.filter(pk=draft.pk).exists()
    assert client.post(page, {"mark": reports.mark(project)}).status_code == 302
    assert StatusReport.objects.get().status == "published"
    assert client.get(page).status_code == 404


def test_drop__by_those_who_write_it_alone(as_role, world, place, project):
    reports.draft(project, place)
    page, mark = reverse("portfolio:status_drop", args=[project.pk]), {"mark": reports.mark(project)}
    assert as_role(Role.EMPLOYEE).post(page, mark).status_code == 403
    assert as_role(Role.PORTFOLIO_MANAGER, world.neighbor).post(page, mark).status_code == 404
    with pytest.raises(TransitionDenied):
        operations.drop_draft(project, **mark, by=place.actor(Role.EMPLOYEE))
    Project.objects.filter(pk=project.pk).update(status="stopped")
    assert as_role(Role.PROJECT_OWNER).post(page, mark).status_code == 302
