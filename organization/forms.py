"""Fields that choose people and units, used by every app above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse_lazy
from django.utils import timezone

from core.forms import SearchChoiceField
from organization.models import Person, RoleAssignment

if TYPE_CHECKING:
    from django.db.models import QuerySet


def person_label(person: Person) -> str:
    """Return the text that chooses a person: name, and position where there is one."""
    return f"{person.name} ({person.title})" if person.title else person.name


def people_of(municipality_ids: frozenset[int]) -> QuerySet[Any]:
    """Return the people who hold a role today in one of the municipalities, in order of name."""
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(unit__municipality_id__in=municipality_ids)
    return Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True).order_by("name", "pk")


class PersonField(SearchChoiceField):
    """Choose a person by typing part of the name.  Set ``queryset`` to the people who may be chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label_from", person_label)
        kwargs.setdefault("search_fields", ("name", "title", "username"))
        kwargs.setdefault("options_url", reverse_lazy("organization:person_options"))
        super().__init__(**kwargs)
