"""What a municipality computes with: versions with source and day, and plans that keep theirs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from benefits import basis as bases
from benefits import operations
from benefits.models import CalculationBasis
from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from organization.roles import Role
from tests.benefits import stories

pytestmark = pytest.mark.django_db
D = Decimal
LIST = "/gevinster/beregningsgrunnlag/"
NEW = f"{LIST}nytt/"


@pytest.fixture
def place(world):
    return world.home


def day(days=0):
    return timezone.localdate() + timedelta(days=days)


def typed(**values):
    return {
        "valid_from": day(10).strftime("%d.%m.%Y"), "source": "Kommunestyret, sak 14/26", "rate_near": "3,5", "rate_middle": "3",
        "rate_far": "2", "hours_per_work_year": "1 695,5", "tax_cost": "20", "years": "15", "price_year": "2026", **values,
    }  # fmt: skip


def values(**given):
    standing = bases.basis_for(0, day())
    return {**{name: getattr(standing, name) for name in bases.FIELDS}, "valid_from": day(-30), "source": "Budsjettet", **given}  # fmt: skip


def given(place, role=Role.CHIEF_OF_FINANCE, **fields):
    return bases.set_basis(place.municipality, values(**fields), by=place.actor(role), now=timezone.now())


@pytest.mark.parametrize("role", [Role.CHIEF_OF_FINANCE, Role.ADMINISTRATOR])
def test_register_basis__by_who_may(as_role, world, place, role):
    client = as_role(role)
    assert "Forvalgte verdier" in client.get(LIST).content.decode()
    assert client.post(NEW, typed()).url == LIST
    row = CalculationBasis.objects.get()
    assert (row.municipality, row.rate_near, row.hours_per_work_year) == (
        place.municipality,
        D("3.5"),
        D("1695.5"),
    )
    text = client.get(LIST).content.decode()
    for words in ("Kommunestyret, sak 14/26", "3,5 prosent", "1 695,5", "Kommer", place.person(role).name):
        assert words.replace(" ", "\xa0") in text or words in text
    neighbor = as_role(role, world.neighbor)
    assert "Kommunestyret" not in neighbor.get(LIST).content.decode()
    assert neighbor.get(f"{LIST}{row.pk}/").status_code == 404


def test_register_basis__by_nobody_else(as_role, world, place):
    client = as_role(Role.SERVICE_OWNER)
    assert client.get(LIST).status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, typed()).status_code == 403
    for actor in (place.actor(Role.PORTFOLIO_MANAGER), world.neighbor.actor(Role.CHIEF_OF_FINANCE)):
        with pytest.raises(TransitionDenied):
            bases.set_basis(place.municipality, values(), by=actor, now=timezone.now())
    assert not CalculationBasis.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", "i morgen"), ("valid_from", "1.1.1999"), ("valid_from", "1.1.2140"), ("source", "  "), ("source", "x" * 301),
        ("rate_near", "-1"), ("rate_near", "40"), ("rate_near", "fire"), ("rate_near", "NaN"), ("rate_far", ""),
        ("hours_per_work_year", "0"), ("hours_per_work_year", "17000"), ("tax_cost", "-20"), ("tax_cost", "200"),
        ("years", "0"), ("years", "1000"), ("years", "2,5"), ("price_year", "26"), ("price_year", "99999999999"),
    ],
)  # fmt: skip
def test_register_basis__with_bad_input(as_role, field, value):
    answer = as_role(Role.CHIEF_OF_FINANCE).post(NEW, typed(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Kommunestyret, sak 14/26" in answer.content.decode() or field == "source"
    assert not CalculationBasis.objects.exists()


def test_register_basis__after_the_one_that_counts(as_role, place):
    given(place)
    early = typed(valid_from=day(-40).strftime("%d.%m.%Y"))
    answer = as_role(Role.CHIEF_OF_FINANCE).post(NEW, early)
    assert answer.status_code == 422
    assert "Det nye må begynne etter det" in answer.content.decode()
    with pytest.raises(ValidationError):
        given(place)
    assert given(place, valid_from=day()).pk
    assert bases.basis_for(place.municipality.pk, day(-1)).valid_from == day(-30)
    assert bases.basis_for(place.municipality.pk, day()).valid_from == day()


def test_correct_basis__until_it_counts_and_never_over_another(as_role, place):
    row = given(place, valid_from=day(5))
    client, page = as_role(Role.CHIEF_OF_FINANCE), f"{LIST}{row.pk}/"
    stamp = client.get(page).context["form"]["stamp"].value()
    assert client.post(page, typed(stamp=stamp)).status_code == 302
    assert client.post(page, typed(stamp=stamp, rate_near="6")).status_code == 409
    row.refresh_from_db()
    assert row.rate_near == D("3.5")
    with pytest.raises(StaleVersion):
        bases.set_basis(
            place.municipality, values(), by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now(), basis=row
        )
    begun = given(place)
    assert client.post(f"{LIST}{begun.pk}/", typed()).status_code == 409
    with pytest.raises(Refused):
        bases.set_basis(
            place.municipality, values(), by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now(), basis=begun,
            stamp=begun.changed_at.isoformat(),
        )  # fmt: skip
    text = client.get(LIST).content.decode()
    assert "Grunnlaget rettet" in text
    assert text.count(f"{LIST}{row.pk}/") == 1
    assert f"{LIST}{begun.pk}/" not in text


def test_correct_basis__of_another_municipality_is_not_found(world, place):
    row = given(world.neighbor, valid_from=day(5))
    with pytest.raises(Http404):
        bases.set_basis(
            place.municipality, values(), by=place.actor(Role.ADMINISTRATOR), now=timezone.now(), basis=row
        )


def test_plan__keeps_what_it_was_approved_with(as_role, world, place):
    given(place, rate_near=D(4), source="Gammelt vedtak")
    given(world.neighbor, rate_near=D(9), source="Naboens vedtak")
    benefit = stories.planned(place, kind="avoided_cost", form="budget", kroner_per_year=100_000)
    client, page = as_role(Role.SERVICE_OWNER), reverse("benefits:plan_detail", args=[benefit.initiative_id])
    before = client.get(page).context
    assert (before["basis"].source, before["newer_basis"]) == ("Gammelt vedtak", None)
    given(place, rate_near=D(8), source="Nytt vedtak", valid_from=day(), years=5)
    after = client.get(page)
    assert after.context["basis"].source == "Gammelt vedtak"
    assert after.context["worth"] == before["worth"]
    assert "beholder det" in after.content.decode()
    newer = client.get(page, {"nytt": "1"}).context
    assert (newer["basis"].source, newer["worth"].years) == ("Nytt vedtak", 5)
    assert newer["worth"].npv < before["worth"].npv
    operations.approve_plan(benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    again = client.get(page)
    assert again.context["basis"].source == "Nytt vedtak"
    assert "beholder det" not in again.content.decode()


def test_plan__approved_before_versions_kept_the_basis(as_role, place):
    benefit = stories.planned(place)
    benefit.initiative.plan_approvals.update(basis=None)
    given(place, source="Nytt vedtak")
    page = reverse("benefits:plan_detail", args=[benefit.initiative_id])
    assert as_role(Role.SERVICE_OWNER).get(page).context["basis"].source == "Nytt vedtak"


def test_list_bases__in_as_many_queries_for_many(as_role, place, django_assert_max_num_queries):
    for at in range(-20, 0):
        given(place, valid_from=day(at))
    client = as_role(Role.CHIEF_OF_FINANCE)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_form__writes_years_as_years(as_role, place):
    given(place, price_year=2026)
    form = as_role(Role.CHIEF_OF_FINANCE).get(NEW).context["form"]
    assert (form["price_year"].value(), form["source"].value()) == ("2026", "")
