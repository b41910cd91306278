"""The money of a project: who sees and writes its lines, what is refused, two at once, and the file from accounting."""

from __future__ import annotations

import html
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.models import BudgetLine, Project
from portfolio.money import operations
from portfolio.money.presentation import by_year, sums_of
from tests import stories

MAX_QUERIES = 12
WRITERS = [Role.PROJECT_MANAGER, Role.PROJECT_OWNER, Role.PORTFOLIO_MANAGER, Role.CHIEF_OF_FINANCE]
IMPORT = reverse("portfolio:accounts_import")
HEADINGS = "Prosjekt;År;Finansiering;Påløpt;Bundet"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, row):
    return reverse(f"portfolio:money_{name}", args=[row.pk])


def text_of(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


def typed(**changed):
    values = {
        "year": "2026",
        "source": "adopted",
        "budget": "1 250 000",
        "committed": "0",
        "spent": "12 000,50",
        "forecast": "1,3 mill.",
    }
    return values | changed


def made(project, **fields):
    values = {"year": 2026, "source": "adopted", "budget": 100, "committed": 10, "spent": 40, "forecast": 100}
    return BudgetLine.objects.create(project=project, changed_at=timezone.now(), **values | fields)


# --- Lines -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", WRITERS)
def test_add_line__with_norwegian_amounts(as_role, project, role):
    client = as_role(role)
    assert client.get(url("add", project)).status_code == 200
    assert client.post(url("add", project), typed()).url == url("detail", project)
    line = BudgetLine.objects.get()
    assert (line.budget, line.spent, line.forecast) == (
        Decimal(1250000),
        Decimal("12000.50"),
        Decimal(1300000),
    )
    text = text_of(client.get(url("detail", project)))
    assert "Prognose 1 300 000 kr, 50 000 kr (4 %) over budsjettet" in text


def test_lines__seen_by_all_who_see_the_project_and_written_by_few(as_role, world, project, place):
    line = made(project)
    client = as_role(Role.EMPLOYEE)
    assert "Vedtatt bevilgning" in text_of(client.get(url("detail", project)))
    for page in (url("add", project), url("edit", line), url("remove", line)):
        assert client.get(page).status_code == 403
        assert client.post(page, typed(stamp=operations.stamp_of(line))).status_code == 403
    for where in (world.neighbor, world.stranger):
        stranger = as_role(Role.PORTFOLIO_MANAGER, where)
        for page in (url("detail", project), url("add", project), url("edit", line), url("remove", line)):
            assert stranger.get(page).status_code == 404
        with pytest.raises(Http404):
            operations.remove_line(line, stamp="", by=where.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    with pytest.raises(TransitionDenied):
        operations.remove_line(line, stamp="", by=place.actor(Role.EMPLOYEE), now=timezone.now())
    assert BudgetLine.objects.get() == line


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("budget", "-1", "Budsjett: Tallet kan ikke være mindre enn 0"),
        ("spent", "−1", "Påløpt: Tallet kan ikke være mindre enn 0"),
        ("forecast", "mye", "Skriv beløpet i kroner"),
        ("committed", "", "Du må fylle ut «Bundet»"),
        ("budget", "9" * 20, "Budsjett"),
        ("year", "1999", "2000"),
        ("year", "i år", "Skriv et årstall"),
        ("source", "lotto", "lotto"),
        ("source", "", "Du må velge «Finansiering»"),
    ],
)
def test_write_line__bad_input_is_kept_and_named(as_role, project, field, value, told):
    answer = as_role(Role.PROJECT_MANAGER).post(url("add", project), typed(**{field: value}))
    text = text_of(answer)
    assert answer.status_code == 422
    assert told in text
    assert "1 250 000" in text or field == "budget"
    assert not BudgetLine.objects.exists()


def test_write_line__year_and_source_stand_once(as_role, project):
    made(project)
    other = made(project, year=2027)
    client = as_role(Role.PROJECT_MANAGER)
    told = "Det finnes alt en linje for dette året og denne finansieringen"
    answer = client.post(url("add", project), typed())
    assert (answer.status_code, told in text_of(answer)) == (422, True)
    assert "source" in answer.context["form"].errors
    answer = client.post(url("edit", other), typed(stamp=operations.stamp_of(other)))
    assert (answer.status_code, told in text_of(answer)) == (422, True)
    assert (
        client.post(url("edit", other), typed(year="2028", stamp=operations.stamp_of(other))).status_code
        == 302
    )


def test_edit_line__somebody_else_changed_it_meanwhile(as_role, place, project):
    line = made(project)
    stamp = operations.stamp_of(line)
    values = {"year": 2026, "source": "adopted", "budget": 777, "committed": 0, "spent": 0, "forecast": 0}
    operations.save_line(
        project, values, line=line, stamp=stamp, by=place.actor(Role.PROJECT_OWNER), now=timezone.now()
    )
    client = as_role(Role.PROJECT_MANAGER)
    answer = client.post(url("edit", line), typed(stamp=stamp))
    assert answer.status_code == 409
    assert ">777<" in text_of(answer).replace(" <", "<")
    assert "1 250 000" in text_of(answer)
    assert client.post(url("remove", line), {"stamp": stamp}).status_code == 409
    again = typed(stamp=answer.context["stamp"])
    assert client.post(url("edit", line), again).status_code == 302
    assert BudgetLine.objects.get().budget == 1250000


def test_remove_line__asks_first_and_keeps_the_history(as_role, project):
    line = made(project)
    client = as_role(Role.PROJECT_MANAGER)
    assert client.get(url("remove", line)).status_code == 200
    assert BudgetLine.objects.exists()
    assert client.post(url("remove", line), {"stamp": operations.stamp_of(line)}).status_code == 302
    assert not BudgetLine.objects.exists()
    assert BudgetLine.pgh_event_model.objects.filter(pgh_obj_id=line.pk).exists()
    assert client.post(url("remove", line), {"stamp": ""}).status_code == 404


def test_sums__per_year_and_in_all(project):
    lines = [made(project), made(project, source="state", budget=50), made(project, year=2027, forecast=400)]
    years = by_year(lines)
    assert [(one.year, one.budget, one.forecast) for one in years] == [(2026, 150, 200), (2027, 100, 400)]
    assert (sums_of(lines).budget, sums_of(lines).spent) == (250, 120)
    assert sums_of([]).budget == 0


def test_money_page__few_queries_whatever_the_number_of_lines(
    as_role, project, django_assert_max_num_queries
):
    for year in range(2020, 2040):
        made(project, year=year)
    client = as_role(Role.PROJECT_MANAGER)
    client.get(url("detail", project))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(url("detail", project))


# --- The file from accounting ----------------------------------------------------------------------
def send(client, *lines):
    file = io.BytesIO("\n".join([HEADINGS, *lines]).encode())
    file.name = "regnskap.csv"
    return client.post(IMPORT, {"file": file})


def key_of(answer):
    return re.search(r'name="key" value="([^"]+)"', answer.content.decode())[1]


def standing(project):
    rows = project.budget_lines.order_by("year", "source")
    return [(row.year, row.source, row.budget, row.spent, row.committed) for row in rows]


def test_import__tried_first_then_whole_and_the_same_file_changes_nothing(as_role, project):
    made(project, committed=7)
    client, number = as_role(Role.CHIEF_OF_FINANCE), project.initiative.number
    lines = [f"{number};2026;Vedtatt bevilgning;1 061 000,50;", f"{project.name.upper()};2027;state;0;86 000"]
    shown = send(client, *lines)
    assert shown.status_code == 200
    assert standing(project) == [(2026, "adopted", 100, 40, 7)]
    assert client.post(IMPORT, {"key": key_of(shown)}).status_code == 302
    expected = [(2026, "adopted", 100, Decimal("1061000.50"), 7), (2027, "state", 0, 0, 86000)]
    assert standing(project) == expected
    events = BudgetLine.pgh_event_model.objects.count()
    assert "Alt i filen står slik fra før" in text_of(send(client, *lines))
    changed = send(client, lines[0].replace("1 061 000,50", "1 061 001"), lines[1])
    assert (changed.context["plan"].changed, changed.context["plan"].same) == (1, 1)
    client.post(IMPORT, {"key": key_of(changed)})
    assert standing(project)[0][3] == 1061001
    assert BudgetLine.pgh_event_model.objects.count() == events + 1


def test_import__all_or_nothing_with_the_number_of_each_line(as_role, project):
    number = project.initiative.number
    answer = send(
        as_role(Role.CHIEF_OF_FINANCE), f"{number};2026;Vedtatt bevilgning;10;0", f"{number};26;Lotto;-1;x", "Ukjent;2026;state;5;",
        f"{number};2026;adopted;11;", f"{number};2027;state;;",
    )  # fmt: skip
    text = text_of(answer)
    assert answer.status_code == 422
    assert [(error.line, error.column) for error in answer.context["errors"]] == [
        (3, "År"), (3, "Finansiering"), (3, "Påløpt"), (3, "Bundet"), (4, "Prosjekt"), (5, "Finansiering"), (6, "Påløpt"),
    ]  # fmt: skip
    assert "står på linje 2" in text
    assert "Egen ramme" in text
    assert not BudgetLine.objects.exists()


def test_import__only_projects_the_actor_accounts_for(as_role, world, project):
    line = f"{project.initiative.number};2026;state;5;"
    for role, where in ((Role.EMPLOYEE, world.home), (Role.CHIEF_OF_FINANCE, world.neighbor)):
        answer = send(as_role(role, where), line)
        assert answer.status_code == 422
        assert "Du fører ikke økonomien" in text_of(answer)


def test_import__projects_of_one_name_are_told_apart_by_number(as_role, place, project):
    other = stories.in_portfolio(place).project
    Project.objects.filter(pk=other.pk).update(name=project.name)
    client = as_role(Role.CHIEF_OF_FINANCE)
    assert "Flere prosjekter heter" in text_of(send(client, f"{project.name};2026;state;5;"))
    assert send(client, f"{other.initiative.number};2026;state;5;").status_code == 200


def test_import__what_was_seen_is_what_is_written(as_role, project):
    line = made(project)
    client = as_role(Role.CHIEF_OF_FINANCE)
    shown = send(client, f"{project.initiative.number};2026;adopted;55;")
    BudgetLine.objects.filter(pk=line.pk).update(spent=50)
    answer = client.post(IMPORT, {"key": key_of(shown)})
    assert answer.status_code == 409
    assert standing(project)[0][3] == 50


def workbook(fill):
    book = openpyxl.Workbook()
    for heading in (HEADINGS.split(";"),):
        book.active.append(heading)
    fill(book.active)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "regnskap.xlsx"
    return file


def test_import__workbook_with_merged_cells_or_formulas(as_role, project):
    client, number = as_role(Role.CHIEF_OF_FINANCE), project.initiative.number

    def merged(sheet):
        sheet.append([number, 2026, "state", 5, 0])
        sheet.append([None, 2027, "state", 5, 0])
        sheet.merge_cells("A2:A3")

    def formula(sheet):
        sheet.append([number, 2026, "state", "=2+3", 0])

    def plain(sheet):
        sheet.append([number, 2026, "state", 5.5, None])

    answer = client.post(IMPORT, {"file": workbook(merged)})
    assert answer.status_code == 422
    assert "slått sammen" in text_of(answer)
    answer = client.post(IMPORT, {"file": workbook(formula)})
    assert answer.status_code == 422
    assert "Linje 2" in text_of(answer) or answer.context["errors"][0].line == 2
    assert client.post(IMPORT, {"file": workbook(plain)}).status_code == 200


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04 broken", "Navn;Beløp\nA;1".encode()])
def test_import__file_that_is_none_of_ours(as_role, project, content):
    file = io.BytesIO(content)
    file.name = "regnskap.xlsx" if content.startswith(b"PK") else "regnskap.csv"
    assert as_role(Role.CHIEF_OF_FINANCE).post(IMPORT, {"file": file}).status_code == 422


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_import__template_can_be_read_again(as_role, query):
    answer = as_role(Role.EMPLOYEE).get(reverse("portfolio:accounts_template") + query)
    file = io.BytesIO(b"".join(answer.streaming_content))
    file.name = "mal.csv" if query else "mal.xlsx"
    shown = as_role(Role.CHIEF_OF_FINANCE).post(IMPORT, {"file": file})
    assert [error.column for error in shown.context["errors"]] == ["Prosjekt"]
