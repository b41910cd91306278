"""The sections a case paper is written in (domain/governance 4.5).

``CASE_PAPER_SECTIONS`` lists what the installation has, in the order of the paper (dotted paths to ``SectionKind``
values, also from apps above this one).  Each municipality says which its case papers have, and which of them must be
written before the council can take the case.  What is written in a section stays in the paper though nobody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import GovernanceRules, Initiative


def _nothing(_initiative: Initiative) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionKind:
    """One section.

    :param begins: what the intake already says, which the writer begins from.
    :param is_points: one point per line, numbered where it is read.
    :param is_always: the council cannot decide without it, whatever a municipality asks for.
    """

    key: str
    label: StrOrPromise
    help_text: StrOrPromise = ""
    longest: int = 20_000
    rows: int = 12
    begins: Callable[[Initiative], str] = _nothing
    is_points: bool = False
    is_always: bool = False


@cache
def all_kinds() -> tuple[SectionKind, ...]:
    return tuple(import_string(path) for path in settings.CASE_PAPER_SECTIONS)


def kind_of(key: str) -> SectionKind | None:
    return next((kind for kind in all_kinds() if kind.key == key), None)


def asked_for(rules: GovernanceRules, written: Collection[str] = ()) -> list[SectionKind]:
    """Return the sections of a paper: what the municipality asks for, and what is written in it all the same."""
    wanted = {*rules.paper_sections, *written}
    return [kind for kind in all_kinds() if kind.is_always or kind.key in wanted]


def must_be_written(rules: GovernanceRules) -> list[SectionKind]:
    """Return the sections that must be written before the council can take the case."""
    return [kind for kind in asked_for(rules) if kind.is_always or kind.key in rules.required_sections]


# --- What governance has ------------------------------------------------------------------------
def _statutory(initiative: Initiative) -> str:
    if not initiative.is_statutory or not initiative.statutory_basis:
        return ""
    return _("Tiltaket er lovpålagt: %(basis)s.") % {"basis": initiative.statutory_basis}


def _null_alternative(initiative: Initiative) -> str:
    null = initiative.null_alternative.strip()
    return _("Nullalternativet: %(text)s") % {"text": null} if null else ""


def _summary(initiative: Initiative) -> str:
    return initiative.summary


def _need(initiative: Initiative) -> str:
    return initiative.need


recommendation = SectionKind(
    key="recommendation", label=gettext_lazy("Innstilling"), longest=8000, rows=8, is_points=True, is_always=True,
    help_text=gettext_lazy("Ett punkt per linje. Dette blir forslaget rådet tar stilling til."),
)  # fmt: skip
summary = SectionKind(
    key="summary", label=gettext_lazy("Oppsummering"), longest=1500, rows=5, begins=_summary,
    help_text=gettext_lazy("Høyst fem linjer."),
)  # fmt: skip
background = SectionKind(key="background", label=gettext_lazy("Bakgrunn"), begins=_need)
facts = SectionKind(
    key="facts", label=gettext_lazy("Faktagrunnlag"), begins=_statutory,
    help_text=gettext_lazy(
        "Lover, planer, gjeldende vedtak, økonomi, bemanning, personvern og sikkerhet, miljø og folkehelse."
    ),
)  # fmt: skip
benefits = SectionKind(
    key="benefits", label=gettext_lazy("Gevinster og nytte mot kostnad"),
    help_text=gettext_lazy("Tabellene over gevinster og kostnader kommer med av seg selv."),
)  # fmt: skip
alternatives = SectionKind(
    key="alternatives", label=gettext_lazy("Alternativer"), begins=_null_alternative,
    help_text=gettext_lazy("Nullalternativet først, så de andre."),
)  # fmt: skip
statements = SectionKind(
    key="statements", label=gettext_lazy("Uttalelser"), rows=6,
    help_text=gettext_lazy(
        "Oppsummer det viktigste. Hver uttalelse fra tilråding og høring kommer med av seg selv."
    ),
)  # fmt: skip
risk = SectionKind(key="risk", label=gettext_lazy("Risiko"))
assessment = SectionKind(key="assessment", label=gettext_lazy("Saksbehandlers vurdering"))
communication = SectionKind(
    key="communication", label=gettext_lazy("Kommunikasjonstiltak"), longest=8000, rows=6,
    help_text=gettext_lazy("Hvem som skal vite om vedtaket, når og hvordan."),
)  # fmt: skip
follow_up = SectionKind(
    key="follow_up", label=gettext_lazy("Oppfølging"), longest=8000, rows=6,
    help_text=gettext_lazy("Hvem som gjør hva, og når det skal være gjort."),
)  # fmt: skip
