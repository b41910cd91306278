"""What the meetings of groups show elsewhere: on the start page, and beside an initiative that came of their notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.panels import Panel
from governance.models import GroupMeeting, GroupOutcome

if TYPE_CHECKING:
    from governance.models import Initiative
    from organization.actors import PersonActor


def panel_of_initiative(initiative: Initiative, actor: PersonActor) -> Panel | None:
    """Show which notes an initiative came of, to those who see their meeting."""
    rows = GroupOutcome.objects.visible_to(actor).filter(initiative=initiative)
    notes = [row.note for row in rows.select_related("note__meeting__group").order_by("note_id")]
    return Panel("governance/panels/from_group_notes.html", {"notes": notes}) if notes else None


def next_group_meeting(actor: PersonActor) -> Panel | None:
    """Show the next meeting of the person's own groups."""
    rows = GroupMeeting.objects.of_groups_of(actor).upcoming(timezone.now()).select_related("group")
    meeting = rows.order_by("starts_at", "pk").first()
    return (
        Panel("governance/panels/next_group_meeting.html", {"meeting": meeting})
        if meeting is not None
        else None
    )
