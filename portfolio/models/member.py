"""Who takes part in a project beside its owner and manager, as what and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Project
from portfolio.queries import ProjectMemberQuerySet

if TYPE_CHECKING:
    from datetime import date


class MemberRole(models.TextChoices):
    STEERING_LEADER = "steering_leader", _("Leder av styringsgruppa")
    STEERING_MEMBER = "steering_member", _("Medlem av styringsgruppa")
    CHANGE_AGENT = "change_agent", _("Endringsagent")
    ILDSJEL = "ildsjel", _("Ildsjel")
    MEMBER = "member", _("Prosjektmedarbeider")
    REFERENCE = "reference", _("Referanseperson")


@tracked()
class ProjectMember(Tracked):
    """One person in one role, from a day and to the last day, which is included."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="project_memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("rolle"), max_length=20, choices=MemberRole.choices)
    begins_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"), null=True, blank=True)
    note = models.CharField(_("merknad"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = ProjectMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("prosjektdeltaker")
        verbose_name_plural = _("prosjektdeltakere")
        constraints = [
            constraints.known("project_member_role", "role", MemberRole),
            constraints.unique(
                "project_member_once",
                "project",
                "person",
                "role",
                condition=Q(ends_on=None),
                message=_("Personen har alt denne rollen i prosjektet."),
            ),
            constraints.check(
                "project_member_period",
                Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                _("Siste dag kan ikke være før den første."),
            ),
        ]

    def is_there_on(self, day: date) -> bool:
        """Whether the role is held on a day, the last one included; who is to come counts as there."""
        return self.ends_on is None or self.ends_on >= day

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"
