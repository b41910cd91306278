"""The decision point at the end of a plan: its benefits are judged, and what was learned is written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from benefits.closing.queries import not_judged, without_lesson
from governance.gates import Gate, Point

if TYPE_CHECKING:
    from collections.abc import Collection


def _missing(ids: Collection[int]) -> dict[int, str]:
    judged, learned = (
        Counter(rows.filter(initiative__in=ids).values_list("initiative_id", flat=True))
        for rows in (not_judged(), without_lesson())
    )
    told = {pk: " ".join([*_judge(judged[pk]), *_learn(learned[pk])]) for pk in ids}
    return {pk: text for pk, text in told.items() if text}


def _judge(count: int) -> list[str]:
    words = ngettext(
        "%(count)s gevinst er ikke vurdert. Si om den ble realisert, eller at den går ut.",
        "%(count)s gevinster er ikke vurdert. Si om de ble realisert, eller at de går ut.",
        count,
    )
    return [words % {"count": count}] if count else []


def _learn(count: int) -> list[str]:
    words = ngettext(
        "%(count)s gevinst nådde ikke målet. Skriv hva dere lærte.",
        "%(count)s gevinster nådde ikke målet. Skriv hva dere lærte.",
        count,
    )
    return [words % {"count": count}] if count else []


def _url(initiative_id: int) -> str:
    return reverse("benefits:plan_detail", args=[initiative_id])


benefits_are_judged = Gate(
    key="benefits_are_judged",
    label=gettext_lazy("gevinstene er vurdert"),
    why=gettext_lazy("En plan lukkes når noen har sagt hvordan hver gevinst gikk, og hva dere lærte."),
    point=Point.BP6,
    missing=_missing,
    url=_url,
)
