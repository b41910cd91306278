"""What other apps have to say in a case paper, beside what is written in it.

``CASE_PAPER_PARTS`` lists functions (dotted paths) that take an initiative and return a part, or ``None`` where there is
nothing to say.  Whoever reads the case paper reads them, so a function tells nothing that others than its readers may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import CasePaper, Initiative


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A heading, and what stands under it as pairs of words."""

    heading: StrOrPromise
    rows: list[tuple[StrOrPromise, str]]


def parts_in(initiative: Initiative, paper: CasePaper) -> list[PaperPart]:
    """Return the parts of a case paper: as they went out where the paper is shown so, else as they are."""
    if paper.is_as_sent and paper.published_parts is not None:
        return [
            PaperPart(one["heading"], [(label, text) for label, text in one["rows"]])
            for one in paper.published_parts
        ]
    return paper_parts(initiative)


def frozen_parts(initiative: Initiative) -> list[dict[str, Any]]:
    """Return the parts as plain words, to be kept with a case paper that goes out."""
    return [
        {"heading": str(part.heading), "rows": [[str(label), str(text)] for label, text in part.rows]}
        for part in paper_parts(initiative)
    ]


def paper_parts(initiative: Initiative) -> list[PaperPart]:
    """Return the parts that other apps add to the case paper, in the order of the setting."""
    functions: list[Callable[[Initiative], PaperPart | None]] = [
        import_string(path) for path in settings.CASE_PAPER_PARTS
    ]
    return [part for function in functions if (part := function(initiative)) is not None]
