"""The self-assessment of what portfolio management needs: over time, one at a time, and one prerequisite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refused
from organization.models import Unit
from portfolio.maturity import operations, presentation
from portfolio.maturity.forms import AnswerForm
from portfolio.maturity.wording import asked
from portfolio.models import MaturityReview, Prerequisite
from portfolio.policies import may_manage_portfolio_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422
SHOWN = 8
"""How many of the latest are compared."""


def _home(request: Request) -> Unit:
    if request.actor.acting_for_id is None:
        raise PermissionDenied
    unit: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
    return unit


def _review(request: Request, pk: int) -> MaturityReview:
    rows = MaturityReview.objects.visible_to(request.actor).select_related(
        "municipality", "author", "locked_by"
    )
    found: MaturityReview = get_object_or_404(rows.prefetch_related("answers__owner"), pk=pk)
    return found


@never_cache
@require_GET
def maturity_list(request: Request) -> HttpResponse:
    """Show how the municipality has judged itself over time."""
    home = _home(request)
    rows = (
        MaturityReview.objects.visible_to(request.actor).filter(municipality=home).prefetch_related("answers")
    )
    latest = list(rows.order_by("-created_at", "-pk")[: SHOWN + 1])
    locked = [one for one in reversed(latest) if one.is_locked][-SHOWN:]
    context = {
        "municipality": home, "locked": locked, "draft": next((one for one in latest if not one.is_locked), None),
        "moved": presentation.moved(locked), "course": presentation.course_of(locked), "asked": asked(),
        "may_write": may_manage_portfolio_of(request.actor, home.pk),
    }  # fmt: skip
    return render(request, "portfolio/maturity_list.html", context)


@require_POST
def maturity_start(request: Request) -> HttpResponse:
    """Begin on a new one, or go on with the draft."""
    return redirect(operations.start_review(_home(request), by=request.actor, now=timezone.now()))


@never_cache
@require_GET
def maturity_detail(request: Request, pk: int) -> HttpResponse:
    """Show the eight prerequisites with their levels, grounds and next steps."""
    return _detail(request, _review(request, pk))


def _detail(
    request: Request, review: MaturityReview, reasons: object = None, status: int = OK
) -> HttpResponse:
    may_write = not review.is_locked and may_manage_portfolio_of(request.actor, review.municipality_id)
    context = {
        "review": review, "rows": presentation.rows_of(review), "mean": presentation.mean_of(review), "may_write": may_write,
        "reasons": reasons, "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "portfolio/maturity_detail.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def maturity_answer(request: Request, pk: int, key: str) -> HttpResponse:
    """Judge one prerequisite of the draft."""
    review = _review(request, pk)
    one = next((one for one in asked() if one.key == key), None)
    if one is None:
        raise Http404
    if not may_manage_portfolio_of(request.actor, review.municipality_id):
        raise PermissionDenied
    if review.is_locked:
        return redirect(review)
    given = next((row for row in review.answers.all() if row.prerequisite == key), None)
    form = AnswerForm(request.POST or None, asked=one, municipality_id=review.municipality_id, answer=given)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer(review, key, form.cleaned_data, by=request.actor, now=timezone.now())
            return redirect(f"{review.get_absolute_url()}#{key}")
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
    context = {"review": review, "asked": one, "form": form, "total": len(Prerequisite)}
    return render(request, "portfolio/maturity_answer.html", context, status=INVALID if form.is_bound else OK)


@require_POST
def maturity_lock(request: Request, pk: int) -> HttpResponse:
    """Lock the draft and show it to everybody."""
    review = _review(request, pk)
    try:
        locked = operations.lock_review(review, by=request.actor, now=timezone.now())
    except Refused as refused:
        return _detail(request, review, reasons=refused.reasons, status=CONFLICT)
    messages.success(request, _("Vurderingen er låst, og alle i kommunen kan lese den."))
    return redirect(locked)


@never_cache
@require_http_methods(["GET", "POST"])
def maturity_drop(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take a draft away."""
    review = _review(request, pk)
    if not may_manage_portfolio_of(request.actor, review.municipality_id):
        raise PermissionDenied
    if review.is_locked:
        return redirect(review)
    if request.method == "GET":
        return render(request, "portfolio/maturity_drop.html", {"review": review})
    operations.drop_review(review, by=request.actor)
    messages.success(request, _("Kladden er slettet."))
    return redirect("portfolio:maturity_list")
