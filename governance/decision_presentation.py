"""How a decision is shown: as a line of the log, on its own page and in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.presentation import Action, Actions, actions_of
from governance import meeting_presentation as presentation
from governance import policies
from governance.delegation import BODIES
from governance.follow_up_presentation import FollowUpState
from governance.models import Delegation, Organ
from governance.workflow import follow_up_workflow

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Decision, FollowUp
    from organization.actors import PersonActor


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision as this person may read it."""

    decision: Any
    today: date

    @property
    def title(self) -> str:
        item = self.decision.agenda_item
        if item is not None and item.matter_id is not None and self.decision.reads_text:
            return str(item.title)
        return str(self.decision.open_title)

    @property
    def outcome(self) -> str:
        return presentation.outcome_words(self.decision)

    @property
    def tone(self) -> str:
        return presentation.OUTCOME_TONES[self.decision.outcome]

    @property
    def votes(self) -> str:
        return presentation.vote_words(self.decision)

    @property
    def amount(self) -> Any:
        """The amount, for who reads the words."""
        return self.decision.amount if self.decision.reads_text else None

    @property
    def archive_reference(self) -> str:
        """The case number of the archive, for who reads the words."""
        initiative = self.decision.initiative
        return initiative.archive_reference if initiative is not None and self.decision.reads_text else ""

    @property
    def follow_up(self) -> FollowUpState | None:
        """How it is followed up, for who may know of it."""
        row: FollowUp | None = getattr(self.decision, "follow_up", None)
        return FollowUpState(row, self.today) if row is not None and self.decision.reads_follow_up else None


# --- The page of one decision ----------------------------------------------------------------------
def authority_of(decision: Decision) -> Delegation | None:
    """Return what the organ was given in the matrix of that day, where it decided an amount by itself."""
    organ = next((organ for organ, bodies in BODIES.items() if decision.body in bodies), None)
    if organ is None or decision.amount is None:
        return None
    given = Delegation.objects.in_force(decision.municipality_id, timezone.localdate(decision.decided_at))
    return given.filter(organ=Organ(organ)).first()


def follow_up_actions(row: FollowUp | None, decision: Decision, actor: PersonActor) -> Actions | None:
    """Return the steps of a follow-up that the actor may take."""
    if row is None:
        return None
    row.decision = decision  # loaded, as the policies ask it

    def url(name: str) -> str:
        return reverse("governance:follow_up_transition", args=[decision.pk, name])

    return actions_of(follow_up_workflow.offers(row, actor), url)


def follow_up_links(row: FollowUp | None, decision: Decision, actor: PersonActor) -> list[Action]:
    """Return where files are added, and where the secretariat sets up a follow-up, or moves it."""
    links = []
    if row is not None and row.is_unfinished and policies.may_carry_out(actor, row):
        url = reverse("governance:follow_up_files", args=[decision.pk])
        links.append(Action(name="follow_up_files", label=gettext_lazy("Legg ved filer"), url=url))
    if not policies.may_arrange_follow_up(actor, decision) or (row is not None and not row.is_unfinished):
        return links
    label = (
        gettext_lazy("Sett opp oppfølging") if row is None else gettext_lazy("Endre ansvarlig eller frist")
    )
    url = reverse("governance:follow_up_set", args=[decision.pk])
    return [*links, Action(name="follow_up", label=label, url=url)]


_NEXT: dict[str, StrOrPromise] = {
    "begin_follow_up": gettext_lazy("Vedtaket står som under arbeid til du melder det utført."),
    "finish_follow_up": gettext_lazy("Sekretariatet får beskjed. Det du skriver, står på vedtakets side."),
    "lapse_follow_up": gettext_lazy("Vedtaket skal ikke følges opp lenger. Den ansvarlige får beskjed."),
    "reopen_follow_up": gettext_lazy("Vedtaket skal følges opp på nytt. Det som er meldt, blir stående i historikken."),
    "revive_follow_up": gettext_lazy("Vedtaket skal følges opp likevel. Den ansvarlige får beskjed."),
}  # fmt: skip


def what_happens(name: str) -> StrOrPromise:
    """Return what follows from a step of a follow-up, in a sentence or two."""
    return _NEXT.get(name, "")
