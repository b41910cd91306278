"""Minimum preparation before an initiative can be submitted.

``INTAKE_REQUIREMENTS`` lists what the installation has (dotted paths to ``Requirement``
values, also from apps above this one); each municipality switches on what it demands.
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
    from collections.abc import Callable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import GovernanceRules, Initiative


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One demand: ``missing`` returns what to do, or ``None`` when it is met.

    ``section`` is the key of the intake section where the user puts it right.
    """

    key: str
    label: StrOrPromise
    why: StrOrPromise
    section: str
    missing: Callable[[Initiative], str | None]


@cache
def all_requirements() -> tuple[Requirement, ...]:
    return tuple(import_string(path) for path in settings.INTAKE_REQUIREMENTS)


def demanded(rules: GovernanceRules | None) -> list[Requirement]:
    """Return what a municipality demands; everything the installation has when ``rules`` is ``None``."""
    if rules is None:
        return list(all_requirements())
    return [requirement for requirement in all_requirements() if requirement.key in rules.requirements]


def unmet(initiative: Initiative, rules: GovernanceRules | None) -> list[tuple[Requirement, str]]:
    """Return each demanded requirement that is not met, with what to do."""
    checked = [(requirement, requirement.missing(initiative)) for requirement in demanded(rules)]
    return [(requirement, reason) for requirement, reason in checked if reason]


def _goal_missing(initiative: Initiative) -> str | None:
    return None if initiative.goals.all() else _("Velg minst ett strategisk mål som tiltaket bidrar til.")


def _person_missing(initiative: Initiative) -> str | None:
    return None if initiative.service_owner_id else _("Velg tjenesteeieren som skal ta ut gevinsten.")


def _null_alternative_missing(initiative: Initiative) -> str | None:
    if initiative.null_alternative.strip():
        return None
    return _("Beskriv hva som skjer om dere ikke gjør noe.")


strategic_goal = Requirement(
    key="strategic_goal",
    label=gettext_lazy("strategisk mål"),
    why=gettext_lazy("Rådet prioriterer etter bidrag til vedtatte mål."),
    section="about",
    missing=_goal_missing,
)
responsible_person = Requirement(
    key="responsible_person",
    label=gettext_lazy("ansvarlig person"),
    why=gettext_lazy("Noen med linjeansvar må eie gevinsten."),
    section="responsibility",
    missing=_person_missing,
)
null_alternative = Requirement(
    key="null_alternative",
    label=gettext_lazy("nullalternativ"),
    why=gettext_lazy("Rådet må kunne sammenligne med å ikke gjøre noe."),
    section="null_alternative",
    missing=_null_alternative_missing,
)
