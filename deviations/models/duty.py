"""Statutory duties to notify: open until they are stamped, or judged not notifiable by somebody with a name."""

from __future__ import annotations

from datetime import UTC

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.models.catalogue import DutyTemplate
from deviations.models.deviation import Deviation
from deviations.queries import DutyQuerySet

GDPR_33, GDPR_34 = "GDPR_33", "GDPR_34"
_CASE_IS_OPEN = """
    if (select status from deviations_deviation where id = new.deviation_id)
       in ('closed', 'dismissed', 'merged', 'transferred') then
        raise exception 'deviation % is not open', new.deviation_id using errcode = 'check_violation';
    end if;
    return new;
"""


class DutyStatus(models.TextChoices):
    OPEN = "open", _("Åpen")
    DONE = "done", _("Utført")
    NOT_NOTIFIABLE = "not_notifiable", _("Vurdert, ikke meldepliktig")


@tracked()
class Duty(Tracked):
    """One duty of one case, as its template stood when it began.

    ``due_at`` counts from the discovery in absolute hours, so a clock that crosses daylight
    saving time is neither an hour short nor long (regulation 1182/71 art. 3 counts hours).
    """

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="duties")
    code = models.CharField(_("kode"), max_length=40)
    status = models.CharField(_("status"), max_length=20, choices=DutyStatus.choices, default=DutyStatus.OPEN)
    name = models.CharField(_("navn"), max_length=160)
    recipients = ArrayField(models.CharField(max_length=120), default=list, verbose_name=_("mottakere"))
    deadline = models.CharField(_("frist"), max_length=20, choices=DutyTemplate.Deadline.choices)
    due_at = models.DateTimeField(_("frist"), null=True)
    channel = models.CharField(_("kanal"), max_length=300, blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    guidance = models.TextField(_("slik gjør du det"), blank=True)
    source = models.CharField(_("rettskilde"), max_length=200)
    started_by = models.CharField(_("startet av svaret på"), max_length=300)
    started_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judgement = models.TextField(_("begrunnelse"), max_length=2000, blank=True)
    details = models.JSONField(_("meldingens innhold"), default=dict, blank=True)
    is_met: bool
    """Whether the law's deadline is met; only on rows of ``with_met``."""

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("meldeplikt")
        verbose_name_plural = _("meldeplikter")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["deviation", "status"], name="duty_of_deviation"),
            models.Index(fields=["due_at"], name="duty_due", condition=Q(status="open")),
        ]
        constraints = [
            constraints.known("duty_status", "status", DutyStatus),
            constraints.unique("duty_once", "deviation", "code", message=_("Plikten er alt startet.")),
            constraints.check(
                "duty_judged",
                ~Q(status="not_notifiable")
                | (Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judgement="")),
                _("At noe ikke er meldepliktig, avgjøres med navn og begrunnelse."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="case_is_open", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status="open"), func=_CASE_IS_OPEN,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deviations:duty_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == DutyStatus.OPEN

    @property
    def is_judged(self) -> bool:
        """Whether somebody with a name decided that it is not notifiable."""
        return self.status == DutyStatus.NOT_NOTIFIABLE

    @property
    def has_report(self) -> bool:
        """Whether Stafett writes the report of this duty: a breach, to Datatilsynet."""
        return self.code == GDPR_33

    @property
    def has_letter(self) -> bool:
        """Whether Stafett writes the letter of this duty: to those whose data it is."""
        return self.code == GDPR_34

    @property
    def seen(self) -> str:
        """What a page carries to notice that somebody else wrote in the meantime."""
        return self.changed_at.astimezone(UTC).isoformat()


@tracked()
class Stamp(Tracked):
    """One point of a duty's checklist: who did it, when, and the proof (a reference or what was said).

    When every point that ``meets_deadline`` is stamped, the law's deadline is met, though the rest
    remains: a breach may be reported step by step (GDPR art. 33 (4)).
    """

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="stamps")
    code = models.CharField(max_length=60)
    label = models.CharField(_("punkt"), max_length=200)
    position = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(_("utført"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proof = models.CharField(_("dokumentasjon"), max_length=500, blank=True)
    meets_deadline = models.BooleanField(_("oppfyller fristen"), default=False)

    class Meta:
        verbose_name = _("stempel")
        verbose_name_plural = _("stempler")
        ordering = ["position"]
        constraints = [
            constraints.unique("stamp_once", "duty", "code", message=_("Punktet finnes alt.")),
            constraints.together(
                "stamp_who_when", "done_at", "done_by", _("Et stempel har både navn og tidspunkt.")
            ),
        ]

    def __str__(self) -> str:
        return self.label
