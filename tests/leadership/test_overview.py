"""The leadership page: who has it, what needs them, numbers that equal their lists, and what nobody else may know."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deviations.figures.scope import View
from deviations.models import CorrectiveAction
from governance.models import Initiative
from leadership.areas import Place, areas_of
from leadership.attention import SHOWN, attention_of
from leadership.figures.catalogue import BY_KEY, FIGURES, measure, shown_in
from leadership.figures.lists import LISTS
from leadership.figures.page import numbers_of
from leadership.models import Key
from leadership.operations import set_level
from organization.roles import Role
from tests import stories
from tests.deviations import stories as deviations
from tests.leadership import scenes
from tests.portfolio.statuses import published
from tests.world import SYSTEM

MAX_QUERIES = 12
URL = reverse("leadership:overview")
HAVE_PAGE = [
    Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER, Role.CHIEF_OF_FINANCE, Role.SECTOR_LEADER,
]  # fmt: skip
OPEN_TO_ALL = [Key.NEEDY, Key.MONEY, Key.BENEFITS, Key.QUEUE, Key.DECIDING]


@pytest.fixture
def place(world):
    return world.home


def seen_by(place, role, area=None):
    return Place(place.actor(role), area or place.municipality, timezone.now())


def now_of(place, key, role=Role.KOMMUNEDIREKTOR, area=None):
    return measure([(BY_KEY[key], seen_by(place, role, area))])[0]


def text_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace(
        "\xa0", " "
    )


# --- Who has the page ----------------------------------------------------------------------------
@pytest.mark.parametrize("role", HAVE_PAGE)
def test_open_page__leadership_finds_it_in_the_menu_and_at_the_start(as_role, place, role):
    client = as_role(role)
    start = client.get("/").content.decode()
    assert start.count(f'href="{URL}"') >= 2
    page = client.get(URL)
    area = place.sector if role == Role.SECTOR_LEADER else place.municipality
    assert page.status_code == 200
    assert area.name in page.content.decode()


@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.LEADER, Role.SECRETARIAT, Role.QUALITY_MANAGER, Role.ADMINISTRATOR]
)
def test_open_page__others_do_not_have_it(as_role, place, role):
    client = as_role(role)
    assert f'href="{URL}"' not in client.get("/").content.decode()
    for name, args in (
        ("overview", []),
        ("attention_list", []),
        ("number_list", ["needy"]),
        ("target_edit", ["needy"]),
    ):
        assert client.get(reverse(f"leadership:{name}", args=args)).status_code == 403, name


def test_open_page__leaders_below_when_the_municipality_says_so(as_role, world, place):
    actor, day = place.actor(Role.LEADER), timezone.localdate()
    assert areas_of(actor, day) == []
    set_level(place.municipality, level="unit", by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    assert areas_of(actor, day) == [place.unit]
    assert areas_of(world.neighbor.actor(Role.LEADER), day) == []
    client = as_role(Role.LEADER)
    assert f'href="{URL}"' in client.get("/").content.decode()
    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}?omrade={place.sector.pk}").status_code == 404


def test_choose_area__only_own_ones(as_role, world, place):
    client = as_role(Role.KOMMUNEDIREKTOR)
    assert place.sector.name in text_of(client.get(f"{URL}?omrade={place.sector.pk}"))
    wrong = [
        world.neighbor.municipality.pk,
        world.neighbor.sector.pk,
        world.region.municipality.pk,
        0,
        "x",
        "9" * 40,
    ]
    for given in wrong:
        assert client.get(f"{URL}?omrade={given}").status_code == 404, given
    as_role(Role.SECTOR_LEADER)
    assert client.get(f"{URL}?omrade={place.municipality.pk}").status_code == 404


# --- The numbers ---------------------------------------------------------------------------------
def test_measure__what_has_happened_here_and_not_elsewhere(world, place):
    scenes.everything(place)
    found = {figure.key: now_of(place, figure.key) for figure in FIGURES}
    assert (found[Key.NEEDY].value, found[Key.NEEDY].whole) == (1, 2)
    assert round(found[Key.MONEY].score(BY_KEY[Key.MONEY].kind)) == 130
    assert found[Key.QUEUE].value == 2
    assert found[Key.DECIDING].whole == 2
    assert (found[Key.DUTIES].value, found[Key.ACTIONS].value) == (1, 1)
    assert found[Key.CLOSING].whole == 1
    assert found[Key.BENEFITS].whole == 2
    assert found[Key.BENEFITS].value == 1
    for key in Key:
        other = now_of(world.neighbor, key)
        assert not other.value
        assert not other.whole


def test_measure__a_sector_has_its_own_and_a_region_not_its_municipalities(world, place):
    scenes.needy(place)
    assert now_of(place, Key.NEEDY, Role.SECTOR_LEADER, place.sector).value == 1
    assert now_of(place, Key.NEEDY, area=place.unit).value == 1
    assert now_of(world.region, Key.NEEDY).whole == 0
    scenes.needy(world.region)
    assert now_of(world.region, Key.NEEDY).whole == 1
    assert now_of(place, Key.NEEDY).whole == 1


@pytest.mark.parametrize("role", [Role.KOMMUNEDIREKTOR, Role.SECTOR_LEADER, Role.PORTFOLIO_MANAGER])
def test_open_list__has_as_many_rows_as_the_number_says(as_role, place, role):
    scenes.everything(place)
    client = as_role(role)
    area = place.sector if role == Role.SECTOR_LEADER else place.municipality
    shown = seen_by(place, role, area)
    counted = {Key.DECIDING: "whole", Key.CLOSING: "whole", Key.BENEFITS: "whole"}
    for figure in shown_in(shown):
        if figure.key == Key.REPORTED:
            continue
        page = client.get(reverse("leadership:number_list", args=[figure.key.value]))
        assert page.status_code == 200
        rows = page.content.decode().count('<tr><th scope="row">')
        one = now_of(place, figure.key, role, area)
        wanted = 1 if figure.key == Key.MONEY else getattr(one, counted.get(figure.key, "value"))
        assert rows == wanted, figure.key


def test_open_reported__leads_to_the_list_of_deviations_with_as_many(as_role, place):
    for _one in range(3):
        deviations.report(place)
    client = as_role(Role.KOMMUNEDIREKTOR)
    card = next(
        one for one in numbers_of(seen_by(place, Role.KOMMUNEDIREKTOR)).cards if one.key == Key.REPORTED
    )
    assert card.value == "3"
    assert client.get(card.url).content.decode().count('<th scope="row">') == 3


@pytest.mark.parametrize("key", ["reported", "ukjent", "needy/mal"])
def test_open_list__of_what_has_none(as_role, key):
    client = as_role(Role.PORTFOLIO_MANAGER)
    wanted = 200 if key == "needy/mal" else 404
    assert client.get(f"{URL}tall/{key}/").status_code == wanted


@pytest.mark.parametrize("key", [Key.CLOSING, Key.DUTIES, Key.ACTIONS])
def test_open_list__of_deviations_not_for_those_who_see_none(as_role, place, key):
    client = as_role(Role.CHIEF_OF_FINANCE)
    assert client.get(reverse("leadership:number_list", args=[key.value])).status_code == 404
    assert [figure.key for figure in shown_in(seen_by(place, Role.CHIEF_OF_FINANCE))] == OPEN_TO_ALL


def test_count_deviations__as_the_leader_sees_them_and_never_one_about_the_leader(place):
    deviations.report(place)
    about = place.person(Role.KOMMUNEDIREKTOR)
    deviations.report(place, concerned=(about,))
    assert seen_by(place, Role.KOMMUNEDIREKTOR).view == View.LINE
    assert now_of(place, Key.REPORTED).value == 1


def test_show_shielded__counts_nothing_of_it(place):
    project = scenes.needy(place)
    scenes.budget(project, place, planned=10, forecast=20)
    Initiative.objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_13", public_title="Et tiltak"
    )
    assert now_of(place, Key.NEEDY).whole == 0
    assert now_of(place, Key.MONEY).value is None
    assert (
        attention_of(
            seen_by(place, Role.KOMMUNEDIREKTOR), numbers_of(seen_by(place, Role.KOMMUNEDIREKTOR)).now
        ).items
        == []
    )


def test_measure_past__duties_and_actions_as_they_stood(place):
    scenes.late_duty(place, days=40)
    action = scenes.late_action(place)
    CorrectiveAction.objects.filter(pk=action.pk).update(
        due_on=timezone.localdate() - timedelta(days=60), created_at=timezone.now() - timedelta(days=80)
    )
    deviations.do(action, place)
    shown = seen_by(place, Role.KOMMUNEDIREKTOR)
    now, then = ([(BY_KEY[key], at) for key in (Key.DUTIES, Key.ACTIONS)] for at in (shown, shown.earlier))
    assert [one.value for one in measure(now)] == [1, 0]
    assert [one.value for one in measure(then)] == [1, 1]


# --- What needs somebody -------------------------------------------------------------------------
def test_show_attention__the_worst_first_and_five_at_most(as_role, place):
    scenes.everything(place)
    for number in range(3):
        scenes.needy(place, title=f"Prosjekt {number}")
    page = text_of(as_role(Role.KOMMUNEDIREKTOR).get(URL))
    items = attention_of(*_both(place, Role.KOMMUNEDIREKTOR)).items
    assert [item.weight for item in items] == sorted((item.weight for item in items), reverse=True)
    assert items[0].verb == "Følg opp meldeplikten"
    assert len(items) > SHOWN
    assert f"Og {len(items) - SHOWN} til" in page
    assert items[SHOWN].title not in page.split("Tallene")[0] or items[SHOWN].title == items[0].title
    everything = text_of(as_role(Role.KOMMUNEDIREKTOR).get(reverse("leadership:attention_list")))
    for item in items:
        assert item.title in everything


def _both(place, role, area=None):
    shown = seen_by(place, role, area)
    return shown, numbers_of(shown).now


def test_show_attention__one_thing_for_a_project_with_two_troubles(place):
    project = scenes.needy(place, area="economy")
    scenes.budget(project, place, planned=100_000, forecast=130_000)
    (item,) = attention_of(*_both(place, Role.PORTFOLIO_MANAGER)).items
    assert "Trenger hjelp: økonomi. Prognosen er 30 000 kr over" in item.why.replace("\xa0", " ")
    published(project, place)
    (item,) = attention_of(*_both(place, Role.PORTFOLIO_MANAGER)).items
    assert item.verb == "Ta stilling til overskridelsen i"


def test_show_attention__decisions_for_the_director_and_endorsements_for_the_sector_leader(place):
    scenes.waiting_for_director(place)
    stories.awaiting_endorsement(place, title="Søknad om parkering")
    director = attention_of(*_both(place, Role.KOMMUNEDIREKTOR)).items
    leader = attention_of(*_both(place, Role.SECTOR_LEADER, place.sector)).items
    assert [item.title for item in director] == ["Sensorer på brøyteruter"]
    assert [item.title for item in leader] == ["Søknad om parkering"]


def test_show_attention__nothing_is_said_so(as_role, world):
    page = text_of(as_role(Role.KOMMUNEDIREKTOR, world.stranger).get(URL))
    assert "Ingenting trenger deg nå" in page
    for words in (
        "Ingen budsjettlinjer for",
        "Ingen målinger skulle vært gjort",
        "Ikke noe å sammenligne med",
    ):
        assert words in page
    client = as_role(Role.KOMMUNEDIREKTOR, world.stranger)
    for key in LISTS:
        assert "Listen er tom" in text_of(client.get(reverse("leadership:number_list", args=[key])))


# --- Cost ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.KOMMUNEDIREKTOR, Role.SECTOR_LEADER])
def test_open_pages__few_queries_however_much_there_is(as_role, place, role, django_assert_max_num_queries):
    scenes.everything(place)
    client = as_role(role)
    pages = [
        URL,
        reverse("leadership:attention_list"),
        *(reverse("leadership:number_list", args=[key]) for key in LISTS),
    ]
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    scenes.everything(place)
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before, info=page):
            client.get(page)


def test_measure__the_system_counts_no_deviations(place):
    deviations.report(place)
    place_of_system = Place(SYSTEM, place.municipality, timezone.now())
    assert [figure.key for figure in shown_in(place_of_system)] == OPEN_TO_ALL
