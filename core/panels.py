"""What apps put on pages of the kernel: panels of the start page and links of the settings page.

``START_PANELS`` and ``SETTINGS_LINKS`` list functions (dotted paths) that take the actor.  One
that has nothing for this person returns ``None``, or no links.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the start page: the template that draws it, and what it draws as ``panel``."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the settings page: where it leads, and a line that says what can be done there."""

    label: StrOrPromise
    url: str
    hint: StrOrPromise = ""


def start_panels(actor: Actor) -> list[Panel]:
    """Return the panels of ``actor``'s start page, in the order of the setting."""
    functions: list[Callable[[Actor], Panel | None]] = [import_string(path) for path in settings.START_PANELS]
    return [panel for function in functions if (panel := function(actor)) is not None]


def settings_links(actor: Actor) -> list[Link]:
    """Return the links of ``actor``'s settings page, in the order of the setting."""
    functions: list[Callable[[Actor], list[Link]]] = [import_string(path) for path in settings.SETTINGS_LINKS]
    return [link for function in functions for link in function(actor)]
