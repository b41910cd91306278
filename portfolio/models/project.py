"""A project that carries out an adopted initiative."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.feed import in_feed
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


class ProjectKind(models.TextChoices):
    """What the portfolio follows; operations are kept apart from what develops the municipality."""

    PROJECT = "project", _("Prosjekt")
    LINE_CHANGE = "line_change", _("Endring i linjen")
    OPERATIONS = "operations", _("Drift og forvaltning")

    @property
    def phases(self) -> list[Phase]:
        """The phases it goes through; only a project begins with a concept."""
        return [phase for phase in Phase if self == ProjectKind.PROJECT or phase != Phase.CONCEPT]


DEVELOPMENT = (ProjectKind.PROJECT, ProjectKind.LINE_CHANGE)


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


_ONE_LEVEL = """
    if new.parent_id = new.id
       or exists (select from portfolio_project p where p.id = new.parent_id and p.parent_id is not null)
       or exists (select from portfolio_project c where c.parent_id = new.id) then
        raise exception 'project % cannot be a part of project %: one level only', new.id, new.parent_id using errcode = '23514';
    end if;
    return new;
"""


@in_feed(kind="project", resource="projects")
@tracked()
class Project(Tracked):
    """One project per adopted initiative.  It owns phase, pause and stop; the initiative follows."""

    initiative = models.OneToOneField(Initiative, models.PROTECT, related_name="project")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects", verbose_name=_("enhet"))
    name = models.CharField(_("navn"), max_length=200)
    kind = models.CharField(
        _("slag"), max_length=20, choices=ProjectKind.choices, default=ProjectKind.PROJECT
    )
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
    programme = models.ForeignKey(
        "portfolio.Programme", models.PROTECT, null=True, related_name="projects", verbose_name=_("program")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("del av prosjekt")
    )
    starts_on = models.DateField(_("oppstart"), null=True, blank=True)
    ends_on = models.DateField(_("slutt"), null=True, blank=True)
    paused_until = models.DateField(_("på vent til"), null=True, blank=True)
    spent_when_stopped = models.DecimalField(
        _("brukt da det stoppet"), max_digits=14, decimal_places=2, null=True
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    is_readable: bool = True
    """Whether who looks may read its content, where a page has asked."""
    gate_answers: Mapping[str, Reason | None] = MappingProxyType({})
    """What its gates have answered, where a page has asked them for all its projects together."""
    open_points: Sequence[str] | None = None
    """The decision points of what must be answered in its checklists and is not, where a page has asked."""
    latest_told: Mapping[str, str] | None = None
    latest_status: Latest | None = None
    """Its latest published report, where a page has asked for those of all its projects together."""
    late_risks: int | None = None
    milestones_behind: int | None = None
    """How many of its open risks and milestones are past their day, where a page has asked."""

    owner_left = manager_left = False
    """Whether who leads it has no role there any more, where a page has asked (``with_leavers``)."""
    people_told: Sequence[Mapping[str, str]] | None = None
    """The first of those who take part, where a page has asked (``with_people``)."""

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prosjekt")
        verbose_name_plural = _("prosjekter")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="project_latest"),
            models.Index(
                fields=["phase", "-changed_at", "-id"], name="project_board", condition=Q(status__in=RUNNING)
            ),
            models.Index(
                fields=["phase", "-changed_at", "-id"],
                name="project_operations",
                condition=Q(status__in=RUNNING, kind=ProjectKind.OPERATIONS),
            ),
            models.Index(fields=["status", "phase", "-changed_at", "-id"], name="project_by_status"),
            models.Index(fields=["municipality", "owner"], name="project_owners"),
            models.Index(fields=["municipality", "manager"], name="project_managers"),
            models.Index(
                fields=["municipality", "status", "phase"],
                include=["id", "initiative", "kind", "unit", "owner", "changed_at"],
                name="project_sums",
            ),
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="project_name_trigram"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="one_level", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Q(new__parent__isnull=False), func=_ONE_LEVEL,
            )
        ]  # fmt: skip
        constraints = [
            constraints.known("project_kind", "kind", ProjectKind),
            constraints.check(
                "project_kind_phase",
                Q(kind=ProjectKind.PROJECT) | ~Q(phase=Phase.CONCEPT),
                _("Bare prosjekter har en konseptfase."),
            ),
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
    def is_project(self) -> bool:
        """Whether it goes through every phase and answers the checklists of the decision points."""
        return self.kind == ProjectKind.PROJECT

    @property
    def is_active(self) -> bool:
        return self.status == ProjectStatus.ACTIVE

    @property
    def left_note(self) -> str:
        """Who of those who lead it has left, in words; nothing once it has ended."""
        if not self.is_running or not (self.owner_left or self.manager_left):
            return ""
        if self.owner_left and self.manager_left:
            return _t("Prosjekteieren og prosjektlederen har sluttet")
        return _t("Prosjekteieren har sluttet") if self.owner_left else _t("Prosjektlederen har sluttet")

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING
