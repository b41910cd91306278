"""The roadmap: which projects stand in it, how it is moved, drawn and told, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from organization.roles import Role
from portfolio.models import Dependency, Project
from portfolio.plan import operations
from portfolio.workflow import status_workflow
from tests import stories
from tests.governance import rules
from tests.portfolio import plans, statuses
from tests.portfolio.plans import day
from tests.portfolio.test_plan_dependencies import shared

MAX_QUERIES = 12
MANAGER = Role.PROJECT_MANAGER
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def place(world):
    return world.home


def made(place, name="Prosjekt", **fields):
    project = stories.in_portfolio(place).project
    fields = {"starts_on": day(-30), "ends_on": day(30), **fields}
    Project.objects.filter(pk=project.pk).update(name=name, **fields)
    return Project.objects.get(pk=project.pk)


def opened(client, **query):
    return client.get(reverse("portfolio:roadmap"), query)


def rows_of(page):
    return [row for group in page.context["groups"] for row in group.rows]


def names_of(page):
    return [row.project.name for row in rows_of(page)]


def drawing_of(page):
    return ET.fromstring(str(page.context["drawing"]))


# --- Which projects ----------------------------------------------------------------------------------------
def test_open_roadmap__those_that_go_on_in_the_period(as_role, place):
    year = timezone.localdate().year
    made(place, "I år")
    made(place, "Til neste år", starts_on=date(year + 2, 2, 1), ends_on=date(year + 2, 3, 1))
    made(
        place, "Ferdig før", starts_on=date(year - 3, 1, 1), ends_on=date(year - 2, 1, 1), status="completed"
    )
    made(place, "Uten slutt", starts_on=date(year - 3, 1, 1), ends_on=None)
    client = as_role(Role.EMPLOYEE)
    assert set(names_of(opened(client))) == {"I år", "Uten slutt"}
    assert set(names_of(opened(client, fra=year + 2))) == {"Til neste år", "Uten slutt"}
    assert names_of(opened(client, fra=year - 4, zoom="maned")) == []
    assert set(names_of(opened(client, fra=year - 3, status="alle"))) == {"Ferdig før", "Uten slutt"}


def test_open_roadmap__what_should_have_ended_stands_until_it_does(as_role, place):
    today = timezone.localdate()
    late = made(place, "Forsinket", starts_on=today - timedelta(800), ends_on=today - timedelta(500))
    client = as_role(Role.EMPLOYEE)
    page = opened(client, zoom="maned")
    assert names_of(page) == ["Forsinket"]
    assert "500 dager over slutten" in page.content.decode()
    later = today.replace(year=today.year + 2, month=3, day=1)
    assert names_of(opened(client, zoom="maned", fra=later.year)) == []
    statuses.published(late, place, forecast_ends_on=later)
    page = opened(client, zoom="maned", fra=later.year)
    assert names_of(page) == ["Forsinket"]
    assert "ventet" in rows_of(page)[0].end_in_words
    assert not rows_of(page)[0].is_overdue


def test_open_roadmap__a_project_that_is_handed_over_is_not_late(as_role, place):
    project = made(place, starts_on=day(-40), ends_on=day(-2))
    rules.demand(place, gates=[])
    for phase in ("planning", "execution", "closing", "realizing"):
        project = stories.move(project, place, phase)
    row = rows_of(opened(as_role(Role.EMPLOYEE)))[0]
    assert (row.is_overdue, row.expected) == (False, None)


def test_open_roadmap__without_a_start_stands_apart_with_what_to_do(as_role, place):
    made(place, "Med datoer")
    project = made(place, "Uten datoer", starts_on=None, ends_on=None)
    page = opened(as_role(MANAGER))
    assert names_of(page) == ["Med datoer"]
    assert reverse("portfolio:plan_period", args=[project.pk]) in page.content.decode()
    text = opened(as_role(Role.EMPLOYEE)).content.decode()
    assert reverse("portfolio:plan_period", args=[project.pk]) not in text
    assert f"{project.manager} setter datoene" in text


def test_open_roadmap__grouped_by_sector(as_role, place):
    first, top = made(place, "I sektoren"), made(place, "På toppen")
    Project.objects.filter(pk=top.pk).update(unit=place.municipality)
    page = opened(as_role(Role.EMPLOYEE))
    groups = [(group.name, [row.project for row in group.rows]) for group in page.context["groups"]]
    assert groups == [(place.municipality.name, [top]), (place.sector.name, [first])]
    assert names_of(opened(as_role(Role.EMPLOYEE), sektor=place.sector.pk)) == ["I sektoren"]
    assert names_of(opened(as_role(Role.EMPLOYEE), q="toppen")) == ["På toppen"]


def test_open_roadmap__not_what_others_do(as_role, world):
    own, ours = made(world.home, "Elvdals egen"), shared(world)
    Project.objects.filter(pk=ours.pk).update(starts_on=day(-9), ends_on=day(9))
    now = timezone.now()
    Dependency.objects.create(project=ours, on=own, created_at=now, changed_at=now)
    page = opened(as_role(Role.EMPLOYEE, world.neighbor))
    assert names_of(page) == ["Felles fagsystem"]
    assert "Elvdals egen" not in page.content.decode()
    assert "Et prosjekt i en annen kommune" in page.content.decode()
    assert set(names_of(opened(as_role(Role.EMPLOYEE)))) == {"Elvdals egen", "Felles fagsystem"}
    assert names_of(opened(as_role(Role.EMPLOYEE, world.stranger))) == []


# --- Period and zoom -----------------------------------------------------------------------------------------
def test_move_roadmap__by_links_that_keep_the_filters(as_role, place):
    made(place)
    client, year = as_role(Role.EMPLOYEE), timezone.localdate().year
    period = opened(client, sektor=place.sector.pk, zoom="ar", fra=2025, etter="x").context["period"]
    assert period.label == "2025–2029"
    assert period.earlier_url == f"?sektor={place.sector.pk}&zoom=ar&fra=2024"
    assert period.later_url == f"?sektor={place.sector.pk}&zoom=ar&fra=2026"
    assert period.today_url == f"?sektor={place.sector.pk}&zoom=ar"
    assert [zoom["label"] for zoom in period.zooms if zoom["is_current"]] == ["År"]
    page = opened(client, sektor=place.sector.pk, zoom="maned")
    assert page.context["period"].label == str(year)
    text = page.content.decode()
    assert '<input type="hidden" name="zoom" value="maned">' in text
    assert f'href="{reverse("portfolio:table")}?sektor={place.sector.pk}"' in text


@pytest.mark.parametrize("name", ["board", "table"])
def test_open_others__lead_to_the_roadmap_with_the_same_filters(as_role, place, name):
    text = (
        as_role(Role.EMPLOYEE).get(reverse(f"portfolio:{name}"), {"sektor": place.sector.pk}).content.decode()
    )
    assert f'href="{reverse("portfolio:roadmap")}?sektor={place.sector.pk}"' in text


@pytest.mark.parametrize(
    "query",
    [{"zoom": "<b>", "fra": "x"}, {"fra": "-1"}, {"fra": "9" * 30}, {"zoom": "", "fra": ""}, {"fra": "1"}, {"fra": "9999"},
     {"etter": "tull"}, {"for": "WzEsMiwzXQ=="}, {"q": "\x00"}, {"fra": "²"}],
)  # fmt: skip
def test_open_roadmap__with_nonsense_in_the_address(as_role, place, query):
    made(place)
    assert opened(as_role(Role.EMPLOYEE), **query).status_code == 200


def test_open_roadmap__nothing_in_the_period_says_so(as_role, place):
    client = as_role(Role.EMPLOYEE)
    assert "Ingen prosjekter i perioden" in opened(client).content.decode()
    made(place)
    text = opened(client, fra=2010, sektor=place.sector.pk).content.decode()
    assert "Ingen prosjekter i perioden passer" in text


# --- Drawn, and told ---------------------------------------------------------------------------------------
def test_draw_roadmap__links_named_in_full(as_role, place):
    project = made(place, "Nettet i " + "ei veldig lang bygd " * 4)
    plans.milestone(project, place, on=day(-5), name="Kabelen ligger")
    drawing = drawing_of(opened(as_role(Role.EMPLOYEE)))
    links = drawing.findall(f"{SVG}a")
    assert [link.get("href") for link in links] == [project.get_absolute_url()]
    assert links[0].find(f"{SVG}title").text.startswith(f"{project.name}: Konsept. Oppstart")
    titles = [one.text for one in drawing.iter(f"{SVG}title")]
    assert "Milepæl: Kabelen ligger. 5 dager over datoen." in titles
    assert drawing.get("role") == "group"
    assert not [one for one in drawing.iter() if one.get("style")]


def test_draw_roadmap__escapes_what_people_wrote(as_role, place):
    project = made(place, "<script>alert('x')</script> & co")
    plans.milestone(project, place, name='"><b>fet</b>')
    text = opened(as_role(Role.EMPLOYEE)).content.decode()
    assert "<script>alert" not in text
    assert "<b>fet" not in text


def test_draw_roadmap__arrow_between_rows_and_words_in_the_table(as_role, place):
    first, second = made(place, "Nettet"), made(place, "Låsene", ends_on=day(20))
    plans.dependency(second, first, place)
    page = opened(as_role(Role.EMPLOYEE), zoom="ar")
    arrows = [one for one in drawing_of(page).iter(f"{SVG}g") if "roadmap-arrow" in one.get("class", "")]
    assert [one.find(f"{SVG}title").text for one in arrows] == [rows_of(page)[1].awaited[0].wait.warning]
    text = page.content.decode()
    assert "10 dager for sent" in text
    assert "Går ikke opp" in text


def test_draw_roadmap__what_is_expected_and_where_today_is(as_role, place):
    project = made(place, ends_on=day(10))
    statuses.published(project, place, forecast_ends_on=day(40), progress="watch", progress_text="Sent")
    page = opened(as_role(Role.EMPLOYEE), zoom="ar")
    row = rows_of(page)[0]
    assert (row.expected, row.stands) == (day(40), "Konsept · Følg med")
    texts = [one.text for one in drawing_of(page).iter(f"{SVG}text")]
    assert "i dag" in texts
    made(place, "Lenge", ends_on=None)
    later = drawing_of(opened(as_role(Role.EMPLOYEE), fra=day(0).year + 1))
    assert "i dag" not in [one.text for one in later.iter(f"{SVG}text")]


def test_tell_roadmap__the_table_has_everything(as_role, place):
    project = made(place, "Nettet", starts_on=day(-3), ends_on=None)
    row = plans.milestone(project, place, on=day(12), name="Kabelen ligger")
    given = {"stamp": operations.stamp_of(row), "by": place.actor(MANAGER), "now": timezone.now()}
    operations.move_milestone(row, to=day(15), reason="Tele", **given)
    data = {"reason": "Venter på budsjett"}
    status_workflow.perform(
        "pause", project, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(), data=data
    )
    text = opened(as_role(Role.EMPLOYEE)).content.decode()
    for words in ("Nettet", "Konsept · Satt på vent", "Ingen sluttdato", "Kabelen ligger", place.sector.name):
        assert words in text


# --- Pages and statements --------------------------------------------------------------------------------------
def test_open_roadmap__a_page_at_a_time_in_order(as_role, place):
    unit = made(place, "P00").unit
    for number in range(1, 34):
        Project.objects.filter(pk=stories.in_portfolio(place).project.pk).update(
            name=f"P{number:02d}", unit=unit, starts_on=day(-30 + number % 7), ends_on=day(40)
        )
    client = as_role(Role.EMPLOYEE)
    first = opened(client)
    second = client.get(reverse("portfolio:roadmap") + first.context["page"].next_url)
    assert (len(rows_of(first)), len(rows_of(second))) == (30, 4)
    rows = [*rows_of(first), *rows_of(second)]
    keys = [(row.project.unit.path, row.start, row.project.pk) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == 34
    back = client.get(reverse("portfolio:roadmap") + second.context["page"].previous_url)
    assert names_of(back) == names_of(first)


def test_open_roadmap__few_queries_whatever_the_number_of_projects(
    as_role, place, django_assert_max_num_queries
):
    client = as_role(MANAGER)
    first = made(place)
    made(place, starts_on=None)
    plans.milestone(first, place)
    plans.dependency(first, made(place), place)
    for query in ({}, {"q": "Prosjekt"}):
        opened(client, **query)
        with django_assert_max_num_queries(MAX_QUERIES) as asked:
            opened(client, **query)
        before = len(asked)
        for _more in range(3):
            other = made(place)
            plans.milestone(other, place, responsible=place.person(Role.LEADER))
            plans.dependency(other, first, place)
            statuses.published(other, place, forecast_ends_on=day(90))
            made(place, starts_on=None)
        with django_assert_max_num_queries(before):
            opened(client, **query)
