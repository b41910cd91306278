"""The page of one step of an initiative: its form, what stands in the way, and where one goes after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.presentation import way_back
from core.workflow import TransitionBlocked, TransitionDenied
from governance.delegation import check_of, with_related
from governance.filters import TriageFilter
from governance.models import Initiative, Organ
from governance.presentation import shown_title, what_happens
from governance.views.loading import hearings_with_people, preparation, sent, units_of
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from typing import Self

    from django.forms import Form
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.workflow import Transition
    from governance.delegation import Check
    from organization.http import Request

FROM_QUEUE = "mottak"
ON_DELEGATION = frozenset({"send_to_fast_track", "approve_fast_track"})
OK, UNPROCESSABLE, CONFLICT = 200, 422, 409


@dataclass
class StepPage:
    """One visit to a step: shown, answered, refused or done."""

    request: Request
    initiative: Initiative
    declared: Transition[Initiative]
    form: Form | None = None
    reasons: list[StrOrPromise] = field(default_factory=list)
    before: str = ""

    @classmethod
    def of(cls, request: Request, initiative: Initiative, name: str) -> Self:
        """Return the page of step ``name``.

        :raises Http404: there is no such step, or only the system takes it.
        :raises TransitionDenied: the actor may not take it.
        """
        declared = initiative_workflow.transitions.get(name)
        if declared is None or declared.internal:
            raise Http404
        if not declared.allow(request.actor, initiative):
            raise TransitionDenied
        page = cls(request, initiative, declared, before=initiative.status)
        if declared.guards:
            prefetch_related_objects([initiative], *preparation(), hearings_with_people())
        try:
            page.reasons = list(initiative_workflow.offer(name, initiative, request.actor).reasons)
        except TransitionBlocked as blocked:
            page.reasons = list(blocked.reasons)
        page.form = form_of(declared, initiative, request)
        return page

    def is_answered(self) -> bool:
        return not self.reasons and (self.form is None or self.form.is_valid())

    def perform(self) -> bool:
        """Take the step, and tell whether it went; if not, the reasons are on the page."""
        data = self.form.cleaned_data if self.form else {}
        try:
            done = initiative_workflow.perform(
                self.declared.name, self.initiative, by=self.request.actor, now=timezone.now(), data=data
            )
        except TransitionBlocked as blocked:
            self.reasons = list(blocked.reasons)
            return False
        said = f"{self.declared.done}: «{shown_title(self.initiative)}»."
        if back := way_back(initiative_workflow, done, self.request.actor, self.before):
            said = f"{said} {_('Du kan angre med «%(step)s» på sakens side.') % {'step': back}}"
        messages.success(self.request, said)
        return True

    @property
    def status(self) -> int:
        if self.reasons:
            return CONFLICT
        return UNPROCESSABLE if self.form is not None and self.form.errors else OK

    def onward(self) -> str:
        """Return where to go after: the next case of the queue for who came from there."""
        if not self.is_from_queue:
            return reverse("governance:initiative_detail", args=[self.initiative.pk])
        following = queue_of(self.request).after(self.initiative)
        if following is None:
            messages.info(self.request, _("Det var den siste saken i denne køen."))
            return f"{reverse('governance:triage_queue')}{kept(self.request)}"
        return f"{reverse('governance:triage_case', args=[following.pk])}{kept(self.request)}#saken"

    @property
    def is_from_queue(self) -> bool:
        return self.request.GET.get("fra") == FROM_QUEUE

    def context(self) -> dict[str, Any]:
        name = "triage_case" if self.is_from_queue else "initiative_detail"
        back = reverse(f"governance:{name}", args=[self.initiative.pk])
        return {
            "initiative": self.initiative,
            "title": shown_title(self.initiative),
            "step": self.declared,
            "form": self.form,
            "reasons": self.reasons,
            "explanation": what_happens(self.declared.name),
            "back_url": back + (kept(self.request) if self.is_from_queue else ""),
            "alike": alike(self.declared.name, self.initiative, self.request),
            "check": delegation_check(self.declared.name, self.initiative),
        }


def form_of(declared: Transition[Initiative], initiative: Initiative, request: Request) -> Form | None:
    """Return the form of a step, bound when it was sent."""
    if declared.form is None:
        return None
    return declared.form(sent(request), obj=initiative, actor=request.actor)  # type: ignore[call-arg]


def delegation_check(name: str, initiative: Initiative) -> Check | None:
    """Return what the secretariat's delegation measures the case by, line by line, for the steps that use it."""
    if name not in ON_DELEGATION:
        return None
    today = timezone.localdate()
    check = check_of(initiative, Organ.SECRETARIAT, today)
    return with_related(check, initiative, today)


def alike(name: str, initiative: Initiative, request: Request) -> list[Initiative]:
    """Return what a case could be merged with: those that look like it and are still open."""
    if name != "merge":
        return []
    rows = Initiative.objects.visible_to(request.actor).open().exclude(pk=initiative.pk)
    rows = rows.filter(municipality_id=initiative.municipality_id).exclude(number="")
    return list(rows.looking_like(initiative.card_title)[:5])


def queue_of(request: Request, *, shows_filters: bool = False) -> TriageFilter:
    """Return the secretariat's queue with the filters of the address.

    :param shows_filters: whether the page shows the filters too, and so needs every unit to choose from.
    """
    units = units_of(request.actor) if shows_filters else None
    return TriageFilter(request.GET, queryset=Initiative.objects.all(), actor=request.actor, units=units)


def kept(request: Request) -> str:
    """Return the queue's own filters as they stood in the address, to be put on the next one."""
    names = TriageFilter.base_filters
    query = QueryDict(mutable=True)
    for name in request.GET:
        if name in names and request.GET[name]:
            query[name] = request.GET[name]
    return f"?{query.urlencode()}" if query else ""
