"""Endorsement, hearings and the case paper: what is written about an initiative before the council."""

from __future__ import annotations

from copy import copy

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.queries import CasePaperQuerySet, ChildQuerySet, HearingQuerySet
from organization.roles import Role


@tracked()
class Endorsement(Tracked):
    """What the sector leader answered when heard."""

    class Verdict(models.TextChoices):
        ENDORSED = "endorsed", _("Tilrår")
        WITH_REMARK = "with_remark", _("Tilrår med merknad")
        NOT_ENDORSED = "not_endorsed", _("Tilrår ikke")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="endorsements")
    verdict = models.CharField(_("tilråding"), max_length=20, choices=Verdict.choices)
    remark = models.TextField(_("merknad"), max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilråding")
        verbose_name_plural = _("tilrådinger")
        ordering = ["at"]
        constraints = [
            constraints.check(
                "endorsement_verdict",
                models.Q(verdict__in=["endorsed", "with_remark", "not_endorsed"]),
                _("Ukjent tilråding."),
            ),
            constraints.check(
                "endorsement_remark",
                models.Q(verdict="endorsed") | ~models.Q(remark=""),
                _("Skriv en merknad når du ikke tilrår uten forbehold."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


@tracked()
class Hearing(Tracked):
    """A named role that is asked for its opinion, with a deadline."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="hearings")
    role = models.CharField(_("rolle"), max_length=30, choices=Role.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hearings", verbose_name=_("hvem som høres")
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField(_("frist"))
    answer = models.TextField(_("svar"), max_length=8000, blank=True)
    has_objection = models.BooleanField(_("har innvendinger"), default=False)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(_("runde"), default=1, db_default=1)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("høring")
        verbose_name_plural = _("høringer")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["person"], name="hearing_open", condition=models.Q(answered_at=None)),
            models.Index(fields=["initiative"], name="hearing_of"),
        ]
        constraints = [
            constraints.unique(
                "hearing_once",
                "initiative",
                "role",
                "person",
                "round",
                message=_("Personen er alt spurt i denne rollen."),
            ),
            constraints.together(
                "hearing_answered", "answered_at", "answered_by", _("Svaret må ha både tidspunkt og navn.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("governance:hearing_answer", args=[self.pk])

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def stamp_of_answer(self) -> str:
        """What tells one answer from the next, empty where there is none."""
        return self.answered_at.isoformat() if self.answered_at else ""


@tracked()
class CasePaper(Tracked):
    """The case paper (saksframlegg), sections per domain/governance 4.5."""

    SECTIONS = (
        "recommendation", "summary", "background", "facts", "benefits", "alternatives", "risk", "assessment",
        "communication", "follow_up",
    )  # fmt: skip

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="case_paper")
    version = models.PositiveIntegerField(default=1)
    recommendation = models.TextField(
        _("innstilling"),
        max_length=8000,
        blank=True,
        help_text=_("Ett punkt per linje. Dette blir forslaget rådet tar stilling til."),
    )
    summary = models.TextField(
        _("oppsummering"), max_length=1500, blank=True, help_text=_("Høyst fem linjer.")
    )
    background = models.TextField(_("bakgrunn"), max_length=20_000, blank=True)
    facts = models.TextField(
        _("faktagrunnlag"), max_length=20_000, blank=True,
        help_text=_("Lover, planer, gjeldende vedtak, økonomi, bemanning, personvern og sikkerhet."),
    )  # fmt: skip
    benefits = models.TextField(_("gevinster og nytte mot kostnad"), max_length=20_000, blank=True)
    alternatives = models.TextField(_("alternativer"), max_length=20_000, blank=True)
    risk = models.TextField(_("risiko"), max_length=20_000, blank=True)
    assessment = models.TextField(_("saksbehandlers vurdering"), max_length=20_000, blank=True)
    communication = models.TextField(_("kommunikasjon"), max_length=8000, blank=True)
    follow_up = models.TextField(_("oppfølging"), max_length=8000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    # The sections as they were when the papers last went out: what everybody but those who prepare reads.
    published = models.JSONField(null=True, editable=False)

    objects = CasePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("saksframlegg")
        verbose_name_plural = _("saksframlegg")

    def __str__(self) -> str:
        return str(self.initiative)

    @property
    def sections(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.SECTIONS}

    @property
    def is_changed_since_published(self) -> bool:
        return self.published is not None and self.published != self.sections

    def as_published(self) -> CasePaper:
        """Return the paper as it last went out; as it stands where it never did."""
        if self.published is None:
            return self
        sent = copy(self)
        for name, text in self.published.items():
            setattr(sent, name, text)
        sent.changed_at = self.published_at or self.changed_at
        return sent

    @property
    def missing_sections(self) -> list[str]:
        """Return the labels of the sections that must be written before the case is ready."""
        needed = ("recommendation", "summary", "background", "alternatives", "assessment")
        return [
            str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # they are columns
            for name in needed
            if not getattr(self, name).strip()
        ]
