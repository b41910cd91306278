"""What came of an initiative that nobody had foreseen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits.models.benefit import Benefit
from benefits.queries import SideEffectQuerySet
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative


class Sort(models.TextChoices):
    BENEFIT = "benefit", _("Uventet gevinst")
    DISBENEFIT = "disbenefit", _("Uventet ulempe")


@tracked()
class SideEffect(Tracked):
    """An unexpected benefit, or a disbenefit, seen on the way: recorded when it is seen, counted only when planned.

    A benefit can be taken into the plan, where it gets an owner and is approved like the others.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="side_effects")
    sort = models.CharField(_("gevinst eller ulempe"), max_length=12, choices=Sort.choices)
    title = models.CharField(_("hva dere har sett"), max_length=200)
    how = models.TextField(_("hvordan det merkes"), max_length=2000, blank=True)
    whom = models.CharField(_("hvem det gjelder"), max_length=20, choices=Benefit.Beneficiary.choices)
    seen_on = models.DateField(_("sett"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ført av")
    )
    benefit = models.OneToOneField(
        Benefit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="began_as",
        verbose_name=_("i planen som"),
    )
    created_at = models.DateTimeField()

    objects = SideEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("uventet virkning")
        verbose_name_plural = _("uventede virkninger")
        ordering = ["-seen_on", "-pk"]
        constraints = [
            constraints.known("side_effect_sort", "sort", Sort),
            constraints.known("side_effect_whom", "whom", Benefit.Beneficiary),
            constraints.check(
                "side_effect_planned", models.Q(benefit=None) | models.Q(sort="benefit"),
                _("Bare en gevinst kan tas inn i planen."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_benefit(self) -> bool:
        return self.sort == Sort.BENEFIT
