"""The page of one case, and what each of its parts shows to those who read its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, OuterRef, Prefetch, Q, Value, When, prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.attachments import attachments_of
from core.conditions import has_one, is_one_of
from core.presentation import due_of, file_lines, history_lines, imported_on
from deviations import policies, risk, talk, triage
from deviations.duty_presentation import duties_context, duties_of
from deviations.forms.assessment import AssessmentForm
from deviations.forms.handling import MessageForm
from deviations.guards import rules_of
from deviations.models import Answer, CorrectiveAction, Deviation, Effect, Link, MeasureLink, Routing, Status
from deviations.models.status import TONES
from deviations.presentation import (
    ACTIONS,
    ASSESSMENT,
    HISTORY,
    LINKS,
    TALK,
    action_due,
    actions_for,
    headline_of,
    own_links,
    part_url,
    reporter_of,
    severity_of,
    steps_of,
    who_has_it,
)
from deviations.staff import with_staff
from governance import policies as governance_policies
from governance.models import Initiative

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from core.actors import Actor
    from organization.http import Request

_ALIKE, _WORKED = 6, 6


def case_page(
    request: Request, case: Any, part: str = "", *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Show a case with one of its parts open, or its card to who does not read its words.

    :param extra: what the part shows instead of what it would load, such as a form that was sent.
    """
    actor = request.actor
    context: dict[str, Any] = {
        "case": case, "headline": headline_of(case), "steps": steps_of(case), "holder": who_has_it(case),
        "due": due_of(case.due_on, timezone.localdate()) if case.is_open else None,
    }  # fmt: skip
    if case.reads_words:
        part = part if part in _PARTS else ""
        if not part:
            prefetch_related_objects([case], duties_of(actor))
        load_for_guards(request, case)
        context |= {
            "actions": actions_for(case, actor), "links": list(own_links(case, actor)), "reporter": reporter_of(case, actor),
            "landed_why": case.landings[-1] if case.landings else "", "times_moved": max(0, len(case.landings) - 1),
            "handles": not case.is_draft and policies.may_handle(actor, case), "severity": severity_of(case),
            "alarms": case.open_duties and not policies.is_reporter(actor, case), "must_answer": _must_answer(case),
            "concerned": case.concerned_names if policies.may_handle(actor, case) else [],
        }  # fmt: skip
        context |= _part(request, case, part, context["handles"], extra)
    return render(request, "deviations/deviation_detail.html", context, status=status)


def load_for_guards(request: Request, case: Any) -> None:
    """Load at once what the guards behind the buttons ask for, where there are buttons."""
    if not case.is_open or not policies.may_handle(request.actor, case):
        return
    prefetch_related_objects([case], "duties", answers_with_questions())
    if case.is_harmful:
        case.duty_questions = triage.duty_questions(case.municipality_id)
    if case.is_handled:
        prefetch_related_objects([case], "causes", actions_with_people(request.actor))


def _must_answer(case: Any) -> int:
    """Return how many questions of danger those who handle the case have not answered; 0 for everybody else."""
    return len(triage.unanswered_about_danger(case)) if hasattr(case, "duty_questions") else 0


def answers_with_questions() -> Prefetch:
    return Prefetch("answers", Answer.objects.select_related("question"))


def actions_with_people(actor: Actor) -> Prefetch:
    """Load the actions of a case, each with ``is_open_to_me``: whether the actor may open it."""
    mine = CorrectiveAction.objects.visible_to(actor).filter(pk=OuterRef("pk"))
    is_mine = Case(When(has_one(mine), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = CorrectiveAction.objects.select_related("owner", "unit").annotate(is_open_to_me=is_mine)
    return Prefetch("actions", with_staff(rows))


def _part(request: Request, case: Any, part: str, handles: bool, extra: dict[str, Any]) -> dict[str, Any]:
    tabs = [
        {"url": part_url(case, key), "label": label, "is_current": key == part}
        for key, (label, _template, _load) in _PARTS.items()
    ]
    _label, template, load = _PARTS[part]
    return {"tabs": tabs, "part": template, **load(request, case, handles, extra)}


# --- The parts -----------------------------------------------------------------------------------
def _report(request: Request, case: Any, handles: bool, _extra: dict[str, Any]) -> dict[str, Any]:
    prefetch_related_objects([case], answers_with_questions())
    files = attachments_of(case)
    photos = [file for file in files if file.inline and file.mime.startswith("image/")]
    return {
        "answers": [(row.wording, triage.answer_in_words(row.value), row.from_reporter) for row in case.answers.all()], "photos": file_lines(photos),
        "files": file_lines(file for file in files if file not in photos),
        "me_too": [row.note for row in case.followers.all()], "may_answer": handles and case.is_open,
        **duties_context(case, request.actor, loaded=case.duties.all()),
    }  # fmt: skip


def _assessment(request: Request, case: Any, handles: bool, extra: dict[str, Any]) -> dict[str, Any]:
    prefetch_related_objects([case], "causes")
    form = extra.get("form")
    if form is None and handles and case.is_open:
        form = AssessmentForm(None, obj=case, actor=request.actor)
    matrix = risk.matrix_of(case, rules_of(case)) if case.is_harmful else None
    return {"form": form, "matrix": matrix, "scales": risk.in_words(case, rules_of(case)), **extra}


def _actions(request: Request, case: Any, handles: bool, _extra: dict[str, Any]) -> dict[str, Any]:
    prefetch_related_objects([case], actions_with_people(request.actor))
    rows = list(case.actions.all())
    today = timezone.localdate()
    measures = MeasureLink.objects.filter(
        deviation=case, initiative__in=Initiative.objects.visible_to(request.actor)
    ).select_related("initiative", "made_by")
    return {
        "lines": [
            {"action": row, "due": action_due(row, today), "is_open_to_me": row.is_open_to_me} for row in rows
        ],
        "may_add": handles and case.is_open, "measures": measures,
        "lifts": case.lifts.order_by("pk"), "may_raise_lift": handles and case.is_open and not case.is_confidential,
        "may_make_measure": handles and governance_policies.may_raise(request.actor, case.municipality),
    }  # fmt: skip


def _talk(request: Request, case: Any, handles: bool, extra: dict[str, Any]) -> dict[str, Any]:
    may_write = handles and case.is_open and not policies.is_reporter(request.actor, case)
    form = MessageForm(None, obj=case, actor=request.actor) if may_write else None
    return {
        "talk": talk.lines_of(case, request.actor), "form": form,
        "may_add_more": case.is_open and policies.is_reporter(request.actor, case), **extra,
    }  # fmt: skip


def _history(_request: Request, case: Any, _handles: bool, _extra: dict[str, Any]) -> dict[str, Any]:
    lines = talk.disguised(case, history_lines(case, states=Status, tones=TONES, with_reasons=True))
    routings = Routing.objects.filter(deviation=case).select_related("person", "moved_by").order_by("-pk")
    return {"history": lines, "imported_on": imported_on(lines), "routings": routings}


def _links(request: Request, case: Any, handles: bool, _extra: dict[str, Any]) -> dict[str, Any]:
    near = _near(request, case)
    alike = _alike(request, case, {case.pk, *(one.pk for one in near)})
    groups: dict[str, list[dict[str, Any]]] = {"main": [], "merged": [], "linked": []}
    for one in near:
        is_main, is_merged = one.pk == case.merged_into_id, one.merged_into_id == case.pk
        group = "main" if is_main else "merged" if is_merged else "linked"
        groups[group].append({"case": one, "headline": headline_of(one)})
    read = [*alike, *(one for one in near if one.reads_words)]
    return {
        **groups, "alike": alike, "worked": _worked(request, read, case), "handles": handles,
        "may_reuse": handles and case.is_open,
    }  # fmt: skip


def _near(request: Request, case: Any) -> list[Any]:
    """Return the cases that are tied to this one or merged with it, those that the actor sees."""
    there, back = Link.objects.filter(deviation=case), Link.objects.filter(other=case)
    tied = is_one_of("pk", there.values("other_id")) | is_one_of("pk", back.values("deviation_id"))
    merged = Q(merged_into=case) | Q(pk=case.merged_into_id or 0)
    rows = Deviation.objects.visible_to(request.actor).with_access(request.actor).filter(tied | merged)
    return list(rows.select_related("unit").order_by("-created_at", "-pk"))


def _alike(request: Request, case: Any, known: set[int]) -> list[Any]:
    """Return cases with the same words among those the actor reads: what may not be read is not ranked either."""
    rows = Deviation.objects.exclude(pk__in=known).exclude(status=Status.DRAFT)
    found = rows.similar_to(_said(case), request.actor).filter(municipality_id=case.municipality_id)
    return list(found.select_related("unit")[:_ALIKE])


def _said(case: Any) -> str:
    """Return the words that a case is compared by, the most telling first."""
    return f"{case.title} {case.type_name} {case.description}"


def alike_open(request: Request, case: Any) -> list[Any]:
    """Return what a case could be merged with: open cases of the municipality with the same words."""
    rows = Deviation.objects.open().exclude(pk=case.pk)
    found = rows.similar_to(_said(case), request.actor).filter(municipality_id=case.municipality_id)
    return list(found.select_related("unit")[:_ALIKE])


def _worked(request: Request, cases: list[Any], case: Any) -> list[CorrectiveAction]:
    """Return what was done in other cases that the actor reads, and helped."""
    if not cases:
        return []
    rows = CorrectiveAction.objects.visible_to(request.actor).filter(links__deviation__in=cases)
    helped = rows.filter(
        Q(effect=Effect.WORKED) | Q(links__deviation__in=cases, links__deviation__effect=Effect.WORKED)
    )
    pks = helped.exclude(pk__in=case.action_links.values("action_id")).values("pk")
    return list(
        CorrectiveAction.objects.filter(pk__in=pks)
        .select_related("unit")
        .order_by("-done_at", "pk")[:_WORKED]
    )


# Key in the address, words on the tab, template, and what it shows.
_PARTS: dict[str, tuple[Any, str, Callable[..., dict[str, Any]]]] = {
    "": (_("Saken"), "deviations/deviation_report.html", _report),
    ASSESSMENT: (_("Vurdering"), "deviations/deviation_assessment.html", _assessment),
    ACTIONS: (_("Tiltak"), "deviations/deviation_actions.html", _actions),
    TALK: (_("Dialog"), "deviations/deviation_talk.html", _talk),
    HISTORY: (_("Historikk"), "deviations/deviation_history.html", _history),
    LINKS: (_("Koblinger"), "deviations/deviation_links.html", _links),
}
