"""What the meetings of groups show elsewhere: on the start page, and beside an initiative that came of their notes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from core.panels import Panel
from governance.models import GroupMeeting, GroupNote, GroupOutcome

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import Initiative
    from organization.actors import PersonActor


_TOLD = JSONObject(
    note="note_id", text="note__text", meeting_id="note__meeting_id", meeting="note__meeting__title",
    group="note__meeting__group__name", starts_at="note__meeting__starts_at",
)  # fmt: skip


def origins_for(actor: Actor) -> ArraySubquery:
    """Return the annotation of an initiative with the notes it came of, of those meetings that the actor sees."""
    rows = GroupOutcome.objects.visible_to(actor).filter(initiative_id=OuterRef("pk"))
    return ArraySubquery(rows.order_by("note_id").values(told=_TOLD))


def panel_of_initiative(initiative: Initiative, actor: PersonActor) -> Panel | None:
    """Show which notes an initiative came of, to those who see their meeting."""
    told: list[dict[str, Any]] | None = getattr(initiative, "group_notes", None)  # of ``origins_for``
    if told is None:
        rows = GroupOutcome.objects.visible_to(actor).filter(initiative=initiative)
        told = list(rows.order_by("note_id").values_list(_TOLD, flat=True))
    notes = [_origin(one) for one in told]
    return Panel("governance/panels/from_group_notes.html", {"notes": notes}) if notes else None


def _origin(told: dict[str, Any]) -> dict[str, Any]:
    url = reverse("governance:arena_meeting", args=[told["meeting_id"]])
    note = GroupNote(pk=told["note"], text=told["text"])
    day = timezone.localdate(datetime.fromisoformat(told["starts_at"]))
    return {"url": f"{url}#notat-{note.pk}", "first_line": note.first_line, "day": day, **told}


def next_group_meeting(actor: PersonActor) -> Panel | None:
    """Show the next meeting of the person's own groups."""
    rows = GroupMeeting.objects.of_groups_of(actor).upcoming(timezone.now()).select_related("group")
    meeting = rows.order_by("starts_at", "pk").first()
    return (
        Panel("governance/panels/next_group_meeting.html", {"meeting": meeting})
        if meeting is not None
        else None
    )
