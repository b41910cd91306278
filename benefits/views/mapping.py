"""The benefit map of an initiative, and the forms that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benefits import policies
from benefits.forms.mapping import LinkForm, NodeForm
from benefits.map import map_of
from benefits.map_drawing import draw
from benefits.models import MapLink, MapNode
from benefits.operations import mapping
from benefits.views.plan import plan_of
from benefits.views.work import work_form
from core.errors import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.models import Initiative
    from organization.http import Request

_ACTION = "benefits:benefit_map"


@never_cache
@require_GET
def benefit_map(request: Request, pk: int) -> HttpResponse:
    initiative, benefits = plan_of(request, pk)
    drawn = map_of(initiative, benefits)
    may_plan = policies.may_plan_whole(request.actor, initiative) and not mapping.why_plan_is_closed(
        initiative
    )
    title = _("Gevinstkart for %(title)s") % {"title": initiative.card_title}
    columns = [
        (heading.heading, [_row(box, drawn) for box in boxes])
        for _at, boxes in drawn.columns()
        for heading in boxes[:1]
    ]
    context = {
        "initiative": initiative, "chart": draw(drawn, title=title), "columns": columns, "may_plan": may_plan,
        "loose": drawn.loose() if drawn.links else [], "has_own": any(box.is_own for box in drawn.boxes.values()),
    }  # fmt: skip
    return render(request, "benefits/benefit_map.html", context)


def _row(box: Any, drawn: Any) -> dict[str, Any]:
    links = [(drawn.boxes[target], pk) for (source, target), pk in drawn.links.items() if source == box.key]
    return {"box": box, "links": links}


def plan_to_work_on(request: Request, pk: int) -> tuple[Initiative, Any]:
    """Return the initiative and its benefits for somebody who works on its plan.

    :raises Http404: the actor may not know of the plan.
    :raises PermissionDenied: the actor knows of it, but does not work on it.
    """
    initiative, benefits = plan_of(request, pk)
    if not policies.may_plan_whole(request.actor, initiative):
        raise PermissionDenied
    return initiative, benefits


@never_cache
@require_http_methods(["GET", "POST"])
def node_create(request: Request, pk: int) -> HttpResponse:
    initiative, _benefits = plan_to_work_on(request, pk)
    form = NodeForm(request.POST or None, initial={"stage": request.GET.get("kolonne", "")})
    return _node_page(request, initiative, form, None)


@never_cache
@require_http_methods(["GET", "POST"])
def node_edit(request: Request, pk: int) -> HttpResponse:
    initiative, node = _node_of(request, pk)
    initial = {"stage": node.stage, "title": node.title, "prerequisites": node.prerequisites}
    return _node_page(request, initiative, NodeForm(request.POST or None, initial=initial), node)


def _node_of(request: Request, pk: int) -> tuple[Initiative, MapNode]:
    node: MapNode = get_object_or_404(MapNode.objects.visible_to(request.actor), pk=pk)
    initiative, _benefits = plan_to_work_on(request, node.initiative_id)
    return initiative, node


def _node_page(
    request: Request, initiative: Initiative, form: NodeForm, node: MapNode | None
) -> HttpResponse:
    def save(**values: Any) -> str:
        given = mapping.NodeInput(**values)
        made = mapping.save_node(initiative, given, by=request.actor, now=timezone.now(), node=node)
        return _("«%(title)s» står i kartet.") % {"title": made}

    heading = _("Endre boks") if node else _("Ny boks")
    remove_url = reverse("benefits:map_node_remove", args=[node.pk]) if node else ""
    return work_form(request, initiative, form, save, heading=heading, back=_ACTION, remove_url=remove_url)


@never_cache
@require_http_methods(["GET", "POST"])
def node_remove(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take the box off the map with its lines."""
    initiative, node = _node_of(request, pk)

    def remove() -> str:
        mapping.remove_node(node, by=request.actor, now=timezone.now())
        return _("«%(title)s» er tatt ut av kartet.") % {"title": node.title}

    explanation = _("«%(title)s» og lenkene til og fra den går ut av kartet. Historikken blir stående.") % {
        "title": node
    }
    return work_form(
        request, initiative, None, remove, heading=_("Ta ut av kartet"), back=_ACTION, explanation=explanation, is_removal=True
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def link_create(request: Request, pk: int) -> HttpResponse:
    initiative, benefits = plan_to_work_on(request, pk)
    initial = {"source": request.GET.get("fra", "")}
    form = LinkForm(request.POST or None, drawn=map_of(initiative, benefits), initial=initial)

    def save(source: str, target: str) -> str:
        mapping.add_link(initiative, source, target, by=request.actor, now=timezone.now())
        return _("Lenken står i kartet.")

    return work_form(request, initiative, form, save, heading=_("Ny lenke"), back=_ACTION)


@require_POST
def link_remove(request: Request, pk: int) -> HttpResponse:
    link: MapLink = get_object_or_404(MapLink.objects.visible_to(request.actor), pk=pk)
    initiative, _benefits = plan_to_work_on(request, link.initiative_id)
    try:
        mapping.remove_link(link, by=request.actor, now=timezone.now())
        messages.success(request, _("Lenken er fjernet."))
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
    return redirect(_ACTION, initiative.pk)
