"""The page of every small form around a plan: what it asks for, why it was refused, and back to where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render

from benefits.operations.mapping import why_plan_is_closed
from core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from governance.models import Initiative
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


def work_form(
    request: Request, initiative: Initiative, form: Any, save: Callable[..., str], *, heading: str, back: str, **more: Any
) -> HttpResponse:  # fmt: skip
    """Show the form, or let ``save`` have its values and go back to the address ``back`` of the initiative.

    :param form: ``None`` where there is only a question to answer yes to.
    :param save: does it, and returns what to tell.
    """
    reasons = [reason] if (reason := why_plan_is_closed(initiative)) else []
    status = CONFLICT if reasons and request.method == "POST" else OK
    if request.method == "POST" and not reasons:
        if form is not None and not form.is_valid():
            status = INVALID
        else:
            try:
                messages.success(request, save(**(form.cleaned_data if form else {})))
                return redirect(back, initiative.pk)
            except Refused as refused:
                reasons, status = [str(reason) for reason in refused.reasons], CONFLICT
    context = {
        "initiative": initiative,
        "form": form,
        "reasons": reasons,
        "heading": heading,
        "back": back,
        **more,
    }
    return render(request, "benefits/work_form.html", context, status=status)
