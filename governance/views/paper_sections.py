"""The pages of one section of a case paper: write it, see its versions, take one of them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from core.whole import whole
from core.workflow import TransitionBlocked
from governance import guards, paper_writing, policies
from governance.forms.paper import SectionForm
from governance.models import CasePaper
from governance.paper_comments import open_by_section
from governance.paper_sections import asked_for, kind_of
from governance.text_versions import pair_of, versions_of
from governance.views.loading import (
    card_of,
    hearings_with_people,
    lifetime_facts,
    note_read,
    preparation,
    reads,
)
from governance.writing import StaleText

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.models import Initiative, PaperSection
    from governance.paper_sections import SectionKind
    from organization.http import Request


def _own(request: Request, pk: int, key: str) -> tuple[Initiative, CasePaper, SectionKind]:
    """Return the case, its paper and the section that the actor writes in.

    :raises Http404: the actor does not see the case, or there is no such section.
    :raises PermissionDenied: the actor sees it, but does not prepare it, or does not read what is shielded in it.
    """
    initiative, kind = card_of(request, pk), kind_of(key)
    if not (policies.may_prepare(request.actor, initiative) and reads(initiative)):
        raise PermissionDenied
    paper: CasePaper = getattr(initiative, "case_paper", None) or CasePaper(initiative=initiative)
    if kind is None or kind not in asked_for(guards.rules_of(initiative), paper.keys):
        raise Http404
    return initiative, paper, kind


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def section_edit(request: Request, pk: int, key: str) -> HttpResponse:
    """Write one section.  A request by htmx saves and stays."""
    initiative, paper, kind = _own(request, pk, key)
    if request.method == "POST":
        return _save(request, initiative, paper, kind)
    row, kept = paper_writing.standing(paper, kind), kept_text(request)
    begun = row.text if row.version else kind.begins(initiative)
    form = SectionForm(kept, kind=kind, initial={"text": begun, "base": row.version})
    return _page(
        request, initiative, paper, {"kind": kind, "row": row, "form": form, "is_kept": kept is not None}
    )


def _save(request: Request, initiative: Initiative, paper: CasePaper, kind: SectionKind) -> HttpResponse:
    form = SectionForm(request.POST, kind=kind)
    problem: dict[str, Any] = {}
    if form.is_valid():
        write = paper_writing.keep_standing if form.keeps_theirs else paper_writing.save_section
        try:
            row = write(initiative, kind, form.typed, by=request.actor, now=timezone.now())
        except StaleText as stale:
            problem = {"theirs": stale.standing, "form": form.begin_from(stale.standing)}
        except TransitionBlocked as blocked:
            problem = {"reasons": blocked.reasons}
        else:
            return confirm_saved(request, _saved(request, initiative, paper, row))
    row = problem.get("theirs") or paper_writing.standing(paper, kind)
    return _page(request, initiative, paper, {"kind": kind, "row": row, "form": form, **problem})


def _saved(request: Request, initiative: Initiative, paper: CasePaper, row: PaperSection) -> HttpResponse:
    if request.htmx:
        return render(request, "governance/paper_section_edit.html#saved", {"row": row})
    messages.success(request, _("Delen er lagret."))
    keys = [kind.key for kind in asked_for(guards.rules_of(initiative), {*paper.keys, row.key})]
    following = keys[keys.index(row.key) + 1 :][:1]
    if request.POST.get("to") == "next" and following:
        return redirect("governance:paper_section_edit", pk=initiative.pk, key=following[0])
    return redirect("governance:initiative_case_paper_edit", pk=initiative.pk)


def _page(
    request: Request, initiative: Initiative, paper: CasePaper, context: dict[str, Any]
) -> HttpResponse:
    note_read(initiative, request.actor, what="case_paper")
    prefetch_related_objects([initiative], *preparation(), hearings_with_people())
    closed = context.get("reasons") or [guards.case_paper_is_open(initiative)]
    kinds = asked_for(guards.rules_of(initiative), paper.keys)
    at = kinds.index(context["kind"])
    context = {
        "initiative": initiative, "keep": keep_key(request), "note": note_of_writer(request), **context,
        "closed": [reason for reason in closed if reason], "number": at + 1, "count": len(kinds),
        "previous": kinds[at - 1] if at else None, "following": kinds[at + 1] if at + 1 < len(kinds) else None,
        "comments": open_by_section(initiative)[context["kind"].key], **lifetime_facts(initiative),
    }  # fmt: skip
    status = 409 if context["closed"] or "theirs" in context else 422 if context["form"].errors else 200
    return render(request, "governance/paper_section_edit.html", context, status=status)


@require_GET
def section_versions(request: Request, pk: int, key: str) -> HttpResponse:
    """Show the versions of a section, and what is different between two of them."""
    initiative, paper, kind = _own(request, pk, key)
    note_read(initiative, request.actor, what="case_paper")
    row = paper_writing.standing(paper, kind)
    versions = versions_of(row)
    older, newer = whole(request.GET.get("fra")), whole(request.GET.get("til"))
    context = {
        "initiative": initiative, "kind": kind, "row": row, "versions": versions,
        "pair": pair_of(row, versions, older, newer), "closed": guards.case_paper_is_open(initiative),
    }  # fmt: skip
    return render(request, "governance/paper_section_versions.html", context)


@require_POST
def section_take_back(request: Request, pk: int, key: str, number: int) -> HttpResponse:
    """Let an earlier version stand again."""
    initiative, _paper, kind = _own(request, pk, key)
    version = whole(request.POST.get("version"))
    try:
        paper_writing.take_back(
            initiative, kind, number, version=-1 if version is None else version, by=request.actor, now=timezone.now()
        )  # fmt: skip
    except StaleText as stale:
        text = _("%(name)s lagret delen imens. Se hva som er nytt før du henter tilbake en eldre versjon.")
        messages.warning(request, text % {"name": stale.standing.written_by})
    else:
        messages.success(request, _("Versjon %(number)s står igjen i saksframlegget.") % {"number": number})
    return redirect("governance:paper_section_versions", pk=pk, key=key)
