"""Stories of finished benefits, and the enthusiast of the year."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.models.benefit import Benefit
from benefits.sharing.queries import NominationQuerySet, StoryQuerySet, VoteQuerySet
from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality


class StoryStatus(models.TextChoices):
    PUBLISHED = "published", _("Publisert")
    WITHDRAWN = "withdrawn", _("Tatt ned")


@tracked()
class Story(Tracked):
    """What a finished benefit taught, short: what was done, what it gave, what would be done differently.

    It stands by itself, so that whoever reads it elsewhere sees nothing of the plan behind it.
    """

    benefit = models.OneToOneField(Benefit, models.CASCADE, related_name="story")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(_("overskrift"), max_length=200)
    did = models.TextField(_("hva vi gjorde"), max_length=1500)
    gave = models.TextField(_("hva det ga"), max_length=1500)
    differently = models.TextField(_("hva vi ville gjort annerledes"), max_length=1500)
    is_shared = models.BooleanField(_("deles med alle kommuner i løsningen"), default=False)
    status = models.CharField(
        _("status"), max_length=20, choices=StoryStatus.choices, default=StoryStatus.PUBLISHED
    )
    published_at = models.DateTimeField(_("publisert"))

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("gevinsthistorie")
        verbose_name_plural = _("gevinsthistorier")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="story_latest"),
            models.Index(fields=["municipality", "-published_at"], name="story_of_municipality"),
        ]
        constraints = [constraints.known("story_status", "status", StoryStatus)]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("benefits:story_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return "success" if self.is_published else "neutral"

    @property
    def is_published(self) -> bool:
        return self.status == StoryStatus.PUBLISHED


class AwardStatus(models.TextChoices):
    NOMINATING = "nominating", _("Nominering pågår")
    VOTING = "voting", _("Avstemning pågår")
    ANNOUNCED = "announced", _("Kåret")


@tracked()
class Award(Tracked):
    """The enthusiast of the year (ildsjel) of one municipality: nominated, voted for, announced; once a year."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("år"))
    status = models.CharField(
        _("status"), max_length=20, choices=AwardStatus.choices, default=AwardStatus.NOMINATING
    )
    opened_at = models.DateTimeField()

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("kåring av årets ildsjel")
        verbose_name_plural = _("kåringer av årets ildsjel")
        ordering = ["-year"]
        constraints = [
            constraints.known("award_status", "status", AwardStatus),
            constraints.unique("award_once_a_year", "municipality", "year", message=_("Årets kåring er alt i gang.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.year}"

    @property
    def is_nominating(self) -> bool:
        return self.status == AwardStatus.NOMINATING

    @property
    def is_voting(self) -> bool:
        return self.status == AwardStatus.VOTING

    @property
    def is_announced(self) -> bool:
        return self.status == AwardStatus.ANNOUNCED

    @property
    def tone(self) -> str:
        return "success" if self.is_announced else "info"


@tracked()
class Nomination(Tracked):
    """Why somebody should be the enthusiast of the year."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="nominations")
    nominee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("nominert")
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("nominert av")
    )
    reason = models.TextField(_("begrunnelse"), max_length=1500)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nominasjon")
        verbose_name_plural = _("nominasjoner")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "nomination_once", "award", "nominee", "nominated_by", message=_("Du har alt nominert denne personen.")
            ),
            constraints.check(
                "nomination_of_another", ~Q(nominee=models.F("nominated_by")), _("Du kan ikke nominere deg selv.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.award_id}: {self.nominee_id}"


class Vote(models.Model):
    """One person's vote, which that person may change until it is announced.  Without history: a vote is secret."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nominee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("stemme")
        verbose_name_plural = _("stemmer")
        constraints = [
            constraints.unique("vote_once", "award", "voter", message=_("Du har alt stemt.")),
            constraints.check("vote_for_another", ~Q(nominee=models.F("voter")), _("Du kan ikke stemme på deg selv.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.award_id)
