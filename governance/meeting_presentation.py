"""How a meeting is shown: its agenda as this person may read it, its buttons, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import log_reads
from core.presentation import actions_of, due_of
from governance import council, guards, policies
from governance.matters import kind_of
from governance.models import Attendance, Decision, Initiative, MeetingStatus, Outcome, Voting
from governance.standing import standing_of
from governance.workflow import meeting_workflow

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.presentation import Actions, Due
    from governance.models import AgendaItem, Meeting
    from governance.standing import StandingItem
    from organization.actors import PersonActor

OUTCOME_TONES: dict[str, str] = {
    Outcome.PRIORITIZE: "success", Outcome.RECOMMEND: "success", Outcome.POSTPONE: "warning",
    Outcome.SEND_BACK: "warning", Outcome.HOLD: "warning", Outcome.REJECT: "danger", Outcome.NOTE: "neutral",
    Outcome.APPROVE: "success", Outcome.APPROVE_ON_TERMS: "success", Outcome.STOP: "danger",
}  # fmt: skip
# The outcome in a word or two, where the sentence of the log is too long.
OUTCOME_WORDS: dict[str, StrOrPromise] = {
    Outcome.PRIORITIZE: _("Prioritert"), Outcome.RECOMMEND: _("Innstilt"), Outcome.POSTPONE: _("Utsatt"),
    Outcome.SEND_BACK: _("Sendt tilbake"), Outcome.HOLD: _("Satt i kø"), Outcome.REJECT: _("Avslått"),
    Outcome.NOTE: _("Tatt til orientering"), Outcome.APPROVE: _("Godkjent"),
    Outcome.APPROVE_ON_TERMS: _("Godkjent med vilkår"), Outcome.STOP: _("Skal stoppes"),
}  # fmt: skip


# --- One decision --------------------------------------------------------------------------------
def outcome_words(decision: Decision) -> str:
    """Return the outcome in a word or two, as the organ that decided would say it."""
    if decision.body in {Decision.Body.COUNCIL, Decision.Body.REGION}:
        return str(OUTCOME_WORDS[decision.outcome])
    return str(_("Avslått") if decision.outcome == Outcome.REJECT else _("Vedtatt"))


def vote_words(decision: Decision) -> str:
    """Return the votes as minutes say them: «Enstemmig, 7 stemmer» or «5 for, 1 mot, 1 blank»."""
    if decision.votes_for is None:
        return ""
    if decision.is_unanimous:
        return str(_("Enstemmig (%(votes)s stemmer)") % {"votes": decision.votes_for})
    counts = {
        "ayes": decision.votes_for,
        "noes": decision.votes_against or 0,
        "blank": decision.votes_blank or 0,
    }
    words = str(_("%(ayes)s for, %(noes)s mot, %(blank)s blankt") % counts)
    return f"{words}. {_('Møteleders dobbeltstemme avgjorde.')}" if decision.casting_vote else words


# --- The agenda ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One item of the agenda, with what the actor may read of it."""

    item: AgendaItem
    initiative: Initiative | None
    is_readable: bool

    @property
    def title(self) -> str:
        """The title; of a shielded case the public one, for those without access."""
        if self.is_readable and self.item.matter_id is not None:
            return self.item.title
        if self.initiative is not None and self.is_readable:
            return self.initiative.title
        return str(self.item.shown_title)  # type: ignore[attr-defined]

    @property
    def public_title(self) -> str:
        """The title that everybody reads."""
        if self.initiative is not None and self.item.matter_id is None:
            return self.initiative.public_title if self.initiative.is_shielded else self.initiative.title
        return str(getattr(self.item, "shown_title", self.item.title))

    @property
    def url(self) -> str:
        return reverse("governance:meeting_item", args=[self.item.meeting_id, self.item.pk])

    @property
    def paper_url(self) -> str:
        """Where the case paper is read, empty when there is none or it is not for this person."""
        if self.item.matter is not None:
            return kind_of(self.item.matter).url(self.item.matter.subject_id) if self.is_readable else ""
        if self.initiative is None or not self.is_readable or not hasattr(self.initiative, "case_paper"):
            return ""
        return reverse("governance:initiative_case_paper", args=[self.initiative.pk])

    @property
    def paper_label(self) -> StrOrPromise:
        return kind_of(self.item.matter).label if self.item.matter is not None else _("Saksframlegg")

    @property
    def read_label(self) -> StrOrPromise:
        return kind_of(self.item.matter).read if self.item.matter is not None else _("Les saksframlegget")

    @property
    def decision(self) -> Decision | None:
        return getattr(self.item, "decision", None)

    @property
    def is_undecided(self) -> bool:
        """Tell whether the item asks for a decision and has none; notices and information never do."""
        return self.decision is None and self.item.kind == self.item.Kind.DECISION

    @property
    def outcome(self) -> str:
        return outcome_words(self.decision) if self.decision else ""

    @property
    def outcome_tone(self) -> str:
        return OUTCOME_TONES[self.decision.outcome] if self.decision else "neutral"

    @property
    def votes(self) -> str:
        return vote_words(self.decision) if self.decision else ""


def agenda_of(meeting: Meeting, actor: PersonActor) -> list[AgendaLine]:
    """Return the agenda in its order, in two queries; nothing of it before the papers are out."""
    if not meeting.reads_papers:
        return []
    cards = Initiative.objects.visible_to(actor).with_access(actor).select_related("case_paper")
    items = (
        meeting.items.on_agenda().select_related("decision__responsible", "matter").order_by("position", "pk")
    )
    items = items.annotate(card_title=F("initiative__card_title"))
    lines = []
    for item in items.prefetch_related(Prefetch("initiative", cards)):
        item.meeting = meeting
        if item.initiative is not None and item.initiative.municipality_id == meeting.municipality_id:
            item.initiative.municipality = meeting.municipality  # loaded with its rules
        item.shown_title = item.card_title or item.title  # type: ignore[attr-defined]
        lines.append(AgendaLine(item, item.initiative, _is_readable(item)))
    return lines


def _is_readable(item: AgendaItem) -> bool:
    if item.initiative_id is None:
        return True
    # Not among the cards the actor sees: the prefetch leaves it out.
    initiative: Any = item.initiative
    return initiative is not None and initiative.reads_shielded


def standing_for(meeting: Meeting, actor: PersonActor, *, now: datetime) -> StandingItem | None:
    """Return what the meeting is told of earlier decisions; nothing before the papers are out, or where it is cancelled."""
    if not meeting.reads_papers or meeting.is_cancelled:
        return None
    found = standing_of(meeting, actor, now=now)
    opened = [line.decision.initiative for line in found.lines if line.state is not None]
    shielded = [case for case in opened if case is not None and case.is_shielded]
    log_reads(shielded, what="meeting_standing", by=actor, now=now)
    return found


def note_reads(lines: list[AgendaLine], actor: PersonActor, *, what: str, now: datetime) -> None:
    """Log that somebody opened papers with shielded cases in them."""
    shielded = [
        line.initiative
        for line in lines
        if line.initiative is not None and line.is_readable and line.initiative.is_shielded
    ]
    log_reads(shielded, what=what, by=actor, now=now)


def reads_everything(lines: list[AgendaLine]) -> bool:
    return all(line.is_readable for line in lines)


def in_hand(meeting: Meeting, lines: list[AgendaLine]) -> AgendaLine | None:
    """Return the case the council is at: the one that is voted on, else the first that is not dealt with."""
    if not meeting.is_in_session:
        return None
    voting = (
        Voting.objects.filter(item__meeting=meeting, closed_at=None).values_list("item_id", flat=True).first()
    )
    voted_on = next((line for line in lines if line.item.pk == voting), None)
    return voted_on or next((line for line in lines if line.decision is None), None)


# --- The meeting ---------------------------------------------------------------------------------
def attendances_of(meeting: Meeting) -> list[Attendance]:
    """Return who sits in the meeting, leader first, in one query."""
    rows = list(meeting.seated.select_related("person", "substitute_for__person"))
    order = list(Attendance.Seat)
    return sorted(rows, key=lambda row: (order.index(Attendance.Seat(row.seat)), row.person.name))


def reads_minutes(meeting: Meeting, actor: PersonActor) -> bool:
    """Tell whether the minutes are open to this person: to everyone when they are approved."""
    return meeting.minutes_are_locked or policies.may_read_council_papers(actor, meeting.municipality_id)


def actions_for(meeting: Meeting, actor: PersonActor) -> Actions:
    """Return the buttons of a meeting."""

    def url(name: str) -> str:
        return reverse("governance:meeting_transition", args=[meeting.pk, name])

    return actions_of(meeting_workflow.offers(meeting, actor), url)


def papers_due_of(meeting: Meeting, today: date) -> Due | None:
    """Return when the papers must go out, while they have not."""
    if meeting.status != MeetingStatus.PLANNED:
        return None
    return due_of(council.papers_due(meeting), today)


_NEXT: dict[str, StrOrPromise] = {
    "summon": _(
        "Alle i rådet får innkallingen, og papirene blir åpne for alle ansatte. Innstillingene kan ikke endres etterpå."
    ),
    "open_session": _("Rådet er vedtaksført og kan avgjøre sakene."),
    "conclude": _("Protokollen kan rettes til den er godkjent. Vedtakene står fast."),
    "approve_minutes": _("Protokollen låses, blir åpen for alle ansatte og sendes til arkivet."),
    "cancel": _(
        "Alle i rådet får beskjed. Sakene går tilbake til sekretariatet og kan settes på et annet møte."
    ),
}


def what_happens(name: str) -> StrOrPromise:
    """Return what follows from a step, in a sentence or two."""
    return _NEXT.get(name, "")


# --- The choices of a case -----------------------------------------------------------------------
_OUTCOMES: dict[str, StrOrPromise] = {
    Outcome.RECOMMEND: _("Kommunedirektøren eller politisk nivå avgjør."),
    Outcome.POSTPONE: _("Saken kommer opp igjen i et senere møte."),
    Outcome.SEND_BACK: _("Sekretariatet utreder mer."),
    Outcome.HOLD: _("Saken vurderes på nytt en bestemt dag."),
    Outcome.REJECT: _("Saken avsluttes."),
}


def outcome_descriptions(item: AgendaItem, initiative: Initiative | None) -> dict[str, str]:
    """Return what follows from each outcome in this very case."""
    if item.matter is not None:
        return {outcome: str(text) for outcome, text in kind_of(item.matter).outcomes.items()}
    if initiative is None:
        return {}
    beyond = guards.is_within_council_authority(initiative)
    first = (
        f"{beyond} {_('Kommunedirektøren får saken.')}"
        if beyond
        else _("Innenfor rådets fullmakt: tiltaket er da vedtatt.")
    )
    return {Outcome.PRIORITIZE: str(first), **{key: str(text) for key, text in _OUTCOMES.items()}}
