"""The tree and its units: looking, making, moving, closing, and figures."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import Refused
from core.history import timeline
from organization.models import Exposure, RoleAssignment, Unit
from organization.operations import create_unit, move_unit
from organization.operations.units import MAX_DEPTH
from organization.roles import Role
from tests.organization.conftest import new_unit, text_of, url
from tests.world import SYSTEM


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def test_show_tree__own_units_with_leaders(employee, world):
    page = text_of(employee.get(url("tree")))
    assert "Hjemmetjenesten heim" in page
    assert world.home.person(Role.LEADER).name in page
    assert "granne" not in page
    assert page.count("<ul") == page.count("</ul>")
    assert len(re.findall("<li[ >]", page)) == page.count("</li>")
    assert page.count("<details") == page.count("</details>")


def test_search_tree__finds_by_name_code_and_leader(employee, world):
    for typed in ("hjemmetj", "HEIM-ENHET"):
        page = employee.get(url("tree"), {"q": typed})
        assert [row.unit for row in page.context["found"]] == [world.home.unit]
    page = employee.get(url("tree"), {"q": world.home.person(Role.SECTOR_LEADER).name})
    assert [row.unit for row in page.context["found"]] == [world.home.sector]
    assert "Ingen enheter passer" in text_of(employee.get(url("tree"), {"q": "finnes ikke"}))


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "🦄" * 20, "a" * 5000, "\x00", "%", "'; drop table"]
)
def test_search_tree__odd_input(employee, typed):
    response = employee.get(url("tree"), {"q": typed})
    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)


def test_show_unit__missing_figure_says_so(employee, world):
    unit = world.home.unit
    Exposure.objects.create(
        unit=unit, kind="work_years", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), value="12.5",
        source="Lønnssystemet", changed_at=timezone.now(),
    )  # fmt: skip
    page = text_of(employee.get(url("unit_detail", unit.pk)))
    assert "12,5" in page
    assert "Kilde: Lønnssystemet" in page
    assert page.count("Mangler") == 2  # users and resident days
    assert "Hjemmesykepleie" in page


def test_show_unit__buttons_are_for_administrators(as_role, world):
    address = url("unit_detail", world.home.unit.pk)
    assert "Endre enheten" in text_of(as_role(Role.ADMINISTRATOR).get(address))
    assert "Endre enheten" not in text_of(as_role(Role.LEADER).get(address))


def facts(world, **changes) -> dict[str, object]:
    return {"name": "Ny enhet", "parent": world.home.sector.pk, "kind": "unit", "code": "ny-1", **changes}


def test_create_unit__stands_in_the_tree_with_history(admin, world):
    response = admin.post(url("unit_create"), facts(world))
    unit = Unit.objects.get(code="ny-1")
    assert response.url == url("unit_detail", unit.pk)
    assert unit.municipality == world.home.municipality
    assert unit.region == world.region.municipality
    entry = timeline(unit, field="name")[0]
    assert (entry.action, entry.actor_id) == ("create_unit", world.home.person(Role.ADMINISTRATOR).pk)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Du må fylle ut «Navn»"),
        ({"name": "x" * 161}, "tegn"),
        ({"name": "a\x00b"}, "Null-tegn"),
        ({"code": "heim-enhet"}, "Organisasjonskoden er alt i bruk i kommunen"),
        ({"orgnr": "123"}, "Organisasjonsnummeret har ni sifre"),
        ({"kind": "municipality"}, "municipality"),
        ({"parent": ""}, "Du må velge «Ligger under»"),
    ],
)
def test_create_unit__says_what_is_wrong_and_keeps_what_was_typed(admin, world, changes, says):
    response = admin.post(url("unit_create"), facts(world, short_name="Kortet", **changes))
    assert response.status_code == 422
    assert says in text_of(response)
    assert 'value="Kortet"' in text_of(response)


def test_create_unit__level_must_fit(admin, world):
    department = new_unit(world.home, "Natt", "natt", kind="department", parent=world.home.unit)
    response = admin.post(url("unit_create"), facts(world, parent=department.pk, kind="sector"))
    assert response.status_code == 422
    assert "Sektor kan ikke ligge under avdeling" in text_of(response)


def test_create_unit__never_in_another_municipality(admin, world):
    response = admin.post(url("unit_create"), facts(world, parent=world.neighbor.sector.pk))
    assert response.status_code == 422
    assert not Unit.objects.filter(code="ny-1").exists()


def test_create_unit__html_and_emoji_are_text(admin, world):
    admin.post(url("unit_create"), facts(world, name="<b>Ŋávttit</b> 🦊"))
    unit = Unit.objects.get(code="ny-1")
    page = text_of(admin.get(url("unit_detail", unit.pk)))
    assert "&lt;b&gt;Ŋávttit&lt;/b&gt; 🦊" in page
    assert "<b>Ŋávttit" not in page


def test_create_unit__sent_twice_is_told(admin, world):
    assert admin.post(url("unit_create"), facts(world)).status_code == 302
    assert admin.post(url("unit_create"), facts(world)).status_code == 422
    assert Unit.objects.filter(code="ny-1").count() == 1


def test_create_unit__not_too_deep(world):
    parent = world.home.unit
    while parent.depth < MAX_DEPTH:
        parent = new_unit(world.home, "Dypere", f"dyp-{parent.depth}", kind="department", parent=parent)
    with pytest.raises(Refused, match="for mange nivåer"):
        new_unit(world.home, "For dyp", "for-dyp", kind="department", parent=parent)
    chain = new_unit(world.home, "Gren", "gren", kind="department", parent=world.home.unit)
    new_unit(world.home, "Kvist", "kvist", kind="department", parent=chain)
    above = Unit.objects.get(code=f"dyp-{MAX_DEPTH - 2}")
    with pytest.raises(Refused, match="for mange nivåer"):
        move_unit(chain, parent=above, by=SYSTEM, now=timezone.now())


def edit(unit: Unit, **changes) -> dict[str, object]:
    shown = {"name": unit.name, "kind": unit.kind, "code": unit.code, "short_name": "", "orgnr": ""}
    return {"handling": "facts", "seen": unit.changed_at.isoformat(), **shown, **changes}


def test_edit_unit__saves_with_history(admin, world):
    unit = fresh(world.home.unit)
    response = admin.post(url("unit_edit", unit.pk), edit(unit, name="Heimetenesta"))
    assert response.status_code == 302
    assert fresh(unit).name == "Heimetenesta"
    assert timeline(unit, field="name")[0].action == "edit_unit"


def test_edit_unit__two_at_once_are_told_and_nothing_is_lost(admin, world):
    unit = fresh(world.home.unit)
    seen = edit(unit)
    admin.post(url("unit_edit", unit.pk), edit(unit, name="Først"))
    response = admin.post(url("unit_edit", unit.pk), {**seen, "name": "Etterpå"})
    assert response.status_code == 409
    page = text_of(response)
    assert "Noen andre lagret mens du skrev" in page
    assert "Navn er nå «Først»" in page
    assert 'value="Etterpå"' in page
    again = {**seen, "name": "Etterpå", "seen": fresh(unit).changed_at.isoformat()}
    assert again["seen"] in page
    assert admin.post(url("unit_edit", unit.pk), again).status_code == 302
    assert fresh(unit).name == "Etterpå"


def test_edit_unit__level_must_fit_what_is_below(admin, world):
    sector = fresh(world.home.sector)
    response = admin.post(url("unit_edit", sector.pk), edit(sector, kind="department"))
    assert response.status_code == 409
    assert "Enhet kan ikke ligge under avdeling" in text_of(response)


def test_edit_unit__unknown_form_is_not_found(admin, world):
    assert admin.post(url("unit_edit", world.home.unit.pk), {"handling": "delete"}).status_code == 404


def test_move_unit__takes_what_is_below_and_keeps_municipality(admin, world):
    target = new_unit(world.home, "Oppvekst", "oppvekst", kind="sector", parent=world.home.municipality)
    below = new_unit(world.home, "Natt", "natt", kind="department", parent=world.home.unit)
    response = admin.post(url("unit_edit", world.home.unit.pk), {"handling": "move", "parent": target.pk})
    assert response.status_code == 302
    moved = fresh(world.home.unit)
    assert moved.path.startswith(fresh(target).path)
    assert fresh(below).path.startswith(moved.path)
    assert moved.municipality == world.home.municipality
    assert timeline(moved, field="path")[0].action == "move_unit"
    assert not Unit.objects.find_problems()[0]


def test_move_unit__not_below_itself_nor_to_another_municipality(admin, world):
    below = new_unit(world.home, "Natt", "natt", kind="department", parent=world.home.unit)
    for parent in (below, world.home.unit, world.neighbor.sector):
        sent = {"handling": "move", "parent": parent.pk}
        assert admin.post(url("unit_edit", world.home.unit.pk), sent).status_code == 422
    for parent, says in ((below, "under seg selv"), (world.neighbor.sector, "innenfor kommunen")):
        with pytest.raises(Refused, match=says):
            move_unit(world.home.unit, parent=parent, by=SYSTEM, now=timezone.now())


def test_close_unit__with_people_or_units_in_it_is_refused(admin, world, today):
    sent = {"handling": "close", "closed_on": today.isoformat()}
    response = admin.post(url("unit_edit", world.home.sector.pk), sent)
    assert response.status_code == 409
    assert "«Hjemmetjenesten heim» ligger under" in text_of(response)
    response = admin.post(url("unit_edit", world.home.unit.pk), sent)
    assert response.status_code == 409
    assert "Tjenesten «Hjemmesykepleie» hører til enheten" in text_of(response)
    assert "roller på enheten gjelder fortsatt da" in text_of(response)
    assert fresh(world.home.unit).closed_on is None


def test_close_unit__ends_roles_when_asked_and_can_open_again(admin, world, today):
    unit = new_unit(world.home, "Prosjekt", "prosjekt")
    RoleAssignment.objects.create(
        person=world.home.person(Role.HR), role=Role.EMPLOYEE, unit=unit, valid_from=date(2024, 1, 1),
        changed_at=timezone.now(),
    )  # fmt: skip
    sent = {"handling": "close", "closed_on": today.isoformat(), "end_roles": "on"}
    assert admin.post(url("unit_edit", unit.pk), sent).status_code == 302
    assert fresh(unit).closed_on == today
    assert RoleAssignment.objects.get(unit=unit).valid_to == today
    assert "Prosjekt" not in text_of(admin.get(url("tree")))
    assert "Prosjekt" in text_of(admin.get(url("tree"), {"nedlagte": "on"}))
    assert admin.post(url("unit_edit", unit.pk), {"handling": "reopen"}).status_code == 302
    assert fresh(unit).closed_on is None
    assert RoleAssignment.objects.get(unit=unit).valid_to == today


def test_reopen_unit__below_a_closed_one_is_refused(admin, world, today):
    unit = new_unit(world.home, "Prosjekt", "prosjekt")
    below = new_unit(world.home, "Del", "del", kind="department", parent=unit)
    for one in (below, unit):
        admin.post(url("unit_edit", one.pk), {"handling": "close", "closed_on": today.isoformat()})
    response = admin.post(url("unit_edit", below.pk), {"handling": "reopen"})
    assert response.status_code == 409
    assert "«Prosjekt» over er lagt ned" in text_of(response)


@pytest.mark.parametrize("typed", ["", "i morgen", "31.02.2026", "0001-01-01", "2999-01-01"])
def test_close_unit__odd_dates(admin, world, typed):
    response = admin.post(url("unit_edit", world.home.unit.pk), {"handling": "close", "closed_on": typed})
    assert response.status_code == 422
    assert fresh(world.home.unit).closed_on is None


def test_close_municipality__is_not_done_here(admin, world, today):
    sent = {"handling": "close", "closed_on": today.isoformat(), "end_roles": "on"}
    assert admin.post(url("unit_edit", world.home.municipality.pk), sent).status_code == 409


def figure(**changes) -> dict[str, object]:
    return {
        "kind": "users", "period_start": "01.01.2026", "period_end": "31.12.2026", "value": "1 250,5",
        "source": "GSI", **changes,
    }  # fmt: skip


def test_add_exposure__is_shown_with_source(admin, world):
    unit = world.home.unit
    assert admin.post(url("exposure_add", unit.pk), figure()).status_code == 302
    stored = unit.exposures.get()
    assert str(stored.value) == "1250.50"
    assert timeline(stored, field="value")[0].action == "register_exposure"


def test_add_exposure__same_period_is_corrected_only_when_asked(admin, world):
    unit = world.home.unit
    admin.post(url("exposure_add", unit.pk), figure())
    response = admin.post(url("exposure_add", unit.pk), figure(value="9"))
    assert response.status_code == 422
    assert "er alt ført" in text_of(response)
    assert admin.post(url("exposure_add", unit.pk), figure(value="9", replace="on")).status_code == 302
    assert unit.exposures.get().value == 9


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": "-1"}, "mindre enn 0"),
        ({"value": "9" * 30}, "12 eller færre"),
        ({"value": "mange"}, "Skriv et tall"),
        ({"period_end": "31.12.2025"}, "Perioden slutter før den begynner"),
        ({"kind": "cows"}, "cows"),
        ({"source": ""}, "Du må fylle ut «Kilde»"),
        ({"period_start": "01.01.1026"}, "Sjekk årstallet"),
    ],
)
def test_add_exposure__says_what_is_wrong(admin, world, changes, says):
    response = admin.post(url("exposure_add", world.home.unit.pk), figure(**changes))
    assert response.status_code == 422
    assert says in text_of(response)
    assert not world.home.unit.exposures.exists()


def test_create_unit__by_operation_refuses_what_does_not_fit(world):
    with pytest.raises(Refused, match="Bare en region eller en kommune"):
        create_unit(name="x", kind="unit", code="x", parent=None, by=SYSTEM, now=timezone.now())
    with pytest.raises(Refused, match="kan ikke ligge under"):
        create_unit(
            name="x", kind="sector", code="x", parent=world.home.unit, by=SYSTEM,
            now=timezone.now() - timedelta(days=1),
        )  # fmt: skip
