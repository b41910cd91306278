"""The baton: a plan that is handed over to the line, and the local plans of a regional one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.baton.queries import HandoverQuerySet, LocalPlanQuerySet, TemplateLinkQuerySet
from benefits.models.benefit import Benefit
from benefits.models.change import BenefitRisk, ChangeAction, PlanPart, Stakeholder
from benefits.models.kept import marking
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import Unit


class HandoverStatus(models.TextChoices):
    WITH_LEADERSHIP = "with_leadership", _("Venter på kommunedirektøren")
    WITH_RECEIVER = "with_receiver", _("Venter på tjenesteeieren")
    ACCEPTED = "accepted", _("Overtatt av linjen")
    REFUSED = "refused", _("Ikke overtatt")
    WITHDRAWN = "withdrawn", _("Trukket")


H = HandoverStatus
WAITING = (H.WITH_LEADERSHIP, H.WITH_RECEIVER)
TONES: dict[str, str] = {
    H.WITH_LEADERSHIP: "warning", H.WITH_RECEIVER: "warning", H.ACCEPTED: "success", H.REFUSED: "danger",
    H.WITHDRAWN: "neutral",
}  # fmt: skip


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


@tracked()
class LocalPlan(Tracked):
    """One municipality's own plan for what a regional initiative is to give there.

    ``initiative`` carries it: the municipality's own record, which nobody outside sees into.  ``template`` is the
    regional initiative whose plan it began with.
    """

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="local_plan")
    template = models.ForeignKey(Initiative, models.PROTECT, related_name="local_plans")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = LocalPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("lokal gevinstplan")
        verbose_name_plural = _("lokale gevinstplaner")
        ordering = ["pk"]
        constraints = [
            constraints.unique("local_plan_once", "template", "municipality", message=_("Kommunen har alt en lokal plan.")),
            constraints.check(
                "local_plan_template", ~Q(template=F("initiative")), _("En plan kan ikke være mal for seg selv.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.template_id}"


@tracked()
class TemplateLink(Tracked):
    """Where a benefit of a local plan comes from, and what of the template the municipality has answered.

    ``seen`` is how the template stood when it was last taken or left; without ``benefit`` the municipality has said
    no to it.
    """

    plan = models.ForeignKey(LocalPlan, models.CASCADE, related_name="links")
    template = models.ForeignKey(Benefit, models.CASCADE, related_name="local_links")
    benefit = models.OneToOneField(
        Benefit, models.SET_NULL, null=True, blank=True, related_name="template_link"
    )
    seen = models.JSONField(_("malen slik den sto"), encoder=DjangoJSONEncoder, default=dict)

    objects = TemplateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("kobling til malen")
        verbose_name_plural = _("koblinger til malen")
        ordering = ["pk"]
        constraints = [
            constraints.unique("template_link_once", "plan", "template", message=_("Gevinsten er alt hentet fra malen."))
        ]  # fmt: skip
        triggers = marking("select {row}.template_id", "template_id")

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.template_id}"


def _template(model: type[PlanPart]) -> models.ForeignKey:
    return models.ForeignKey(model, models.CASCADE, null=True, related_name="local_links")


def _own(model: type[PlanPart]) -> models.ForeignKey:
    return models.ForeignKey(model, models.SET_NULL, null=True, related_name="+")


def _only_beside(own: str) -> Q:
    return Q(**{own: None}) | Q(**{f"from_{own}__isnull": False})


@tracked()
class WorkLink(Tracked):
    """Where an action, a stakeholder or a risk of a local plan comes from, and what of the template is answered.

    One of the three templates is set.  ``seen`` is how it stood when it was last taken or left; without a row of its own
    the municipality has said no to it.
    """

    plan = models.ForeignKey(LocalPlan, models.CASCADE, related_name="work_links")
    from_action = _template(ChangeAction)
    from_stakeholder = _template(Stakeholder)
    from_risk = _template(BenefitRisk)
    action = _own(ChangeAction)
    stakeholder = _own(Stakeholder)
    risk = _own(BenefitRisk)
    seen = models.JSONField(_("malen slik den sto"), encoder=DjangoJSONEncoder, default=dict)

    objects = TemplateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("kobling til malens endringsarbeid")
        verbose_name_plural = _("koblinger til malens endringsarbeid")
        ordering = ["pk"]
        constraints = [
            constraints.check(
                "work_link_template",
                Q(from_action__isnull=False, from_stakeholder=None, from_risk=None)
                | Q(from_action=None, from_stakeholder__isnull=False, from_risk=None)
                | Q(from_action=None, from_stakeholder=None, from_risk__isnull=False),
                _("En kobling gjelder ett tiltak, én interessent eller én risiko."),
            ),
            constraints.check(
                "work_link_kind", _only_beside("action") & _only_beside("stakeholder") & _only_beside("risk"),
                _("Det lokale og malen er av samme slag."),
            ),
            constraints.unique("work_link_action", "plan", "from_action", message=_("Tiltaket er alt hentet fra malen.")),
            constraints.unique("work_link_stakeholder", "plan", "from_stakeholder", message=_("Interessenten er alt hentet fra malen.")),
            constraints.unique("work_link_risk", "plan", "from_risk", message=_("Risikoen er alt hentet fra malen.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.from_action_id or self.from_stakeholder_id or self.from_risk_id}"


@tracked()
class Handover(Tracked):
    """The baton of one plan: what is handed over, who takes it, from when, and the answer (BP5)."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="handovers")
    what = models.TextField(_("hva som overleveres"), max_length=4000)
    open_points = models.TextField(_("hva som gjenstår"), max_length=4000, blank=True)
    effective_on = models.DateField(_("linjen overtar fra"))
    receiver = _person(_("tjenesteeier som tar imot"))
    due_on = models.DateField(_("svarfrist"))
    status = models.CharField(
        _("status"), max_length=20, choices=HandoverStatus.choices, default=H.WITH_RECEIVER
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("overlevert av")
    )
    offered_at = models.DateTimeField()
    led_by = _person(_("kommunedirektørens svar"))
    led_at = models.DateTimeField(null=True)
    answered_by = _person(_("svart av"))
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(_("begrunnelse eller merknad"), max_length=2000, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("overlevering")
        verbose_name_plural = _("overleveringer")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["receiver"], name="handover_waiting", condition=Q(status__in=WAITING)),
        ]
        constraints = [
            constraints.known("handover_status", "status", HandoverStatus),
            constraints.together("handover_led", "led_by", "led_at", _("Kommunedirektørens svar har navn og tidspunkt.")),
            constraints.together("handover_answered", "answered_by", "answered_at", _("Svaret har navn og tidspunkt.")),
            constraints.unique(
                "handover_open", "initiative", condition=Q(status__in=[*WAITING, H.ACCEPTED]),
                message=_("Planen er alt overlevert."),
            ),
            constraints.check(
                "handover_receiver", Q(receiver__isnull=False) | ~Q(status__in=[H.WITH_RECEIVER, H.ACCEPTED]),
                _("Velg hvem som skal ta imot."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("benefits:handover_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_with_leadership(self) -> bool:
        return self.status == H.WITH_LEADERSHIP

    @property
    def is_accepted(self) -> bool:
        return self.status == H.ACCEPTED

    @property
    def is_refused(self) -> bool:
        return self.status == H.REFUSED
