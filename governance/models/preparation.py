"""Endorsement and hearings: what others say about an initiative before the council."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.formats import short_date
from core.history import Tracked, tracked
from governance.hearing_queries import HearingQuerySet
from governance.models.initiative import Initiative
from governance.queries import ChildQuerySet
from organization.models import Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.models import Attachment
    from core.presentation import FileLine


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


class Position(models.TextChoices):
    """Where who is heard stands."""

    NO_REMARKS = "no_remarks", _("Ingen merknader")
    REMARKS = "remarks", _("Har merknader")
    AGAINST = "against", _("Fraråder")


_TONES = {Position.NO_REMARKS: "success", Position.REMARKS: "info", Position.AGAINST: "danger"}


@tracked()
class Hearing(Tracked):
    """A named role that is asked for its opinion, with a deadline."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="hearings")
    role = models.CharField(_("rolle"), max_length=30, choices=Role.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hearings", verbose_name=_("hvem som høres")
    )
    on_behalf_of = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("svarer for")
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField(_("frist"))
    answer = models.TextField(_("svar"), max_length=8000, blank=True)
    position = models.CharField(
        _("standpunkt"), max_length=20, choices=Position.choices, blank=True, default=""
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(_("runde"), default=1, db_default=1)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("stedfortreder"),
    )
    stand_in_at = models.DateTimeField(null=True)
    stand_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stand_in_reason = models.TextField(_("begrunnelse"), max_length=1000, blank=True, db_default="")

    is_awaited: bool
    """Whether somebody owes an answer; there after ``with_awaited`` only."""
    files: Sequence[Attachment] = ()
    """The files of the answer, where ``governance.hearings.files`` has loaded them."""
    file_lines: Sequence[FileLine] = ()
    """The same, as lists show them."""

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("høring")
        verbose_name_plural = _("høringer")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["person"], name="hearing_open", condition=models.Q(answered_at=None)),
            models.Index(fields=["initiative"], name="hearing_of"),
            models.Index(
                fields=["stand_in"],
                name="hearing_stand_in",
                condition=models.Q(stand_in__isnull=False),
            ),
        ]
        constraints = [
            constraints.unique(
                "hearing_once",
                "initiative",
                "role",
                "person",
                "round",
                message=_("Personen er alt spurt i denne rollen."),
                condition=~models.Q(role=Role.CHIEF_OF_FINANCE),
            ),
            constraints.unique(
                "hearing_once_each",
                "initiative",
                "role",
                "person",
                "round",
                "on_behalf_of",
                message=_("Personen er alt spurt i denne rollen for kommunen."),
                condition=models.Q(role=Role.CHIEF_OF_FINANCE),
            ),
            constraints.together(
                "hearing_answered", "answered_at", "answered_by", _("Svaret må ha både tidspunkt og navn.")
            ),
            constraints.check(
                "hearing_position",
                models.Q(answered_at=None, position="")
                | models.Q(answered_at__isnull=False, position__in=Position.values),
                _("Et svar har et standpunkt: ingen merknader, har merknader eller fraråder."),
            ),
            constraints.check(
                "hearing_words",
                ~models.Q(position__in=[Position.REMARKS, Position.AGAINST]) | ~models.Q(answer=""),
                _("Skriv hva merknaden eller frarådingen går ut på."),
            ),
            constraints.together(
                "hearing_noted", "noted_at", "noted_by", _("Det som er notert, må ha både tidspunkt og navn.")
            ),
            constraints.together(
                "hearing_stand_in_at",
                "stand_in",
                "stand_in_at",
                _("En stedfortreder er navngitt på et tidspunkt."),
            ),
            constraints.together(
                "hearing_stand_in_by", "stand_in", "stand_in_by", _("En stedfortreder er navngitt av noen.")
            ),
            constraints.check(
                "hearing_stand_in_other",
                models.Q(stand_in=None) | ~models.Q(stand_in=models.F("person")),
                _("Den som er spurt, kan ikke være stedfortreder for seg selv."),
            ),
            constraints.check(
                "hearing_stand_in_reason",
                models.Q(stand_in__isnull=False) | models.Q(stand_in_reason=""),
                _("Begrunnelsen hører til en stedfortreder."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("governance:hearing_answer", args=[self.pk])

    @property
    def home_id(self) -> int:
        """The municipality answered for: the owner of the case, or one that takes part in it."""
        return self.on_behalf_of_id or self.initiative.municipality_id

    @property
    def answers_for(self) -> str:
        """Name the municipality answered for, where that is another than the owner of the case."""
        return str(self.on_behalf_of) if self.home_id != self.initiative.municipality_id else ""

    @property
    def homes(self) -> frozenset[int]:
        """Whose people can answer: those of the municipality answered for, and of its region where that has the service."""
        entity = self.on_behalf_of or self.initiative.municipality
        return frozenset({entity.pk, *([entity.region_id] if entity.region_id else [])})

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def waits_for_stand_in(self) -> bool:
        return self.stand_in_id is not None and not self.is_answered

    @property
    def answered_words(self) -> str:
        """Who has answered, and for whom where that was a named stand-in."""
        if self.stand_in_id is None or self.answered_by_id != self.stand_in_id:
            return str(self.answered_by)
        words = gettext("%(name)s som stedfortreder for %(asked)s")
        return words % {"name": self.answered_by, "asked": self.person}

    @property
    def tone(self) -> str:
        return _TONES[Position(self.position)] if self.position else "neutral"

    def is_overdue(self, day: date) -> bool:
        return self.due_on < day

    @property
    def note_words(self) -> str:
        """That the deadline passed without an answer, who noted it and when; empty where nobody has."""
        if self.noted_at is None or self.is_answered:
            return ""
        return gettext("Fristen gikk ut %(due)s uten svar, notert av %(name)s %(day)s.") % self._note

    @property
    def lateness(self) -> str:
        """That an answer came after somebody noted that there was none."""
        if self.noted_at is None or not self.is_answered:
            return ""
        words = gettext("Svaret kom etter at %(name)s %(day)s noterte at fristen %(due)s var ute.")
        return words % self._note

    @property
    def _note(self) -> dict[str, str]:
        assert self.noted_at is not None
        day = timezone.localdate(self.noted_at)
        return {"due": short_date(self.due_on), "name": str(self.noted_by), "day": short_date(day)}

    @property
    def stamp_of_answer(self) -> str:
        """What tells one answer from the next, empty where there is none."""
        return self.answered_at.isoformat() if self.answered_at else ""
