"""Saved views of the portfolio: one set for every shape, each opens in the shape it was saved in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from organization.models import SavedView
from organization.roles import Role
from tests import stories

BOARD, TABLE, ROADMAP = (reverse(f"portfolio:{name}") for name in ("board", "table", "roadmap"))
SAVE = reverse("organization:view_save")


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def save(client, name, query, shape="portfolio:board", **data):
    return client.post(f"{SAVE}?{urlencode({'liste': shape, **query})}", {"name": name, **data})


def test_save__from_the_board_opens_the_board_from_every_shape(as_role, place, project):
    client = as_role(Role.PORTFOLIO_MANAGER)
    answer = client.get(BOARD, {"penger": "over", "mer": "concept"})
    assert "Lagre visningen" in answer.content.decode()
    answer = save(client, "Dyre", {"penger": "over", "mer": "concept", "tull": "1"})
    assert answer.url == f"{BOARD}?penger=over"
    save(client, "Alle dyre", {"penger": "over", "status": "alle"}, shape="portfolio:table")
    for address in (BOARD, TABLE, ROADMAP):
        chips = {chip["view"].name: chip for chip in client.get(address).context["views"].chips}
        assert chips["Dyre"]["url"] == f"{BOARD}?penger=over"
        assert chips["Alle dyre"]["url"] == f"{TABLE}?penger=over&status=alle"
    assert "(Tavle)" in client.get(TABLE).content.decode()
    assert "(Tabell)" in client.get(BOARD).content.decode()


def test_share__portfolio_manager_with_the_whole_municipality(as_role, world, place, project):
    client = as_role(Role.PORTFOLIO_MANAGER)
    answer = save(client, "Våre", {"sektor": place.sector.pk}, shared_with=str(place.municipality.pk))
    assert answer.status_code == 302
    view = SavedView.objects.get()
    assert view.unit == place.municipality
    assert "Våre" in as_role(Role.EMPLOYEE).get(BOARD).content.decode()
    assert "Våre" in as_role(Role.EMPLOYEE).get(TABLE).content.decode()
    assert "Våre" not in as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(BOARD).content.decode()
    refused = save(as_role(Role.EMPLOYEE), "Mine", {"mine": "1"}, shared_with=str(place.municipality.pk))
    assert refused.status_code == 302
    assert SavedView.objects.get(name="Mine").unit is None


def test_open_with__start_view_of_one_shape_only(as_role, project):
    client = as_role(Role.EMPLOYEE)
    save(client, "Min tavle", {"mine": "1", "fase": "planning"}, is_start="on")
    assert client.get(BOARD).url == f"{BOARD}?fase=planning&mine=1"
    assert client.get(TABLE).status_code == 200
    assert client.get(BOARD, {"alle": "1"}).status_code == 200


def test_save__the_roadmap_with_its_filters_and_not_its_period(as_role, project):
    client = as_role(Role.EMPLOYEE)
    answer = client.get(ROADMAP, {"fase": "planning", "zoom": "year", "fra": "2026"})
    assert "Lagre visningen" in answer.content.decode()
    answer = save(
        client, "Veien", {"fase": "planning", "zoom": "year"}, shape="portfolio:roadmap", is_start="on"
    )
    assert answer.url == f"{ROADMAP}?fase=planning"
    assert client.get(ROADMAP).url == f"{ROADMAP}?fase=planning"
    assert "(Veikart)" in client.get(BOARD).content.decode()


def test_standard__views_everybody_has_are_marked_and_can_open_the_list(as_role, project):
    client = as_role(Role.EMPLOYEE)
    for query in ("mine=1", "tilstand=hjelp", "penger=over", "punkt=klar"):
        answer = client.get(f"{BOARD}?{query}")
        current = [chip["name"] for chip in answer.context["views"].standard if chip["is_current"]]
        assert len(current) == 1
    save(client, "Mine først", {"mine": "1"}, is_start="on")
    assert client.get(BOARD).url == f"{BOARD}?mine=1"
