"""Pages of saved views: save the filters in use, rename, share, delete and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused, StaleVersion
from organization import policies
from organization.forms.saved_views import ReplaceForm, SavedViewForm
from organization.list_views import LONGEST_QUERY, filters_in
from organization.models import SavedView, StartView
from organization.operations import saved_views
from organization.views._pages import posted, require

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

_INVALID, _CONFLICT = 422, 409


@require_http_methods(["GET", "POST"])
def view_save(request: Request) -> HttpResponse:
    """Give the filters of a list a name."""
    name, query = _filters_of(request)
    if not query:
        return _choose_first(request, name)
    form = SavedViewForm(posted(request), actor=request.actor)
    if form.is_bound and form.save_new(list_name=name, query=query, now=timezone.now()):
        messages.success(request, _("Visningen «%(name)s» er lagret.") % {"name": form.view})
        return redirect(f"{reverse(name)}?{query}")
    replacing = ReplaceForm(actor=request.actor, list_name=name, query=query)
    return _save_page(request, form, replacing, status=_INVALID if form.errors else 200)


@require_POST
def view_replace(request: Request) -> HttpResponse:
    """Let one of the own views stand for the filters in use; who was late sees that it has changed."""
    name, query = _filters_of(request)
    if not query:
        return _choose_first(request, name)
    form = ReplaceForm(request.POST, actor=request.actor, list_name=name, query=query)
    status = _INVALID
    try:
        if form.is_valid():
            messages.success(request, _("Visningen «%(name)s» er oppdatert.") % {"name": form.replace()})
            return redirect(f"{reverse(name)}?{query}")
        stale = form.is_stale
    except StaleVersion:
        stale = True
    if stale:
        form = ReplaceForm(actor=request.actor, list_name=name, query=query)
        status = _CONFLICT
    return _save_page(request, SavedViewForm(actor=request.actor), form, status=status, is_stale=stale)


def _filters_of(request: Request) -> tuple[str, str]:
    """Return the list and its filters that stand in the address, no filters when there are none to keep.

    :raises Http404: the list has no views.
    """
    name = request.GET.get("liste", "")
    if name not in settings.LISTS_WITH_VIEWS:
        raise Http404
    address = request.GET.copy()
    del address["liste"]
    query = filters_in(address.urlencode(), name)
    return name, query if len(query) <= LONGEST_QUERY else ""


def _choose_first(request: Request, name: str) -> HttpResponse:
    messages.info(request, _("Velg filtre i lista først. Så kan du lagre visningen."))
    return redirect(name)


def _save_page(
    request: Request, form: SavedViewForm, replacing: ReplaceForm, *, status: int, is_stale: bool = False
) -> HttpResponse:
    name, query = _filters_of(request)
    address = request.GET.urlencode()
    context = {
        "form": form, "replacing": replacing if replacing.views else None, "list_url": f"{reverse(name)}?{query}", "is_stale": is_stale,
        "save_url": f"{reverse('organization:view_save')}?{address}", "replace_url": f"{reverse('organization:view_replace')}?{address}",
    }  # fmt: skip
    return render(request, "organization/view_save.html", context, status=status)


@require_http_methods(["GET", "POST"])
def view_edit(request: Request, pk: int) -> HttpResponse:
    """Rename a view, share it, or let the list open with it."""
    view = _view_or_404(request, pk)
    form = SavedViewForm(posted(request), actor=request.actor, view=view, initial=_initial(view, request))
    if form.is_bound and not view.removed_at and form.save_changes():
        messages.success(request, _("Visningen «%(name)s» er lagret.") % {"name": form.view})
        return redirect(_list_url(view))
    context = {
        "view": view, "form": form, "list_url": _list_url(view), "is_own": policies.may_edit_view(request.actor, view),
    }  # fmt: skip
    return render(request, "organization/view_edit.html", context, status=_INVALID if form.errors else 200)


@require_POST
def view_delete(request: Request, pk: int) -> HttpResponse:
    """Delete a view; the page that follows takes it back."""
    view = _view_or_404(request, pk)
    require(policies.may_edit_view(request.actor, view))
    saved_views.remove_view(view, by=request.actor, now=timezone.now())
    return redirect("organization:view_edit", pk=pk)


@require_POST
def view_restore(request: Request, pk: int) -> HttpResponse:
    """Take back that a view was deleted."""
    view = _view_or_404(request, pk)
    require(policies.may_edit_view(request.actor, view))
    try:
        saved_views.restore_view(view, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("organization:view_edit", pk=pk)
    messages.success(request, _("Visningen «%(name)s» er tilbake.") % {"name": view})
    return redirect(_list_url(view))


def _view_or_404(request: Request, pk: int) -> SavedView:
    rows = SavedView.objects.visible_to(request.actor).filter(list__in=list(settings.LISTS_WITH_VIEWS))
    view: SavedView = get_object_or_404(rows.select_related("owner", "unit"), pk=pk)
    return view


def _list_url(view: SavedView) -> str:
    return f"{reverse(view.list)}?{view.query}"


def _initial(view: SavedView, request: Request) -> dict[str, object]:
    starts = StartView.objects.visible_to(request.actor).filter(view=view).exists()
    return {"name": view.name, "shared_with": str(view.unit_id or ""), "role": view.role, "is_start": starts}
