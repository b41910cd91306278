"""The benefits section of the intake form, plugged into governance by settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.intake import Section, SectionState

if TYPE_CHECKING:
    from governance.models import Initiative


def _state(initiative: Initiative) -> SectionState:
    rows = list(initiative.benefits.all())
    if not rows:
        return SectionState.UNTOUCHED
    if any(benefit.service_owner_id is None for benefit in rows):
        return SectionState.MISSING
    return SectionState.DONE


benefits = Section(
    key="benefits",
    label=_("Gevinster"),
    purpose=_("Hva blir bedre, for hvem, og hvem skal sørge for at det skjer?"),
    url_name="benefits:overview_edit",
    state=_state,
)
