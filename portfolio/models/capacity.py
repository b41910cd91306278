"""Who a project needs: roles with their capacity, what takes of it, and requests for it (domain/portfolio 1.2, *Ressursallokering*).

One unit everywhere: *årsverk*, in which 1 is a full position and 0.5 a half.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from portfolio.capacity.queries import (
    AbsenceQuerySet,
    CapacityQuerySet,
    ResourceRequestQuerySet,
    ResourceRoleQuerySet,
)
from portfolio.models.project import Project

SMALLEST, LARGEST = Decimal("0.01"), Decimal("999.99")
_BACKWARDS = _("Perioden kan ikke slutte før den begynner.")


class AbsenceKind(models.TextChoices):
    LINE_WORK = "line_work", _("Linjeoppgaver")
    AWAY = "away", _("Fravær")
    TRAINING = "training", _("Kompetanseheving")
    OTHER_WORK = "other_work", _("Andre arbeidsoppgaver")
    OTHER = "other", _("Annet")


class RequestStatus(models.TextChoices):
    REQUESTED = "requested", _("Forespurt")
    GRANTED = "granted", _("Tildelt")
    REFUSED = "refused", _("Avslått")
    WITHDRAWN = "withdrawn", _("Trukket")


REQUEST_TONES: dict[str, str] = {
    RequestStatus.REQUESTED: "info", RequestStatus.GRANTED: "success", RequestStatus.REFUSED: "danger",
    RequestStatus.WITHDRAWN: "neutral",
}  # fmt: skip


def _work_years(label: Any, smallest: Decimal = SMALLEST, **how: Any) -> models.DecimalField:
    limits = [MinValueValidator(smallest), MaxValueValidator(LARGEST)]
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=limits, **how)


def _forward(name: str) -> models.CheckConstraint:
    return constraints.check(name, Q(to_on=None) | Q(to_on__gte=F("from_on")), _BACKWARDS)


def _amount(name: str, column: str = "work_years") -> models.CheckConstraint:
    found = Q(**{f"{column}__gte": SMALLEST, f"{column}__lte": LARGEST}) | Q(**{column: None})
    return constraints.check(name, found, _("Skriv et tall mellom 0,01 og 999,99 årsverk."))


@tracked()
class ResourceRole(Tracked):
    """People of one kind that projects ask for, such as «IKT-rådgiver», and who answers for them."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(_("navn"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="resource_roles", verbose_name=_("ressurseier")
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stedfortreder")
    )  # fmt: skip
    is_active = models.BooleanField(_("i bruk"), default=True)

    objects = ResourceRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("ressursrolle")
        verbose_name_plural = _("ressursroller")
        constraints = [
            constraints.unique("resource_role_name", "municipality", "name", message=_("Rollen finnes alt.")),
            constraints.check(
                "resource_role_stand_in", Q(stand_in=None) | ~Q(stand_in=F("owner")),
                _("Stedfortrederen må være en annen enn ressurseieren."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:capacity_role", args=[self.pk])


@tracked()
class Capacity(Tracked):
    """How much of a role there is in a period; an open end means until further notice.  Two never count for the same day."""

    role = models.ForeignKey(ResourceRole, models.PROTECT, related_name="capacities")
    from_on = models.DateField(_("fra og med"))
    to_on = models.DateField(_("til og med"), null=True, blank=True)
    work_years = _work_years(_("årsverk"), Decimal(0))

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("kapasitet")
        verbose_name_plural = _("kapasiteter")
        constraints = [
            _forward("capacity_period"),
            constraints.check(
                "capacity_amount", Q(work_years__gte=0) & Q(work_years__lte=LARGEST), _("Skriv et tall mellom 0 og 999,99 årsverk.")
            ),
            ExclusionConstraint(
                name="capacity_once",
                expressions=[
                    (Func("role", "role", Value("[]"), function="int8range", output_field=BigIntegerRangeField()), RangeOperators.OVERLAPS),
                    (Func("from_on", "to_on", Value("[]"), function="daterange", output_field=DateRangeField()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Rollen har alt en kapasitet for noen av dagene."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.role)


@tracked()
class Absence(Tracked):
    """What takes people of a role away from projects; named people are shown only to those who answer for the role."""

    role = models.ForeignKey(ResourceRole, models.PROTECT, related_name="absences")
    kind = models.CharField(_("hva"), max_length=12, choices=AbsenceKind.choices)
    from_on = models.DateField(_("fra og med"))
    to_on = models.DateField(_("til og med"))
    work_years = _work_years(_("årsverk"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("fravær")
        verbose_name_plural = _("fravær")
        constraints = [
            constraints.known("absence_kind", "kind", AbsenceKind),
            _forward("absence_period"),
            _amount("absence_amount"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@tracked()
class ResourceRequest(Tracked):
    """A project asks for so much of a role in a period; what it is given is never more than that."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="resource_requests")
    role = models.ForeignKey(ResourceRole, models.PROTECT, related_name="requests", verbose_name=_("rolle"))
    status = models.CharField(
        _("status"), max_length=10, choices=RequestStatus.choices, default=RequestStatus.REQUESTED
    )
    from_on = models.DateField(_("fra og med"))
    to_on = models.DateField(_("til og med"))
    work_years = _work_years(_("årsverk"))
    purpose = models.CharField(_("hva de skal gjøre"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = _work_years(_("tildelt årsverk"), null=True, blank=True)
    granted_from = models.DateField(_("tildelt fra og med"), null=True, blank=True)
    granted_to = models.DateField(_("tildelt til og med"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem"),
    )
    answer = models.TextField(_("svar"), max_length=2000, blank=True)
    over_reason = models.TextField(_("hvorfor over 100 %"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ResourceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("ressursforespørsel")
        verbose_name_plural = _("ressursforespørsler")
        indexes = [
            models.Index(
                fields=["role", "status"], name="request_that_counts", condition=Q(status__in=["requested", "granted"])
            ),
            models.Index(fields=["project", "-asked_at", "-id"], name="request_of_project"),
        ]  # fmt: skip
        constraints = [
            constraints.known("request_status", "status", RequestStatus),
            _forward("request_period"),
            _amount("request_amount"),
            constraints.check(
                "request_granted",
                Q(status=RequestStatus.GRANTED, granted__isnull=False, granted_from__isnull=False, granted_to__isnull=False)
                | ~Q(status=RequestStatus.GRANTED) & Q(granted=None, granted_from=None, granted_to=None, person=None),
                _("Bare det som er tildelt, har en tildeling."),
            ),
            constraints.check(
                "request_granted_within",
                Q(granted=None)
                | Q(granted__gte=SMALLEST, granted__lte=F("work_years"), granted_from__gte=F("from_on"), granted_to__lte=F("to_on"))
                & Q(granted_to__gte=F("granted_from")),
                _("Tildelingen kan ikke være større enn det prosjektet ba om, og perioden må ligge innenfor."),
            ),
            constraints.check(
                "request_refused", ~Q(status=RequestStatus.REFUSED) | ~Q(answer=""), _("Et avslag må ha en begrunnelse.")
            ),
            constraints.together(
                "request_answered", "answered_by", "answered_at", _("Et svar har en avsender og et tidspunkt.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.role)

    def get_absolute_url(self) -> str:
        return reverse("portfolio:resource_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return REQUEST_TONES[RequestStatus(self.status)]

    @property
    def is_granted(self) -> bool:
        return self.status == RequestStatus.GRANTED

    @property
    def is_waiting(self) -> bool:
        return self.status == RequestStatus.REQUESTED

    @property
    def is_granted_less(self) -> bool:
        """Tell whether the project was given less, or for a shorter time, than it asked for."""
        asked = (self.work_years, self.from_on, self.to_on)
        return self.is_granted and (self.granted, self.granted_from, self.granted_to) != asked
