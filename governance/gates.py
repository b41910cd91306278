"""What must stand before a project passes a decision point of Prosjektveiviseren.

``PROJECT_GATES`` lists what the installation has (dotted paths to ``Gate`` values of any app);
each municipality switches on what it demands.  The portfolio asks them when a project moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import TextChoices
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.utils.functional import _StrOrPromise as StrOrPromise


class Point(TextChoices):
    """The decision point at the end of a phase."""

    BP2 = "bp2", _("BP2, før Planlegge")
    BP3 = "bp3", _("BP3, før Gjennomføre")
    BP4 = "bp4", _("BP4, før Avslutte")
    BP5 = "bp5", _("BP5, før Realisere")
    BP6 = "bp6", _("BP6, før planen lukkes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One demand at a decision point.

    ``missing`` gets the ids of initiatives and returns what to do for those that are not ready, in as
    many queries as it takes for one.  Its words may be read by whoever sees the project, so they quote
    nothing.  ``url`` leads to where it is put right.
    """

    key: str
    label: StrOrPromise
    why: StrOrPromise
    point: Point
    missing: Callable[[Collection[int]], Mapping[int, str]]
    url: Callable[[int], str]


@cache
def all_gates() -> tuple[Gate, ...]:
    """Return the gates of the installation, in the order of the setting."""
    return tuple(import_string(path) for path in settings.PROJECT_GATES)


def gates_at(point: Point) -> list[Gate]:
    return [gate for gate in all_gates() if gate.point == point]
