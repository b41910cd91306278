"""Whose catalogue a page shows, and which part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from deviations import policies
from deviations.forms.catalogue.duties import DutyForm
from deviations.forms.catalogue.questions import QuestionForm
from deviations.forms.catalogue.types import CauseForm, TypeForm
from deviations.models import Cause, DeviationType, DutyTemplate, Question
from organization.models import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.forms.catalogue.base import RowForm
    from organization.http import Request


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the catalogue: its name in addresses, its rows, their form, and its words.

    ``group`` is the column within which rows stand in an order that can be changed.
    """

    slug: str
    model: Any
    form: type[RowForm]
    label: StrOrPromise
    new: StrOrPromise
    kept: StrOrPromise
    group: str = "municipality"


PARTS: dict[str, Part] = {
    part.slug: part
    for part in (
        Part("typer", DeviationType, TypeForm, _("Typer"), _("Ny type"),
             _("Saker som alt er meldt, beholder navnet og kategorien de hadde da."), "category"),
        Part("sporsmal", Question, QuestionForm, _("Spørsmål"), _("Nytt spørsmål"),
             _("Saker som alt er besvart, beholder ordene de ble besvart under."), "set"),
        Part("plikter", DutyTemplate, DutyForm, _("Meldeplikter"), _("Ny meldeplikt"),
             _("Plikter som alt løper, beholder fristen og sjekklista de begynte med.")),
        Part("arsaker", Cause, CauseForm, _("Årsaker"), _("Ny årsak"),
             _("Saker som alt har årsaken, viser navnet den har nå."), "group"),
    )
}  # fmt: skip


def own_municipality(request: Request) -> Unit:
    """Return the municipality acted for, whose catalogue the actor looks after.

    :raises PermissionDenied: the actor does not look after it.
    """
    home = request.actor.acting_for_id
    unit = Unit.objects.filter(pk=home).select_related("deviation_rules").first() if home else None
    if unit is None or not policies.may_edit_catalogue(request.actor, unit):
        raise PermissionDenied
    return unit


def part_of(slug: str) -> Part:
    if slug not in PARTS:
        raise Http404
    return PARTS[slug]


def row_of(request: Request, model: Any, pk: int) -> Any:
    """Return a row of a catalogue that the actor looks after.

    :raises Http404: there is none in the actor's municipalities.
    :raises PermissionDenied: there is, but it is for others to edit.
    """
    rows = model.objects.visible_to(request.actor).select_related("municipality__deviation_rules")
    row = get_object_or_404(rows, pk=pk)
    if not policies.may_edit_catalogue(request.actor, row.municipality):
        raise PermissionDenied
    return row
