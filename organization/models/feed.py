"""The feed of events: one line for each change that other systems may need to know of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.feed_queries import FeedEntryQuerySet


class FeedEntry(models.Model):
    """A change of one record, written by a trigger in the transaction of the change (``organization.feed``).

    Two numbers: ``id`` is given when the line is written, while the record is locked, so lines of one record have them in
    order; ``position`` is given after the transaction is through, and never to a place before one that has been read
    (``number_feed`` in ``organization/sql``).  Readers go by the position.  It holds codes, ids and times alone.
    """

    position = models.BigIntegerField(null=True, unique=True)
    type = models.CharField(max_length=100)
    resource = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    municipality = models.BigIntegerField()
    status = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = FeedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("hendelse")
        verbose_name_plural = _("hendelser")
        indexes = [
            models.Index(fields=["id"], name="feed_unnumbered", condition=models.Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.resource}/{self.object_id}"
