"""The plan of a project: milestones, deliverables, and what it waits for in other projects (domain/portfolio 1.2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Project
from portfolio.queries import DeliverableQuerySet, DependencyQuerySet, MilestoneQuerySet


def _person(label: Any, **how: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, null=True, blank=True, **how
    )  # fmt: skip


def _text(label: Any) -> models.TextField:
    return models.TextField(label, max_length=2000, blank=True)


@tracked()
class Milestone(Tracked):
    """Something that is reached on a day.  ``planned_on`` stands as it was first set, ``expected_on`` is moved."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milepæl"), max_length=200)
    planned_on = models.DateField(_("planlagt"))
    expected_on = models.DateField(_("ventet"))
    reached_on = models.DateField(_("nådd"), null=True, blank=True)
    responsible = _person(_("ansvarlig"))
    note = _text(_("merknad"))
    created_at = models.DateTimeField()

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milepæl")
        verbose_name_plural = _("milepæler")
        indexes = [
            models.Index(fields=["project", "expected_on", "id"], name="milestone_of_project"),
            models.Index(fields=["expected_on", "id"], name="milestone_open", condition=Q(reached_on=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:milestone_detail", args=[self.pk])


class DeliverableStatus(models.TextChoices):
    """How a deliverable goes until it is approved."""

    ON_PLAN = "on_plan", _("Etter plan")
    MINOR = "minor", _("Små avvik")
    MAJOR = "major", _("Store avvik")


@tracked()
class Deliverable(Tracked):
    """Something the project hands over, what makes it good enough, and who says that it is."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="deliverables")
    name = models.CharField(_("leveranse"), max_length=200)
    description = _text(_("beskrivelse"))
    quality_expectations = _text(_("forventninger til kvaliteten"))
    acceptance_criteria = _text(_("akseptansekriterier"))
    tolerance = _text(_("toleranse"))
    quality_owner = _person(_("svarer for kvaliteten"))
    approver = _person(_("godkjenner"))
    approval_method = _text(_("hvordan den godkjennes"))
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("ferdig"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=DeliverableStatus.choices, default=DeliverableStatus.ON_PLAN
    )
    comment = _text(_("kommentar"))
    approved_on = models.DateField(_("godkjent"), null=True, blank=True, editable=False)
    approved_by = _person(_("godkjent av"), editable=False)
    created_at = models.DateTimeField()

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        verbose_name = _("prosjektleveranse")
        verbose_name_plural = _("prosjektleveranser")
        indexes = [
            models.Index(fields=["project", "ends_on", "id"], name="deliverable_of_project"),
            models.Index(
                fields=["approver", "ends_on", "id"],
                name="deliverable_to_approve",
                condition=Q(approved_on=None),
            ),
        ]
        constraints = [
            constraints.known("deliverable_status", "status", DeliverableStatus),
            constraints.together(
                "deliverable_approved", "approved_on", "approved_by", _("En godkjenning har en dag og en person.")
            ),
            constraints.check(
                "deliverable_period",
                Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                _("Leveransen kan ikke være ferdig før den begynner."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:deliverable_detail", args=[self.pk])

    @property
    def is_approved(self) -> bool:
        return self.approved_on is not None


@tracked()
class Dependency(Tracked):
    """A project waits for another: until that is handed over to the line, or until it reaches a milestone.

    No project waits for itself, over however many steps (``portfolio.plan.dependencies``).
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="dependencies")
    on = models.ForeignKey(
        Project, models.CASCADE, related_name="awaited_by", verbose_name=_("prosjektet det ventes på")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="awaited_by", verbose_name=_("milepæl"), null=True, blank=True
    )
    needed_on = models.DateField(_("trengs innen"), null=True, blank=True)
    note = _text(_("merknad"))
    created_at = models.DateTimeField()

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("avhengighet mellom prosjekter")
        verbose_name_plural = _("avhengigheter mellom prosjekter")
        constraints = [
            constraints.check(
                "dependency_on_another", ~Q(on=F("project")), _("Et prosjekt kan ikke vente på seg selv.")
            ),
            constraints.unique(
                "dependency_once", "project", "on", condition=Q(milestone=None),
                message=_("Prosjektet venter alt på hele dette prosjektet."),
            ),
            constraints.unique(
                "dependency_on_milestone_once", "project", "milestone", condition=Q(milestone__isnull=False),
                message=_("Prosjektet venter alt på denne milepælen."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project} – {self.on}"
