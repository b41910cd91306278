"""A project that carries out an adopted initiative."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import Unit
from portfolio.queries import ProjectQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.errors import Reason
    from portfolio.health import Latest


class Phase(models.TextChoices):
    """Phases of Prosjektveiviseren."""

    CONCEPT = "concept", _("Konsept")
    PLANNING = "planning", _("Planlegge")
    EXECUTION = "execution", _("Gjennomføre")
    CLOSING = "closing", _("Avslutte")
    REALIZING = "realizing", _("Realisere")


class ProjectStatus(models.TextChoices):
    ACTIVE = "active", _("Aktivt")
    PAUSED = "paused", _("Satt på vent")
    STOPPED = "stopped", _("Stoppet")
    COMPLETED = "completed", _("Fullført")


RUNNING = (ProjectStatus.ACTIVE, ProjectStatus.PAUSED)
STATUS_TONES = {
    ProjectStatus.ACTIVE: "success", ProjectStatus.PAUSED: "warning", ProjectStatus.STOPPED: "danger",
    ProjectStatus.COMPLETED: "neutral",
}  # fmt: skip


@tracked()
class Project(Tracked):
    """One project per adopted initiative.  It owns phase, pause and stop; the initiative follows."""

    initiative = models.OneToOneField(Initiative, models.PROTECT, related_name="project")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects", verbose_name=_("enhet"))
    name = models.CharField(_("navn"), max_length=200)
    phase = models.CharField(_("fase"), max_length=20, choices=Phase.choices, default=Phase.CONCEPT)
    status = models.CharField(
        _("status"), max_length=20, choices=ProjectStatus.choices, default=ProjectStatus.ACTIVE
    )
    status_since = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="owned_projects",
        verbose_name=_("prosjekteier"),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="managed_projects",
        verbose_name=_("prosjektleder"),
    )
    starts_on = models.DateField(_("oppstart"), null=True, blank=True)
    ends_on = models.DateField(_("slutt"), null=True, blank=True)
    paused_until = models.DateField(_("på vent til"), null=True, blank=True)
    spent_when_stopped = models.DecimalField(
        _("brukt da det stoppet"), max_digits=14, decimal_places=2, null=True
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    gate_answers: Mapping[str, Reason | None] = MappingProxyType({})
    """What its gates have answered, where a page has asked them for all its projects together."""
    open_points: Sequence[str] | None = None
    """The decision points of what must be answered in its checklists and is not, where a page has asked."""
    latest_told: Mapping[str, str] | None = None
    latest_status: Latest | None = None
    """Its latest published report, where a page has asked for those of all its projects together."""

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prosjekt")
        verbose_name_plural = _("prosjekter")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="project_latest"),
            models.Index(
                fields=["phase", "-changed_at", "-id"], name="project_board", condition=Q(status__in=RUNNING)
            ),
            models.Index(fields=["status", "phase", "-changed_at", "-id"], name="project_by_status"),
            models.Index(fields=["municipality", "owner"], name="project_owners"),
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="project_name_trigram"),
        ]
        constraints = [
            constraints.known("project_phase", "phase", Phase),
            constraints.known("project_status", "status", ProjectStatus),
            constraints.check(
                "project_period",
                Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                _("Prosjektet kan ikke slutte før det begynner."),
            ),
            constraints.not_negative(
                "project_spent", "spent_when_stopped", _("Beløpet kan ikke være negativt.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:project_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return STATUS_TONES[ProjectStatus(self.status)]

    @property
    def is_active(self) -> bool:
        return self.status == ProjectStatus.ACTIVE

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING
