"""Writes to the plan of an initiative as a whole: the boxes and links of its map."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits.map import map_of
from benefits.models import MapLink, MapNode
from benefits.policies import may_plan_whole
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied
from governance.models import Initiative

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor


def why_plan_is_closed(initiative: Initiative) -> str | None:
    """Return why the plan as a whole cannot be worked on, or ``None``."""
    if initiative.is_editable_by_submitter:
        return _("Tiltaket er ikke sendt inn ennå. Planen lages når det er sendt inn.")
    return _("Tiltaket er avsluttet.") if initiative.is_final else None


@contextmanager
def planning_whole(initiative: Initiative, action: str, *, by: Actor, now: datetime) -> Iterator[Initiative]:
    """Lock the initiative as ``by`` sees it, and yield it for a change of what its plan has beside the benefits.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: it is not sent in, or it is over.
    """
    with transaction.atomic():
        rows = Initiative.objects.visible_to(by).select_for_update(of=("self",)).select_related("unit")
        current = rows.filter(pk=initiative.pk).first()
        if current is None:
            raise Http404
        if not may_plan_whole(by, current):
            raise TransitionDenied
        if reason := why_plan_is_closed(current):
            raise Refused(reason)
        with record(action, actor=by):
            yield current


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInput:
    """A box: its column, what stands in it, and what must be in place for it."""

    stage: str
    title: str
    prerequisites: str


def save_node(
    initiative: Initiative, given: NodeInput, *, by: Actor, now: datetime, node: MapNode | None = None
) -> MapNode:
    """Add a box to the map, or change one.

    :raises Refused: the column has one of that name, or its lines would run backwards.
    """
    with planning_whole(initiative, "edit_map", by=by, now=now) as current:
        row = _locked(current, node) if node else MapNode(initiative=current, created_at=now)
        if row.pk and row.stage != given.stage and _is_bound(row):
            raise Refused(
                _("Fjern lenkene til «%(title)s» før du flytter den til en annen kolonne.") % {"title": row}
            )
        row.stage, row.title, row.prerequisites = given.stage, given.title, given.prerequisites
        row.stamp(now)
        twin = MapNode.objects.filter(initiative=current, stage=given.stage, title=given.title).exclude(
            pk=row.pk
        )
        if twin.exists():
            raise Refused(_("«%(title)s» står alt i kolonnen.") % {"title": given.title})
        row.save()
    return row


def _locked(initiative: Initiative, node: MapNode) -> MapNode:
    row = MapNode.objects.select_for_update().filter(initiative=initiative, pk=node.pk).first()
    if row is None:
        raise Http404
    return row


def _is_bound(node: MapNode) -> bool:
    links = MapLink.objects.filter(initiative_id=node.initiative_id)
    return links.filter(from_node=node).exists() or links.filter(to_node=node).exists()


def remove_node(node: MapNode, *, by: Actor, now: datetime) -> None:
    """Take a box off the map, with its lines.  Its history stays."""
    with planning_whole(node.initiative, "edit_map", by=by, now=now) as current:
        _locked(current, node).delete()


_COLUMNS = {"n": "node", "b": "benefit", "g": "goal"}


def add_link(initiative: Initiative, source: str, target: str, *, by: Actor, now: datetime) -> MapLink:
    """Let one box lead to another, both by their keys in the map.

    :raises Refused: it would run backwards or in a ring, stands already, or a box is gone.
    """
    with planning_whole(initiative, "edit_map", by=by, now=now) as current:
        drawn = map_of(current, current.benefits.all())
        if source not in drawn.boxes or target not in drawn.boxes:
            raise Refused(_("En av boksene er tatt ut av kartet. Velg på nytt."))
        if reason := drawn.why_not_linked(source, target):
            raise Refused(reason)
        ends = {
            f"from_{_COLUMNS[source[0]]}_id": int(source[1:]),
            f"to_{_COLUMNS[target[0]]}_id": int(target[1:]),
        }
        try:
            with transaction.atomic():
                link: MapLink = MapLink.objects.create(initiative=current, changed_at=now, **ends)
        except IntegrityError as taken:
            raise Refused(_("En av boksene er tatt ut av kartet. Velg på nytt.")) from taken
    return link


def remove_link(link: MapLink, *, by: Actor, now: datetime) -> None:
    """Take a line off the map."""
    with planning_whole(link.initiative, "edit_map", by=by, now=now):
        MapLink.objects.filter(pk=link.pk).delete()
