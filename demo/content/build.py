"""Turn YAML mappings into dataclasses, with errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class ContentError(ValueError):
    """Something in the demo content is wrong; the text says in which file and under which key."""


@lru_cache(maxsize=64)
def _hints(cls: type) -> dict[str, Any]:
    """Return the resolved annotations of a dataclass."""
    return get_type_hints(cls)


def _yaml_key(field: Field[Any]) -> str:
    """Return the key a field has in YAML; it differs where the word is reserved in Python."""
    return str(field.metadata.get("key", field.name))


def build(cls: type, raw: object, where: str) -> Any:
    """Build a dataclass from a mapping.

    :param where: file and key, shown in errors.
    :raises ContentError: on unknown or missing keys and values of another type than declared.
    """
    if not isinstance(raw, Mapping):
        raise ContentError(f"{where}: expected a mapping, found {raw!r}")
    known = {_yaml_key(field): field for field in fields(cls)}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise ContentError(f"{where}: unknown key {', '.join(map(str, unknown))}")
    values = {}
    for key, field in known.items():
        if key in raw:
            values[field.name] = convert(_hints(cls)[field.name], raw[key], f"{where}.{key}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ContentError(f"{where}: missing key {key}")
    return cls(**values)


def convert(wanted: Any, raw: object, where: str) -> Any:
    """Return a value as the annotation wants it: scalars as they are, lists and dataclasses built."""
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        return _convert_optional(get_args(wanted), raw, where)
    if origin is Literal:
        return _expect(raw in get_args(wanted), raw, where, f"one of {', '.join(get_args(wanted))}")
    if origin is list:
        items = _expect(isinstance(raw, list), raw, where, "a list")
        return [convert(get_args(wanted)[0], item, f"{where}[{index}]") for index, item in enumerate(items)]
    if origin is dict:
        return dict(_expect(isinstance(raw, dict), raw, where, "a mapping"))
    if is_dataclass(wanted):
        return build(wanted, raw, where)  # type: ignore[arg-type]  # is_dataclass also accepts instances
    return _convert_scalar(wanted, raw, where)


def _convert_optional(choices: tuple[Any, ...], raw: object, where: str) -> Any:
    """Convert a value that may be absent."""
    if raw is None and type(None) in choices:
        return None
    return convert(next(choice for choice in choices if choice is not type(None)), raw, where)


def _convert_scalar(wanted: Any, raw: object, where: str) -> Any:
    """Check a scalar; whole numbers are accepted as decimals, and text is stripped."""
    if wanted is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    fits = isinstance(raw, wanted) and not (wanted is int and isinstance(raw, bool))
    value = _expect(fits, raw, where, wanted.__name__)
    return value.strip() if isinstance(value, str) else value


def _expect(holds: bool, raw: Any, where: str, wanted: str) -> Any:
    """Return the value, or say what was wanted instead."""
    if not holds:
        raise ContentError(f"{where}: expected {wanted}, found {raw!r}")
    return raw
