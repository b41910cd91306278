"""Nyttepoker: a game about the goals and the initiatives it names, played in rounds with hidden cards.

Each round asks one thing: how much a goal weighs, or how much an initiative gives a goal.  What was played stands
nowhere but on the card, not in its history either, and the database refuses every card once the cards are shown.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import poker_rules
from governance.models.initiative import Initiative
from governance.poker_queries import OfGame, PokerCardQuerySet, PokerGameQuerySet, PokerRoundQuerySet
from organization.models import Goal, Unit

MOST_POINTS = 100
MOST_ROUNDS = 3
STANDARD_DECK = ("0", "0.5", "1", "2", "3", "5", "8", "13", "20", "40", "100")
"""With the cards «?» and «Pause» these are thirteen (domain/benefits 3.9)."""


def standard_deck() -> list[Decimal]:
    return [Decimal(value) for value in STANDARD_DECK]


class LocksBy(models.TextChoices):
    """What a round gives when it is locked."""

    MEDIAN = "median", _("Medianen")
    MEAN = "mean", _("Gjennomsnittet")


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


@tracked(exclude=("version", "turn"))
class PokerGame(Tracked):
    """A game.  Before it is opened it is a draft of the secretariat; when it is closed its points count.

    ``version`` grows with everything that happens, ``turn`` with what changes the cards of everybody: by them a
    browser asks whether there is anything new.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(_("tittel"), max_length=160)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("fasilitator")
    )
    deck = ArrayField(
        models.DecimalField(max_digits=4, decimal_places=1),
        verbose_name=_("kortstokk"),
        default=standard_deck,
    )
    minimum_votes = models.PositiveSmallIntegerField(_("færrest stemmer"), default=3)
    most_rounds = models.PositiveSmallIntegerField(_("flest runder"), default=MOST_ROUNDS)
    locks_by = models.CharField(
        _("låses med"), max_length=10, choices=LocksBy.choices, default=LocksBy.MEDIAN
    )
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    turn = models.PositiveIntegerField(default=0, editable=False)

    objects = PokerGameQuerySet.as_manager()

    class Meta:
        verbose_name = _("spill nyttepoker")
        verbose_name_plural = _("spill nyttepoker")
        indexes = [models.Index(fields=["municipality", "-id"], name="poker_games")]
        constraints = [
            constraints.known("poker_locks_by", "locks_by", LocksBy),
            constraints.check(
                "poker_rounds", Q(most_rounds__gte=1, most_rounds__lte=MOST_ROUNDS), _("Det kan spilles fra én til tre runder.")
            ),
            constraints.check("poker_votes", Q(minimum_votes__gte=2), _("Det trengs minst to stemmer.")),
            constraints.check("poker_deck", Q(deck__len__gte=3), _("Kortstokken må ha minst tre kort med tall.")),
            constraints.check(
                "poker_closed", Q(closed_at=None) | Q(opened_at__isnull=False), _("Et spill kan ikke avsluttes før det er åpnet."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:poker_game", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.opened_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_open(self) -> bool:
        return not self.is_draft and not self.is_closed


@tracked()
class PokerPlayer(Tracked):
    """Somebody who is invited to a game, and when he or she joined it on an own device."""

    game = models.ForeignKey(PokerGame, models.CASCADE, related_name="players")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(null=True, editable=False)

    objects = OfGame.as_manager()

    class Meta:
        verbose_name = _("spiller i nyttepoker")
        verbose_name_plural = _("spillere i nyttepoker")
        constraints = [
            constraints.unique("poker_player_once", "game", "person", message=_("Personen er alt invitert."))
        ]

    def __str__(self) -> str:
        return str(self.person)


@tracked()
class PokerGoal(Tracked):
    """A strategic goal that a game weighs."""

    game = models.ForeignKey(PokerGame, models.CASCADE, related_name="goals")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("rekkefølge"))

    objects = OfGame.as_manager()

    class Meta:
        verbose_name = _("mål i nyttepoker")
        verbose_name_plural = _("mål i nyttepoker")
        ordering = ["position", "pk"]
        constraints = [constraints.unique("poker_goal_once", "game", "goal", message=_("Målet er alt med."))]
        triggers = [poker_rules.drafted("poker_goal_drafted")]

    def __str__(self) -> str:
        return str(self.goal)


@tracked()
class PokerCase(Tracked):
    """An initiative that a game gives points, goal by goal."""

    game = models.ForeignKey(PokerGame, models.CASCADE, related_name="cases")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("rekkefølge"))

    objects = OfGame.as_manager()

    class Meta:
        verbose_name = _("tiltak i nyttepoker")
        verbose_name_plural = _("tiltak i nyttepoker")
        ordering = ["position", "pk"]
        constraints = [
            constraints.unique("poker_case_once", "game", "initiative", message=_("Tiltaket er alt med."))
        ]
        triggers = [poker_rules.drafted("poker_case_drafted")]

    def __str__(self) -> str:
        return str(self.initiative)


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
