"""What a client of the API can be given, one scope per resource and what may be done with it.

Each view of the API names its resource, and asks for ``<resource>:read`` or ``<resource>:write``.  What a scope lets
the client see beyond that it is of the municipality stands here as permissions, the words that ``visible_to`` asks by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrOrPromise as StrOrPromise

P = Permission


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing a client may be allowed.

    ``needs_reason`` marks what opens confidential cases or what is shielded: it is given with a reason.
    """

    name: str
    label: StrOrPromise
    permissions: frozenset[Permission] = frozenset()
    needs_reason: bool = False


_CARRIES = frozenset({P.READ_ARCHIVE, P.CARRY_ARCHIVE})
_ALL = (
    Scope("units:read", _("Lese enheter")),
    Scope("services:read", _("Lese tjenester")),
    Scope("goals:read", _("Lese strategiske mål")),
    Scope("consultations:read", _("Lese høringer av strategier, og hva som blir hørt")),
    Scope("people:read", _("Lese navn, stilling og roller på folk")),
    Scope("initiatives:read", _("Lese kortene til tiltak, og innholdet når de er vedtatt eller publisert"), frozenset({P.READ_OPEN_LIST})),
    Scope("papers:read", _("Lese innholdet i tiltak og sakspapirer også før de er publisert"), frozenset({P.READ_ALL_PAPERS, P.READ_COUNCIL_PAPERS})),
    Scope("initiatives:write", _("Melde inn tiltak, og endre dem klienten selv har meldt inn"), frozenset({P.RAISE_INITIATIVE})),
    Scope("council-meetings:read", _("Lese rådets møter")),
    Scope("decisions:read", _("Lese rådets vedtak")),
    Scope("deviations:read", _("Lese avvik som ikke er fortrolige"), frozenset({P.READ_DEVIATIONS})),
    Scope("deviations:write", _("Melde avvik, og følge dem klienten selv har meldt"), frozenset({P.REPORT_DEVIATION})),
    Scope("corrective-actions:read", _("Lese tiltak på avvik"), frozenset({P.READ_DEVIATIONS})),
    Scope("projects:read", _("Lese prosjekter")),
    Scope("budget-lines:read", _("Lese budsjettlinjene til prosjekter")),
    Scope("budget-lines:write", _("Føre påløpt og bundet på kommunens prosjekter"), frozenset({P.REGISTER_ACTUALS})),
    Scope("status-reports:read", _("Lese publiserte statusrapporter")),
    Scope("benefits:read", _("Lese gevinster i planer som er åpne i kommunen")),
    Scope("indicators:read", _("Lese indikatorer")),
    Scope("measurements:read", _("Lese målinger")),
    Scope("measurements:write", _("Føre og rette målinger i planer klienten leser"), frozenset({P.REGISTER_MEASUREMENTS})),
    Scope("archive-messages:read", _("Lese meldinger til sak/arkiv"), frozenset({P.READ_ARCHIVE})),
    Scope("archive-packages:read", _("Hente pakkene til sak/arkiv, med alt som er i dem, også det som er skjermet"), _CARRIES, needs_reason=True),
    Scope("archive-packages:write", _("Levere kvitteringer og feilmeldinger fra sak/arkiv"), _CARRIES),
    Scope("attachments:read", _("Lese hvilke vedlegg sakene har, og hente dem")),
    Scope("confidential:read", _("Lese fortrolige avvik"), frozenset({P.READ_CONFIDENTIAL}), needs_reason=True),
    Scope("shielded:read", _("Lese det som er skjermet i tiltak og sakspapirer"), frozenset({P.READ_SHIELDED}), needs_reason=True),
)  # fmt: skip
SCOPES: dict[str, Scope] = {scope.name: scope for scope in _ALL}
GUARDED = frozenset(scope.name for scope in _ALL if scope.needs_reason)


def permissions_of_scopes(names: Iterable[str]) -> frozenset[Permission]:
    """Return what the scopes permit together; one that is not known permits nothing."""
    return frozenset[Permission]().union(*(SCOPES[name].permissions for name in names if name in SCOPES))
