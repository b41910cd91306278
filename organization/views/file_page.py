"""The page that takes files of one kind: chosen, checked, shown, and read when that is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.spreadsheets import TableError, write_csv, write_xlsx
from organization import importing
from organization.forms.files import TableFileForm
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request
    from organization.importing import Kind, Plan

SHOWN = 200
INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """One kind of file of an app.

    :param address: the name of the page's own address, and ``back`` of the page that it leads back to.
    :param told: what is said of the number of lines that were read.
    """

    kind: Kind
    upload_template: str
    check_template: str
    address: str
    back: str
    told: Callable[[int], str]

    def take(self, request: Request) -> HttpResponse:
        """Check a file and show what it would do; confirmed, read it."""
        place = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
        if "key" in request.POST:
            return self._confirm(request, place)
        form = TableFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
        if not form.is_valid():
            return self._ask(request, form, status=INVALID if form.is_bound else 200)
        try:
            plan, key = importing.check(self.kind, form.table, municipality=place, by=request.actor)
        except TableError as problem:
            form.add_error("file", str(problem))
            return self._ask(request, form, status=INVALID)
        unused = form.table.unknown(self.kind.columns)
        return self._show(request, plan, key, file_name=form.table.name, unused=unused)

    def _ask(self, request: Request, form: TableFileForm, *, status: int, **more: Any) -> HttpResponse:
        context = {"form": form, "kind": self.kind, **more}
        return render(request, self.upload_template, context, status=status)

    def _show(self, request: Request, plan: Plan, key: str, **more: Any) -> HttpResponse:
        context = {**told_of(plan), "kind": self.kind, "key": key, "again": reverse(self.address), **more}
        status = status_of(plan, moved="moved" in more)
        return render(request, self.check_template, context, status=status)

    def _confirm(self, request: Request, place: Unit) -> HttpResponse:
        try:
            plan, _kind = importing.confirm(
                request.POST["key"], municipality=place, by=request.actor, now=timezone.now(), kinds={self.kind.slug: self.kind},
            )  # fmt: skip
        except importing.Moved as moved:
            return self._show(request, moved.plan, moved.key, moved=True)
        except Refused as refused:
            return self._ask(request, TableFileForm(), status=CONFLICT, reasons=refused.reasons)
        messages.success(request, self.told(plan.new + plan.changed))
        return redirect(self.back)


def told_of(plan: Plan) -> dict[str, Any]:
    """Return what a page shows of what a file would do, or of what is wrong with it; of very much, the first part."""
    changes = [change for change in plan.changes if not change.is_same]
    errors = sorted(plan.errors, key=lambda error: error.line or 0)
    return {
        "plan": plan, "changes": changes[:SHOWN], "more_changes": len(changes) - SHOWN,
        "errors": errors[:SHOWN], "more_errors": len(errors) - SHOWN,
    }  # fmt: skip


def status_of(plan: Plan, *, moved: bool) -> int:
    if moved:
        return CONFLICT
    return INVALID if plan.errors else 200


def example_of(request: Request, kind: Kind, *, name: str) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    headings = [column.title for column in kind.columns]
    if request.GET.get("format") == "csv":
        rows = write_csv(headings, kind.examples)
        answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    book = write_xlsx(headings, kind.examples, sheet=str(kind.label))
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
