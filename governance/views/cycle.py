"""The annual cycle: the calendar of a year, its periods, and the next year made from the last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import policies
from governance.cycle.calendar import Kind, entries_between, months_of, next_for, weekdays
from governance.cycle.changes import changes_of
from governance.forms.cycle import CycleFilter, PeriodForm, RemoveForm, YearForm
from governance.models import CyclePeriod
from governance.views.council.common import arranged_by, common
from organization.actors import people_with
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

_AHEAD = timedelta(days=400)


def _home(request: Request) -> Unit | None:
    home: Unit | None = Unit.objects.visible_to(request.actor).filter(pk=request.actor.acting_for_id).first()
    return home


@require_GET
def cycle_calendar(request: Request) -> HttpResponse:
    """Show the days of a year: in order or by months, of all kinds or some, and what is next for this person."""
    return _calendar(request, None)


def _calendar(request: Request, form: YearForm | None) -> HttpResponse:
    today = timezone.localdate()
    filters = CycleFilter(request.GET)
    year = filters.year_or(form.cleaned_data.get("year", today.year) if form is not None else today.year)
    entries = entries_between(request.actor, date(year, 1, 1), date(year, 12, 31), filters.kinds)
    context = {
        **common(request), **_choices(request, filters, year), "filters": filters, "year": year, "entries": entries,
        "months": months_of(year, entries, today) if filters.shows_months else [],
        "upcoming": next_for(request.actor, entries_between(request.actor, today, today + _AHEAD), today),
        "several": len({entry.source.municipality_id for entry in entries}) > 1, "today": today, "form": form,
        "kinds": list(Kind), "weekdays": weekdays(), "own_id": request.actor.acting_for_id,
        **({} if entries else _who_makes_it(request, year)),
    }  # fmt: skip
    return render(request, "governance/cycle_calendar.html", context, status=form.status if form else 200)


def _choices(request: Request, filters: CycleFilter, year: int) -> dict[str, Any]:
    """Return the addresses of the same page in another year and drawn otherwise."""

    def url(**changed: Any) -> str:
        query = QueryDict(mutable=True)
        query.setlist("type", filters.cleaned_data.get("type", []))
        query["aar"] = str(changed.get("year", year))
        if changed.get("months", filters.shows_months):
            query["vis"] = "maneder"
        return f"{reverse('governance:cycle_calendar')}?{query.urlencode()}"

    return {
        "list_url": url(months=False), "months_url": url(months=True), "before_url": url(year=year - 1),
        "after_url": url(year=year + 1), "active": len(filters.cleaned_data.get("type", [])),
    }  # fmt: skip


def _who_makes_it(request: Request, year: int) -> dict[str, Any]:
    """Return what the page of an empty year says: who makes the cycle, and whether there is a year to begin from."""
    home = _home(request)
    if home is None:
        return {"home": None}
    before = CyclePeriod.objects.filter(municipality=home).leading_to_meetings_in(year - 1)
    makers = people_with(Permission.ARRANGE_MEETINGS, municipality_id=home.pk)
    return {"home": home, "has_year_before": before.exists(), "makers": makers[:4], "year_before": year - 1}


@require_POST
def cycle_year(request: Request) -> HttpResponse:
    """Make the cycle of a year from the year before."""
    form = YearForm(request.POST, municipality=arranged_by(request))
    if form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, form.done)
        return redirect(f"{reverse('governance:cycle_calendar')}?aar={form.cleaned_data['year']}")
    return _calendar(request, form)


@require_http_methods(["GET", "POST"])
def period_create(request: Request) -> HttpResponse:
    """Put a period into the cycle."""
    period = CyclePeriod(municipality=arranged_by(request))
    form = PeriodForm(request.POST or None, instance=period)
    if form.is_bound and form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, form.done)
        return redirect(_year_of(form.result))
    context = {**common(request), "form": form, "municipality": period.municipality}
    return render(request, "governance/cycle_period.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def period_edit(request: Request, pk: int) -> HttpResponse:
    """Change a period, or take it out of the cycle; show what has been changed before."""
    rows = CyclePeriod.objects.visible_to(request.actor).select_related("municipality", "meeting")
    period: CyclePeriod = get_object_or_404(rows, pk=pk)
    if not policies.may_arrange_in(request.actor, period.municipality_id):
        raise PermissionDenied
    removes = request.POST.get("handling") == "remove"
    form = PeriodForm(None if removes else request.POST or None, instance=period)
    remove = RemoveForm(request.POST if removes else None, period=period)
    sent = remove if removes else form
    if request.method == "POST" and sent.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, sent.done)
        return redirect(_year_of(period))
    context = {
        **common(request), "form": form, "remove": remove, "period": rows.filter(pk=pk).first() or period, "changes": changes_of(period),
        "municipality": period.municipality,
    }  # fmt: skip
    return render(request, "governance/cycle_period.html", context, status=sent.status)


def _year_of(period: CyclePeriod) -> str:
    return f"{reverse('governance:cycle_calendar')}?aar={period.meeting_on.year}"
