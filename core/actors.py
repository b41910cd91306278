"""Who acts: a person with today's roles, or a named part of the system.

Everything that reads or writes takes an actor.  ``visible_to(None)`` is empty and a policy
without an actor says no, so a forgotten actor fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Hashable


class Actor(Protocol):
    """A person, or a part of the system, on whose behalf something happens."""

    @property
    def person_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...

    @property
    def is_system(self) -> bool: ...

    @property
    def acting_for_id(self) -> int | None:
        """The municipality acted for, as it stands in the history."""

    @property
    def scope(self) -> Hashable:
        """All of the actor that ``visible_to`` may depend on: actors of equal scope see the same."""


@dataclass(frozen=True, slots=True)
class System:
    """A part of the system that acts by itself, such as ``System("reminders")``."""

    name: str

    @property
    def person_id(self) -> None:
        return None

    @property
    def label(self) -> str:
        return f"system:{self.name}"

    @property
    def is_system(self) -> bool:
        return True

    @property
    def acting_for_id(self) -> None:
        return None

    @property
    def scope(self) -> System:
        return self


def actor_of(person: object) -> Actor:
    """Return the actor that ``person`` is today.

    Which roles a person has is the organisation's knowledge, not the kernel's: the setting
    ``ACTOR_OF`` names the function that knows.
    """
    factory = import_string(settings.ACTOR_OF)
    actor: Actor = factory(person)
    return actor
