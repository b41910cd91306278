"""The log of a project: what happened, what was asked for, what was off, and what was decided."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Phase, Project
from portfolio.queries import ProjectLogQuerySet


class LogKind(models.TextChoices):
    EVENT = "event", _("Kommentar eller hendelse")
    CHANGE_REQUEST = "change_request", _("Endringsforespørsel")
    OFF_SPECIFICATION = "off_specification", _("Avvik fra spesifikasjon")
    DECISION = "decision", _("Beslutning")


class LogResponsible(models.TextChoices):
    OWNER = "owner", _("Prosjekteier")
    LINE = "line", _("Linjen")
    MANAGER = "manager", _("Prosjektleder")
    GROUP = "group", _("Prosjektgruppa")
    SUPPLIER = "supplier", _("Leverandør")
    REFERENCE = "reference", _("Referansegruppe")
    OTHER = "other", _("Andre")


@tracked()
class ProjectLogEntry(Tracked):
    """One entry.  It is corrected, never removed; with a ``lesson`` it stands among those of the whole portfolio."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="log")
    kind = models.CharField(_("hva slags"), max_length=20, choices=LogKind.choices)
    title = models.CharField(_("kort fortalt"), max_length=200)
    text = models.TextField(_("beskrivelse"), max_length=4000, blank=True)
    happened_on = models.DateField(_("dato"))
    phase = models.CharField(_("fase"), max_length=20, choices=Phase.choices)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("meldt av")
    )
    responsible = models.CharField(_("ansvarlig"), max_length=20, choices=LogResponsible.choices, blank=True)
    consequence = models.TextField(_("konsekvens"), max_length=2000, blank=True)
    recommendation = models.TextField(_("anbefaling"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("besluttet av")
    )  # fmt: skip
    decided_on = models.DateField(_("besluttet"), null=True, blank=True)
    lesson = models.TextField(_("erfaring"), max_length=2000, blank=True)
    created_at = models.DateTimeField()

    objects = ProjectLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("innslag i prosjektloggen")
        verbose_name_plural = _("innslag i prosjektlogger")
        indexes = [
            models.Index(fields=["project", "-happened_on", "-id"], name="log_of_project"),
            models.Index(fields=["-happened_on", "-id"], name="log_lessons", condition=~Q(lesson="")),
            GinIndex(OpClass(F("title"), name="gin_trgm_ops"), name="log_title_trigram"),
            GinIndex(OpClass(F("lesson"), name="gin_trgm_ops"), name="log_lesson_trigram"),
        ]
        constraints = [
            constraints.known("log_kind", "kind", LogKind),
            constraints.known("log_phase", "phase", Phase),
            constraints.together(
                "log_decided", "decided_by", "decided_on", _("Skriv både hvem som besluttet og når.")
            ),
            constraints.check(
                "log_decision",
                Q(kind=LogKind.DECISION, decided_on__isnull=False)
                | (~Q(kind=LogKind.DECISION) & Q(decided_on__isnull=True)),
                _("En beslutning har en dato og noen som tok den; annet har det ikke."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portfolio:log_detail", args=[self.project_id, self.pk])

    @property
    def is_decision(self) -> bool:
        return self.kind == LogKind.DECISION
