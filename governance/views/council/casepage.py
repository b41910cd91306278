"""One case on the screen of the meeting: habilitet first, then the decision, then the next case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionBlocked
from governance import agenda, council, policies
from governance import meeting_presentation as presentation
from governance.forms.meeting import DecisionForm, NoteForm
from governance.forms.session import ImpartialityForm
from governance.models import AgendaItem, Outcome
from governance.views.council.common import CONFLICT, INVALID

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.meeting_presentation import AgendaLine
    from governance.models import Meeting
    from organization.http import Request

DECIDE, DECLARE, PREVIEW = "decide", "declare", "preview"
_DIFFERENCE = "governance/meeting_item.html#difference"


@dataclass
class CasePage:
    """One visit to a case.  ``sent`` is which of its forms was sent."""

    request: Request
    meeting: Meeting
    line: AgendaLine
    lines: list[AgendaLine]
    reasons: tuple[StrOrPromise, ...] = ()
    said: str = ""
    form: Any = field(init=False, default=None)
    impartiality_form: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.may_lead = policies.may_lead_meeting(self.request.actor, self.meeting)
        self.sent = self.request.POST.get("do", DECIDE) if self.request.method == "POST" else ""
        self.is_open = self.meeting.is_in_session and self.line.decision is None and self.line.is_readable
        self.rows = presentation.attendances_of(self.meeting)
        if self.may_lead and self.is_open:
            self.form = self._decision_form()
            if self.is_case:
                self.impartiality_form = ImpartialityForm(
                    self._data(DECLARE), rows=self.rows, prefix="habilitet"
                )

    @property
    def is_case(self) -> bool:
        return self.line.item.kind == AgendaItem.Kind.DECISION

    def _data(self, sent: str) -> Any:
        return self.request.POST if self.sent == sent else None

    def _decision_form(self) -> Any:
        item = self.line.item
        if not self.is_case:
            return NoteForm(self._data(DECIDE), item=item, initial={"discussion": item.discussion})
        return DecisionForm(
            self._data(DECIDE), item=item, initial=self._initial(),
            descriptions=presentation.outcome_descriptions(item, self.line.initiative),
        )  # fmt: skip

    def _initial(self) -> dict[str, Any]:
        """Return what is usual, or what was typed so far where only the difference was asked for."""
        item = self.line.item
        initial = {
            "outcome": item.matter.proposed if item.matter is not None else council.proposed_outcome(item.recommendation), "text": item.recommendation, "unanimous": True,
            "discussion": item.discussion, "impartiality": item.impartiality,
        }  # fmt: skip
        if self.sent == PREVIEW:
            typed = self.request.POST
            initial |= {name: typed[name] for name in DecisionForm.base_fields if name in typed}
            initial["unanimous"] = "unanimous" in typed
            initial["chair_is_for"] = "chair_is_for" in typed
        return initial

    # --- What was sent ---------------------------------------------------------------------------
    def take(self) -> bool:
        """Do what was sent, and tell whether it went; if not, the page says why and keeps what was typed."""
        if self.sent == PREVIEW:
            return False
        if self.form is None:
            self.reasons = (_("Saken er alt avgjort, eller møtet er ikke åpent."),)
            return False
        try:
            return self._declare() if self.sent == DECLARE else self._decide()
        except TransitionBlocked as blocked:
            self.reasons = blocked.reasons
            return False

    def _decide(self) -> bool:
        if not self.form.is_valid():
            return False
        data = self.form.cleaned_data
        details = self.form.details if self.is_case else {"discussion": data["discussion"]}
        decision = council.decide(
            self.line.item, outcome=data.get("outcome", Outcome.NOTE), text=data["text"], by=self.request.actor,
            now=timezone.now(), **details,
        )  # fmt: skip
        said = _("%(case)s er ført: %(outcome)s.") % {
            "case": self.line.item.case_number or self.line.title, "outcome": presentation.outcome_words(decision),
        }  # fmt: skip
        messages.success(self.request, said)
        return True

    def _declare(self) -> bool:
        if not self.impartiality_form.is_valid():
            return False
        row = agenda.declare(
            self.line.item, by=self.request.actor, now=timezone.now(), **self.impartiality_form.cleaned_data
        )
        outcome = _("fratrer i saken") if row.is_disqualified else _("deltar i saken")
        messages.success(self.request, f"{row.attendance.person} {outcome}.")
        return True

    def onward(self) -> str:
        """Return the next case that is not dealt with; this one again after a declaration."""
        if self.sent == DECLARE:
            return self.line.url
        following = self.following
        if following is not None:
            return following.url
        messages.info(self.request, _("Alle sakene er behandlet. Nå kan møtet avsluttes."))
        return self.meeting.get_absolute_url()

    @property
    def following(self) -> AgendaLine | None:
        """The next case that is not dealt with, beginning anew after the last."""
        at = self.lines.index(self.line)
        ordered = [*self.lines[at + 1 :], *self.lines[:at]]
        return next((line for line in ordered if line.decision is None), None)

    # --- What is shown -----------------------------------------------------------------------------
    @property
    def template(self) -> str:
        is_part = self.sent == PREVIEW and self.request.htmx
        return _DIFFERENCE if is_part else "governance/meeting_item.html"

    @property
    def status(self) -> int:
        if self.reasons:
            return CONFLICT
        failed = any(
            form is not None and form.is_bound and form.errors for form in (self.form, self.impartiality_form)
        )
        return INVALID if failed else 200

    def context(self) -> dict[str, Any]:
        at = self.lines.index(self.line)
        declared = list(self.line.item.impartialities.select_related("attendance__person").order_by("pk"))
        voting = {row.pk for row in self.rows if row.is_present and row.votes}
        out = sum(1 for row in declared if row.is_disqualified and row.attendance_id in voting)
        return {
            "meeting": self.meeting,
            "line": self.line,
            "item": self.line.item,
            "number": at + 1,
            "count": len(self.lines),
            "before": self.lines[at - 1] if at else None,
            "after": self.lines[at + 1] if at + 1 < len(self.lines) else None,
            "following": self.following,
            "form": self.form,
            "impartiality_form": self.impartiality_form,
            "declared": declared,
            "quorum": council.quorum_of(self.meeting, self.rows, out=out),
            "reasons": self.reasons,
            "may_lead": self.may_lead,
            "reads_minutes": presentation.reads_minutes(self.meeting, self.request.actor),
            "typed": self._typed(),
        }

    def _typed(self) -> str:
        """The decision as it stands on the screen, to be compared with the recommendation."""
        if self.line.decision is not None:
            return self.line.decision.text
        return str(self.request.POST.get("text", self.line.item.recommendation))
