"""The page of the comments on one section of a case paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from core.whole import whole
from core.workflow import TransitionBlocked
from governance import case_papers, guards, paper_comments, policies
from governance.forms.paper import CommentForm
from governance.models import CasePaper, PaperComment
from governance.paper_sections import asked_for, kind_of
from governance.views.loading import card_of, note_read, reads

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.models import Initiative
    from governance.paper_sections import SectionKind
    from organization.http import Request

_STEPS = {
    "settle": (paper_comments.settle_comment, gettext_lazy("Kommentaren er løst.")),
    "reopen": (paper_comments.reopen_comment, gettext_lazy("Kommentaren er åpnet igjen.")),
}


def _commented(request: Request, pk: int, key: str) -> tuple[Initiative, CasePaper, SectionKind]:
    """Return the case, its paper and the section that the actor may comment on.

    :raises Http404: the actor does not see the case, or there is no such section.
    :raises PermissionDenied: the actor sees it, but neither prepares it nor reads its paper before it goes out.
    """
    initiative, kind = card_of(request, pk), kind_of(key)
    if not (policies.may_comment_paper(request.actor, initiative) and reads(initiative)):
        raise PermissionDenied
    paper: CasePaper = getattr(initiative, "case_paper", None) or CasePaper(initiative=initiative)
    if kind is None or kind not in asked_for(
        guards.rules_of(initiative), paper.keys | paper_comments.keys_of(initiative)
    ):
        raise Http404
    return initiative, paper, kind


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def comments(request: Request, pk: int, key: str) -> HttpResponse:
    """Show a section with its comments; write one, change one's own, settle one or open it again."""
    initiative, paper, kind = _commented(request, pk, key)
    chosen = _chosen(request, initiative, kind)
    begun = (
        {
            "version": paper_comments.version_read(
                paper, kind, case_papers.shown_to(request.actor, initiative)
            ),
            "text": chosen.text if chosen else "",
        }
        if paper.pk
        else {"text": chosen.text if chosen else ""}
    )
    form = CommentForm(_typed(request), initial=begun)
    reasons: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            if said := _do(request, initiative, kind, form, chosen):
                messages.success(request, said)
                return confirm_saved(request, redirect("governance:paper_comments", pk, key))
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    return _page(
        request, initiative, paper, {"kind": kind, "form": form, "chosen": chosen, "reasons": reasons}
    )


def _typed(request: Request) -> Any:
    """Return what a comment is bound with: also what was typed before the session ended."""
    if request.method == "POST":
        return None if request.POST.get("do") in _STEPS else request.POST
    return kept_text(request)


def _chosen(request: Request, initiative: Initiative, kind: SectionKind) -> PaperComment | None:
    """Return the comment that a button is for, or that its writer asks to change.

    :raises Http404: there is none.
    """
    rows = PaperComment.objects.of_section(initiative.pk, kind.key)
    if request.method == "GET":
        own = rows.filter(written_by=request.actor.person_id, settled_at=None)
        asked = whole(request.GET.get("endre"))
        comment = own.filter(pk=asked).first() if asked is not None else None
    elif "comment" in request.POST:
        comment = get_object_or_404(rows, pk=whole(request.POST["comment"]))
    else:
        return None
    if comment is not None:
        comment.initiative = initiative
    return comment


def _do(
    request: Request,
    initiative: Initiative,
    kind: SectionKind,
    form: CommentForm,
    chosen: PaperComment | None,
) -> str:
    """Do what was sent, and return what to tell of it; nothing where the form has to be mended."""
    who: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    step = _STEPS.get(request.POST.get("do", ""))
    if step is not None:
        if chosen is None:
            raise Http404
        step[0](chosen, **who)
        return str(step[1])
    if not form.is_valid():
        return ""
    if chosen is not None:
        paper_comments.change_comment(chosen, text=form.cleaned_data["text"], **who)
        return _("Kommentaren er endret.")
    paper_comments.write_comment(initiative, kind, **form.cleaned_data, **who)
    return _("Kommentaren er sendt.")


def _page(
    request: Request, initiative: Initiative, paper: CasePaper, context: dict[str, Any]
) -> HttpResponse:
    note_read(initiative, request.actor, what="case_paper")
    kind, closed = context["kind"], guards.case_paper_is_open(initiative)
    rows = list(PaperComment.objects.of_section(initiative.pk, kind.key))
    written = case_papers.shown_to(request.actor, initiative) if paper.pk else paper
    context = {
        "initiative": initiative, "keep": keep_key(request), "note": note_of_writer(request), **context, "closed": closed,
        "text": written.text(kind.key), "may_write": policies.may_prepare(request.actor, initiative),
        "comments": [row for row in rows if not row.is_settled], "settled": [row for row in rows if row.is_settled],
    }  # fmt: skip
    status = 409 if context["reasons"] else 422 if context["form"].errors else 200
    return render(request, "governance/paper_comments.html", context, status=status)
