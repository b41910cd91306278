"""What must be true before a benefit moves on, in words a person can act on (domain/benefits 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from benefits.models import Ownership
from benefits.silence import silences_of
from core.formats import number, short_date
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from benefits.models import Benefit
    from governance.models import Initiative

LINE_ROLES = (
    Role.LEADER, Role.SECTOR_LEADER, Role.SERVICE_OWNER, Role.KOMMUNEDIREKTOR, Role.CHIEF_OF_FINANCE, Role.IKT_LEADER,
)  # fmt: skip


def initiative_is_sent_in(benefit: Benefit, /) -> str | None:
    return why_not_planned_in(benefit.initiative)


def why_not_planned_in(initiative: Initiative) -> str | None:
    """Return why no benefit is planned in the initiative now, or ``None``."""
    if initiative.is_editable_by_submitter:
        return _("Tiltaket er ikke sendt inn ennå. Gevinstene beskrives i skjemaet.")
    if initiative.is_final and not initiative.is_adopted:
        return _("Tiltaket er avsluttet uten å bli vedtatt.")
    return None


def service_owner_is_named(benefit: Benefit, /) -> str | None:
    return None if benefit.service_owner_id else _("Velg en tjenesteeier.")


def service_owner_leads(benefit: Benefit, /) -> str | None:
    """The service owner has responsibility in the line today; who has left has none."""
    if benefit.service_owner_id is None or leads_in_line(benefit.service_owner_id):
        return None
    return _("%(name)s har ikke lederansvar i linjen nå. Velg en tjenesteeier som har det.") % {
        "name": benefit.service_owner
    }


def leads_in_line(person_id: int) -> bool:
    """Tell whether somebody has responsibility in the line today."""
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(person_id=person_id)
    return held.filter(role__in=LINE_ROLES, person__is_active=True).exists()


def service_owner_has_accepted(benefit: Benefit, /) -> str | None:
    if benefit.service_owner_id is None or benefit.ownership == Ownership.ACCEPTED:
        return None
    if benefit.ownership == Ownership.REFUSED:
        return _("%(name)s har sagt nei. Velg en annen tjenesteeier, eller bli enige.") % {
            "name": benefit.service_owner
        }
    return _("%(name)s har ikke svart på om gevinsten er tatt på seg.") % {"name": benefit.service_owner}


def indicator_is_set(benefit: Benefit, /) -> str | None:
    """A priced benefit has an indicator with a method and a day for the baseline."""
    if not benefit.is_priced or benefit.main_indicator is not None:
        return None
    return _("Legg til en indikator med målemetode, mål og dag for nullpunktet.")


def saved_time_is_cut(benefit: Benefit, /) -> str | None:
    if benefit.form != benefit.Form.BUDGET or benefit.counts_as_budget:
        return None
    return _(
        "Spart tid er penger bare når et budsjett kuttes. Før beløp, ansvar eller tjeneste og år, "
        "eller velg «Alternativ anvendelse»."
    )


def baseline_is_measured(benefit: Benefit, /) -> str | None:
    indicator = benefit.main_indicator
    if indicator is None:
        return _("Legg til en indikator først.") if benefit.is_priced else None
    if indicator.baseline is not None:
        return None
    return _("Nullpunktet for «%(indicator)s» er ikke målt. Det skulle måles %(day)s.") % {
        "indicator": indicator, "day": short_date(indicator.baseline_on),
    }  # fmt: skip


def target_is_not_the_baseline(benefit: Benefit, /) -> str | None:
    indicator = benefit.main_indicator
    if indicator is None or indicator.baseline is None or indicator.baseline.value != indicator.target:
        return None
    return _(
        "Nullpunktet for «%(indicator)s» er likt målet, så det er ingen vei å måle. Sett et nytt mål."
    ) % {"indicator": indicator}


def is_measured_after_baseline(benefit: Benefit, /) -> str | None:
    indicator = benefit.main_indicator
    if indicator is None or indicator.latest is not None:
        return None
    return _("«%(indicator)s» er ikke målt etter nullpunktet. Før minst én måling.") % {
        "indicator": indicator
    }


def target_is_reached(benefit: Benefit, /) -> str | None:
    indicator = benefit.main_indicator
    achieved = indicator.achieved if indicator else None
    if achieved is None or achieved >= 1:
        return None
    return _("Siste måling viser %(share)s prosent av veien til målet. Velg «Delvis realisert», eller mål på nytt.") % {
        "share": number(round(achieved * 100))
    }  # fmt: skip


def reporting_has_not_collapsed(benefit: Benefit, /) -> str | None:
    """Fewer reported events prove nothing where people have stopped reporting (``benefits.silence``)."""
    silent = next((found for found in silences_of(benefit) if found.is_silent), None)
    return None if silent is None else silent.reason


def budget_is_verified(benefit: Benefit, /) -> str | None:
    """Money that is taken out of a budget is confirmed by the chief of finance."""
    indicator = benefit.main_indicator
    if not benefit.counts_as_budget or indicator is None or indicator.latest is None:
        return None
    return None if indicator.latest.is_verified else _("Økonomisjefen må bekrefte den siste målingen.")
