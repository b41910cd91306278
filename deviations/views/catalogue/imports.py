"""Pages of the import of older cases: send a file, tell its columns, see what it would do, let it, and undo it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from core.whole import whole
from deviations import importing
from deviations.forms.importing import ColumnsForm, UploadForm, WordsForm
from deviations.models import (
    Category,
    Deviation,
    DeviationImport,
    ImportJob,
    ImportMapping,
    JobKind,
    JobStatus,
)
from deviations.models.status import OPEN
from deviations.views.catalogue.common import own_municipality, row_of
from deviations.views.loading import sent
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from deviations.importing import Found, Waiting
    from organization.http import Request
    from organization.models import Unit

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
        "job": latest_job(municipality),
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
    mapping = ImportMapping.objects.filter(municipality=municipality, system=file.system).first()
    page = _Page(request, file, municipality, mapping)
    try:
        if request.method == "GET":
            return page.show(None, _checked(request, file, municipality))
        return page.confirm() if "seen" in request.POST else page.check()
    except importing.Busy as busy:
        return to_job(request, busy)


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
    may_undo = importing.may_undo(request.actor, brought)
    context = {
        "brought": brought, "may_undo": may_undo,
        "counts": [{**row, "label": dict(Category.choices).get(row["category"], "–")} for row in counts],
        "reasons": importing.why_not_undone(brought, now=timezone.now()) if may_undo and brought.undone_at is None else [],
    }  # fmt: skip
    return render(request, "deviations/import_report.html", context)


@require_POST
def import_undo(request: Request, pk: int) -> HttpResponse:
    """Take a whole import away again: at once, or by a worker when it is large."""
    brought, now = row_of(request, DeviationImport, pk), timezone.now()
    if not importing.may_undo(request.actor, brought):
        raise PermissionDenied
    try:
        if brought.count > importing.AT_ONCE:
            return redirect(importing.order_undo(brought, by=request.actor, now=now))
        importing.refuse_when_busy(brought.municipality)
    except importing.Busy as busy:
        return to_job(request, busy)
    count = importing.undo(brought, by=request.actor, now=now)
    told = ngettext(
        "Importen er angret. %(n)d sak er fjernet.", "Importen er angret. %(n)d saker er fjernet.", count
    )
    messages.success(request, told % {"n": count})
    return redirect("deviations:import_start")


def to_job(request: Request, busy: importing.Busy) -> HttpResponse:
    """Lead to the job that is in the way."""
    messages.warning(request, str(busy.reasons[0]))
    return redirect(busy.job)


def latest_job(municipality: Unit) -> ImportJob | None:
    """Return the job that is open, or the latest when it failed: what somebody may have to do something about."""
    jobs = ImportJob.objects.without_file().filter(municipality=municipality)
    job: ImportJob | None = jobs.order_by("-ordered_at", "-pk").first()
    return job if job is not None and (job.is_open or job.has_failed) else None


def _checked(request: Request, file: Waiting, municipality: Unit) -> Found | None:
    """Return what the worker found in the file, when the address names its check."""
    jobs = ImportJob.objects.without_file().filter(
        municipality=municipality, kind=JobKind.CHECK, status=JobStatus.DONE, found__isnull=False,
        ordered_by_id=request.actor.person_id, system=file.system, file_name=file.table.name[:200],
    )  # fmt: skip
    job = jobs.filter(pk=whole(request.GET.get("kontroll", ""))).first()
    return importing.Found.kept(job.found) if job else None


@dataclass(frozen=True, slots=True)
class _Page:
    """The page of a file that waits to be read in."""

    request: Request
    file: Waiting
    municipality: Unit
    mapping: ImportMapping | None

    @property
    def is_large(self) -> bool:
        return len(self.file.table.lines) > importing.AT_ONCE

    def check(self) -> HttpResponse:
        """Show what the file would do; of a large one, lead to the worker's check."""
        form = ColumnsForm(self.request.POST, file=self.file, mapping=self.mapping)
        if not form.is_valid():
            return self.show(form, None)
        given: dict[str, Any] = {
            "municipality": self.municipality,
            "by": self.request.actor,
            "now": timezone.now(),
        }
        if self.is_large:
            return redirect(importing.order_check(self.file, form.columns, self._values(), **given))
        reading = importing.check(self.file, form.columns, self._values(), **given)
        return self.show(form, importing.Found.of(reading.found))

    def _values(self) -> dict[str, dict[str, str]]:
        """Return what the words of the file mean, as remembered and as said now."""
        sent = self.request.POST
        words = WordsForm(sent, municipality=self.municipality, words=WordsForm.sent_words(sent))
        values = {kind: dict(held) for kind, held in (self.mapping.values if self.mapping else {}).items()}
        if words.is_valid():
            for kind, said in words.values.items():
                values.setdefault(kind, {}).update(said)
        return values

    def confirm(self) -> HttpResponse:
        """Bring in what was checked; a large file by a worker."""
        seen = self.request.POST["seen"]
        given: dict[str, Any] = {
            "municipality": self.municipality,
            "by": self.request.actor,
            "now": timezone.now(),
        }
        if self.is_large:
            return redirect(importing.order_import(self.file, seen, **given))
        importing.refuse_when_busy(self.municipality)
        try:
            brought = importing.confirm(self.file, seen, **given)
        except importing.Moved as moved:
            return self.show(None, importing.Found.of(moved.plan), moved=True)
        told = ngettext("%(n)d sak er lest inn.", "%(n)d saker er lest inn.", brought.count)
        messages.success(self.request, told % {"n": brought.count})
        return redirect("deviations:import_report", pk=brought.pk)

    def show(self, form: ColumnsForm | None, found: Found | None, *, moved: bool = False) -> HttpResponse:
        """Show the columns, and what was found when the file is checked."""
        form = form or ColumnsForm(None, file=self.file, mapping=self.mapping)
        wrong = bool(form.errors) or bool(found and found.errors)
        unknown = found.unknown if found else None
        context = {
            "file": self.file, "form": form, "found": found, "moved": moved, "examples": _examples(self.file),
            "words": WordsForm(None, municipality=self.municipality, words=unknown) if unknown is not None else None,
        }  # fmt: skip
        status = CONFLICT if moved else UNPROCESSABLE if wrong and self.request.method == "POST" else OK
        return render(self.request, "deviations/import_columns.html", context, status=status)


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
