"""What other apps have to say in a case paper, beside what is written in it.

``CASE_PAPER_PARTS`` lists functions (dotted paths) that take an initiative and return a part, or ``None`` where there is
nothing to say.  Whoever reads the case paper reads them, so a function tells nothing that others than its readers may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Initiative


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A heading, and what stands under it as pairs of words."""

    heading: StrOrPromise
    rows: list[tuple[StrOrPromise, str]]


def paper_parts(initiative: Initiative) -> list[PaperPart]:
    """Return the parts that other apps add to the case paper, in the order of the setting."""
    functions: list[Callable[[Initiative], PaperPart | None]] = [
        import_string(path) for path in settings.CASE_PAPER_PARTS
    ]
    return [part for function in functions if (part := function(initiative)) is not None]
