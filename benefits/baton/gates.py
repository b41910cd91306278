"""The decision point that the baton guards: at BP5 the plan is handed over, and taken (``governance.gates``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from benefits.models import Handover, HandoverStatus
from governance.gates import Gate, Point
from governance.models import Participation

if TYPE_CHECKING:
    from collections.abc import Collection

S = HandoverStatus


def _missing(ids: Collection[int]) -> dict[int, str]:
    """Return what stands in the way; a regional plan is passed when every municipality that takes part has taken its own."""
    regional = _waiting_municipalities(ids)
    latest = dict(
        Handover.objects.filter(initiative__in=set(ids) - set(regional)).order_by("pk").values_list("initiative_id", "status")
    )  # fmt: skip
    own = {pk: _words(latest.get(pk)) for pk in ids if pk not in regional}
    told = {pk: _of_region(count) for pk, count in regional.items()}
    return {pk: text for pk, text in {**own, **told}.items() if text}


def _words(status: str | None) -> str:
    if status == S.ACCEPTED:
        return ""
    if status in {S.WITH_LEADERSHIP, S.WITH_RECEIVER}:
        return _("Linjen har ikke svart på om den tar imot gevinstplanen.")
    if status == S.REFUSED:
        return _("Linjen tok ikke imot gevinstplanen. Bli enige, og overlever den på nytt.")
    return _("Gevinstplanen er ikke overlevert til linjen.")


def _waiting_municipalities(ids: Collection[int]) -> dict[int, int]:
    """Return, for each regional initiative, how many of its municipalities have not taken their plan."""
    taken = Handover.objects.filter(
        initiative__local_plan__template=OuterRef("initiative_id"), initiative__municipality=OuterRef("municipality_id"),
        status=S.ACCEPTED,
    )  # fmt: skip
    parts = Participation.objects.filter(initiative__in=ids, left_at=None).annotate(is_taken=Exists(taken))
    found: dict[int, int] = {}
    for initiative_id, is_taken in parts.values_list("initiative_id", "is_taken"):
        found[initiative_id] = found.get(initiative_id, 0) + (not is_taken)
    return found


def _of_region(count: int) -> str:
    words = ngettext(
        "%(count)s kommune har ikke tatt imot sin lokale gevinstplan.",
        "%(count)s kommuner har ikke tatt imot sin lokale gevinstplan.",
        count,
    )
    return words % {"count": count} if count else ""


def _url(initiative_id: int) -> str:
    return reverse("benefits:plan_detail", args=[initiative_id])


baton_is_passed = Gate(
    key="baton_is_passed",
    label=gettext_lazy("planen er overlevert til linjen"),
    why=gettext_lazy("Prosjektet slipper ikke stafettpinnen før noen i linjen holder den."),
    point=Point.BP5,
    missing=_missing,
    url=_url,
)
