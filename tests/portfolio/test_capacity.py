"""Roles and how much there is of them: who says so, what is refused, and what is shown, live and in reports."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from organization.operations import Edit
from organization.roles import Role
from portfolio.capacity import operations
from portfolio.capacity.months import shifted
from portfolio.models import Absence, Area, Capacity, Health, ResourceRole
from portfolio.reporting import capacity as section
from portfolio.reporting.presentation import sections_of
from portfolio.status.basis import basis_of
from tests import stories
from tests.governance import regional
from tests.portfolio import people, reports
from tests.portfolio.people import OWNER, SPRING, STAND_IN, YEAR
from tests.world import end_roles_of

MANAGER = Role.PORTFOLIO_MANAGER
NEW_YEAR = date(YEAR, 1, 1)


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def this_month():
    return timezone.localdate().replace(day=1)


# --- Which roles there are -----------------------------------------------------------------------------
def test_create_role__by_the_portfolio_manager(as_role, place):
    data = {"name": "Arkivar", "owner": place.person(OWNER).name, "stand_in": ""}
    assert as_role(MANAGER).post(url("capacity_role_create"), data).status_code == 302
    role = ResourceRole.objects.get()
    assert (role.name, role.owner, role.stand_in, role.municipality) == (
        "Arkivar",
        place.person(OWNER),
        None,
        place.municipality,
    )
    again = as_role(MANAGER).post(url("capacity_role_create"), data)
    assert again.status_code == 422
    assert "Rollen finnes alt" in again.content.decode()


@pytest.mark.parametrize("by", [Role.EMPLOYEE, OWNER, Role.ADMINISTRATOR, Role.PROJECT_MANAGER])
def test_set_roles__others_may_not(as_role, place, by):
    role, client = people.role(place), as_role(by)
    addresses = [url("capacity_roles"), url("capacity_role_create"), url("capacity_role_edit", role.pk)]
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(url("capacity_role_use", role.pk), {"i_bruk": "nei"}).status_code == 403
    with pytest.raises(TransitionDenied):
        operations.save_role(Edit(role, ("name",)), by=place.actor(by), now=timezone.now())


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 81}, {"name": "\x00"}, {"owner": ""}, {"owner": "Ingen som finnes"}],
)
def test_create_role__bad_input_is_refused_and_kept(as_role, place, fields):
    data = {
        "name": "Arkivar",
        "owner": place.person(OWNER).name,
        "stand_in": place.person(STAND_IN).name,
        **fields,
    }
    refused = as_role(MANAGER).post(url("capacity_role_create"), data)
    assert refused.status_code == 422
    assert place.person(STAND_IN).name in refused.content.decode()


def test_create_role__owner_is_not_the_stand_in(as_role, world, place):
    data = {"name": "Arkivar", "owner": place.person(OWNER).name, "stand_in": place.person(OWNER).name}
    refused = as_role(MANAGER).post(url("capacity_role_create"), data)
    assert refused.status_code == 422
    assert "en annen enn ressurseieren" in refused.content.decode()
    elsewhere = {**data, "stand_in": world.neighbor.person(OWNER).name}
    assert as_role(MANAGER).post(url("capacity_role_create"), elsewhere).status_code == 422


def test_edit_role__two_who_change_it_meet(as_role, place):
    role, client = people.role(place), as_role(MANAGER)
    seen = role.changed_at.isoformat()
    data = {"name": "IKT", "owner": role.owner.name, "stand_in": "", "seen": seen}
    assert client.post(url("capacity_role_edit", role.pk), data).status_code == 302
    refused = client.post(url("capacity_role_edit", role.pk), {**data, "name": "Noe annet"})
    assert refused.status_code == 409
    assert "Noe annet" in refused.content.decode()


def test_use_role__out_and_in_again(as_role, place):
    role, client = people.role(place), as_role(MANAGER)
    assert client.post(url("capacity_role_use", role.pk), {"i_bruk": "nei"}).status_code == 302
    assert client.get(url("capacity")).context["rows"] == []
    assert "Ute av bruk" in client.get(url("capacity_roles")).content.decode()
    client.post(url("capacity_role_use", role.pk), {"i_bruk": "ja"})
    assert [row.role for row in client.get(url("capacity")).context["rows"]] == [role]


def test_list_roles__says_who_has_left(as_role, place):
    people.role(place)
    end_roles_of(place.person(OWNER), timezone.localdate())
    text = as_role(MANAGER).get(url("capacity_roles")).content.decode()
    assert text.count("Arbeider ikke her lenger") == 1


# --- How much there is ---------------------------------------------------------------------------------
@pytest.mark.parametrize("by", [OWNER, STAND_IN, MANAGER])
def test_set_capacity__by_those_who_answer_for_the_role(as_role, place, by):
    role = people.role(place)
    data = {"work_years": "2,5", "from_on": f"{YEAR}-01-01", "to_on": ""}
    assert as_role(by).post(url("capacity_add", role.pk), data).url == role.get_absolute_url()
    row = Capacity.objects.get()
    assert (row.work_years, row.from_on, row.to_on) == (Decimal("2.5"), NEW_YEAR, None)


@pytest.mark.parametrize("by", [Role.EMPLOYEE, Role.PROJECT_MANAGER, Role.ADMINISTRATOR])
def test_set_capacity__others_may_not(as_role, place, by):
    role = people.role(place)
    capacity, absence, client = people.capacity(role, place), people.absence(role, place), as_role(by)
    addresses = [
        url("capacity_add", role.pk), url("capacity_edit", role.pk, capacity.pk), url("capacity_remove", role.pk, capacity.pk),
        url("absence_add", role.pk), url("absence_edit", role.pk, absence.pk), url("absence_remove", role.pk, absence.pk),
    ]  # fmt: skip
    assert {client.post(address, {}).status_code for address in addresses} == {403}
    with pytest.raises(TransitionDenied):
        operations.remove(capacity, seen="", by=place.actor(by))


def test_set_capacity__not_in_another_municipality(world, place):
    role = people.role(place)
    row = Capacity(role=role, work_years=1, from_on=NEW_YEAR)
    for actor in (world.neighbor.actor(MANAGER), world.stranger.actor(OWNER)):
        with pytest.raises(Http404):
            operations.save_capacity(Edit(row, ()), by=actor, now=timezone.now())


def test_set_capacity__a_later_one_ends_what_stands(place):
    role = people.role(place)
    first = people.capacity(role, place, 2)
    people.capacity(role, place, 3, date(YEAR, 6, 1))
    first.refresh_from_db()
    assert first.to_on == date(YEAR, 5, 31)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(YEAR, 6, 1), date(YEAR, 6, 30)), (date(YEAR, 1, 1), None), (date(YEAR, 4, 1), date(YEAR, 5, 1)), (date(YEAR, 8, 31), None)],
)  # fmt: skip
def test_set_capacity__over_another_period_is_refused(place, first, last):
    role = people.role(place)
    people.capacity(role, place, 2, date(YEAR, 5, 1), date(YEAR, 8, 31))
    with pytest.raises(Refused, match=f"1. mai {YEAR} til 31. aug. {YEAR}"):
        people.capacity(role, place, 3, first, last)
    assert Capacity.objects.count() == 1


def test_set_capacity__before_an_open_one_needs_an_end(as_role, place):
    role = people.role(place)
    people.capacity(role, place, 2)
    data = {"work_years": "1", "from_on": f"{YEAR - 1}-06-01", "to_on": ""}
    refused = as_role(OWNER).post(url("capacity_add", role.pk), data)
    assert refused.status_code == 409
    assert "og videre" in refused.content.decode()
    assert (
        as_role(OWNER).post(url("capacity_add", role.pk), {**data, "to_on": f"{YEAR - 1}-12-31"}).status_code
        == 302
    )


def test_set_capacity__the_database_refuses_two_for_a_day(place):
    role = people.role(place)
    people.capacity(role, place, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Capacity.objects.create(
            role=role, work_years=1, from_on=SPRING[0], to_on=SPRING[1], changed_at=timezone.now()
        )
    other = people.role(place, "Arkivar")
    Capacity.objects.create(
        role=other, work_years=1, from_on=SPRING[0], to_on=SPRING[1], changed_at=timezone.now()
    )


@pytest.mark.parametrize(
    "fields",
    [{"work_years": ""}, {"work_years": "-1"}, {"work_years": "1000"}, {"work_years": "0,001"}, {"work_years": "to"}, {"from_on": ""},
     {"from_on": "i går"}, {"from_on": "1999-12-31"}, {"to_on": "2101-01-01"}, {"to_on": f"{YEAR - 1}-12-31"}],
)  # fmt: skip
def test_set_capacity__bad_input_is_refused_and_kept(as_role, place, fields):
    role = people.role(place)
    data = {"work_years": "7,25", "from_on": f"{YEAR}-01-01", "to_on": f"{YEAR}-03-31", **fields}
    for name, more in (("capacity_add", {}), ("absence_add", {"kind": "training"})):
        refused = as_role(OWNER).post(url(name, role.pk), data | more)
        assert refused.status_code == 422
        assert "work_years" in fields or "7,25" in refused.content.decode()
    assert not Capacity.objects.exists()
    assert not Absence.objects.exists()


def test_edit_capacity__two_who_change_it_meet(as_role, place):
    role = people.role(place)
    row, client = people.capacity(role, place), as_role(OWNER)
    data = {"work_years": "3", "from_on": f"{YEAR}-01-01", "to_on": "", "seen": row.changed_at.isoformat()}
    assert client.post(url("capacity_edit", role.pk, row.pk), data).status_code == 302
    assert client.post(url("capacity_edit", role.pk, row.pk), {**data, "work_years": "4"}).status_code == 409
    row.refresh_from_db()
    assert row.work_years == 3


def test_remove__asks_first_and_refuses_what_was_changed(as_role, place):
    role = people.role(place)
    row, client = people.capacity(role, place), as_role(OWNER)
    address = url("capacity_remove", role.pk, row.pk)
    assert "Fjerne dette?" in client.get(address).content.decode()
    assert client.post(address, {"seen": "x"}).status_code == 409
    with pytest.raises(StaleVersion):
        operations.remove(row, seen="", by=place.actor(OWNER))
    assert client.post(address, {"seen": row.changed_at.isoformat()}).status_code == 302
    assert not Capacity.objects.exists()
    assert client.post(address, {"seen": row.changed_at.isoformat()}).status_code == 404


def test_edit__a_row_of_another_role_is_not_found(as_role, place):
    row = people.capacity(people.role(place), place)
    other = people.role(place, "Arkivar")
    assert as_role(OWNER).get(url("capacity_edit", other.pk, row.pk)).status_code == 404


# --- Absence -------------------------------------------------------------------------------------------
def test_show_absence__named_only_to_those_who_answer(as_role, world, place):
    role = people.role(place)
    people.capacity(role, place, 2)
    away = place.person(Role.HR)
    people.absence(role, place, "0.5", (SPRING[0], SPRING[1]), person=away)
    address = f"{role.get_absolute_url()}?fra={YEAR}-03"
    for by in (OWNER, STAND_IN, MANAGER):
        assert away.name in as_role(by).get(address).content.decode()
    for by in (Role.EMPLOYEE, Role.PROJECT_MANAGER, Role.ADMINISTRATOR):
        page = as_role(by).get(address)
        assert away.name not in page.content.decode()
        assert [cell.absence for cell in page.context["cells"]][:2] == ["0,5", "0,5"]
    for actor in (place.actor(Role.EMPLOYEE), world.neighbor.actor(OWNER), world.stranger.actor(MANAGER)):
        assert not Absence.objects.visible_to(actor).exists()


# --- Roles by months -----------------------------------------------------------------------------------
def test_open_overview__roles_by_months_and_what_is_over(as_role, place, project):
    calm, busy = people.role(place, "Arkivar"), people.role(place, "IKT-rådgiver")
    for role in (calm, busy):
        people.capacity(role, place, 2)
    people.granted(project, busy, place, 3, over_reason="Avtalt")
    people.granted(project, calm, place, 1)
    page = as_role(Role.EMPLOYEE).get(url("capacity"), {"fra": f"{YEAR}-02"})
    assert [(row.role.name, [cell.share for cell in row.cells][:2]) for row in page.context["rows"]] == [
        ("Arkivar", ["0\xa0%", "50\xa0%"]),
        ("IKT-rådgiver", ["0\xa0%", "150\xa0%"]),
    ]
    assert [(one["role"], one["told"]) for one in page.context["over"]] == [
        (busy, f"mars {YEAR}: 150\xa0% (3 av 2 årsverk)")
    ]
    text = page.content.decode()
    assert f"?fra={YEAR - 1}-08" in text
    assert f"?fra={YEAR}-08" in text
    assert "Over: 150" in text


@pytest.mark.parametrize("text", ["", "x", "2027-13", "9999-01", "<b>", "2027-01-01"])
def test_open_overview__months_that_cannot_be_read_begin_now(as_role, place, text):
    people.role(place)
    page = as_role(Role.EMPLOYEE).get(url("capacity"), {"fra": text, "etter": "x"})
    assert page.context["months"].first == this_month()


def test_open_overview__none_yet_says_what_to_do(as_role):
    assert "Ny rolle" in as_role(MANAGER).get(url("capacity")).content.decode()
    assert "Porteføljeforvalteren oppretter" in as_role(Role.EMPLOYEE).get(url("capacity")).content.decode()


def test_open_overview__pages_by_name(as_role, place):
    for number in range(23):
        people.role(place, f"Rolle {number:02d}")
    people.role(place, "Ærlig rolle")
    client = as_role(Role.EMPLOYEE)
    first = client.get(url("capacity"))
    second = client.get(url("capacity") + first.context["page"].next_url)
    names = [row.role.name for page in (first, second) for row in page.context["rows"]]
    assert names == [*(f"Rolle {number:02d}" for number in range(23)), "Ærlig rolle"]


# --- The report --------------------------------------------------------------------------------------
def filled(place, project):
    role, now = people.role(place), this_month()
    people.capacity(role, place, 2, now - timedelta(days=400))
    people.absence(role, place, "0.5", (now, shifted(now, 1) - timedelta(days=1)))
    people.granted(project, role, place, 2, (now, shifted(now, 3) - timedelta(days=1)), over_reason="Avtalt")
    people.asked(project, role, place, 1, (now, shifted(now, 6)))
    return role


def told_of(found):
    return [(row["what"], row["granted"], row["is_over"]) for row in found["capacity"]]


def test_report__tells_each_role_by_month(place, project):
    filled(place, project)
    people.role(place, "Arkivar")
    found = reports.figures(place)
    assert told_of(found)[:6] == [("Arkivar", "0.0000", False)] * 6
    assert told_of(found)[6:] == [("IKT-rådgiver", "2.0000", True)] + [("IKT-rådgiver", "2.0000", False)] * 2 + [("IKT-rådgiver", "0.0000", False)] * 3  # fmt: skip
    row = found["capacity"][6]
    assert (row["capacity"], row["absence"], row["granted_here"], row["waiting_here"]) == (
        "2.0000",
        "0.5000",
        "2.0000",
        "1.0000",
    )
    (told,) = [one for one in sections_of(found, day=timezone.localdate()) if one.key == "kapasitet"]
    assert [(label, cell.text) for label, cell in told.numbers] == [("Roller over 100 %", "1")]
    load, means = told.tables
    assert [cell.text for cell in load.rows[1]][:3] == ["IKT-rådgiver", "Over: 133\xa0%", "100\xa0%"]
    assert load.rows[1][1].value == Decimal("1.3333")
    assert [cell.text for cell in load.rows[0]][:2] == ["Arkivar", "Ingen kapasitet"]
    assert [cell.text for cell in means.rows[1]] == ["IKT-rådgiver", "2", "0,08", "1", "1", "1", "1"]


def test_report__as_of_a_moment(place, project):
    role = filled(place, project)
    report = reports.published(place)
    before = report.figures["capacity"]
    people.step(
        "revoke_grant", people.granted(project, role, place, 1, over_reason="Avtalt"), place, {"reason": "x"}
    )
    request = role.requests.filter(status="granted").get()
    data = {"last_day": request.granted_from + timedelta(days=3), "reason": "Ferdig"}
    people.step("end_grant", request, place, data)
    reports.changed(role.absences.get(), work_years=Decimal("0.1"))
    people.capacity(role, place, 9, this_month() + timedelta(days=2))
    reports.changed(role, name="Et nytt navn", is_active=False)
    assert reports.figures(place, report.as_of)["capacity"] == before
    assert reports.figures(place)["capacity"] != before


def test_report__of_an_area_only_the_roles_it_uses(world, place, project):
    filled(place, project)
    other = stories.in_portfolio(place, title="På toppen").project
    reports.changed(other, unit=place.municipality)
    elsewhere = people.role(place, "Arkivar")
    people.granted(other, elsewhere, place, 1, (this_month(), shifted(this_month(), 2)), over_reason="Avtalt")
    found = reports.figures(place, area=place.sector)
    assert {row["what"] for row in found["capacity"]} == {"IKT-rådgiver"}
    assert {row["what"] for row in reports.figures(world.neighbor)["capacity"]} == set()


def test_report__what_is_shielded_is_not_summed(place, project):
    filled(place, project)
    reports.changed(project.initiative, shield_basis="offl § 13", public_title="Et tiltak")
    assert {row["granted"] for row in reports.figures(place)["capacity"]} == {"0.0000"}


def test_report__of_a_region_is_not_told_to_who_takes_part(world):
    initiative = regional.recommended(world)
    for one in (world.home, world.neighbor):
        initiative = regional.answer(initiative, one, "approved")
    people.role(world.region)
    assert "capacity" in reports.figures(world.region)
    shared = reports.figures(world.region, shared_with=frozenset({world.home.municipality.pk}))
    assert "capacity" not in shared
    assert "kapasitet" not in [one.key for one in sections_of(shared, day=timezone.localdate())]


def test_report__lists_so_many_roles_and_says_so(place, monkeypatch):
    for number in range(4):
        people.role(place, f"Rolle {number}")
    monkeypatch.setattr("portfolio.reporting.sections.LISTED", 3)
    rows = reports.figures(place)["capacity"]
    assert {row["what"] for row in rows} == {"Rolle 0", "Rolle 1", "Rolle 2"}
    assert section.tables_of(rows)[0].note == "Viser 3 av 4 roller."


# --- The status report -------------------------------------------------------------------------------
def proposed(project, place):
    return basis_of(project, by=place.actor(Role.PROJECT_MANAGER), today=timezone.localdate()).areas[
        Area.RESOURCES
    ]


def test_propose_status__from_requests(place, project):
    assert proposed(project, place).value is None
    role, period = people.role(place), (this_month(), shifted(this_month(), 4))
    people.capacity(role, place, 2, this_month() - timedelta(days=40))
    first = people.asked(project, role, place, 1, period)
    found = proposed(project, place)
    assert (found.value, found.why) == (Health.WATCH, "1 venter på svar (IKT-rådgiver).")
    people.step("refuse_request", first, place, {"reason": "Nei"})
    found = proposed(project, place)
    assert (found.value, found.why) == (Health.BAD, "1 forespørsel er avslått (IKT-rådgiver).")
    people.granted(project, role, place, 1, period, purpose="Igjen")
    found = proposed(project, place)
    assert (found.value, found.why) == (Health.GOOD, "Alt dere har spurt om framover, er tildelt (1).")
    less = people.asked(project, role, place, 2, period, purpose="Mer")
    people.grant(less, place, granted=Decimal("1.5"), over_reason="Avtalt")
    found = proposed(project, place)
    assert found.value == Health.WATCH
    assert "1 er tildelt mindre enn dere ba om (IKT-rådgiver)" in found.why
    assert "IKT-rådgiver er over 100 %" in found.why
