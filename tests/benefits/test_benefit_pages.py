"""Benefits in the intake, the list of all, and one by itself."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit
from core.history import timeline
from core.models import AccessLog
from governance import operations
from governance.models import Initiative
from organization.forms import person_label
from organization.roles import Role
from tests import stories

LIST = reverse("benefits:benefit_list")


def overview(initiative):
    return reverse("benefits:overview_edit", args=[initiative.pk])


def create(initiative):
    return reverse("benefits:benefit_create", args=[initiative.pk])


def edit(benefit):
    return reverse("benefits:benefit_edit", args=[benefit.pk])


def delete(benefit):
    return reverse("benefits:benefit_delete", args=[benefit.pk])


def detail(benefit):
    return reverse("benefits:benefit_detail", args=[benefit.pk])


def opened(client, benefit) -> dict[str, str]:
    """Return what a browser would send back from the form as it stands."""
    answer = client.get(edit(benefit))
    base = re.search(r'name="base" value="([^"]*)"', answer.content.decode())[1]
    values = {field.html_name: field.value() for field in answer.context["form"]}
    return {"base": html.unescape(base), **{k: v for k, v in values.items() if v not in (None, "")}}


SENT = {"title": "Færre feil", "beneficiary": "citizens", "kind": "quality", "form": "not_priced"}


@pytest.fixture
def draft(world):
    return stories.draft(world.home)


@pytest.fixture
def benefit(draft):
    return draft.benefits.get()


@pytest.fixture
def author(as_role):
    return as_role(Role.EMPLOYEE)


@pytest.fixture
def colleague(world, draft):
    person = world.home.person(Role.LEADER)
    operations.add_co_editor(draft, person=person, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    client = Client()
    client.force_login(person)
    return client


# --- In the intake ---------------------------------------------------------------------------------------
def test_open_overview__lists_what_is_there(author, draft):
    page = author.get(overview(draft)).content.decode()
    assert "Mindre dobbeltarbeid" in page
    assert "400 timer per år" in page
    draft.benefits.all().delete()
    assert "Ingen gevinster ennå" in author.get(overview(draft)).content.decode()


def test_add_benefit(author, draft, world):
    owner = world.home.person(Role.SERVICE_OWNER)
    sent = {
        **SENT,
        "form": "budget",
        "kroner_per_year": "1,2 mill.",
        "full_effect_from": str(timezone.localdate().year + 1),
        "service_owner": person_label(owner),
    }
    answer = author.post(create(draft), sent, follow=True)
    assert "«Færre feil» er lagt til." in answer.content.decode()
    added = draft.benefits.get(title="Færre feil")
    assert (added.kroner_per_year, added.service_owner) == (Decimal(1_200_000), owner)
    assert timeline(Initiative.objects.get(pk=draft.pk))[0].action == "edit_benefits"


def test_add_benefit__and_one_more(author, draft):
    assert author.post(create(draft), {**SENT, "to": "another"}).headers["Location"] == create(draft)


def test_add_benefit__sent_twice_is_one(author, draft):
    author.post(create(draft), SENT)
    author.post(create(draft), SENT)
    assert draft.benefits.filter(title="Færre feil").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 201), ("title", "a\0b"), ("how", "x" * 1_000_000), ("kind", ""), ("kind", "moro"),
        ("beneficiary", ""), ("form", "x\0"), ("kroner_per_year", "5"), ("hours_per_year", "-1"),
        ("hours_per_year", "9" * 5000), ("hours_per_year", "1,25"), ("hours_per_year", "mange"),
        ("full_effect_from", "26"), ("full_effect_from", "9999"), ("full_effect_from", "-2028"),
        ("service_owner", "Ingen Slik"), ("losers", "x" * 2001),
    ],
)  # fmt: skip
def test_add_benefit__bad_value_is_explained(author, draft, field, value):
    answer = author.post(create(draft), {**SENT, field: value})
    assert answer.status_code == 422
    assert f"#id_{field}" in answer.content.decode()
    assert draft.benefits.count() == 1


@pytest.mark.parametrize("amount", ["-1", "10 000 000 001", "NaN", "1e9", "9" * 5000])
def test_add_benefit__absurd_amount_is_explained(author, draft, amount):
    answer = author.post(create(draft), {**SENT, "form": "budget", "kroner_per_year": amount})
    assert answer.status_code == 422
    assert "#id_kroner_per_year" in answer.content.decode()
    assert html.escape(amount) in answer.content.decode()


def test_add_benefit__owner_of_other_municipality_is_refused(author, draft, world):
    foreign = person_label(world.neighbor.person(Role.SERVICE_OWNER))
    assert author.post(create(draft), {**SENT, "service_owner": foreign}).status_code == 422
    assert draft.benefits.count() == 1


def test_edit_benefit(author, benefit):
    answer = author.post(edit(benefit), {**opened(author, benefit), "title": "<i>Nytt</i> ŋ 🩺"}, follow=True)
    benefit.refresh_from_db()
    assert benefit.title == "<i>Nytt</i> ŋ 🩺"
    assert "<i>Nytt" not in answer.content.decode()


def test_edit_benefit__unchanged_changes_nothing(author, benefit):
    before = Benefit.objects.values().get(pk=benefit.pk)
    assert author.post(edit(benefit), opened(author, benefit)).status_code == 302
    after = Benefit.objects.values().get(pk=benefit.pk)
    assert {**after, "changed_at": None} == {**before, "changed_at": None}


def test_edit_benefit__two_people_in_different_fields_both_win(author, colleague, benefit):
    mine, theirs = opened(author, benefit), opened(colleague, benefit)
    assert colleague.post(edit(benefit), {**theirs, "how": "Kollegaens ord"}).status_code == 302
    assert author.post(edit(benefit), {**mine, "title": "Min tittel"}).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.how, benefit.title) == ("Kollegaens ord", "Min tittel")


@pytest.mark.parametrize(("whose", "left"), [("mine", "Min tittel"), ("theirs", "Kollegaens tittel")])
def test_edit_benefit__same_field_lets_the_last_one_choose(author, colleague, benefit, whose, left):
    mine = opened(author, benefit)
    colleague.post(edit(benefit), {**opened(colleague, benefit), "title": "Kollegaens tittel"})
    sent = {**mine, "title": "Min tittel"}
    answer = author.post(edit(benefit), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Kollegaens tittel" in page
    assert "Min tittel" in page
    choice = re.search(rf'value="({whose}:title:[0-9a-f]+)"', page)[1]
    assert author.post(edit(benefit), {**sent, "choose": choice}).status_code == 302
    benefit.refresh_from_db()
    assert benefit.title == left


def test_edit_benefit__changes_that_do_not_fit_together_are_refused(author, colleague, benefit):
    mine = opened(author, benefit)
    colleague.post(edit(benefit), {**opened(colleague, benefit), "kroner_per_year": "500"})
    answer = author.post(edit(benefit), {**mine, "form": "not_priced"})
    assert answer.status_code == 409
    assert "En gevinst som ikke er prissatt, har ikke et beløp." in answer.content.decode()
    benefit.refresh_from_db()
    assert benefit.form == "alternative_use"


def test_delete_benefit__asks_first(author, benefit, draft):
    assert "Slette gevinsten?" in author.get(delete(benefit)).content.decode()
    assert Benefit.objects.filter(pk=benefit.pk).exists()
    answer = author.post(delete(benefit), follow=True)
    assert "«Mindre dobbeltarbeid» er slettet." in answer.content.decode()
    assert not draft.benefits.exists()
    assert author.post(delete(benefit)).status_code == 404


def test_write_benefits__who_may(as_role, draft, benefit, world):
    for address in (overview(draft), create(draft), edit(benefit), delete(benefit)):
        for role in (Role.LEADER, Role.SECRETARIAT, Role.ADMINISTRATOR):
            assert as_role(role).get(address).status_code == 404
        assert as_role(Role.EMPLOYEE, world.neighbor).get(address).status_code == 404
        assert as_role(Role.EMPLOYEE).get(address).status_code == 200
    assert as_role(Role.LEADER).post(edit(benefit), SENT).status_code == 404
    assert as_role(Role.LEADER).post(delete(benefit)).status_code == 404


def test_write_benefits__of_submitted_is_closed(as_role, world):
    case = stories.awaiting_endorsement(world.home)
    benefit = case.benefits.get()
    author = as_role(Role.EMPLOYEE)
    for address in (overview(case), create(case), edit(benefit), delete(benefit)):
        assert author.get(address).headers["Location"] == reverse("governance:intake_receipt", args=[case.pk])
    author.post(delete(benefit))
    author.post(create(case), SENT)
    assert [b.title for b in case.benefits.all()] == ["Mindre dobbeltarbeid"]
    assert as_role(Role.SECTOR_LEADER).post(delete(benefit)).status_code == 403


def test_save_benefit__after_session_ended_the_text_comes_back(author, draft, world):
    note = re.search(r'name="writer" value="([^"]*)"', author.get(create(draft)).content.decode())[1]
    author.cookies.pop("sessionid")
    author.post(create(draft), {**SENT, "writer": note, "how": "Skrevet etterpå"})
    author.force_login(world.home.person(Role.EMPLOYEE))
    page = author.get(create(draft)).content.decode()
    assert "Skrevet etterpå" in page
    assert "Her er det du skrev" in page
    assert draft.benefits.count() == 1


# --- The list ------------------------------------------------------------------------------------------------
def test_list_benefits__those_the_person_may_read(as_role, world):
    stories.draft(world.home, title="Kladd")
    stories.awaiting_endorsement(world.home, title="I egen linje")
    stories.adopted(world.home, title="Vedtatt tiltak")
    stories.adopted(world.neighbor, title="Hos naboen")
    expected = {
        Role.LEADER: {"I egen linje", "Vedtatt tiltak"},
        Role.HR: {"Vedtatt tiltak"},
        Role.EMPLOYEE: {"Kladd", "I egen linje", "Vedtatt tiltak"},
    }
    for role, titles in expected.items():
        rows = as_role(role).get(LIST).context["page"].rows
        assert {row.initiative.title for row in rows} == titles, role


def test_list_benefits__shielded_is_only_for_those_who_read_it(as_role, world):
    case = stories.adopted(world.home, title="Låskoder", public_title="Adgang", shield_basis="offl_24")
    benefit = case.benefits.get()
    for role, code in ((Role.HR, 404), (Role.LEADER, 404), (Role.SECRETARIAT, 200), (Role.EMPLOYEE, 200)):
        client = as_role(role)
        assert client.get(detail(benefit)).status_code == code, role
        assert ("Mindre dobbeltarbeid" in client.get(LIST).content.decode()) is (code == 200)
    assert AccessLog.objects.filter(what="benefit").count() == 2
    assert "Adgang" in as_role(Role.SECRETARIAT).get(LIST).content.decode()
    assert "Låskoder" not in as_role(Role.SECRETARIAT).get(LIST).content.decode()


def test_filter_benefits(as_role, world):
    case = stories.adopted(world.home)
    case.benefits.create(
        title="En annen",
        created_at=timezone.now(),
        changed_at=timezone.now(),
        kind="quality",
        form="not_priced",
        beneficiary="citizens",
    )
    owner = as_role(Role.SERVICE_OWNER)

    def titles(**chosen):
        return {row.title for row in owner.get(LIST, chosen).context["page"].rows}

    both = {"Mindre dobbeltarbeid", "En annen"}
    assert titles() == both
    assert titles(mine="on") == {"Mindre dobbeltarbeid"}
    assert titles(kind="quality") == {"En annen"}
    assert titles(unit=world.home.sector.pk) == both
    assert titles(unit=world.neighbor.unit.pk) == both  # not a choice here, so no filter
    for odd in ("x", "\0", "99999999999999999999", "<b>"):
        assert titles(kind=odd, unit=odd) == both


def test_page_benefits__by_key(as_role, world, monkeypatch):
    case = stories.adopted(world.home)
    for number in range(35):
        case.benefits.create(
            title=f"Nr. {number}",
            created_at=timezone.now(),
            changed_at=timezone.now(),
            kind="quality",
            form="not_priced",
            beneficiary="citizens",
        )
    client = as_role(Role.HR)
    first = client.get(LIST)
    assert len(first.context["page"].rows) == 30
    second = client.get(LIST + first.context["page"].next_url)
    assert len(second.context["page"].rows) == 6
    assert "Neste" not in second.content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_list_benefits__needs_few_queries(as_role, world, rows, django_assert_max_num_queries):
    case = stories.adopted(world.home)
    for number in range(rows):
        case.benefits.create(
            title=f"Nr. {number}",
            created_at=timezone.now(),
            changed_at=timezone.now(),
            kind="quality",
            form="not_priced",
            beneficiary="citizens",
        )
    client = as_role(Role.HR)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        client.get(LIST)
    benefit = case.benefits.first()
    with django_assert_max_num_queries(8):
        client.get(detail(benefit))


def test_open_overview__needs_few_queries(author, draft, django_assert_max_num_queries):
    for number in range(5):
        draft.benefits.create(
            title=f"Nr. {number}",
            created_at=timezone.now(),
            changed_at=timezone.now(),
            kind="quality",
            form="not_priced",
            beneficiary="citizens",
        )
    for address in (overview(draft), create(draft), edit(draft.benefits.first())):
        author.get(address)
        with django_assert_max_num_queries(12):
            author.get(address)


def test_open_benefit__unknown_and_foreign(as_role, world):
    foreign = stories.adopted(world.neighbor).benefits.get()
    client = as_role(Role.EMPLOYEE)
    assert client.get(detail(foreign)).status_code == 404
    assert client.get(edit(foreign)).status_code == 404
    assert client.get("/gevinster/99999999999999999999/").status_code == 404
