"""One section of the form at a time, saved as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from governance import drafting, operations
from governance.intake import Section, section_of, total_investment
from governance.models import Initiative
from governance.views.intake.common import already_sent, load_own, way_of

if TYPE_CHECKING:
    from governance.drafting import Outcome
    from governance.forms.merging import MergingForm
    from organization.http import Request
    from organization.models import Person


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def section(request: Request, pk: int, key: str) -> HttpResponse:
    part = section_of(key)
    if part is None or part.form is None:
        raise Http404
    initiative = load_own(request, pk, *part.related)
    if not initiative.is_editable_by_submitter:
        return _too_late(request, initiative, part)
    if request.method == "POST":
        return _save(request, initiative, part)
    kept = kept_text(request)
    form = part.form(kept, instance=initiative, actor=request.actor)
    return _page(request, initiative, part, {"form": form, "base": form.base(), "is_kept": kept is not None})


def _save(request: Request, initiative: Initiative, part: Section) -> HttpResponse:
    shown = part.form(instance=initiative, actor=request.actor)  # type: ignore[misc]
    data = drafting.with_choice(request.POST, shown)

    def make(**options: Any) -> MergingForm:
        fresh = Initiative.objects.select_related("municipality").get(pk=initiative.pk)
        return part.form(data, instance=fresh, actor=request.actor, **options)  # type: ignore[misc]

    def save(form: MergingForm) -> Initiative:
        return operations.save_section(form, version=None, by=request.actor, now=timezone.now())

    outcome = drafting.save_typed(make, save)
    if request.headers.get("HX-Request"):
        return _autosaved(request, initiative, part, outcome)
    if not outcome.is_complete:
        return _refused(request, initiative, part, outcome)
    return confirm_saved(request, redirect(_next_page(request, initiative, part)))


def _next_page(request: Request, initiative: Initiative, part: Section) -> str:
    way = way_of(part, initiative)
    pages = {"hub": way["hub_url"], "previous": way["previous_url"], "here": request.path}
    chosen = "here" if "choose" in request.POST else request.POST.get("to", "")
    return str(pages.get(chosen) or way["next_url"])


def _autosaved(request: Request, initiative: Initiative, part: Section, outcome: Outcome) -> HttpResponse:
    """Answer the browser's own saving with what is saved, what is not, and why."""
    context = {
        "initiative": initiative, "outcome": outcome, "base": outcome.base, "swap": True, **_sums(initiative, part),
        "writer": _other_writer(request, initiative, outcome),
    }  # fmt: skip
    answer = render(
        request, "governance/intake_section.html#saved", context, status=200 if outcome.is_saved else 422
    )
    return confirm_saved(request, answer) if outcome.is_saved else answer


def _refused(request: Request, initiative: Initiative, part: Section, outcome: Outcome) -> HttpResponse:
    writer = _other_writer(request, initiative, outcome)
    context = {"form": outcome.form, "outcome": outcome, "base": outcome.base, "writer": writer}
    return _page(request, initiative, part, context, status=409 if outcome.clashes else 422)


def _other_writer(request: Request, initiative: Initiative, outcome: Outcome) -> Person | None:
    if not outcome.clashes:
        return None
    return drafting.writer_of(initiative, outcome.clashes[0].name, request.actor)


def _too_late(request: Request, initiative: Initiative, part: Section) -> HttpResponse:
    """Show what was typed after the case was sent in, so that it can be copied; it is not saved."""
    if request.method == "GET":
        return already_sent(request, initiative)
    if request.headers.get("HX-Request"):
        return render(
            request, "governance/intake_section.html#too_late", {"initiative": initiative}, status=409
        )
    form = part.form(request.POST, instance=initiative, actor=request.actor)  # type: ignore[misc]
    form.full_clean()
    return _page(
        request, initiative, part, {"form": form, "base": form.base(), "is_too_late": True}, status=409
    )


def _page(
    request: Request, initiative: Initiative, part: Section, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        "initiative": initiative, "keep": keep_key(request), "note": note_of_writer(request), **context,
        **way_of(part, initiative), **_sums(initiative, part),
    }  # fmt: skip
    return render(request, "governance/intake_section.html", context, status=status)


def _sums(initiative: Initiative, part: Section) -> dict[str, str]:
    if part.key != "costs":
        return {}
    fresh = Initiative.objects.prefetch_related("cost_lines").get(pk=initiative.pk)
    return {"total": total_investment(fresh)}
