"""How each kind of form field is written in JSON: its schema, and how a value is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from core.forms import SearchChoiceField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.forms import Field

_LARGEST = 2**63 - 1
_MOST_IDS = 500
_MOST_SHOWN = 100
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,10})?")


class Wrong(ValueError):
    """The value is not of the kind the field takes; says what is expected."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``schema`` describes a field, ``read`` turns a JSON value into what the form takes."""

    schema: Callable[[Any], dict[str, Any]]
    read: Callable[[Any], Any]


def kind_of(field: Field) -> Kind:
    """Return how ``field`` is written.

    :raises TypeError: nobody has said how this kind of field is written.
    """
    for classes, kind in _KINDS:
        if isinstance(field, classes):
            return kind
    raise TypeError(f"{type(field).__name__} has no form in JSON yet: add it to core.api.kinds")


def api_name(name: str, field: Field) -> str:
    """Return the name of a form field in JSON."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return f"{name.removesuffix('s')}_ids"
    return f"{name}_id" if isinstance(field, forms.ModelChoiceField | SearchChoiceField) else name


def properties_of(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return the JSON Schema properties of a form's fields."""
    return {api_name(name, field): schema_of(field) for name, field in fields.items()}


def required_of(fields: Mapping[str, Field]) -> list[str]:
    return [api_name(name, field) for name, field in fields.items() if field.required]


def schema_of(field: Field) -> dict[str, Any]:
    """Return the JSON Schema of one field, with its label and its help."""
    schema = kind_of(field).schema(field)
    if field.label:
        schema["title"] = str(field.label)
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def live_schema_of(field: Field) -> dict[str, Any]:
    """Return the JSON Schema of one field of a form that is made, with the rows that can be chosen.

    The rows are listed where they are few enough to be chosen from.
    """
    schema = schema_of(field)
    if schema.pop("nullable", False):
        schema["type"] = [schema["type"], "null"]
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return schema
    rows = list(field.queryset[: _MOST_SHOWN + 1])
    if len(rows) > _MOST_SHOWN:
        return schema
    label = field.label_from_instance
    return {**schema, "oneOf": [{"const": row.pk, "title": str(label(row)).strip()} for row in rows]}


# --- Schemas -----------------------------------------------------------------------------------------
def _text_schema(field: Any) -> dict[str, Any]:
    limits = {"maxLength": field.max_length} if field.max_length else {}
    return {"type": "string", **limits, **({"minLength": 1} if field.required else {})}


def _choice_schema(field: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [str(code) for code, _label in field.choices]}


def _choices_schema(field: Any) -> dict[str, Any]:
    return {"type": "array", "items": _choice_schema(field)}


def _bool_schema(field: Any) -> dict[str, Any]:
    return {"type": "boolean"}


def _date_schema(field: Any) -> dict[str, Any]:
    return _or_null({"type": "string", "format": "date"}, field)


def _moment_schema(field: Any) -> dict[str, Any]:
    return _or_null({"type": "string", "format": "date-time"}, field)


def _integer_schema(field: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer"}
    if field.min_value is not None:
        schema["minimum"] = int(field.min_value)
    if field.max_value is not None:
        schema["maximum"] = int(field.max_value)
    return _or_null(schema, field)


def _decimal_schema(field: Any) -> dict[str, Any]:
    decimals = field.decimal_places
    fraction = rf"(\.\d{{1,{decimals}}})?" if decimals else ""
    return _or_null({"type": "string", "format": "decimal", "pattern": rf"^-?\d{{1,30}}{fraction}$"}, field)


def _id_schema(field: Any) -> dict[str, Any]:
    return _or_null({"type": "integer", "minimum": 1}, field)


def _ids_schema(field: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": _MOST_IDS}


def _or_null(schema: dict[str, Any], field: Any) -> dict[str, Any]:
    return schema if field.required else {**schema, "nullable": True}


# --- Values ------------------------------------------------------------------------------------------
def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(_("Skal være tekst."))
    return normalize_newlines(value)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Wrong(_("Skal være en liste med tekster."))
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_("Skal være true eller false."))
    return value


def _date(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong(_("Skal være en dato på formen 2026-12-31."))
    return value


def _moment(value: Any) -> Any:
    if value is None:
        return ""
    try:
        found = parse_datetime(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        raise Wrong(_("Skal være et tidspunkt på formen 2026-12-31T12:00:00Z."))
    return found


def _integer(value: Any) -> Any:
    if value is None:
        return ""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise Wrong(_("Skal være et helt tall."))
    return str(value)


def read_decimal(value: Any) -> str:
    """Return a decimal number as the Norwegian forms read it, with a comma."""
    if value is None:
        return ""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Wrong(_('Skal være et tall skrevet som tekst med punktum, for eksempel "1250000.50".'))
    return value.replace(".", ",")


def _id(value: Any) -> Any:
    if value is None:
        return ""
    if not is_id(value):
        raise Wrong(_("Skal være en id, et helt tall større enn null."))
    return value


def _ids(value: Any) -> list[int]:
    if not isinstance(value, list) or len(value) > _MOST_IDS or not all(is_id(item) for item in value):
        raise Wrong(_("Skal være en liste med id-er, hele tall større enn null."))
    return value


def is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST


# The first that fits counts: Django's DecimalField is an IntegerField, for one.
_KINDS: tuple[tuple[Any, Kind], ...] = (
    (forms.ModelMultipleChoiceField, Kind(_ids_schema, _ids)),
    ((forms.ModelChoiceField, SearchChoiceField), Kind(_id_schema, _id)),
    (forms.MultipleChoiceField, Kind(_choices_schema, _texts)),
    (forms.ChoiceField, Kind(_choice_schema, _text)),
    (forms.BooleanField, Kind(_bool_schema, _bool)),
    (forms.DecimalField, Kind(_decimal_schema, read_decimal)),
    (forms.IntegerField, Kind(_integer_schema, _integer)),
    (forms.DateTimeField, Kind(_moment_schema, _moment)),
    (forms.DateField, Kind(_date_schema, _date)),
    (forms.CharField, Kind(_text_schema, _text)),
)
