"""Read the YAML files into the dataclasses of `demo.content.model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from demo.content.build import ContentError, build
from demo.content.model import Person, Unit

HERE = Path(__file__).parent
INHERITED = ("jobs",)
T = TypeVar("T")


def read_yaml(name: str) -> Any:
    """Return what one file holds, read with the C loader when it is there.

    :raises ContentError: when the file is not YAML.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # both are safe
    except yaml.YAMLError as error:
        raise ContentError(f"{name}: {error}") from error


def read_list(name: str, cls: type[T], key: str) -> list[T]:
    """Return the entries of a file that holds a list, each named by its `key` in errors."""
    raw = read_yaml(name)
    if not isinstance(raw, list):
        raise ContentError(f"{name}: expected a list")
    return [build(cls, entry, f"{name}: {_name(entry, key)}") for entry in raw]


def _name(entry: object, key: str) -> object:
    """Return what an entry is called, for errors."""
    return entry.get(key, entry) if isinstance(entry, Mapping) else entry


def _flatten(entries: list[dict[str, Any]], parent: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield nested units parent first, with what they inherit."""
    for entry in entries:
        own = {key: value for key, value in entry.items() if key != "children"}
        yield {**given, **own, "parent": parent}
        passed_on = {key: own.get(key, given.get(key, "")) for key in INHERITED}
        yield from _flatten(entry.get("children", []), str(entry.get("key")), passed_on)


@lru_cache(maxsize=1)
def read_units() -> tuple[Unit, ...]:
    """Return the organization tree as a list, every parent before its children."""
    entries = _flatten(read_yaml("units.yaml"), "", {})
    return tuple(build(Unit, entry, f"units.yaml: {_name(entry, 'key')}") for entry in entries)


@lru_cache(maxsize=1)
def read_people() -> tuple[Person, ...]:
    """Return the named people."""
    return tuple(read_list("people.yaml", Person, "username"))
