"""The pages of the change work: who reads and writes, two editors, bad input, files and how much they ask for."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from benefits import operations as plans
from benefits.models import Benefit, BenefitRisk, ChangeAction, ChangeAgent, Stakeholder
from governance.models import Initiative
from organization.forms import person_label
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import change_stories as change
from tests.benefits import stories
from tests.benefits.change_stories import by, in_days

MAX_QUERIES = 12
LONG = "Kompetanseutviklingsplanleggingsverktøyopplæring"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def initiative(place):
    return stories.planned(place).initiative


def url(name, *args):
    return reverse(f"benefits:{name}", args=args)


def page(client, initiative):
    return client.get(url("change_work", initiative.pk))


def written(day):
    return day.strftime("%d.%m.%Y")


def sent_action(place, **other):
    return {
        "title": "Lære opp nattevaktene", "kind": "training", "how": "", "owner": person_label(place.person(Role.HR)),
        "due_on": written(in_days(20)), "benefit": "", "node": "", "risk_profile": "moderate", **other,
    }  # fmt: skip


def sent_risk(place, **other):
    return {
        "title": "Ingen kommer på kurs", "benefit": "", "likelihood": "2", "consequence": "3", "measure": "Kurs i arbeidstida",
        "action": "", "owner": person_label(place.person(Role.HR)), "state": "identified", "reviewed_on": written(in_days(0)),
        "review_on": written(in_days(60)), **other,
    }  # fmt: skip


STAKEHOLDER = {
    "name": "Pårørende", "group": "users", "gains": "Svar samme dag", "loses": "", "influence": "2", "attitude": "0",
    "involvement": "", "contact": "",
}  # fmt: skip


def opened(client, address):
    """Return what a browser would send back from the form as it stands."""
    answer = client.get(address)
    base = re.search(r'name="base" value="([^"]*)"', answer.content.decode())[1]
    values = {}
    for field in answer.context["form"]:
        value = field.value()
        shown = field.field.prepare_value(value) if hasattr(field.field, "options_url") else value
        values[field.html_name] = written(shown) if hasattr(shown, "strftime") else shown
    return {"base": html.unescape(base), **{k: v for k, v in values.items() if v not in (None, "")}}


def test_page__who_sees_one_benefit_is_told_of_that_one(as_role, place, initiative):
    own = initiative.benefits.get()
    other = Benefit.objects.create(
        initiative=initiative, title="Skjermet gevinst", kind="quality", form="not_priced", beneficiary="citizens",
        status="planned", created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    mine = change.action(initiative, place, benefit=own)
    row = change.action(initiative, place, title="Bestille utstyr", benefit=other)
    change.risk(initiative, place, benefit=other)
    Initiative.objects.filter(pk=initiative.pk).update(shield_basis="offl_13", public_title="Skjermet sak")
    everybody, owner = as_role(Role.SECRETARIAT), Client()
    assert "Skjermet gevinst" in page(everybody, initiative).content.decode()
    owner.force_login(place.person(Role.SERVICE_OWNER))
    told = page(owner, initiative).content.decode()
    assert own.title in told
    for address in (
        url("change_work", initiative.pk) + "?fil=csv",
        url("change_action_detail", row.pk),
        url("change_action_edit", row.pk),
        url("change_action_create", initiative.pk),
    ):
        answer = owner.get(address)
        assert answer.status_code == 200
        assert "Skjermet gevinst" not in b"".join(answer).decode()
    assert "Skjermet gevinst" not in told
    kept = opened(owner, url("change_action_edit", row.pk)) | {"how": "Fra lageret."}
    assert owner.post(url("change_action_edit", row.pk), kept).status_code == 302
    row.refresh_from_db()
    assert (row.how, row.benefit, mine.benefit) == ("Fra lageret.", other, own)


# --- Reading and writing ------------------------------------------------------------------------------
def test_page__is_read_by_the_municipality_and_written_by_planners(as_role, place, initiative):
    change.action(initiative, place)
    change.agent(initiative, place)
    change.stakeholder(initiative, place)
    change.risk(initiative, place)
    text = page(as_role(Role.EMPLOYEE), initiative).content.decode()
    for words in (
        "Lære opp alle vaktlag",
        "Nattevaktene",
        "Vikarene har ikke",
        "Høy",
        "Viser kollegene hvordan",
    ):
        assert words in text
    assert "Nytt tiltak" not in text
    assert "Nytt tiltak" in page(as_role(Role.SERVICE_OWNER), initiative).content.decode()


def test_write_all_parts__by_their_forms(as_role, place, initiative):
    client, pk = as_role(Role.SERVICE_OWNER), initiative.pk
    held = RoleAssignment.objects.get(person=place.person(Role.CHANGE_AGENT))
    for name, sent in {
        "change_action_create": sent_action(place), "change_agent_create": {"role": held.pk, "task": "Viser fram"},
        "stakeholder_create": STAKEHOLDER, "benefit_risk_create": sent_risk(place),
    }.items():  # fmt: skip
        assert client.post(url(name, pk), {}).status_code == 422
        answer = client.post(url(name, pk), sent)
        assert answer.status_code == 302, (name, answer.context["form"].errors)
    text = page(client, initiative).content.decode()
    assert all(
        words in text
        for words in ("Lære opp nattevaktene", "Viser fram", "Pårørende", "Ingen kommer på kurs")
    )
    assert ChangeAction.objects.get().owner == place.person(Role.HR)


@pytest.mark.parametrize(
    "wrong",
    [
        ("change_action_create", "title", "", "Må fylles ut"), ("change_action_create", "title", "x" * 201, "200"),
        ("change_action_create", "title", "a\0b", ""), ("change_action_create", "due_on", "i går", "dato"),
        ("change_action_create", "due_on", "1.1.2020", "er gått"), ("change_action_create", "kind", "moro", "moro"),
        ("change_action_create", "owner", "Ingen Slik", "Fant ingen"), ("change_action_create", "benefit", "9999999", "gyldig"),
        ("change_action_create", "benefit", "9" * 40, "gyldig"), ("change_action_create", "how", "x" * 2001, "2000"),
        ("stakeholder_create", "influence", "7", "7"), ("stakeholder_create", "name", "x" * 161, "160"),
        ("benefit_risk_create", "likelihood", "6", "6"), ("benefit_risk_create", "review_on", "1.1.2020", "etter den siste"),
        ("benefit_risk_create", "reviewed_on", "1.1.2099", "fram i tid"), ("change_agent_create", "role", "1\0", ""),
    ],
)  # fmt: skip
def test_write__says_what_is_wrong_and_keeps_what_was_typed(as_role, place, initiative, wrong):
    name, field, value, said = wrong
    base = {"change_action_create": sent_action, "benefit_risk_create": sent_risk}.get(
        name, lambda _p: STAKEHOLDER
    )(place)
    answer = as_role(Role.SERVICE_OWNER).post(url(name, initiative.pk), {**base, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert said in answer.content.decode()


def test_choose_owner__who_has_left_is_never_offered(as_role, place, initiative):
    row = change.action(initiative, place)
    change.let_go(place, Role.EMPLOYEE)
    client, address = as_role(Role.SERVICE_OWNER), url("change_action_edit", row.pk)
    text = client.get(address).content.decode()
    assert "arbeider ikke her lenger. Velg en ny." in text
    sent = opened(client, address)
    assert "owner" not in sent
    again = client.post(address, {**sent, "owner": person_label(place.person(Role.EMPLOYEE))})
    assert again.status_code == 422
    answer = client.post(address, {**sent, "owner": person_label(place.person(Role.HR))})
    assert answer.status_code == 302, answer.context["form"].errors
    assert "Arbeider ikke her lenger" not in page(client, initiative).content.decode()


def test_write__two_editors_keep_both_and_clash_on_the_same(as_role, world, place, initiative):
    row = change.action(initiative, place)
    address = url("change_action_edit", row.pk)
    first, second = as_role(Role.SERVICE_OWNER), Client()
    second.force_login(place.person(Role.PROJECT_OWNER))
    mine, theirs = opened(first, address), opened(second, address)
    assert first.post(address, {**mine, "title": "Lære opp dagvaktene"}).status_code == 302
    assert second.post(address, {**theirs, "how": "På personalmøtet"}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.how) == ("Lære opp dagvaktene", "På personalmøtet")
    clash = second.post(address, {**theirs, "title": "Lære opp alle"})
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "Lære opp dagvaktene" in text
    assert "Lære opp alle" in text


def test_take_out__asks_first_and_can_be_undone(as_role, place, initiative):
    row, client = change.stakeholder(initiative, place), as_role(Role.SERVICE_OWNER)
    assert "kan tas inn igjen" in client.get(url("stakeholder_remove", row.pk)).content.decode()
    assert client.post(url("stakeholder_remove", row.pk)).status_code == 302
    text = page(client, initiative).content.decode()
    assert "Ta inn igjen" in text
    assert client.get(url("stakeholder_edit", row.pk)).status_code == 404
    assert client.post(url("stakeholder_restore", row.pk)).status_code == 302
    assert Stakeholder.objects.standing().contains(row)


def test_write__not_by_others(as_role, world, place, initiative):
    rows = {
        "change_action": change.action(initiative, place), "change_agent": change.agent(initiative, place),
        "stakeholder": change.stakeholder(initiative, place), "benefit_risk": change.risk(initiative, place),
    }  # fmt: skip
    for name, row in rows.items():
        for way in ("edit", "remove"):
            assert as_role(Role.HR).get(url(f"{name}_{way}", row.pk)).status_code == 403
            neighbor = as_role(Role.PORTFOLIO_MANAGER, world.neighbor)
            assert neighbor.post(url(f"{name}_{way}", row.pk)).status_code == 404
        assert as_role(Role.HR).post(url(f"{name}_restore", row.pk)).status_code == 404
    assert (
        as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(url("change_work", initiative.pk)).status_code
        == 404
    )


def test_open_own_action__also_where_the_plan_is_for_others(as_role, place):
    initiative = initiatives.received(place)
    row = change.action_as(initiative, place, Role.SECRETARIAT, owner=place.person(Role.HR))
    client = as_role(Role.HR)
    assert client.get(url("change_work", initiative.pk)).status_code == 404
    text = client.get(row.get_absolute_url()).content.decode()
    assert "Merk som ferdig" in text
    answer = client.post(url("change_action_transition", row.pk, "finish_change"), {"outcome": "Gjort"})
    assert answer.status_code == 302
    assert as_role(Role.CHANGE_AGENT).get(row.get_absolute_url()).status_code == 404


def test_judge_own_risk__and_go_back_to_what_waits(as_role, place, initiative):
    row, client = change.risk(initiative, place), as_role(Role.EMPLOYEE)
    address = row.get_absolute_url()
    sent = {**opened(client, address), "likelihood": "1", "review_on": written(in_days(90))}
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert BenefitRisk.objects.get().likelihood == 1
    assert "Ta ut" not in client.get(address).content.decode()


def test_judge_own_risk__shows_nothing_of_a_plan_that_is_for_others(as_role, place):
    initiative = initiatives.received(place)
    row = change.risk_as(initiative, place, Role.SECRETARIAT, owner=place.person(Role.HR))
    change.action_as(initiative, place, Role.SECRETARIAT, title="Bare for planen")
    client = as_role(Role.HR)
    text = client.get(row.get_absolute_url()).content.decode()
    assert "Bare for planen" not in text
    assert initiative.benefits.get().title not in text
    sent = {
        **opened(client, row.get_absolute_url()),
        "title": "Noe annet",
        "consequence": "1",
        "review_on": "",
    }
    answer = client.post(row.get_absolute_url(), sent)
    assert (answer.status_code, answer.url) == (302, reverse("core:inbox"))
    row.refresh_from_db()
    assert (row.title, row.consequence) == ("Vikarene har ikke fått opplæring", 1)


def test_take_step__unknown_is_404_and_give_up_wants_a_reason(as_role, place, initiative):
    row, client = change.action(initiative, place), as_role(Role.EMPLOYEE)
    assert client.get(url("change_action_transition", row.pk, "tull")).status_code == 404
    assert client.post(url("change_action_transition", row.pk, "give_up_change"), {}).status_code == 422


def test_write__not_when_the_initiative_is_over(as_role, place, initiative):
    row = change.action(initiative, place)
    change.stop(initiative, place)
    client = as_role(Role.SERVICE_OWNER)
    assert client.get(url("change_action_edit", row.pk)).status_code == 200
    assert client.post(url("change_action_edit", row.pk), {}).status_code == 409
    assert "Nytt tiltak" not in page(client, initiative).content.decode()


# --- Beside the plan --------------------------------------------------------------------------------------
def test_plan__tells_in_a_line_how_the_change_work_goes(as_role, place, initiative):
    client = as_role(Role.EMPLOYEE)
    address = url("plan_detail", initiative.pk)
    assert "Ingen tiltak er ført" in client.get(address).content.decode()
    late, done = change.action(initiative, place), change.action(initiative, place, title="Ny rutine")
    ChangeAction.objects.filter(pk=late.pk).update(due_on=in_days(-3))
    change.perform("finish_change", done, **by(place, Role.EMPLOYEE))
    text = client.get(address).content.decode()
    assert "1 åpent tiltak" in text
    assert "1 over fristen" in text
    assert "1 av 2 ferdige" in text


def test_approve__says_what_lacks_and_approves_all_the_same(as_role, initiative):
    client, address = as_role(Role.PROJECT_OWNER), url("plan_approve", initiative.pk)
    text = client.get(address).content.decode()
    assert "Det hindrer ikke at planen blir godkjent" in text
    assert client.post(address).status_code == 302


def test_compare_versions__shows_what_differs_in_the_change_work(as_role, place, initiative):
    row = change.action(initiative, place)
    plans.approve_plan(initiative, **by(place, Role.PROJECT_OWNER))
    ChangeAction.objects.filter(pk=row.pk).update(title="Lære opp vikarene også")
    text = as_role(Role.EMPLOYEE).get(url("plan_versions", initiative.pk)).content.decode()
    assert "Tiltak: Lære opp vikarene også" in text
    assert (
        "Endret etter godkjenning"
        not in as_role(Role.EMPLOYEE).get(url("plan_detail", initiative.pk)).content.decode()
    )


# --- Files ------------------------------------------------------------------------------------------------
def test_download__has_every_table_typed_and_no_formula(as_role, place, initiative):
    change.action(initiative, place, title='=HYPERLINK("http://x")')
    change.agent(initiative, place)
    change.stakeholder(initiative, place, gains="+47 sparte timer")
    change.risk(initiative, place)
    client = as_role(Role.EMPLOYEE)
    answer = client.get(url("change_work", initiative.pk), {"fil": "xlsx"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Tiltak", "Endringsagenter", "Interessenter", "Risiko"]
    cells = [cell for sheet in book for line in sheet.iter_rows(min_row=2) for cell in line]
    assert not any(cell.data_type == "f" for cell in cells)
    assert book["Risiko"]["E2"].value == 16
    assert hasattr(book["Tiltak"]["D2"].value, "year")
    text = b"".join(client.get(url("change_work", initiative.pk), {"fil": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "HYPERLINK" in text
    assert not any(line.startswith(("=", '"=')) for line in text.splitlines())


# --- How much is asked for ------------------------------------------------------------------------------------
def test_page__few_queries_whatever_the_number_of_rows(
    as_role, place, initiative, django_assert_max_num_queries
):
    for role in (Role.SERVICE_OWNER, Role.HR, Role.PORTFOLIO_MANAGER):
        client = as_role(role)
        change.action(initiative, place, title=f"Tiltak for {role}")
        page(client, initiative)
        with django_assert_max_num_queries(MAX_QUERIES) as few:
            page(client, initiative)
        for number in range(4):
            row = change.action(initiative, place, title=f"{LONG} {role} {number}")
            change.stakeholder(initiative, place, name=f"{LONG} {role} {number}")
            change.risk(initiative, place, title=f"{LONG} {role} {number}", action=row)
        with django_assert_max_num_queries(len(few)):
            page(client, initiative)
    assert ChangeAgent.objects.count() == 0


@pytest.mark.parametrize("name", ["change_action_detail", "change_action_edit"])
def test_one_action__few_queries(as_role, place, initiative, name, django_assert_max_num_queries):
    row, client = change.action(initiative, place), as_role(Role.SERVICE_OWNER)
    client.get(url(name, row.pk))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(url(name, row.pk))
