"""The secret address under which somebody's own calendar program reads the council's meetings and deadlines."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.cycle.queries import FeedQuerySet


@tracked(exclude=("digest",))
class CalendarFeed(Tracked):
    """One address for each person.  Of the secret in it only a digest is kept; without one the address is revoked."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, blank=True, editable=False)
    issued_at = models.DateTimeField()

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kalenderabonnement")
        verbose_name_plural = _("kalenderabonnementer")
        constraints = [
            constraints.unique(
                "calendar_feed_digest",
                "digest",
                condition=~Q(digest=""),
                message=_("Adressen er alt i bruk."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_open(self) -> bool:
        return self.digest != ""
