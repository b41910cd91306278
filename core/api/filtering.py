"""Filters of lists: declared with django-filter, strict about what they are sent.

A parameter that nobody knows is refused and not ignored: a misspelled filter would answer
with everything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.drainage import set_override

from core.api.permissions import require_scope, scope_of
from core.api.problems import ApiProblem, parameter_error
from core.api.rows import Row, expandable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from core.actors import Actor

EXPAND = "expand"
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class _IdField(forms.IntegerField):
    """An id that the database can hold."""

    default_error_messages = {"invalid": gettext_lazy("Skal være en id, et helt tall større enn null.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class _MomentField(IsoDateTimeField):
    """A moment that the database and the clock agree on."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "Skal være et tidspunkt på formen 2026-12-31T12:00:00Z, eller med +01:00 skrevet som %2B01:00."
        )
    }

    def clean(self, value: Any) -> Any:
        try:
            moment = super().clean(value)
            is_sensible = moment is None or _FIRST <= moment <= _LAST
        except OverflowError:
            is_sensible = False
        if not is_sensible:
            raise ValidationError(_("Tidspunktet er utenfor det som kan brukes."))
        return moment


class _Described(django_filters.Filter):
    """A filter that tells the OpenAPI document what it takes."""

    takes: ClassVar[dict[str, Any]] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        set_override(self, "field", {**self.takes, "description": kwargs.get("help_text", "")})


class IdFilter(_Described):
    """Rows that belong to the one with this id."""

    field_class = _IdField
    takes: ClassVar[dict[str, Any]] = {"type": "integer", "format": "int64", "minimum": 1}


class _YearField(forms.IntegerField):
    """A year that the database can hold."""

    default_error_messages = {"invalid": gettext_lazy("Skal være et årstall, for eksempel 2026.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=9999, **kwargs)


class YearFilter(_Described):
    """Rows of a year."""

    field_class = _YearField
    takes: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": 9999}


class MomentFilter(_Described):
    """Rows before or after a moment."""

    field_class = _MomentField
    takes: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}


class FlagFilter(_Described, django_filters.TypedChoiceFilter):
    """``true`` or ``false``, and nothing else."""

    takes: ClassVar[dict[str, Any]] = {"type": "boolean"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("true", "true"), ("false", "false")], coerce=lambda text: text == "true", **kwargs
        )


class Filters(django_filters.FilterSet):
    """The filters of one list; ``actor`` is who asks."""

    @property
    def actor(self) -> Actor:
        actor: Actor = self.request.actor
        return actor


class ChangedFilters(Filters):
    """The filters that every list has."""

    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=gettext_lazy("Endret etter dette tidspunktet.")
    )
    updated_before = MomentFilter(
        field_name="changed_at", lookup_expr="lt", help_text=gettext_lazy("Endret før dette tidspunktet.")
    )


class QueryFilters(DjangoFilterBackend):
    """Apply a view's ``filterset_class`` to its list."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that the address asks for.

        :raises ApiProblem: a parameter is unknown, or its value is not one it takes.
        """
        filterset_class = view.filterset_class
        check_known(request, (*filterset_class.base_filters, *view.pagination_class.parameters, EXPAND))
        # Copying the declared filters costs more than the query does; most calls have none.
        if filterset_class.base_filters.keys().isdisjoint(request.query_params):
            return queryset
        filterset = filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            wrong = filterset.errors.get_json_data()
            raise ApiProblem(
                "parameter",
                errors=[
                    {"parameter": name, "detail": error["message"]}
                    for name, errors in wrong.items()
                    for error in errors
                ],
            )
        filtered: QuerySet[Any] = filterset.qs
        return filtered


def check_known(request: Request, known: Iterable[str]) -> None:
    """Refuse parameters of the address that nothing takes.

    :raises ApiProblem: names each of them.
    """
    unknown = sorted(request.query_params.keys() - set(known))
    if unknown:
        detail = _("Parameteren finnes ikke her.")
        raise ApiProblem(
            "parameter", errors=[{"parameter": name[:200], "detail": detail} for name in unknown]
        )


def expansions(request: Request, row: type[Row], more: Iterable[str] = ()) -> frozenset[str]:
    """Return what ``?expand=`` asks for, separated by commas.

    :param more: what can be added besides the nested rows of ``row``.
    :raises ApiProblem: something else is asked for, or a machine has no scope for what is.
    """
    text = request.query_params.get(EXPAND, "")
    if not text:
        return frozenset()
    asked = frozenset(part.strip() for part in text.split(",") if part.strip())
    known = [*expandable(row), *more]
    if asked - set(known):
        raise parameter_error(
            EXPAND, _("Velg blant disse, med komma mellom: %(names)s.") % {"names": ", ".join(known)}
        )
    if request.auth is not None:
        for name in asked & set(expandable(row)):
            require_scope(request, scope_of(row().fields[name], "GET"))
    return asked
