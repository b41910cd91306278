"""The page of the report: who sees what, what is asked about, and the files."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from organization.roles import Role
from portfolio.reporting import moments, pages
from tests import stories
from tests.portfolio import reports
from tests.portfolio.programmes import regional_project
from tests.portfolio.test_report_history import SECRET

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def ask(client, **fields):
    return client.get(url("report_now"), fields)


def text(answer):
    return answer.content.decode()


# --- Who sees ------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.ELECTED_REPRESENTATIVE, Role.PORTFOLIO_MANAGER])
def test_open_report__everyone_in_the_organisation(as_role, project, role):
    assert project.name in text(ask(as_role(role)))


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_report__not_another_municipality(as_role, world, project, where):
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    assert project.name not in text(ask(client))
    answer = ask(client, omrade=world.home.municipality.pk)
    assert answer.status_code == 422
    assert "Velg et område i lista." in text(answer)
    assert project.name not in text(answer)


def test_open_report__of_the_region_only_what_is_shared(as_role, world):
    shared = regional_project(world)
    alone = stories.in_portfolio(world.region, title="Bare regionens eget").project
    answer = text(ask(as_role(Role.EMPLOYEE), omrade=world.region.municipality.pk))
    assert shared.name in answer
    assert alone.name not in answer
    assert ask(as_role(Role.EMPLOYEE, world.stranger), omrade=world.region.municipality.pk).status_code == 422


def test_open_report__shielded_shows_its_public_title_to_everybody(as_role, place):
    stories.in_portfolio(place, title=SECRET, shield_basis="offl_23", public_title="Anskaffelse")
    for role in (Role.EMPLOYEE, Role.PORTFOLIO_MANAGER, Role.COUNCIL_LEADER):
        answer = text(ask(as_role(role)))
        assert "Anskaffelse" in answer
        assert SECRET not in answer


def test_open_report__constant_queries(as_role, place, project, django_assert_max_num_queries):
    client = as_role(Role.EMPLOYEE)
    ask(client)
    with django_assert_max_num_queries(MAX_QUERIES) as few:
        ask(client)
    reports.risk(project)
    reports.status(project)
    for title in ("Nummer to", "Nummer tre"):
        stories.in_portfolio(place, title=title)
    stories.decided(place, "hold", title="I kø")
    with django_assert_max_num_queries(len(few)):
        assert "Nummer tre" in text(ask(client))


# --- The moment ----------------------------------------------------------------------------------
def test_open_report__the_beginning_of_a_long_table_and_all_on_demand(as_role, place, project, monkeypatch):
    monkeypatch.setattr(pages, "ON_PAGE", 1)
    reports.money(project, year=2026)
    reports.money(project, year=2027)
    brief = text(ask(as_role(Role.EMPLOYEE)))
    assert "Vis 1 rad til" in brief
    assert brief.count(">2027<") == 0
    in_full = text(ask(as_role(Role.EMPLOYEE), alle="ja"))
    assert "rad til" not in in_full
    assert in_full.count(">2027<") == 1


def test_ask__for_a_day_before_the_first_project_says_so(as_role, project):
    answer = ask(as_role(Role.EMPLOYEE), dag="2019-05-03")
    assert answer.status_code == 200
    assert "Ingen prosjekter hadde begynt" in text(answer)
    assert project.name not in text(answer)


def test_ask__for_a_day_to_come_names_the_field(as_role):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = ask(as_role(Role.EMPLOYEE), dag=tomorrow.isoformat())
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["dag"]
    assert "Dagen har ikke vært ennå" in text(answer)


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"dag": "31.2.2026"}, "dag", "Skriv datoen"), ({"dag": ""}, "dag", "Slik det sto"),
        ({"dag": "2024-05-03", "kl": "klokka ti"}, "kl", "timer og minutter"), ({"dag": "2024-05-03", "kl": "25.00"}, "kl", "00.00 til 23.59"),
        ({"dag": "2024-05-03", "fra": "2024-05-04"}, "fra", "må begynne før"), ({"dag": "2024-05-03", "fra": "x"}, "fra", "Skriv datoen"),
        ({"omrade": "9" * 30}, "omrade", "Velg et område"), ({"omrade": "x\x00"}, "omrade", "Velg et område"),
        ({"dag": "2024-03-31", "kl": "02.30"}, "kl", "aldri 02.30"), ({"dag": "2024-10-27", "kl": "02.30"}, "gang", "to ganger"),
        ({"dag": "0001-01-01"}, "dag", "årstallet"), ({"dag": "2024-10-27", "kl": "02.30", "gang": "tredje"}, "gang", "gyldig"),
    ],
)  # fmt: skip
def test_ask__what_cannot_be_is_asked_about_and_kept(as_role, fields, name, words):
    answer = ask(as_role(Role.EMPLOYEE), **fields)
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert words in text(answer)


@pytest.mark.parametrize(("which", "hour"), [("1", 0), ("2", 1)])
def test_ask__for_one_of_two_times(as_role, which, hour):
    answer = ask(as_role(Role.EMPLOYEE), dag="2024-10-27", kl="02.30", gang=which)
    assert answer.context["shown"].as_of == datetime(2024, 10, 27, hour, 30, tzinfo=UTC)


def test_moment__last_of_a_day_is_before_midnight_in_oslo():
    assert moments.end_of(date(2024, 7, 1)) == datetime(2024, 7, 1, 21, 59, 59, 999999, tzinfo=UTC)
    assert moments.moment_of(date(2024, 1, 2), time(14, 30)) == datetime(2024, 1, 2, 13, 30, tzinfo=UTC)


# --- Drafts and what is published ----------------------------------------------------------------
def test_keep_report__as_a_draft_that_only_its_writers_see(as_role, world, place, project):
    client = as_role(Role.PORTFOLIO_MANAGER)
    answer = client.post(
        url("report_keep"), {"omrade": place.municipality.pk, "dag": timezone.localdate().isoformat()}
    )
    draft = place_draft(place)
    assert answer.url == url("report_edit", draft.pk)
    assert draft.title in text(client.get(url("report_list")))
    assert project.name in text(client.get(url("report_detail", draft.pk)))
    for other, at in ((Role.EMPLOYEE, place), (Role.PORTFOLIO_MANAGER, world.neighbor)):
        client = as_role(other, at)
        assert client.get(url("report_detail", draft.pk)).status_code == 404
        assert draft.title not in text(client.get(url("report_list")))


def place_draft(place):
    from portfolio.models import PortfolioReport

    return PortfolioReport.objects.get(municipality=place.municipality)


def test_keep_report__by_others_is_forbidden(as_role, place):
    answer = as_role(Role.EMPLOYEE).post(url("report_keep"), {"omrade": place.municipality.pk})
    assert answer.status_code == 403


def test_open_published__frozen_for_everybody_at_home(
    as_role, world, place, project, django_assert_max_num_queries
):
    report = reports.published(place)
    reports.changed(project, name="Et annet navn")
    client = as_role(Role.EMPLOYEE)
    client.get(url("report_list"))
    with django_assert_max_num_queries(MAX_QUERIES):
        answer = text(client.get(url("report_detail", report.pk)))
    assert "Digital vaktplan" in answer
    assert "Et annet navn" not in answer
    assert "Et annet navn" in text(ask(client))
    assert as_role(Role.EMPLOYEE, world.neighbor).get(url("report_detail", report.pk)).status_code == 404


def test_open_published__of_the_region_stays_with_the_region(as_role, world):
    regional_project(world)
    page = url("report_detail", reports.published(world.region).pk)
    assert as_role(Role.EMPLOYEE).get(page).status_code == 404
    assert "Felles prosjekt" in text(as_role(Role.EMPLOYEE, world.region).get(page))


def test_write_report__keeps_what_both_wrote(as_role, place):
    draft = reports.draft(place)
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("report_edit", draft.pk)
    first = {"title": "Rapport", "summary": "Den første Ŋ", "advice": "", "version": draft.version}
    assert client.post(page, first).status_code == 302
    answer = client.post(page, {**first, "summary": "Den andre"})
    assert answer.status_code == 409
    assert "Den første Ŋ" in text(answer)
    assert "Den andre" in text(answer)


def test_write_report__without_a_title_says_so(as_role, place):
    draft = reports.draft(place)
    page = url("report_edit", draft.pk)
    answer = as_role(Role.PORTFOLIO_MANAGER).post(
        page, {"title": "", "summary": "Behold", "version": draft.version}
    )
    assert answer.status_code == 422
    assert "Behold" in text(answer)


def test_publish_report__with_the_words_of_its_writer(as_role, place, project):
    draft = reports.draft(place)
    client = as_role(Role.PORTFOLIO_MANAGER)
    words = {"title": "Rapport", "summary": "Det går bra.", "advice": "Stopp ett.", "version": draft.version}
    client.post(url("report_edit", draft.pk), words)
    assert client.get(url("report_publish", draft.pk)).status_code == 200
    client.post(url("report_publish", draft.pk), {"version": draft.version + 1})
    answer = text(as_role(Role.EMPLOYEE).get(url("report_detail", draft.pk)))
    assert "Det går bra." in answer
    assert "Stopp ett." in answer


# --- Files ---------------------------------------------------------------------------------------
def test_download_workbook__is_what_stands_on_the_page(as_role, place, project):
    reports.money(project, budget=1500, forecast=1750)
    reports.risk(project)
    reports.status(project, progress="watch", progress_trend="worse")
    client = as_role(Role.EMPLOYEE)
    page = ask(client)
    book = load_workbook(BytesIO(b"".join(ask(client, fil="xlsx").streaming_content)))
    tables = [table for section in page.context["shown"].sections for table in section.tables]
    assert len(book.sheetnames) == len(tables) + 1
    for sheet, table in zip(book.worksheets[1:], tables, strict=True):
        assert [cell.value for cell in sheet[1]] == [str(heading) for heading in table.headings]
        rows = [[cell.typed if cell.typed != "" else None for cell in row] for row in table.rows]
        found = (
            [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=len(rows) + 1)]
            if rows
            else []
        )
        assert [list(map(str, row)) for row in found] == [list(map(plain, row)) for row in rows]
    summed = {row[1].value: row[2].value for row in book["Sammendrag"].iter_rows(min_row=2)}
    assert (summed["I gang"], summed["Trenger hjelp på minst ett område"]) == (1, 0)
    money = book["Penger mot budsjett, år for år"]
    assert [cell.value for cell in money[2]][1:] == [1500, 0, 0, 1750, 250]


def plain(value):
    if isinstance(value, date):
        return str(datetime.combine(value, time()))
    return str(value) if not hasattr(value, "to_integral_value") else str(int(value))


@pytest.mark.parametrize("kind", ["live", "published"])
def test_download_pdf__tagged_and_for_archives(as_role, place, project, kind):
    reports.risk(project, title="=1+1 #panic(1) *x* $y$")
    page = url("report_detail", reports.published(place).pk) if kind == "published" else url("report_now")
    answer = as_role(Role.EMPLOYEE).get(page, {"fil": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content


def test_open_report__with_a_file_that_does_not_exist_shows_the_page(as_role, project):
    assert project.name in text(ask(as_role(Role.EMPLOYEE), fil="exe"))
