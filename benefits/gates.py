"""The decision points that benefits guard: an approved plan at BP3, measured baselines at BP4."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from benefits.models import Benefit, Kind, Measurement
from benefits.versions import differing
from governance.gates import Gate, Point

if TYPE_CHECKING:
    from collections.abc import Collection


def _plan_url(initiative_id: int) -> str:
    return reverse("benefits:plan_detail", args=[initiative_id])


def _plan_missing(ids: Collection[int]) -> dict[int, str]:
    changed = differing(ids)
    words = {
        True: _("Gevinstplanen er endret etter at den ble godkjent. Godkjenn den på nytt."),
        None: _("Gevinstplanen er ikke godkjent. Prosjekteier, kommunedirektør eller porteføljeforvalter godkjenner den."),
    }  # fmt: skip
    return {pk: words[changed.get(pk)] for pk in ids if changed.get(pk) is not False}


def _baseline_missing(ids: Collection[int]) -> dict[int, str]:
    """Count the benefits of the plan that nobody has measured the start of; what has no price may do without."""
    measured = Measurement.objects.filter(
        indicator__benefit=OuterRef("pk"), indicator__is_main=True, kind=Kind.BASELINE, value__isnull=False
    )
    in_plans = Benefit.objects.filter(initiative__in=ids).exclude(status=Benefit.Status.DROPPED)
    counted = in_plans.filter(~Q(form=Benefit.Form.NOT_PRICED) | Q(indicators__is_main=True))
    rows = counted.filter(~Exists(measured)).values_list("initiative_id", "pk").distinct()
    missing = Counter(initiative_id for initiative_id, _pk in rows)
    return {pk: _baselines(count) for pk, count in missing.items()}


def _baselines(count: int) -> str:
    words = ngettext(
        "Nullpunktet er ikke målt for %(count)s gevinst. Mål det før endringen tas i bruk.",
        "Nullpunktet er ikke målt for %(count)s gevinster. Mål det før endringen tas i bruk.",
        count,
    )
    return words % {"count": count}


approved_plan = Gate(
    key="approved_plan",
    label=gettext_lazy("godkjent gevinstplan"),
    why=gettext_lazy("Ingen gjennomfører før noen har tatt på seg gevinsten og planen er godkjent."),
    point=Point.BP3,
    missing=_plan_missing,
    url=_plan_url,
)
measured_baseline = Gate(
    key="measured_baseline",
    label=gettext_lazy("målt nullpunkt"),
    why=gettext_lazy("Uten nullpunkt kan ingen vise hva endringen ga."),
    point=Point.BP4,
    missing=_baseline_missing,
    url=_plan_url,
)
