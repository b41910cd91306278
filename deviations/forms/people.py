"""Choosing a colleague among thousands: typed, with suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse_lazy
from django.utils import timezone

from core.forms import SearchChoiceField
from organization.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet


def colleagues(municipality_id: int) -> QuerySet[Person]:
    """Return those who hold a role in the municipality today, in Norwegian order."""
    return Person.objects.at_work_in(municipality_id, timezone.localdate()).order_by("name_sort", "pk")


def label_of(person: Person) -> str:
    return f"{person.name} ({person.title})" if person.title else person.name


def person_field(**options: Any) -> SearchChoiceField:
    """Return a field for one colleague; the form sets its queryset."""
    return SearchChoiceField(
        label_from=label_of,
        search_fields=("name",),
        options_url=reverse_lazy("deviations:people_options"),
        **options,
    )
