"""What an agenda can hold beside initiatives: papers of other apps that ask the council for a decision.

``AGENDA_MATTERS`` lists what the installation has (dotted paths to ``MatterKind`` values of any app).
The app lays its paper before the council (``governance.council.matters``), the secretariat puts it on an
agenda, and the app is told when the papers go out and what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from governance.models import Decision, Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterKind:
    """One kind of paper.

    ``label`` is what it is called and ``read`` the words of the button that opens it.  ``outcomes`` are those the council can choose, each with what follows from it.  ``url`` leads to where the
    paper is read.  ``publish`` opens it to everybody, and ``settle`` does what the decision says; both run in the
    transaction of what calls them, and ``settle`` locks what it changes before the matter itself is locked.
    """

    key: str
    label: StrOrPromise
    read: StrOrPromise
    outcomes: Mapping[str, StrOrPromise]
    url: Callable[[int], str]
    publish: Callable[[int, datetime], None]
    settle: Callable[[Matter, Decision, Actor, datetime], None]


@cache
def kinds() -> dict[str, MatterKind]:
    """Return the kinds of the installation by their keys."""
    found: list[MatterKind] = [import_string(path) for path in settings.AGENDA_MATTERS]
    return {one.key: one for one in found}


def kind_of(matter: Matter) -> MatterKind:
    return kinds()[matter.kind]
