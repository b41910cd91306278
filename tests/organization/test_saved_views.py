"""Saved views of lists: whose they are, whom they are shared with, what opens a list, and that they grant nothing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from deviations.models import DeviationType
from organization.list_views import filters_in
from organization.models import SavedView, StartView
from organization.operations import saved_views
from organization.operations.saved_views import MOST_VIEWS, ViewInput
from organization.roles import Role
from tests.deviations import stories

LIST = "deviations:deviation_list"
ADDRESS = reverse(LIST)
INITIATIVES = reverse("governance:initiative_list")
SAVE = reverse("organization:view_save")


@pytest.fixture
def place(world):
    return world.home


def save(place, by=Role.LEADER, query="kategori=hms", **given):
    given = {"name": "HMS hos oss", **given}
    return saved_views.save_view(
        ViewInput(**given), list_name=LIST, query=query, by=place.actor(by), now=timezone.now()
    )


def seen(place, role):
    return set(SavedView.objects.visible_to(place.actor(role)).kept())


def test_filters_in__keeps_filters_only_in_one_order():
    assert filters_in("til=&kategori=hms&etter=abc&alle=1&fil=csv&alvor=3", LIST) == "alvor=3&kategori=hms"
    assert filters_in("", LIST) == filters_in("q=%20", LIST) == ""
    assert filters_in("q=%00", LIST) == ""


def test_filters_in__keeps_what_the_list_knows():
    assert filters_in("fase=planning&utm_source=epost&kategori=hms", LIST) == "kategori=hms"
    assert filters_in("fase=planning&kategori=hms", "portfolio:table") == "fase=planning"
    for name in settings.LISTS_WITH_VIEWS:
        assert filters_in("q=tak&ukjent=1", name) == "q=tak"


def test_save__keeps_no_unknown_name(place, as_role):
    client = as_role(Role.LEADER)
    address = f"{SAVE}?{urlencode({'liste': LIST})}&kategori=hms&tull=1&csrfmiddlewaretoken=x"
    answer = client.post(address, {"name": "HMS hos oss"})
    assert answer["location"] == f"{ADDRESS}?kategori=hms"
    assert SavedView.objects.get().query == "kategori=hms"
    page = client.get(f"{ADDRESS}?kategori=hms&tull=1").content.decode()
    assert "Lagre visningen" not in page
    assert client.get(f"{SAVE}?{urlencode({'liste': LIST})}&tull=1")["location"] == ADDRESS


def test_save__stands_over_the_list_of_its_owner_only(place, world, as_role):
    client = as_role(Role.LEADER)
    form = client.get(f"{SAVE}?{urlencode({'liste': LIST})}&kategori=hms&etter=x")
    assert form.status_code == 200
    answer = client.post(f"{SAVE}?{urlencode({'liste': LIST})}&kategori=hms&etter=x", {"name": "HMS hos oss"})
    assert (answer.status_code, answer["location"]) == (302, f"{ADDRESS}?kategori=hms")
    page = client.get(ADDRESS).content.decode()
    assert "HMS hos oss" in page
    assert f'href="{ADDRESS}?kategori=hms"' in page
    assert "HMS hos oss" not in client.get(INITIATIVES).content.decode()
    assert "HMS hos oss" not in as_role(Role.EMPLOYEE).get(ADDRESS).content.decode()
    view = SavedView.objects.get()
    assert not SavedView.objects.visible_to(world.neighbor.actor(Role.LEADER)).contains(view)


def test_save__asks_for_a_name_that_is_free_and_for_filters(place, as_role):
    save(place)
    client = as_role(Role.LEADER)
    address = f"{SAVE}?{urlencode({'liste': LIST})}&kategori=service"
    for name, said in (("", "Navn på visningen"), ("HMS hos oss", "alt en visning"), ("x" * 61, "60")):
        answer = client.post(address, {"name": name})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert client.get(f"{SAVE}?{urlencode({'liste': LIST})}")["location"] == ADDRESS
    assert client.get(f"{SAVE}?liste=core:start&q=x").status_code == 404
    assert client.get(f"{SAVE}?{urlencode({'liste': LIST})}&q={'x' * 1100}").status_code == 302


def test_save__so_many_and_no_more(place):
    for number in range(MOST_VIEWS):
        save(place, name=f"Visning {number}")
    with pytest.raises(Refused, match="Slett en"):
        save(place, name="En til")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=place.person(Role.LEADER), list=LIST, name="Visning 1", query="")


def test_share__with_the_unit_and_below_by_its_leader(world):
    home = world.home
    view = save(home, unit=home.unit)
    assert view in seen(home, Role.EMPLOYEE)
    assert view not in seen(world.neighbor, Role.EMPLOYEE)
    narrow = save(home, name="For verneombud", unit=home.unit, role=Role.VERNEOMBUD)
    assert narrow not in seen(home, Role.EMPLOYEE)
    with pytest.raises(TransitionDenied):
        save(home, Role.EMPLOYEE, name="Ikke min", unit=home.unit)
    with pytest.raises(TransitionDenied):
        save(home, name="Ikke min", unit=world.neighbor.unit)


def test_open_shared_view__shows_only_what_is_ones_own_to_see(world, as_role):
    case = stories.report(world.home, by=world.home.actor(Role.VERNEOMBUD))
    save(world.home, unit=world.home.unit)
    shared = f"{ADDRESS}?kategori=hms"
    assert case.number in as_role(Role.LEADER).get(shared).content.decode()
    page = as_role(Role.EMPLOYEE).get(shared).content.decode()
    assert "HMS hos oss" in page
    assert case.number not in page


def test_start__opens_the_list_and_all_is_still_there(place, as_role):
    view = save(place)
    saved_views.start_with(view, True, by=place.actor(Role.LEADER))
    client = as_role(Role.LEADER)
    assert client.get(ADDRESS)["location"] == f"{ADDRESS}?kategori=hms"
    page = client.get(f"{ADDRESS}?kategori=hms").content.decode()
    assert f'href="{ADDRESS}?alle=1"' in page
    assert client.get(f"{ADDRESS}?alle=1").status_code == 200
    saved_views.start_with(view, False, by=place.actor(Role.LEADER))
    assert client.get(ADDRESS).status_code == 200
    saved_views.start_with(view, True, by=place.actor(Role.LEADER))
    assert as_role(Role.EMPLOYEE).get(ADDRESS).status_code == 200


def test_edit__renames_and_shares_by_the_owner_only(place, as_role):
    view = save(place, unit=place.unit)
    address = reverse("organization:view_edit", args=[view.pk])
    given = {"name": "Nytt navn", "shared_with": str(place.unit.pk), "role": "", "is_start": "on"}
    assert as_role(Role.LEADER).post(address, given).status_code == 302
    view.refresh_from_db()
    assert view.name == "Nytt navn"
    other = as_role(Role.EMPLOYEE)
    assert 'name="name"' not in other.get(address).content.decode()
    assert other.post(address, {"name": "Mitt", "is_start": "on"}).status_code == 302
    view.refresh_from_db()
    assert view.name == "Nytt navn"
    assert StartView.objects.count() == 2
    assert other.post(reverse("organization:view_delete", args=[view.pk])).status_code == 403


def test_delete__can_be_taken_back(place, as_role):
    view = save(place, unit=place.unit)
    saved_views.start_with(view, True, by=place.actor(Role.LEADER))
    client = as_role(Role.LEADER)
    edit = reverse("organization:view_edit", args=[view.pk])
    assert client.post(reverse("organization:view_delete", args=[view.pk]))["location"] == edit
    assert "Angre" in client.get(edit).content.decode()
    assert view not in seen(place, Role.EMPLOYEE)
    assert client.get(ADDRESS).status_code == 200
    assert client.post(reverse("organization:view_restore", args=[view.pk])).status_code == 302
    assert view in seen(place, Role.EMPLOYEE)


def test_restore__not_over_a_new_one_of_the_same_name(place):
    view, leader = save(place), place.actor(Role.LEADER)
    saved_views.remove_view(view, by=leader, now=timezone.now())
    save(place)
    with pytest.raises(Refused, match="samme navn"):
        saved_views.restore_view(view, by=leader)


def test_open__says_what_no_longer_fits(place, as_role):
    kind = DeviationType.objects.filter(municipality=place.municipality).first()
    save(place, query=f"kategori=hms&type={kind.pk}")
    client = as_role(Role.LEADER)
    assert "finnes ikke lenger" not in client.get(f"{ADDRESS}?kategori=hms&type={kind.pk}").content.decode()
    save(place, name="Gammel", query="kategori=hms&type=987654")
    page = client.get(f"{ADDRESS}?kategori=hms&type=987654")
    assert page.status_code == 200
    assert "«Gammel» finnes ikke lenger" in page.content.decode()


def test_list__costs_one_query_whatever_the_number_of_views(place, as_role):
    client = as_role(Role.LEADER)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as before:
        client.get(f"{ADDRESS}?kategori=hms")
    for number in range(8):
        save(place, name=f"Visning {number}", query=f"kategori=hms&alvor={number}")
    with CaptureQueriesContext(connection) as after:
        client.get(f"{ADDRESS}?kategori=hms")
    assert len(after) == len(before) <= 12


# --- Other filters under the same name ----------------------------------------------------------------
def replacing(query, name=LIST):
    return f"{reverse('organization:view_replace')}?{urlencode({'liste': name})}&{query}"


def choice_of(client, query):
    """Return what the page offers for the only view there is."""
    page = client.get(f"{SAVE}?{urlencode({'liste': LIST})}&{query}").content.decode()
    return page.split('name="view" value="')[1].split('"')[0]


def test_replace__keeps_name_and_sharing_and_is_what_others_get(place, as_role):
    view = save(place, unit=place.unit)
    client = as_role(Role.LEADER)
    assert "Lagre eller oppdater visning" in client.get(f"{ADDRESS}?alvor=4").content.decode()
    answer = client.post(replacing("alvor=4"), {"view": choice_of(client, "alvor=4")})
    assert (answer.status_code, answer["location"]) == (302, f"{ADDRESS}?alvor=4")
    view.refresh_from_db()
    assert (view.name, view.unit, view.query) == ("HMS hos oss", place.unit, "alvor=4")
    assert f'href="{ADDRESS}?alvor=4"' in as_role(Role.EMPLOYEE).get(ADDRESS).content.decode()


def test_replace__of_two_who_do_it_the_later_is_told_and_may_choose_again(place, as_role):
    view = save(place)
    client = as_role(Role.LEADER)
    first, second = (choice_of(client, query) for query in ("alvor=4", "alvor=3"))
    client.post(replacing("alvor=4"), {"view": first})
    answer = client.post(replacing("alvor=3"), {"view": second})
    assert answer.status_code == 409
    assert "endret i mellomtida" in answer.content.decode()
    view.refresh_from_db()
    assert view.query == "alvor=4"
    assert client.post(replacing("alvor=3"), {"view": choice_of(client, "alvor=3")}).status_code == 302
    view.refresh_from_db()
    assert view.query == "alvor=3"


def test_replace__is_refused_where_it_changed_between_the_form_and_the_lock(place):
    view = save(place)
    seen = saved_views.mark_of(view)
    saved_views.replace_filters(view, "alvor=4", seen=seen, by=place.actor(Role.LEADER))
    with pytest.raises(StaleVersion):
        saved_views.replace_filters(view, "alvor=3", seen=seen, by=place.actor(Role.LEADER))


def test_replace__only_ones_own(place, world, as_role):
    view = save(place, unit=place.unit)
    mark = f"{view.pk}:{saved_views.mark_of(view)}"
    for role in (Role.EMPLOYEE, Role.SECTOR_LEADER):
        other = as_role(role)
        assert (
            "Eller oppdater" not in other.get(f"{SAVE}?{urlencode({'liste': LIST})}&alvor=4").content.decode()
        )
        assert other.post(replacing("alvor=4"), {"view": mark}).status_code == 422
        with pytest.raises(TransitionDenied):
            saved_views.replace_filters(view, "alvor=4", seen=saved_views.mark_of(view), by=place.actor(role))
    view.refresh_from_db()
    assert view.query == "kategori=hms"


@pytest.mark.parametrize("sent", ["", "tull", "1:2:3", "\x00", "999999:abc"])
def test_replace__says_what_is_missing(place, as_role, sent):
    save(place)
    client = as_role(Role.LEADER)
    assert client.post(replacing("alvor=4"), {"view": sent}).status_code == 422
    assert client.post(replacing(""), {"view": sent})["location"] == ADDRESS
    assert client.post(replacing("q=x", "core:start"), {"view": sent}).status_code == 404


# --- The other lists ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "query"),
    [("portfolio:table", "fase=planning&status=alle"), ("governance:decision_log", "utfall=approved")],
)
def test_save__over_the_portfolio_and_the_decisions(place, as_role, name, query):
    client, address = as_role(Role.LEADER), reverse(name)
    query = filters_in(query, name)
    assert "Lagre visningen" in client.get(f"{address}?{query}").content.decode()
    answer = client.post(
        f"{SAVE}?{urlencode({'liste': name})}&{query}", {"name": "Min liste", "is_start": "on"}
    )
    assert (answer.status_code, answer["location"]) == (302, f"{address}?{query}")
    assert client.get(address)["location"] == f"{address}?{query}"
    page = client.get(f"{address}?alle=1").content.decode()
    assert f"?{query.replace('&', '&amp;')}" in page
    assert "Min liste" not in client.get(ADDRESS).content.decode()
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{address}?{query}")
    assert len(asked) <= 12
