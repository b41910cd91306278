"""The pulse: five questions to those who are to work in a new way, answered without anybody knowing by whom.

What is answered is kept as counts per unit and question, never as one person's answers, and neither
the counts nor the spent tokens have a history or a time.  Every answer rewrites the one row of its unit.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.queries import PulseRoundQuerySet
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date


class Occasion(models.TextChoices):
    BEFORE_BP3 = "before_bp3", _("Før BP3")
    AT_BP5 = "at_bp5", _("Ved BP5")
    SIX_MONTHS_AFTER = "six_months_after", _("Seks måneder etter")


class Question(models.TextChoices):
    WHY = "why", _("Jeg forstår hvorfor vi gjør dette")
    WANT = "want", _("Jeg vil være med på det")
    KNOW = "know", _("Jeg vet hvordan jeg skal gjøre det")
    ABLE = "able", _("Jeg klarer det, med den tiden og det utstyret jeg har")
    LASTS = "lasts", _("Jeg tror det varer")


class Reply(models.IntegerChoices):
    NO = 0, _("Nei")
    SOMEWHAT = 1, _("Litt")
    MOSTLY = 2, _("For det meste")
    YES = 3, _("Ja")


CELLS = len(Question.values) * len(Reply.values)


def no_counts() -> list[int]:
    return [0] * CELLS


def new_salt() -> str:
    return secrets.token_hex(16)


@tracked(exclude=("salt",))
class PulseRound(Tracked):
    """One time the affected units are asked.  ``salt`` makes the tokens of one round unlike those of another."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="pulse_rounds")
    occasion = models.CharField(_("anledning"), max_length=20, choices=Occasion.choices)
    opens_on = models.DateField(_("åpner"))
    closes_on = models.DateField(_("siste dag"))
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    created_at = models.DateTimeField()

    objects = PulseRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("puls")
        verbose_name_plural = _("pulser")
        ordering = ["opens_on", "pk"]
        indexes = [models.Index(fields=["closes_on", "opens_on"], name="pulse_open")]
        constraints = [
            constraints.known("pulse_occasion", "occasion", Occasion),
            constraints.unique(
                "pulse_once", "initiative", "occasion", message=_("Pulsen er alt planlagt. Endre den i stedet.")
            ),
            constraints.ordered("pulse_period", "opens_on", "closes_on", _("Siste dag kommer etter at den åpner.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.occasion}"

    def get_absolute_url(self) -> str:
        return reverse("benefits:pulse_answer", args=[self.pk])

    def is_open(self, today: date) -> bool:
        return self.opens_on <= today <= self.closes_on

    def is_over(self, today: date) -> bool:
        return self.closes_on < today


class PulseGroup(models.Model):
    """A unit that is asked in a round: how many are asked, and how often each reply was given to each question."""

    round = models.ForeignKey(PulseRound, models.CASCADE, related_name="groups")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhet"))
    asked = models.PositiveIntegerField(_("spurt"), default=0)
    answers = models.PositiveIntegerField(_("svar"), default=0)
    counts = ArrayField(models.PositiveIntegerField(), size=CELLS, default=no_counts)

    class Meta:
        verbose_name = _("enhet i en puls")
        verbose_name_plural = _("enheter i pulser")
        ordering = ["unit__path"]
        constraints = [
            constraints.unique("pulse_group_unit", "round", "unit", message=_("Enheten er alt med.")),
            constraints.check("pulse_group_cells", Q(counts__len=CELLS), _("Pulsen har fem spørsmål.")),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.unit_id}"


class PulseToken(models.Model):
    """That somebody has answered a round: a digest that names nobody and stands in no order."""

    token = models.CharField(primary_key=True, max_length=64)

    class Meta:
        verbose_name = _("brukt svarnøkkel")
        verbose_name_plural = _("brukte svarnøkler")

    def __str__(self) -> str:
        return self.token
