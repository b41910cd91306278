"""What is added to minutes after they are approved."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.meeting import AgendaItem, Meeting

_AFTER_APPROVAL = """
    if not exists (select from governance_meeting where id = new.meeting_id and status = 'minutes_approved') then
        raise exception 'Minutes that are not approved are corrected, and have no addenda.';
    end if;
    if new.item_id is not null
        and not exists (select from governance_agendaitem where id = new.item_id and meeting_id = new.meeting_id) then
        raise exception 'The case is not of this meeting.';
    end if;
    return new;
"""


@tracked()
class MinutesAddendum(Tracked):
    """A correction of approved minutes, which stand as they are; itself never changed.

    One that is about a case is read by those who read the case, else it is as open as the minutes.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="addenda")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="addenda", verbose_name=_("sak")
    )
    number = models.PositiveSmallIntegerField(_("nummer"))
    text = models.TextField(_("tilføyelse"), max_length=8000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tilføyelse til protokollen")
        verbose_name_plural = _("tilføyelser til protokollen")
        ordering = ["number"]
        constraints = [
            constraints.unique("addendum_number", "meeting", "number", message=_("Tilføyelsen finnes alt."))
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="after_approval", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_AFTER_APPROVAL
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.number}"
