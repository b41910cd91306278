"""What benefits add to the scorecard, kept beside them so that nobody has to read every measurement.

A change of anything that a share is made of only marks the benefit (the triggers below), in its own transaction and
without waiting for anybody.  A marked benefit is counted by itself until the job has counted it anew
(``benefits.operations.sums``), so that the figures are right at every moment.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExactField(models.DecimalField):
    """A number with as many digits as it has: shares are products and quotients, and their sum must be exact."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 1000, "decimal_places": 500, "default": 0, **kwargs})

    def db_type(self, connection: Any) -> str:
        return "numeric"


class ScoreMark(models.Model):
    """A benefit of which something has changed since it was counted.  Rows are only added, and taken away by the job."""

    benefit = models.BigIntegerField()

    class Meta:
        verbose_name = _("merke for ny telling")
        verbose_name_plural = _("merker for ny telling")

    def __str__(self) -> str:
        return str(self.benefit)


class ScoreShare(models.Model):
    """What one benefit has added to the sums, and where.

    It stands until the job has taken it out of the sums again, also when the benefit is gone.
    """

    benefit = models.BigIntegerField(primary_key=True)
    home = models.BigIntegerField()
    seen_in = ArrayField(models.BigIntegerField())
    unit = models.BigIntegerField()
    owner = models.BigIntegerField(null=True)
    beneficiary = models.CharField(max_length=20)
    is_shielded = models.BooleanField()
    shares = models.JSONField(encoder=DjangoJSONEncoder)
    is_short = models.BooleanField()
    is_answered = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("gevinstens andel av styringskortet")
        verbose_name_plural = _("gevinstenes andeler av styringskortet")
        indexes = [
            models.Index("home", "is_answered", models.F("changed_at").desc(), models.F("benefit").desc(),
                name="share_short", condition=models.Q(is_short=True)),
            models.Index(models.Func("seen_in", function="cardinality"), name="share_short_of_many", condition=models.Q(is_short=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.benefit)


class ScorePart(models.TextChoices):
    """What the key of a sum is."""

    OWNER = "owner", _("Tjenesteeier")
    UNIT = "unit", _("Enhet")


class ScoreSum(models.Model):
    """The sum of shares of one kind and day, of a service owner or a unit, and of one kind of beneficiary.

    ``seen_in`` is the municipality whose people see what is summed, or those of them who read what is shielded there;
    ``home`` the one that it belongs to.
    """

    seen_in = models.BigIntegerField()
    is_shielded = models.BooleanField()
    home = models.BigIntegerField()
    part = models.CharField(max_length=10, choices=ScorePart.choices)
    key = models.BigIntegerField(null=True)
    beneficiary = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    at = models.DateField(null=True)
    planned = ExactField()
    forecast = ExactField()
    measured = ExactField()
    verified = ExactField()
    benefits = models.IntegerField()
    known_planned = models.IntegerField()
    known_forecast = models.IntegerField()
    known_measured = models.IntegerField()
    known_verified = models.IntegerField()
    due = models.IntegerField()
    made = models.IntegerField()
    confirmed = models.IntegerField()

    class Meta:
        verbose_name = _("sum til styringskortet")
        verbose_name_plural = _("summer til styringskortet")
        constraints = [
            models.UniqueConstraint(
                name="score_sum_once", fields=["seen_in", "part", "kind", "at", "is_shielded", "beneficiary", "key", "home"],
                nulls_distinct=False, violation_error_message=_("Summen finnes alt."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.part} {self.key}: {self.kind} {self.at}"


MARKS = "insert into benefits_scoremark (benefit) {}; return null;"


def marking(benefits: str, *columns: str) -> list[pgtrigger.Trigger]:
    """Return triggers that mark the benefits of a row that comes, goes, or changes in one of the columns.

    :param benefits: a select of their ids from ``{row}``, as SQL.
    :param columns: without any, every change counts.
    """
    changes = pgtrigger.UpdateOf(*columns) if columns else pgtrigger.Update
    facts = [f"row({', '.join(f'{row}.{name}' for name in columns or '*')})" for row in ("old", "new")]
    new, old = (MARKS.format(benefits.format(row=row)) for row in ("new", "old"))
    return [
        pgtrigger.Trigger(name="mark_new", when=pgtrigger.After, operation=pgtrigger.Insert, func=new),
        pgtrigger.Trigger(
            name="mark_change", when=pgtrigger.After, operation=changes, func=new,
            condition=pgtrigger.Condition(" is distinct from ".join(facts)),
        ),
        pgtrigger.Trigger(name="mark_gone", when=pgtrigger.After, operation=pgtrigger.Delete, func=old),
    ]  # fmt: skip


OF_INITIATIVE = "select id from benefits_benefit where initiative_id = {row}.initiative_id"
OF_INDICATOR = "select benefit_id from benefits_indicator where id = {row}.indicator_id"
