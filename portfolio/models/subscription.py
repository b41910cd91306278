"""Who wants the portfolio reports of an area by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from organization.models import Unit
from portfolio.queries import SubscriptionQuerySet


class HowOften(models.TextChoices):
    PUBLISHED = "published", _("Når en rapport publiseres")
    MONTHLY = "monthly", _("Den første arbeidsdagen i hver måned")


class ReportSubscription(models.Model):
    """One person and one area.  It grants nothing: what the person may not read on the day is not sent."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    area = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("område"))
    how_often = models.CharField(
        _("hvor ofte"), max_length=10, choices=HowOften.choices, default=HowOften.PUBLISHED
    )
    created_at = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement på rapporter")
        verbose_name_plural = _("abonnementer på rapporter")
        constraints = [
            constraints.known("subscription_how_often", "how_often", HowOften),
            constraints.unique(
                "subscription_once", "person", "area", message=_("Du abonnerer alt på dette området.")
            ),
        ]

    def __str__(self) -> str:
        return str(self.area)
