"""What happens in a case while the council sits: impartiality, proposals and votes."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import voters
from governance.models.locks import OF_ITEM, OF_VOTING, locked
from governance.models.meeting import AgendaItem, Attendance


class Said(models.TextChoices):
    """What a member answers to «Er du inhabil?»."""

    NO = "no", _("Nei")
    YES = "yes", _("Ja")
    DOUBT = "doubt", _("I tvil")


class VotingResult(models.TextChoices):
    OPEN = "open", _("Pågår")
    CARRIED = "carried", _("Vedtatt")
    FALLEN = "fallen", _("Falt")
    STOPPED = "stopped", _("Avbrutt")


class BallotChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Mot")
    BLANK = "blank", _("Blankt")


@tracked()
class Impartiality(Tracked):
    """What was declared and decided about one member's impartiality (habilitet) in one case.

    Source: forvaltningsloven 1967 §§ 6-10, forvaltningsloven 2025 chapter 4.  Who is
    disqualified leaves both the vote and the count of those present in that case; ``substitute``
    is who takes the seat in it.  Doubt is decided by ``decided_roll``, and open until then.
    """

    class Ground(models.TextChoices):
        PARTY = "party", _("Part i saken")
        FAMILY = "family", _("Slekt, svogerskap eller samboer")
        GUARDIAN = "guardian", _("Verge eller fullmektig")
        BOARD = "board", _("Leder eller styreverv hos en part")
        SPECIAL = "special_circumstances", _("Særegne forhold")
        DERIVED = "derived", _("Avledet av overordnet")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="impartialities")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="impartialities")
    answer = models.CharField(_("svar"), max_length=5, choices=Said.choices)
    ground = models.CharField(_("grunnlag"), max_length=30, choices=Ground.choices, blank=True)
    explanation = models.TextField(_("forklaring"), max_length=2000, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_disqualified = models.BooleanField(_("inhabil"), null=True)
    decided_at = models.DateTimeField(null=True)
    decided_roll = models.JSONField(null=True, editable=False)
    votes_for = models.PositiveSmallIntegerField(_("for avgjørelsen"), null=True)
    votes_against = models.PositiveSmallIntegerField(_("mot avgjørelsen"), null=True)
    substitute = models.ForeignKey(
        Attendance, models.PROTECT, null=True, related_name="steps_in_for", verbose_name=_("vara i saken")
    )

    class Meta:
        verbose_name = _("habilitet")
        verbose_name_plural = _("habilitet")
        triggers = [locked("governance_impartiality", OF_ITEM)]
        constraints = [
            constraints.unique(
                "impartiality_once", "item", "attendance", message=_("Habiliteten er alt vurdert.")
            ),
            constraints.unique(
                "impartiality_substitute", "item", "substitute", message=_("Varamedlemmet tar alt en plass i saken.")
            ),
            constraints.known("impartiality_answer", "answer", Said),
            constraints.check(
                "impartiality_ground", Q(answer="no") | ~Q(ground=""), _("Velg grunnlaget for inhabilitet eller tvil.")
            ),
            constraints.together(
                "impartiality_decided", "decided_at", "is_disqualified", _("En avgjørelse har tidspunkt.")
            ),
            constraints.check(
                "impartiality_outcome",
                Q(answer="doubt") | Q(answer="yes", is_disqualified=True) | Q(answer="no", is_disqualified=False),
                _("Svaret og avgjørelsen stemmer ikke overens."),
            ),
            constraints.check(
                "impartiality_steps_in", Q(substitute=None) | Q(is_disqualified=True),
                _("Vara trer inn bare for en som er inhabil."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id} {self.attendance_id}: {self.answer}"

    @property
    def is_open(self) -> bool:
        """Whether the council has yet to decide on a doubt."""
        return self.is_disqualified is None

    @property
    def is_in_doubt(self) -> bool:
        return self.answer == Said.DOUBT

    @property
    def is_worth_telling(self) -> bool:
        """Whether the minutes tell it: a plain «no» is told of everybody at once."""
        return self.answer != Said.NO or self.ground != ""


@tracked()
class Proposal(Tracked):
    """A proposal made in the meeting; the recommendation is none, it stands on the agenda."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField(_("nummer"))
    text = models.TextField(_("forslag"), max_length=8000)
    proposed_by = models.ForeignKey(
        Attendance, models.PROTECT, related_name="+", verbose_name=_("fremsatt av")
    )
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("forslag")
        verbose_name_plural = _("forslag")
        triggers = [locked("governance_proposal", OF_ITEM)]
        ordering = ["number"]
        constraints = [
            constraints.unique("proposal_number", "item", "number", message=_("Forslaget finnes alt."))
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


@tracked()
class Voting(Tracked):
    """One vote on one text: the recommendation, or a proposal.  ``text`` is what was voted on, word for word."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votings")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="votings")
    text = models.TextField(_("tekst"), max_length=8000)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(
        _("utfall"), max_length=10, choices=VotingResult.choices, default=VotingResult.OPEN
    )
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True)
    votes_against = models.PositiveSmallIntegerField(_("mot"), null=True)
    votes_blank = models.PositiveSmallIntegerField(_("blankt"), null=True)
    roll = models.JSONField(null=True, editable=False)
    casting_vote = models.BooleanField(_("avgjort med møteleders dobbeltstemme"), default=False)

    class Meta:
        verbose_name = _("votering")
        verbose_name_plural = _("voteringer")
        triggers = [locked("governance_voting", OF_ITEM)]
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "voting_one_at_a_time", "item", condition=Q(closed_at=None), message=_("En votering pågår alt.")
            ),
            constraints.known("voting_result", "result", VotingResult),
            constraints.check(
                "voting_closed", Q(closed_at=None, result="open") | Q(closed_at__isnull=False) & ~Q(result="open"),
                _("En votering er enten åpen eller avsluttet."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id}: {self.result}"

    @property
    def is_open(self) -> bool:
        return self.result == VotingResult.OPEN

    @property
    def is_carried(self) -> bool:
        return self.result == VotingResult.CARRIED


@tracked()
class Ballot(Tracked):
    """What one member voted.  The database refuses it of who is disqualified, has left, or after the voting."""

    voting = models.ForeignKey(Voting, models.CASCADE, related_name="ballots")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="+")
    choice = models.CharField(_("stemme"), max_length=10, choices=BallotChoice.choices)
    cast_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("stemme")
        verbose_name_plural = _("stemmer")
        constraints = [
            constraints.unique("ballot_once", "voting", "attendance", message=_("Medlemmet har alt stemt.")),
            constraints.known("ballot_choice", "choice", BallotChoice),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="is_a_voter", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("the_item", "bigint"), ("the_meeting", "bigint")], func=voters.BALLOT,
            ),
            locked("governance_ballot", OF_VOTING),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.voting_id} {self.attendance_id}"
