"""The pages where a row of a project is added, corrected and taken away."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from governance import drafting
from portfolio import policies
from portfolio.operations import why_ended
from portfolio.rows import remove_row, save_row
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.http import Request
    from portfolio.models import Project
    from portfolio.row_forms import RowForm


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPage:
    """What the pages of one kind of row are made of.

    :param show: the name of the address that shows the rows of a project.
    :param anchor: what the id of a row on that page begins with.
    :param related: what a row's form and its removal show of others.
    """

    model: Any
    form: type[RowForm]
    show: str
    anchor: str
    list_title: StrOrPromise
    new_title: StrOrPromise
    edit_title: StrOrPromise
    remove_title: StrOrPromise = ""
    add: str
    edit: str
    remove: str = ""
    remove_address: str = ""
    save: Callable[..., Any] = save_row
    related: tuple[str, ...] = ()

    def create(self, request: Request, pk: int) -> HttpResponse:
        """Add a row."""
        project = to_work_on(request, pk)
        return self._write(request, self.model(project=project))

    def change(self, request: Request, pk: int, row: int) -> HttpResponse:
        """Correct a row."""
        return self._write(request, self._row(request, pk, row))

    def take_away(self, request: Request, pk: int, row: int) -> HttpResponse:
        """Ask first, then take a row away."""
        found = self._row(request, pk, row)
        context: dict[str, Any] = {"reasons": self._reasons(found.project)}
        status = 200
        if request.method == "POST":
            try:
                remove_row(found, action=self.remove, by=request.actor, seen=request.POST.get("seen", ""))
            except StaleVersion:
                context["is_stale"], status = True, CONFLICT
            except Refused as refused:
                context["reasons"], status = list(refused.reasons), CONFLICT
            else:
                messages.success(request, _("«%(row)s» er fjernet.") % {"row": found})
                return redirect(self.show, pk=found.project_id)
        context["seen"] = found.changed_at.isoformat()
        return self._page(request, "portfolio/row_remove.html", found, context, status)

    def _row(self, request: Request, pk: int, row: int) -> Any:
        project = to_work_on(request, pk)
        rows = self.model.objects.filter(project=project)
        found = get_object_or_404(rows.select_related(*self.related) if self.related else rows, pk=row)
        found.project = project
        return found

    def _write(self, request: Request, row: Any) -> HttpResponse:
        if reasons := self._reasons(row.project):
            status = CONFLICT if request.method == "POST" else 200
            return self._page(request, "portfolio/row_form.html", row, {"reasons": reasons}, status)
        form, outcome = self._form(request, row), {}
        if not form.is_valid():
            return self._show(request, row, form, INVALID if form.is_bound else 200)
        try:
            action = self.edit if row.pk else self.add
            saved: Any = self.save(
                row, form.values, action=action, by=request.actor, now=timezone.now(), form=form
            )
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
        except StaleVersion:
            outcome = {"clashes": form.clashes}
        else:
            messages.success(request, _("«%(row)s» er lagret.") % {"row": saved})
            return redirect(f"{reverse(self.show, args=[row.project_id])}#{self.anchor}-{saved.pk}")
        return self._show(request, row, form, CONFLICT, outcome=outcome)

    def _form(self, request: Request, row: Any) -> RowForm:
        """Return the form with what was typed, and the answer to a clash carried out."""
        typed: Any = request.POST if request.method == "POST" else None
        if typed is not None and row.pk is not None:
            typed = drafting.with_choice(typed, self.form(instance=row, actor=request.actor))
        return self.form(typed, instance=copy(row), actor=request.actor)

    def _show(self, request: Request, row: Any, form: RowForm, status: int, **context: Any) -> HttpResponse:
        context |= {"form": form, "base": form.base() if row.pk else ""}
        return self._page(request, "portfolio/row_form.html", row, context, status)

    def _page(
        self, request: Request, template: str, row: Any, context: dict[str, Any], status: int
    ) -> HttpResponse:
        title = self.edit_title if row.pk else self.new_title
        removes = row.pk and self.remove_address
        context |= {
            "row": row, "project": row.project, "page": self, "title": title, "back": reverse(self.show, args=[row.project_id]),
            "remove_url": reverse(self.remove_address, args=[row.project_id, row.pk]) if removes else "",
        }  # fmt: skip
        return render(request, template, context, status=status)

    @staticmethod
    def _reasons(project: Project) -> list[str]:
        why = why_ended(project)
        return [why] if why else []


def to_work_on(request: Request, pk: int) -> Project:
    """:raises PermissionDenied: the actor sees the project, but does not work on it."""
    project = project_or_404(request, pk)
    if not policies.may_edit(request.actor, project):
        raise PermissionDenied
    return project
