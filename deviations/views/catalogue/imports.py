"""Pages of the import of older cases: send a file, tell its columns, see what it would do, let it, and undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.spreadsheets import TableError, write_xlsx
from deviations import importing
from deviations.forms.importing import ColumnsForm, UploadForm, WordsForm, unknown_words
from deviations.models import Category, Deviation, DeviationImport, ImportMapping
from deviations.models.status import OPEN
from deviations.views.catalogue.common import own_municipality, row_of
from deviations.views.loading import sent
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from deviations.importing import Plan, Waiting
    from organization.http import Request
    from organization.models import Unit

_SHOWN = 100
_NEWEST = 50
_EXAMPLE = 60


@require_http_methods(["GET", "POST"])
def import_start(request: Request) -> HttpResponseBase:
    """Take a file, and show what was brought in before."""
    municipality = own_municipality(request)
    if request.method == "GET" and request.GET.get("mal") == "xlsx":
        return _template_file()
    form = UploadForm(sent(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            importing.keep(
                form.table, system=form.cleaned_data["system"], municipality=municipality, by=request.actor
            )
            return redirect("deviations:import_columns")
        except TableError as problem:
            form.add_error("file", str(problem))
    rows = DeviationImport.objects.filter(municipality=municipality).select_related("brought_by")
    context = {
        "form": form,
        "municipality": municipality,
        "rows": rows.order_by("-at", "-pk")[:_NEWEST],
        "columns": importing.COLUMNS,
    }
    return render(
        request, "deviations/import_start.html", context, status=UNPROCESSABLE if form.errors else OK
    )


@require_http_methods(["GET", "POST"])
def import_columns(request: Request) -> HttpResponse:
    """Let columns and words be told apart, show what the file would do, and bring it in."""
    municipality = own_municipality(request)
    try:
        file = importing.waiting(municipality=municipality, by=request.actor)
    except importing.Expired as gone:
        messages.warning(request, str(gone.reasons[0]))
        return redirect("deviations:import_start")
    if "seen" in request.POST:
        return _confirm(request, file, municipality)
    mapping = ImportMapping.objects.filter(municipality=municipality, system=file.system).first()
    form = ColumnsForm(request.POST if request.method == "POST" else None, file=file, mapping=mapping)
    if not form.is_bound or not form.is_valid():
        return _ask(request, file, form, None, municipality)
    return _ask(request, file, form, _check(request, file, form, mapping, municipality), municipality)


@require_GET
def import_report(request: Request, pk: int) -> HttpResponse:
    """Show what an import brought, and whether it can be undone."""
    brought = row_of(request, DeviationImport, pk)
    rows = Deviation.objects.filter(origin__brought=brought).order_by()
    counts = (
        rows.values("category")
        .annotate(count=Count("pk"), still=Count("pk", filter=Q(status__in=OPEN)))
        .order_by("category")
    )
    may_undo = request.actor.person_id == brought.brought_by_id
    context = {
        "brought": brought, "may_undo": may_undo,
        "counts": [{**row, "label": dict(Category.choices).get(row["category"], "–")} for row in counts],
        "reasons": importing.why_not_undone(brought, now=timezone.now()) if may_undo and brought.undone_at is None else [],
    }  # fmt: skip
    return render(request, "deviations/import_report.html", context)


@require_POST
def import_undo(request: Request, pk: int) -> HttpResponse:
    """Take a whole import away again."""
    brought = row_of(request, DeviationImport, pk)
    if request.actor.person_id != brought.brought_by_id:
        raise PermissionDenied
    count = importing.undo(brought, by=request.actor, now=timezone.now())
    told = ngettext(
        "Importen er angret. %(n)d sak er fjernet.", "Importen er angret. %(n)d saker er fjernet.", count
    )
    messages.success(request, told % {"n": count})
    return redirect("deviations:import_start")


def _check(
    request: Request, file: Waiting, form: ColumnsForm, mapping: ImportMapping | None, municipality: Unit
) -> Plan:
    words = WordsForm(request.POST, municipality=municipality, words=WordsForm.sent_words(request.POST))
    values: dict[str, dict[str, str]] = {
        kind: dict(held) for kind, held in (mapping.values if mapping else {}).items()
    }
    if words.is_valid():
        for kind, said in words.values.items():
            values.setdefault(kind, {}).update(said)
    return importing.check(
        file, form.columns, values, municipality=municipality, by=request.actor, now=timezone.now()
    ).found


def _confirm(request: Request, file: Waiting, municipality: Unit) -> HttpResponse:
    try:
        brought = importing.confirm(
            file, request.POST["seen"], municipality=municipality, by=request.actor, now=timezone.now()
        )
    except importing.Moved as moved:
        mapping = ImportMapping.objects.filter(municipality=municipality, system=file.system).first()
        form = ColumnsForm(None, file=file, mapping=mapping)
        return _ask(request, file, form, moved.plan, municipality, moved=True)
    told = ngettext("%(n)d sak er lest inn.", "%(n)d saker er lest inn.", brought.count)
    messages.success(request, told % {"n": brought.count})
    return redirect("deviations:import_report", pk=brought.pk)


def _ask(
    request: Request,
    file: Waiting,
    form: ColumnsForm,
    plan: Plan | None,
    municipality: Unit,
    *,
    moved: bool = False,
) -> HttpResponse:
    wrong = bool(form.errors) or bool(plan and plan.errors)
    errors = sorted(plan.errors, key=lambda error: error.line or 0) if plan else []
    context = {
        "file": file, "form": form, "plan": plan, "moved": moved, "errors": errors[:_SHOWN], "more_errors": len(errors) - _SHOWN,
        "words": WordsForm(None, municipality=municipality, words=unknown_words(plan)) if plan else None,
        "examples": _examples(file), "by_category": plan.by("category") if plan else [], "by_year": plan.by("year") if plan else [],
    }  # fmt: skip
    return render(
        request,
        "deviations/import_columns.html",
        context,
        status=CONFLICT if moved else UNPROCESSABLE if wrong else OK,
    )


def _examples(file: Waiting) -> list[tuple[str, str]]:
    """Return each heading with the first value that stands below it."""
    first = dict.fromkeys(range(len(file.table.headings)), "")
    for _line, values in file.table.lines[:20]:
        for place, value in enumerate(values):
            first[place] = first[place] or str(value or "")
    return [(heading, first[place][:_EXAMPLE]) for place, heading in enumerate(file.table.headings)]


def _template_file() -> FileResponse:
    book = write_xlsx([column.title for column in importing.COLUMNS], _example(), sheet=_("Avvik"))
    return FileResponse(book, as_attachment=True, filename=f"{_('mal')}-avvik.xlsx")


def _example() -> list[list[str]]:
    return [
        ["2024-118", "2110", "Fall hos bruker eller pasient", "", "Fant beboer på gulvet ved senga. Hun hadde prøvd å gå på do alene.", "03.03.2024",
         "Fall på rommet", "Avvik", "03.03.2024", "Rom 12", "Middels", "Hjalp henne opp og ringte lege.", "Manglende utstyr", "Lukket", "19.03.2024",
         "Fallalarm er satt på, og den sjekkes ved vaktskifte."],
    ]  # fmt: skip
