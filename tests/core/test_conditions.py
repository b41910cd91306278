"""Conditions for big tables say the same as ``pk__in``, in a form that is planned well."""

from __future__ import annotations

from django.db.models import OuterRef, Q

from core.conditions import has_one, is_one_of
from organization.models import RoleAssignment, Unit


def test_is_one_of__keeps_what_the_subquery_selects(world):
    here = Unit.objects.filter(municipality=world.home.municipality)
    rows = RoleAssignment.objects.filter(is_one_of("unit_id", here.values("pk")))
    assert set(rows) == set(RoleAssignment.objects.filter(unit__in=here))
    assert rows.exists()
    assert '"unit_id" = ANY(ARRAY(SELECT' in str(rows.query)


def test_is_one_of__nothing_when_there_is_none(world):
    assert not RoleAssignment.objects.filter(is_one_of("unit_id", Unit.objects.none().values("pk"))).exists()


def test_has_one__keeps_what_has_a_row(world):
    led = RoleAssignment.objects.filter(unit_id=OuterRef("pk"), role="leader")
    rows = Unit.objects.filter(has_one(led))
    assert set(rows) == set(Unit.objects.filter(roles__role="leader"))
    assert rows.exists()


def test_has_one__can_be_negated_and_combined(world):
    led = has_one(RoleAssignment.objects.filter(unit_id=OuterRef("pk"), role="leader"))
    assert not Unit.objects.filter(led & ~led).exists()
    assert Unit.objects.filter(led | ~led).count() == Unit.objects.count()
    assert Unit.objects.filter(Q(kind="region") | led).count() == Unit.objects.filter(led).count() + 1


def test_has_one__nothing_when_the_rows_are_none(world):
    assert not Unit.objects.filter(has_one(RoleAssignment.objects.none())).exists()
