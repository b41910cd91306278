"""A municipality's own checklists: begun with the standard ones, changed, ordered, and taken out of use."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.checklist import catalogue
from portfolio.checklist.standard import standard
from portfolio.models import ChecklistPoint, Checkpoint
from tests import stories

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def admin(as_role):
    return as_role(Role.ADMINISTRATOR)


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def begin(place):
    by = place.actor(Role.ADMINISTRATOR)
    catalogue.begin_with_standard(place.municipality, by=by, now=timezone.now())


def own(place, **fields):
    rows = ChecklistPoint.objects.filter(municipality=place.municipality, **fields)
    return list(rows.order_by("point", "position", "pk"))


def form(point, **fields):
    seen = point.changed_at.isoformat()
    return {"text": point.text, "help": point.help, "is_required": "on", "seen": seen, **fields}


# --- Who sets them ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.PORTFOLIO_MANAGER, Role.PROJECT_OWNER, Role.SECRETARIAT]
)
def test_set_checklists__others_may_not(as_role, place, role):
    begin(place)
    point, client = own(place)[0], as_role(role)
    for page in (
        url("checklist_rules"), url("checklist_point_create", "bp3"), url("checklist_point_edit", point.pk)
    ):  # fmt: skip
        assert client.get(page).status_code == 403
    for page in (
        url("checklist_begin"), url("checklist_point_move", point.pk), url("checklist_point_use", point.pk),
        url("checklist_point_edit", point.pk),
    ):  # fmt: skip
        assert client.post(page, form(point)).status_code == 403
    with pytest.raises(TransitionDenied):
        catalogue.move_point(point, up=False, by=place.actor(role), now=timezone.now())


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_set_checklists__not_another_municipalitys(as_role, world, where):
    begin(world.home)
    point = own(world.home)[0]
    client = as_role(Role.ADMINISTRATOR, getattr(world, where))
    for name in ("checklist_point_edit", "checklist_point_move", "checklist_point_use"):
        assert client.post(url(name, point.pk), form(point, text="Kapret")).status_code == 404
    client.post(url("checklist_begin"))
    assert client.post(url("checklist_point_create", "bp3"), {"text": "Vårt eget"}).status_code == 302
    assert len(own(world.home)) == len(standard())
    assert "Vårt eget" in {row.text for row in own(getattr(world, where))}


def test_open_settings__link_for_whoever_sets_the_rules(as_role, admin):
    assert url("checklist_rules") in admin.get(reverse("organization:settings")).content.decode()


# --- The list -----------------------------------------------------------------------------------------
def test_begin__with_the_standard_list_once(admin, place):
    text = admin.get(url("checklist_rules")).content.decode()
    assert "Dere bruker standardlisten" in text
    assert standard()[0][2] in text
    for _twice in range(2):
        assert admin.post(url("checklist_begin")).status_code == 302
    assert [(row.point, row.text, row.is_required) for row in own(place)] == [
        (point, text, required) for point, _position, text, _help, required in standard()
    ]
    assert "Dere bruker standardlisten" not in admin.get(url("checklist_rules")).content.decode()


def test_add_point__comes_last_and_new_projects_get_it(admin, place):
    before = stories.in_portfolio(place).project
    begin(place)
    data = {"text": "  Økonomisjefen har sett på tallene. ", "help": "", "is_required": "on"}
    assert admin.post(url("checklist_point_create", "bp3"), data).status_code == 302
    added = own(place, point="bp3")[-1]
    assert (added.text, added.is_required) == ("Økonomisjefen har sett på tallene.", True)
    after = stories.in_portfolio(place).project
    assert (
        Checkpoint.objects.filter(project=after, point="bp3").order_by("position").last().text == added.text
    )
    assert not Checkpoint.objects.filter(project=before, text=added.text).exists()


def test_add_point__before_there_is_an_own_list_says_what_to_do(admin, place):
    refused = admin.post(url("checklist_point_create", "bp3"), {"text": "Eget punkt"})
    assert refused.status_code == 409
    assert "Begynn med standardlisten" in refused.content.decode()
    assert own(place) == []


def test_add_point__sent_twice_is_one(admin, place):
    begin(place)
    data = {"text": "Eget punkt", "help": "", "is_required": "on"}
    assert admin.post(url("checklist_point_create", "bp3"), data).status_code == 302
    refused = admin.post(url("checklist_point_create", "bp3"), data)
    assert refused.status_code == 409
    assert "står i sjekklisten fra før" in refused.content.decode()


def test_add_point__not_without_end(admin, place, monkeypatch):
    begin(place)
    monkeypatch.setattr(catalogue, "MOST", len(own(place, point="bp3")))
    refused = admin.post(url("checklist_point_create", "bp3"), {"text": "Enda ett"})
    assert refused.status_code == 409
    assert "Ta ett ut av bruk" in refused.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 301, "\x00"])
def test_add_point__bad_words_are_refused_and_kept(admin, place, text):
    begin(place)
    refused = admin.post(url("checklist_point_create", "bp3"), {"text": text, "help": "Min forklaring"})
    assert refused.status_code == 422
    assert "Min forklaring" in refused.content.decode()


@pytest.mark.parametrize("point", ["bp7", "x", "bp33"])
def test_add_point__at_no_decision_point_is_not_found(admin, point):
    assert admin.get(url("checklist_point_create", point)).status_code == 404


def test_change_point__projects_under_way_keep_their_words(admin, place):
    begin(place)
    project = stories.in_portfolio(place).project
    point = own(place, point="bp3")[0]
    data = form(point, text="Nye ord", help="Ny forklaring")
    del data["is_required"]
    assert admin.post(url("checklist_point_edit", point.pk), data).status_code == 302
    changed = ChecklistPoint.objects.get(pk=point.pk)
    assert (changed.text, changed.help, changed.is_required) == ("Nye ord", "Ny forklaring", False)
    kept = Checkpoint.objects.filter(project=project, point="bp3").order_by("position").first()
    assert (kept.text, kept.is_required) == (point.text, True)


def test_change_point__that_somebody_else_changed_shows_both(admin, place):
    begin(place)
    point = own(place)[0]
    assert admin.post(url("checklist_point_edit", point.pk), form(point, text="Først")).status_code == 302
    refused = admin.post(url("checklist_point_edit", point.pk), form(point, text="Sist"))
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Først" in text
    assert "Sist" in text
    stamp = refused.context["form"]["seen"].value()
    assert admin.post(url("checklist_point_edit", point.pk), form(point, text="Sist", seen=stamp)).status_code == 302  # fmt: skip
    assert ChecklistPoint.objects.get(pk=point.pk).text == "Sist"


def test_move_point__up_and_down(admin, place):
    begin(place)
    first, second, *rest = own(place, point="bp4")
    admin.post(url("checklist_point_move", second.pk), {"retning": "opp"})
    assert own(place, point="bp4") == [second, first, *rest]
    admin.post(url("checklist_point_move", second.pk), {"retning": "opp"})
    assert own(place, point="bp4") == [second, first, *rest]
    admin.post(url("checklist_point_move", second.pk), {"retning": "ned"})
    assert own(place, point="bp4") == [first, second, *rest]


def test_take_out__of_use_and_in_again(admin, place):
    begin(place)
    point = own(place, point="bp4")[0]
    admin.post(url("checklist_point_use", point.pk), {"i_bruk": "nei"})
    project = stories.in_portfolio(place).project
    assert not Checkpoint.objects.filter(project=project, text=point.text).exists()
    assert "Ute av bruk" in admin.get(url("checklist_rules")).content.decode()
    admin.post(url("checklist_point_use", point.pk), {"i_bruk": "ja"})
    assert ChecklistPoint.objects.get(pk=point.pk).is_active


def test_take_in__not_beside_one_that_says_the_same(admin, place):
    begin(place)
    by, now = place.actor(Role.ADMINISTRATOR), timezone.now()
    point = own(place, point="bp4")[0]
    catalogue.set_in_use(point, False, by=by, now=now)
    twin = ChecklistPoint(municipality=place.municipality, point="bp4")
    catalogue.save_point(twin, {"text": point.text}, by=by, now=now)
    with pytest.raises(Refused, match="fra før"):
        catalogue.set_in_use(point, True, by=by, now=now)
    answer = admin.post(url("checklist_point_use", point.pk), {"i_bruk": "ja"}, follow=True)
    assert "fra før" in answer.content.decode()


def test_take_out_everything__new_projects_pass_without(place):
    begin(place)
    for point in own(place):
        catalogue.set_in_use(point, False, by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    project = stories.in_portfolio(place).project
    assert not Checkpoint.objects.filter(project=project).exists()
    assert stories.move(project, place, "planning").phase == "planning"


def test_list__few_queries(admin, place, django_assert_max_num_queries):
    begin(place)
    admin.get(url("checklist_rules"))
    with django_assert_max_num_queries(MAX_QUERIES):
        assert admin.get(url("checklist_rules")).status_code == 200
