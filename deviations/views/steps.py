"""The page of one step of a case or of a corrective action: its form, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.presentation import way_back
from core.workflow import TransitionBlocked, TransitionDenied
from deviations.explaining import what_follows
from deviations.views.loading import sent

if TYPE_CHECKING:
    from typing import Self

    from django.forms import Form

    from core.workflow import Transition, Workflow
    from organization.http import Request

OK, UNPROCESSABLE, CONFLICT = 200, 422, 409


@dataclass
class StepPage:
    """One visit to a step: shown, answered, refused or done."""

    request: Request
    workflow: Workflow[Any]
    obj: Any
    declared: Transition[Any]
    form: Form | None = None
    reasons: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, request: Request, workflow: Workflow[Any], obj: Any, name: str) -> Self:
        """Return the page of step ``name``.

        :raises Http404: there is no such step.
        :raises TransitionDenied: the actor may not take it.
        """
        declared = workflow.transitions.get(name)
        if declared is None or declared.internal:
            raise Http404
        if not declared.allow(request.actor, obj):
            raise TransitionDenied
        page = cls(request, workflow, obj, declared)
        try:
            page.reasons = list(workflow.offer(name, obj, request.actor).reasons)
        except TransitionBlocked as blocked:
            page.reasons = list(blocked.reasons)
        if declared.form is not None:
            page.form = declared.form(sent(request), obj=obj, actor=request.actor)  # type: ignore[call-arg]
        return page

    def is_answered(self) -> bool:
        return not self.reasons and (self.form is None or self.form.is_valid())

    def perform(self, called: str) -> bool:
        """Take the step, and tell whether it went; if not, the reasons are on the page.

        :param called: what the record is called in what is said afterwards.
        """
        before, data = self.obj.status, self.form.cleaned_data if self.form else {}
        try:
            done = self.workflow.perform(
                self.declared.name, self.obj, by=self.request.actor, now=timezone.now(), data=data
            )
        except TransitionBlocked as blocked:
            self.reasons = list(blocked.reasons)
            return False
        said = f"{self.declared.done}: {called}."
        if back := way_back(self.workflow, done, self.request.actor, before):
            said = f"{said} {_('Du kan angre med «%(step)s».') % {'step': back}}"
        messages.success(self.request, said)
        return True

    @property
    def status(self) -> int:
        if self.reasons:
            return CONFLICT
        return UNPROCESSABLE if self.form is not None and self.form.errors else OK

    def context(self) -> dict[str, Any]:
        return {
            "step": self.declared, "form": self.form, "reasons": self.reasons,
            "explanation": what_follows(self.declared.name), "is_grave": self.declared.tone == "danger",
        }  # fmt: skip
