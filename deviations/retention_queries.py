"""Which cases are past their term, and who reads what was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Q

from archive.models import ArchiveMessage
from core.conditions import has_one
from deviations.models.status import FINAL, OPEN
from deviations.policies import RETENTION_READERS
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from core.actors import Actor
    from deviations.models import DeviationType
    from deviations.queries import DeviationQuerySet


class ForgottenQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of the municipalities where the actor sees to archive, privacy or the installation."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        places = {place for one in RETENTION_READERS for place in as_person(actor).municipalities_where(one)}
        return self.filter(municipality_id__in=places)


def ended_before(type_: DeviationType, moment: datetime) -> DeviationQuerySet:
    """Return the cases of a type that ended before ``moment`` and on which nothing is left running.

    A case that stands in the register of injuries is kept as long as the register is, and one
    that another was merged into as long as that one; what the archive has not answered for waits.
    """
    from deviations.models import Deviation

    rows: DeviationQuerySet = Deviation.objects.filter(type=type_, status__in=FINAL, status_since__lt=moment)
    return rows.exclude(_is_running())


def _is_running() -> Q:
    from deviations.models import ActionLink, Deviation, Duty, Injury
    from deviations.models.action import ACTION_OPEN

    actions = ActionLink.objects.filter(deviation_id=OuterRef("pk"), action__status__in=ACTION_OPEN)
    duties = Duty.objects.filter(deviation_id=OuterRef("pk"), status="open")
    injuries = Injury.objects.filter(deviation_id=OuterRef("pk"))
    main = Deviation.objects.filter(pk=OuterRef("merged_into_id"), status__in=OPEN)
    kind = ContentType.objects.get_for_model(Deviation)
    unanswered = ArchiveMessage.objects.filter(
        content_type=kind, object_id=OuterRef("pk"), archive_reference=""
    )
    return has_one(actions) | has_one(duties) | has_one(injuries) | has_one(main) | has_one(unanswered)
