"""Rounds of nyttepoker, and the cards that are played in them."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import poker_rules
from governance.models.poker import MOST_POINTS, MOST_ROUNDS, PokerCase, PokerGame, PokerGoal, PokerPlayer
from governance.poker_queries import PokerCardQuerySet, PokerRoundQuerySet


class RoundStatus(models.TextChoices):
    """Where a round of nyttepoker stands."""

    OPEN = "open", _("Kortene legges")
    REVEALED = "revealed", _("Kortene er vist")
    LOCKED = "locked", _("Låst")
    REPLAYED = "replayed", _("Spilt om igjen")
    BROKEN = "broken", _("Avbrutt")


class Abstention(models.TextChoices):
    """The cards without points: whoever plays them is left out of the count."""

    UNSURE = "unsure", _("? (vet ikke)")
    PAUSE = "pause", _("Pause")


_ACTIVE = Q(status__in=[RoundStatus.OPEN, RoundStatus.REVEALED])
_STANDS = ~Q(status=RoundStatus.BROKEN)
_SHOWN = Q(revealed_at__isnull=False, votes__isnull=False)


@tracked()
class PokerRound(Tracked):
    """One question, played once: the weight of a goal where ``case`` is ``None``, else what the case gives the goal.

    What the cards showed is summed when they are revealed; ``value`` is what the round gave when it was locked.
    """

    game = models.ForeignKey(PokerGame, models.PROTECT, related_name="rounds")
    goal = models.ForeignKey(PokerGoal, models.PROTECT, related_name="rounds")
    case = models.ForeignKey(PokerCase, models.PROTECT, related_name="rounds", null=True)
    number = models.PositiveSmallIntegerField(_("runde"))
    status = models.CharField(
        _("tilstand"), max_length=10, choices=RoundStatus.choices, default=RoundStatus.OPEN
    )
    opened_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    votes = models.PositiveSmallIntegerField(_("stemmer"), null=True)
    abstained = models.PositiveSmallIntegerField(_("avsto"), null=True)
    lowest = models.DecimalField(_("lavest"), max_digits=4, decimal_places=1, null=True)
    highest = models.DecimalField(_("høyest"), max_digits=4, decimal_places=1, null=True)
    value = models.DecimalField(_("verdi"), max_digits=5, decimal_places=2, null=True)

    objects = PokerRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("runde i nyttepoker")
        verbose_name_plural = _("runder i nyttepoker")
        ordering = ["pk"]
        constraints = [
            constraints.known("poker_round_status", "status", RoundStatus),
            constraints.unique("poker_one_active", "game", condition=_ACTIVE, message=_("En runde er alt i gang.")),
            constraints.unique(
                "poker_weight_number", "goal", "number", condition=_STANDS & Q(case=None), message=_("Runden er alt spilt."),
            ),
            constraints.unique(
                "poker_points_number", "goal", "case", "number", condition=_STANDS & Q(case__isnull=False), message=_("Runden er alt spilt."),
            ),
            constraints.unique(
                "poker_weight_locked", "goal", condition=Q(status=RoundStatus.LOCKED, case=None), message=_("Målet er alt vektet."),
            ),
            constraints.unique(
                "poker_points_locked", "goal", "case", condition=Q(status=RoundStatus.LOCKED, case__isnull=False),
                message=_("Tiltaket har alt fått poeng for målet."),
            ),
            constraints.check(
                "poker_round_number", Q(number__gte=1, number__lte=MOST_ROUNDS), _("Det kan spilles fra én til tre runder."),
            ),
            constraints.check(
                "poker_round_shown", Q(status__in=[RoundStatus.OPEN, RoundStatus.BROKEN]) | _SHOWN, _("Runden er ikke talt opp."),
            ),
            constraints.check(
                "poker_round_hidden", ~Q(status=RoundStatus.OPEN) | Q(revealed_at=None, votes=None, lowest=None, highest=None),
                _("En runde som spilles, viser ingenting."),
            ),
            constraints.check(
                "poker_round_ended", Q(ended_at=None) & _ACTIVE | Q(ended_at__isnull=False) & ~_ACTIVE,
                _("En runde er enten i gang eller ferdig."),
            ),
            constraints.check(
                "poker_round_value", Q(value=None) & ~Q(status=RoundStatus.LOCKED) | Q(value__isnull=False, status=RoundStatus.LOCKED),
                _("En låst runde har en verdi."),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.FSM(name="poker_round_steps", field="status", transitions=poker_rules.STEPS),
            *poker_rules.ROUND,
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}/{self.case_id}: {self.number}"

    @property
    def is_open(self) -> bool:
        return self.status == RoundStatus.OPEN

    @property
    def is_revealed(self) -> bool:
        return self.status == RoundStatus.REVEALED

    @property
    def is_locked(self) -> bool:
        return self.status == RoundStatus.LOCKED

    @property
    def is_active(self) -> bool:
        return self.is_open or self.is_revealed

    @property
    def is_weight(self) -> bool:
        return self.case_id is None

    @property
    def spread(self) -> Decimal:
        """How far the lowest and the highest card lie from one another: the disagreement."""
        return (self.highest or Decimal(0)) - (self.lowest or Decimal(0))

    def is_outermost(self, card: PokerCard) -> bool:
        """Tell whether a card that is shown is the lowest or the highest, where they differ."""
        return bool(self.spread) and card.value in {self.lowest, self.highest}


@tracked(exclude=("value", "abstention"))
class PokerCard(Tracked):
    """The card of a player in a round, dealt when the round is opened; until it is played it holds neither of the two.

    ``explanation`` is what the lowest and the highest said when the cards were shown.
    """

    round = models.ForeignKey(PokerRound, models.PROTECT, related_name="cards")
    player = models.ForeignKey(PokerPlayer, models.PROTECT, related_name="+")
    value = models.DecimalField(_("kort"), max_digits=4, decimal_places=1, null=True)
    abstention = models.CharField(_("avstår"), max_length=10, choices=Abstention.choices, blank=True)
    explanation = models.CharField(_("forklaring"), max_length=500, blank=True)

    objects = PokerCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("kort i nyttepoker")
        verbose_name_plural = _("kort i nyttepoker")
        constraints = [
            constraints.unique("poker_card_once", "round", "player", message=_("Spilleren har alt et kort i runden.")),
            constraints.check(
                "poker_card_value", Q(value=None) | Q(value__gte=0, value__lte=MOST_POINTS, abstention=""),
                _("Et kort har poeng fra 0 til 100, eller avstår."),
            ),
            constraints.check(
                "poker_card_abstention", Q(abstention__in=["", *Abstention.values]), _("Velg et kort fra kortstokken."),
            ),
        ]  # fmt: skip
        triggers = [poker_rules.CARD]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.player_id}"

    @property
    def is_played(self) -> bool:
        return self.value is not None or bool(self.abstention)
