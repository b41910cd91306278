"""One case on the screen of the meeting: habilitet first, then the decision, then the next case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from core.typed_text import keep_key
from core.workflow import TransitionBlocked
from governance import council, policies
from governance import meeting_presentation as presentation
from governance.forms.meeting import DecisionForm, NoteForm
from governance.models import AgendaItem, Outcome
from governance.views.council.common import CONFLICT, INVALID
from governance.views.council.sitting import DECLARE, PROPOSE, Sitting

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.meeting_presentation import AgendaLine
    from governance.models import Meeting, Voting
    from organization.http import Request

DECIDE, PREVIEW = "decide", "preview"
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
    sitting: Sitting | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.may_lead = policies.may_lead_meeting(self.request.actor, self.meeting)
        self.sent = self.request.POST.get("do", DECIDE) if self.request.method == "POST" else ""
        self.is_open = self.meeting.is_in_session and self.line.decision is None and self.line.is_readable
        self.rows = presentation.attendances_of(self.meeting)
        self.case = council.case_of(self.line.item, self.rows)
        may_declare = self.meeting.takes_attendance and self.line.decision is None and self.line.is_readable
        if self.is_case and may_declare:
            self.sitting = Sitting(self.request, self.case, self.may_lead)
        if self.may_lead and self.is_open:
            self.form = self._decision_form()

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
            self._data(DECIDE), item=item, initial=self._initial(), carried=self.carried, must_ask=bool(self.case.unanswered),
            descriptions=presentation.outcome_descriptions(item, self.line.initiative),
        )  # fmt: skip

    def _initial(self) -> dict[str, Any]:
        """Return what is usual, or what was typed so far where only the difference was asked for."""
        item = self.line.item
        text = self.carried.text if self.carried else item.recommendation
        proposed = item.matter.proposed if item.matter is not None else council.proposed_outcome(text)
        initial = {
            "outcome": proposed, "text": text, "unanimous": True,
            "discussion": item.discussion, "impartiality": item.impartiality,
        }  # fmt: skip
        if self.sent == PREVIEW:
            typed = self.request.POST
            initial |= {name: typed[name] for name in DecisionForm.base_fields if name in typed}
            initial["unanimous"] = "unanimous" in typed
            initial["chair_is_for"] = "chair_is_for" in typed
        return initial

    @property
    def may_take(self) -> bool:
        """Whether what was sent is for this person to send: the decision is the leader's, the rest the domain asks about."""
        sits = self.sitting is not None and self.sitting.own is not None
        return self.may_lead or (sits and self.line.is_readable and self.sent not in {DECIDE, PREVIEW})

    # --- What was sent ---------------------------------------------------------------------------
    def take(self) -> bool:
        """Do what was sent, and tell whether it went; if not, the page says why and keeps what was typed."""
        if self.sent == PREVIEW:
            return False
        try:
            if self.sent != DECIDE and self.sitting is not None:
                return self.sitting.take()
            if self.form is None:
                self.reasons = (_("Saken er alt avgjort, eller møtet er ikke åpent."),)
                return False
            return self._decide()
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

    @property
    def carried(self) -> Voting | None:
        return self.sitting.carried if self.sitting else None

    def onward(self) -> str:
        """Return the next case that is not dealt with; this one again until it is decided."""
        if self.sent != DECIDE:
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
        forms = (self.form, *((self.sitting.declaration, self.sitting.proposal) if self.sitting else ()))
        failed = any(form is not None and form.is_bound and form.errors for form in forms)
        return INVALID if failed else 200

    def context(self) -> dict[str, Any]:
        at = self.lines.index(self.line)
        return {
            **(self.sitting.context() if self.sitting else {}),
            "meeting": self.meeting,
            "line": self.line,
            "item": self.line.item,
            "number": at + 1,
            "count": len(self.lines),
            "before": self.lines[at - 1] if at else None,
            "after": self.lines[at + 1] if at + 1 < len(self.lines) else None,
            "following": self.following,
            "form": self.form,
            "is_case": self.is_case,
            "is_open": self.is_open,
            "declared": [row for row in self.case.declared if row.is_worth_telling],
            "quorum": self.case.quorum,
            "reasons": self.reasons,
            "may_lead": self.may_lead,
            "reads_minutes": presentation.reads_minutes(self.meeting, self.request.actor),
            "typed": self._typed(),
            "keep": {name: keep_key(self.request, name) for name in (DECIDE, PROPOSE, DECLARE)},
        }

    def _typed(self) -> str:
        """The decision as it stands on the screen, to be compared with the recommendation."""
        if self.line.decision is not None:
            return self.line.decision.text
        beginning = self.carried.text if self.carried else self.line.item.recommendation
        return str(self.request.POST.get("text", beginning) if self.sent in {DECIDE, PREVIEW} else beginning)
