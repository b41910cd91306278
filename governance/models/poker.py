"""Nyttepoker: a game about the goals and the initiatives it names, played in rounds with hidden cards.

Each round asks one thing: how much a goal weighs, or how much an initiative gives a goal.  What was played stands
nowhere but on the card, not in its history either, and the database refuses every card once the cards are shown.
"""

from __future__ import annotations

from decimal import Decimal

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
from governance.poker_queries import OfGame, PokerGameQuerySet
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
