"""Rows of lists without a serializer object per row.

A ``Row`` declares the fields of a resource once.  The OpenAPI document reads it as the DRF
serializer it is; lists read its plan: which columns to fetch, and how a fetched row becomes a
dict.  Nested rows are what ``?expand=`` can add, and cost their join only when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from drf_spectacular.openapi import AutoSchema


class Choice(serializers.ChoiceField):
    """A code of a declared set, which is a named component of the OpenAPI document.

    ``component`` names it; without one the model and the field do.
    """

    def __init__(self, choices: Any, *, component: str = "", **kwargs: Any) -> None:
        self.component = component
        super().__init__(choices, **kwargs)


class Derived(serializers.Field):
    """A value reckoned in Python from other fields of the row.

    ``of`` names them; ``shown_as`` is the serializer field that describes the result.
    """

    def __init__(self, of: Sequence[str], reckon: Callable[..., Any], *, shown_as: serializers.Field) -> None:
        self.of, self.reckon, self.shown_as = tuple(of), reckon, shown_as
        super().__init__(read_only=True, help_text=shown_as.help_text)


class Row(serializers.ModelSerializer):
    """What a resource shows of itself.  Declared like any serializer, never made per row.

    ``optional`` names fields that not every caller gets; nested rows are optional too.
    ``resource`` is whose scope a machine needs for a row that ``?expand=`` adds.
    ``about`` says in the document what the resource is.
    """

    serializer_choice_field = Choice
    optional: ClassVar[frozenset[str]] = frozenset()
    resource: ClassVar[str] = ""
    about: ClassVar[Any] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        set_override(cls, "description", cls.about)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, all of them read-only, those always there marked as required."""
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            field.read_only = name not in self.optional and not isinstance(field, Row)
            field.required = False
        return fields


@dataclass(frozen=True, slots=True)
class Part:
    """A nested row: its name, and where its columns stand."""

    name: str
    start: int
    end: int
    keys: tuple[str, ...]

    def build(self, values: Sequence[Any]) -> dict[str, Any] | None:
        """Return the nested row, or ``None`` where the relation is empty."""
        inner = values[self.start : self.end]
        return dict(zip(self.keys, inner, strict=True)) if inner[0] is not None else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a ``Row`` is fetched and built."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    derived: tuple[tuple[str, tuple[str, ...], Callable[..., Any]], ...]
    parts: tuple[Part, ...]

    def build(self, fetched: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Return the rows of the values fetched for ``columns``."""
        rows: list[dict[str, Any]] = [dict(zip(self.keys, values, strict=False)) for values in fetched]
        for name, of, reckon in self.derived:
            columns = [[row[key] for row in rows] for key in of]
            for row, value in zip(rows, map(reckon, *columns), strict=True):
                row[name] = value
        for part in self.parts:
            for row, values in zip(rows, fetched, strict=True):
                row[part.name] = part.build(values)
        return rows

    def read(self, record: Any) -> dict[str, Any]:
        """Return the row of one record that is already loaded."""
        return self.build([[_value(record, column) for column in self.columns]])[0]


def _value(record: Any, column: str) -> Any:
    try:
        return attrgetter(column.replace("__", "."))(record)
    except AttributeError:
        if getattr(record, column.partition("__")[0], record) is None:
            return None  # the relation is empty
        raise


@lru_cache(maxsize=256)
def plan_of(row: type[Row], expand: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of ``row`` with the nested rows named in ``expand``."""
    plain: dict[str, str] = {}
    derived, nested = [], []
    for name, field in row().fields.items():
        if isinstance(field, Derived):
            derived.append((name, field.of, field.reckon))
        elif isinstance(field, Row):
            nested += [(name, field)] if name in expand else []
        elif not field.write_only:
            plain[name] = _column(field)
    columns, parts = list(plain.values()), []
    for name, inner in nested:
        inside = {key: f"{_column(inner)}__{_column(field)}" for key, field in inner.fields.items()}
        parts.append(Part(name, len(columns), len(columns) + len(inside), tuple(inside)))
        columns += inside.values()
    return Plan(tuple(columns), tuple(plain), tuple(derived), tuple(parts))


def expandable(row: type[Row]) -> list[str]:
    """Return the names of the nested rows that ``?expand=`` can add."""
    return [name for name, field in row().fields.items() if isinstance(field, Row)]


def _column(field: Any) -> str:
    return str(field.source or field.field_name).replace(".", "__")


# --- In the OpenAPI document ---------------------------------------------------------------------
def choice_component(
    auto_schema: AutoSchema, name: str, choices: Sequence[tuple[Any, Any]]
) -> dict[str, Any]:
    """Return a reference to the named set of codes, and put it in the document if it is new."""
    codes = [(code, label) for code, label in choices if code not in {"", None}]
    described = "\n".join(f"* `{code}`: {label}" for code, label in codes)
    component = ResolvedComponent(
        name=name, type=ResolvedComponent.SCHEMA, object=name,
        schema={"type": "string", "enum": [str(code) for code, _label in codes], "description": described},
    )  # fmt: skip
    auto_schema.registry.register_on_missing(component)
    return dict(component.ref)


def or_blank(reference: dict[str, Any], *, blank: bool) -> dict[str, Any]:
    """Return the schema of a code that may also be the empty text."""
    return {"oneOf": [reference, {"type": "string", "enum": [""]}]} if blank else {"allOf": [reference]}


def component_name(model: Any, field: str) -> str:
    return model.__name__ + "".join(word.capitalize() for word in field.split("_"))


class ChoiceExtension(OpenApiSerializerFieldExtension):
    target_class = Choice

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        field = self.target
        name = field.component or component_name(field.parent.Meta.model, field.source)
        blank = field.allow_blank or "" in field.choices
        return or_blank(choice_component(auto_schema, name, list(field.choices.items())), blank=blank)


class DerivedExtension(OpenApiSerializerFieldExtension):
    target_class = Derived

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        described: dict[str, Any] = auto_schema._map_serializer_field(self.target.shown_as, direction)
        return described
