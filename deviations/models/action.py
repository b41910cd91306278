"""Corrective actions (tiltak på avvik): who changes what, by when, and whether it helped."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.models.deviation import Deviation
from deviations.models.status import Effect
from deviations.queries import CorrectiveActionQuerySet
from organization.feed import in_feed
from organization.models import Unit


class ActionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Foreslått")
    ACCEPTED = "accepted", _("Godtatt")
    IN_PROGRESS = "in_progress", _("Pågår")
    DONE = "done", _("Utført")
    AWAITING_EVALUATION = "awaiting_evaluation", _("Venter på evaluering")
    CLOSED = "closed", _("Lukket")
    REJECTED = "rejected", _("Avvist")


ACTION_OPEN = frozenset({ActionStatus.PROPOSED, ActionStatus.ACCEPTED, ActionStatus.IN_PROGRESS})
ACTION_TONES: dict[str, str] = {
    ActionStatus.PROPOSED: "warning", ActionStatus.ACCEPTED: "info", ActionStatus.IN_PROGRESS: "info",
    ActionStatus.DONE: "success", ActionStatus.AWAITING_EVALUATION: "info", ActionStatus.CLOSED: "success",
    ActionStatus.REJECTED: "neutral",
}  # fmt: skip


_OWNER_CHANGES = """
    update deviations_actionlink set owner_id = new.owner_id where action_id = new.id;
    return new;
"""
# The locks let nobody change what is copied between this look and the end of the transaction.
_COPIES = """
    select owner_id into new.owner_id from deviations_correctiveaction where id = new.action_id for no key update;
    select unit_id, is_confidential into new.case_unit_id, new.case_is_confidential
        from deviations_deviation where id = new.deviation_id for no key update;
    return new;
"""


@in_feed(kind="corrective-action", resource="corrective-actions")
@tracked()
class CorrectiveAction(Tracked):
    """An action of a unit, which may serve several deviations, also of other units."""

    class Kind(models.TextChoices):
        IMMEDIATE = "immediate", _("Strakstiltak")
        CORRECTIVE = "corrective", _("Korrigerende")
        PREVENTIVE = "preventive", _("Forebyggende")
        IMPROVEMENT = "improvement", _("Forbedring")

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="corrective_actions", verbose_name=_("enhet"))
    title = models.CharField(_("hva skal gjøres?"), max_length=200)
    description = models.TextField(_("beskrivelse"), max_length=4000, blank=True)
    kind = models.CharField(_("type tiltak"), max_length=20, choices=Kind.choices, default=Kind.CORRECTIVE)
    status = models.CharField(
        _("status"), max_length=30, choices=ActionStatus.choices, default=ActionStatus.PROPOSED
    )
    status_since = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="corrective_actions",
        verbose_name=_("ansvarlig"),
    )
    due_on = models.DateField(_("frist"))
    cost = models.DecimalField(_("kostnad"), max_digits=12, decimal_places=2, null=True, blank=True)
    is_evaluated = models.BooleanField(_("effekten skal vurderes"), default=True)
    outcome = models.TextField(_("hva ble gjort?"), max_length=4000, blank=True)
    done_at = models.DateTimeField(null=True)
    effect = models.CharField(_("virket det?"), max_length=20, choices=Effect.choices, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    deviations = models.ManyToManyField(Deviation, through="ActionLink", related_name="actions")

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiltak på avvik")
        verbose_name_plural = _("tiltak på avvik")
        indexes = [
            models.Index(fields=["owner", "status"], name="action_of_owner"),
            models.Index(fields=["unit", "status"], name="action_of_unit"),
            models.Index(fields=["-changed_at", "-id"], name="action_changed"),
            models.Index(
                fields=["due_on", "id"], name="action_due", condition=Q(status__in=sorted(ACTION_OPEN))
            ),
        ]
        constraints = [
            constraints.known("action_status", "status", ActionStatus),
            constraints.not_negative("action_cost", "cost", _("Kostnaden kan ikke være negativ.")),
            constraints.check(
                "action_done",
                Q(status__in=["proposed", "accepted", "in_progress", "rejected"]) | Q(done_at__isnull=False),
                _("Et utført tiltak har en dato."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="owner_of_links", when=pgtrigger.After, operation=pgtrigger.UpdateOf("owner_id"),
                condition=pgtrigger.AnyChange("owner"), func=_OWNER_CHANGES,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("deviations:action_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in ACTION_OPEN

    @property
    def is_immediate_without_evaluation(self) -> bool:
        return self.kind == self.Kind.IMMEDIATE and not self.is_evaluated

    @property
    def tone(self) -> str:
        return ACTION_TONES[self.status]


class ActionLink(models.Model):
    """An action that serves a deviation; a second link of the same action is reuse.

    ``hides_case`` keeps the case from whoever owns the action: a lifted problem is solved by
    somebody who was told of it without its unit and its people.  ``owner`` is that of the action, and
    ``case_unit`` and ``case_is_confidential`` are those of the deviation, kept in step by triggers: so that
    the cases that somebody sees by an own action only are found among thousands from one index.
    """

    action = models.ForeignKey(CorrectiveAction, models.CASCADE, related_name="links")
    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="action_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    hides_case = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", editable=False, db_index=False, db_constraint=False
    )  # fmt: skip
    case_unit = models.ForeignKey(
        Unit, models.DO_NOTHING, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    case_is_confidential = models.BooleanField(editable=False)

    class Meta:
        verbose_name = _("kobling til tiltak")
        verbose_name_plural = _("koblinger til tiltak")
        indexes = [
            models.Index(
                fields=["owner", "case_is_confidential", "case_unit"],
                include=["deviation"],
                name="action_link_owned",
                condition=Q(hides_case=False),
            )
        ]
        constraints = [
            constraints.unique(
                "action_link_once", "action", "deviation", message=_("Tiltaket er alt koblet til avviket.")
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="copies", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.UpdateOf("action_id", "deviation_id"),
                func=_COPIES,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.action_id}"
