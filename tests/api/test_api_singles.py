"""Every resource with a list has an address for each of its rows, which tells the same."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from core.api.schema import document
from core.models import AccessLog
from governance.models import Initiative
from tests.api.test_api_clients import api_views
from tests.api.test_api_resources import LISTS, everything, furnish
from tests.benefits import stories as benefits

WITH_ROWS = (*LISTS, "units", "goals", "deviation-types", "budget-lines")


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


def with_money(place):
    from portfolio.models import BudgetLine, Project

    furnish(place)
    project = Project.objects.filter(municipality=place.municipality).first()
    line = BudgetLine(project=project, year=2026, source="adopted", budget=10)
    line.stamp(project.changed_at)
    line.save()


def test_one_row__tells_what_its_line_in_the_list_tells(world, django_assert_max_num_queries):
    with_money(world.home)
    own, outside = everything(world.home), everything(world.stranger, "Fremmed")
    for resource in WITH_ROWS:
        for row in own.get(f"/{resource}/").json()["results"][:3]:
            address = f"/{resource}/{row['id']}/"
            with django_assert_max_num_queries(5):
                answer = own.get(address)
            assert answer.json() == row, address
            assert answer["ETag"]
            assert outside.get(address).status_code == 404, address
        assert own.get(f"/{resource}/999999999/").status_code == 404
        assert own.get(f"/{resource}/{10**30}/").status_code == 404
        assert own.get(f"/{resource}/1/?ukjent=1").status_code == 400


def test_every_list__has_an_address_for_one(db):
    paths = document()["paths"]
    for address, view in api_views():
        if (
            "get" in dir(view)
            and not address.endswith(">/")
            and f"/api/v1{address}" in paths
            and address.count("/") == 2
            and address != "/events/"  # what has happened has no address, only a place in the feed
        ):
            key = "{key}" if address == "/attachments/" else "{id}"
            assert f"/api/v1{address}{key}/" in paths, address


def test_one_row__in_a_shielded_plan_is_logged(world):
    benefit = benefits.baseline_measured(world.home)
    indicator = benefit.indicators.get()
    Initiative.objects.filter(pk=benefit.initiative_id).update(shield_basis="offl_13", public_title="Sak")
    caller = everything(world.home)
    for address in (
        f"/benefits/{benefit.pk}/",
        f"/indicators/{indicator.pk}/",
        f"/measurements/{benefits.point(benefit).pk}/",
    ):
        before = AccessLog.objects.count()
        assert caller.get(address).status_code == 200
        assert AccessLog.objects.count() == before + 1, address


@pytest.mark.parametrize(
    ("resource", "named"),
    [("projects", "name"), ("people", "title"), ("services", "name"), ("decisions", "number"), ("corrective-actions", "title"),
     ("benefits", "title"), ("goals", "title"), ("units", "name")],
)  # fmt: skip
def test_search__finds_what_the_pages_find(world, resource, named):
    with_money(world.home)
    caller = everything(world.home)
    rows = caller.get(f"/{resource}/?page_size=200").json()["results"]
    wanted = next(row for row in rows if len(row[named]) > 2)
    found = caller.get(f"/{resource}/?{urlencode({'q': wanted[named]})}").json()["results"]
    assert wanted["id"] in {row["id"] for row in found}
    assert caller.get(f"/{resource}/?q=finnesikkenoested").json()["results"] == []
    for odd in ("'%20or%201=1--", "%25", "_", "\\\\", "(", "*", "%22", "a%00"):
        answer = caller.get(f"/{resource}/?q={odd}")
        assert answer.status_code in {200, 400}, (resource, odd)
        assert odd == "a%00" or answer.status_code == 200
