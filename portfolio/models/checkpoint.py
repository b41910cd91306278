"""Checklists of the decision points: what a municipality asks, and what a project has answered (domain/portfolio 3.1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality
from portfolio.models.project import Project
from portfolio.queries import CheckpointQuerySet


class DecisionPoint(models.TextChoices):
    """The decision points of Prosjektveiviseren; BP1 begins the concept phase, the others end a phase each."""

    BP1 = "bp1", _("BP1 Start av konseptfasen")
    BP2 = "bp2", _("BP2 Fra konsept til planlegging")
    BP3 = "bp3", _("BP3 Fra planlegging til gjennomføring")
    BP4 = "bp4", _("BP4 Fra gjennomføring til avslutning")
    BP5 = "bp5", _("BP5 Prosjektet avsluttes")
    BP6 = "bp6", _("BP6 Gevinstene er vurdert")


class Answer(models.TextChoices):
    OPEN = "open", _("Ikke svart")
    DONE = "done", _("I orden")
    NOT_RELEVANT = "not_relevant", _("Gjelder ikke oss")


class AskedPoint(models.Model):
    """The words of a point of a checklist."""

    point = models.CharField(_("beslutningspunkt"), max_length=3, choices=DecisionPoint.choices)
    text = models.CharField(_("spørsmål"), max_length=300)
    help = models.TextField(_("forklaring"), max_length=1000, blank=True)
    is_required = models.BooleanField(
        _("må være besvart"), default=True, help_text=_("Prosjektet går ikke videre før punktet er besvart.")
    )
    position = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


@tracked()
class ChecklistPoint(AskedPoint, Tracked):
    """A point of a municipality's own checklist.  New projects get a copy; those under way keep theirs."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_active = models.BooleanField(_("i bruk"), default=True)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("punkt i sjekkliste")
        verbose_name_plural = _("punkter i sjekklister")
        indexes = [models.Index(fields=["municipality", "point", "position", "id"], name="checklist_order")]
        constraints = [constraints.known("checklist_point", "point", DecisionPoint)]


@tracked()
class Checkpoint(AskedPoint, Tracked):
    """A point that a project answers before it passes a decision point, in the words it was asked."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="checkpoints")
    answer = models.CharField(_("svar"), max_length=12, choices=Answer.choices, default=Answer.OPEN)
    comment = models.TextField(_("kommentar"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("sjekkpunkt")
        verbose_name_plural = _("sjekkpunkter")
        indexes = [
            models.Index(fields=["project", "point", "position", "id"], name="checkpoint_order"),
            models.Index(
                fields=["project", "point"],
                name="checkpoint_lacking",
                condition=Q(is_required=True, answer=Answer.OPEN),
            ),
        ]
        constraints = [
            constraints.known("checkpoint_point", "point", DecisionPoint),
            constraints.known("checkpoint_answer", "answer", Answer),
            constraints.check(
                "checkpoint_answered", Q(answer=Answer.OPEN, answered_at=None) | (~Q(answer=Answer.OPEN) & Q(answered_at__isnull=False)),
                _("Et svar har et tidspunkt."),
            ),
            constraints.check(
                "checkpoint_reason", ~Q(answer=Answer.NOT_RELEVANT) | ~Q(comment=""),
                _("Skriv hvorfor punktet ikke gjelder."),
            ),
        ]  # fmt: skip
