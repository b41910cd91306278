"""What the tests of these pages share."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from organization.models import Person
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.world import SYSTEM, Place


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def admin(as_role):
    """Return a client logged in as the administrator of the home municipality."""
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def employee(as_role):
    """Return a client logged in as an ordinary employee of the home municipality."""
    return as_role(Role.EMPLOYEE)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def yesterday(today) -> date:
    return today - timedelta(days=1)


def url(name: str, *args: object, query: str = "") -> str:
    return reverse(f"organization:{name}", args=args) + (f"?{query}" if query else "")


def text_of(response) -> str:
    return response.content.decode()


def new_unit(place: Place, name: str, code: str, *, kind: str = "unit", parent=None):
    return create_unit(
        name=name, kind=kind, code=code, parent=parent or place.sector, by=SYSTEM, now=timezone.now()
    )


def new_person(
    username: str, name: str, *, unit, role: str = Role.EMPLOYEE, since: date = date(2025, 1, 1), **terms
) -> Person:
    person = Person(username=username, name=name, email=f"{username}@example.org", changed_at=timezone.now())
    person.set_unusable_password()
    person.save()
    terms = {"is_main": True, **terms}
    give_role(person=person, role=role, unit=unit, valid_from=since, by=SYSTEM, now=timezone.now(), **terms)
    return person
