"""Fields that choose people and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import SearchChoiceField
from core.textsearch import NbSort
from organization.models import Person, RoleAssignment, Unit
from organization.queries import municipalities_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor

_INDENT = "\u2003"


def person_label(person: Person) -> str:
    """Return the text that chooses a person: name, and position where there is one."""
    return f"{person.name} ({person.title})" if person.title else person.name


def norwegian(column: str) -> NbSort:
    """Return an expression to order names by: the same as the database keeps for people."""
    return NbSort(column)


def people_of(municipality_ids: frozenset[int]) -> QuerySet[Any]:
    """Return the people who hold a role today in one of the municipalities, in order of name."""
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        unit__municipality_id__in=municipality_ids
    )
    return Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True).order_by(
        "name_sort", "pk"
    )


def choosable(municipality_ids: frozenset[int], chosen_id: int | None) -> QuerySet[Any]:
    """Return the people of the municipalities, and the one chosen before even if he has left since.

    Otherwise a form that is saved for another reason would take the name away without a word.
    """
    people = people_of(municipality_ids)
    return people if chosen_id is None else people | Person.objects.filter(pk=chosen_id)


def family_of(actor: Actor | None) -> frozenset[int]:
    """Return the actor's municipalities, their region, and the others that take part in it.

    These are the people one can work with: professional groups and regional initiatives
    choose among them.
    """
    ids = municipalities_of(actor)
    known = Unit.objects.legal_entities()
    if ids is not None:
        regions = Unit.objects.filter(pk__in=ids).exclude(region_id=None).values("region_id")
        below = Q(region_id__in=ids) | Q(region_id__in=regions)
        known = known.filter(Q(pk__in=ids) | Q(pk__in=regions) | below)
    return frozenset(known.values_list("pk", flat=True))


class PersonField(SearchChoiceField):
    """Choose a person by typing part of the name.  Set ``queryset`` to the people who may be chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label_from", person_label)
        kwargs.setdefault("search_fields", ("name", "title"))
        kwargs.setdefault("options_url", reverse_lazy("organization:person_options"))
        super().__init__(**kwargs)

    def narrowed(self, text: str) -> QuerySet[Any]:
        """Return the people in whom every typed word is found; PostgreSQL takes no NUL."""
        return super().narrowed(text.replace("\0", " "))


class UnitField(forms.ModelChoiceField):
    """Choose a unit from the tree, drawn with its levels.  Set ``queryset`` to what may be chosen."""

    def __init__(self, *, queryset: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", gettext_lazy("Velg enhet"))
        super().__init__(Unit.objects.none() if queryset is None else queryset, **kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        """Return the name, moved in by its level."""
        return f"{_INDENT * (obj.depth - 1)}{obj.name}"
