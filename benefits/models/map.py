"""The benefit map: what makes a change possible, and which benefits and goals it leads to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.models.benefit import Benefit
from benefits.queries import OfPlan
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import Goal


class Stage(models.TextChoices):
    """The columns of the map (domain/benefits 3.2, *gevinstkart*) that have boxes of their own."""

    ENABLER = "enabler", _("IT-muliggjører")
    CHANGE = "change", _("Muliggjørende endring")
    BUSINESS_CHANGE = "business_change", _("Virksomhetsendring")


@tracked()
class MapNode(Tracked):
    """A box before the benefits.  Benefits and goals are the records that exist, and have no box of their own."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="map_nodes")
    stage = models.CharField(_("kolonne"), max_length=20, choices=Stage.choices)
    title = models.CharField(_("hva"), max_length=160)
    prerequisites = models.TextField(_("forutsetninger"), max_length=1000, blank=True)
    created_at = models.DateTimeField()

    objects = OfPlan.as_manager()

    class Meta:
        verbose_name = _("boks i gevinstkartet")
        verbose_name_plural = _("bokser i gevinstkartet")
        ordering = ["pk"]
        constraints = [
            constraints.known("map_node_stage", "stage", Stage),
            constraints.unique(
                "map_node_title", "initiative", "stage", "title", message=_("Boksen finnes alt i kolonnen.")
            ),
        ]

    def __str__(self) -> str:
        return self.title


_FROM, _TO = ("from_node", "from_benefit"), ("to_node", "to_benefit", "to_goal")


def _exactly_one(names: tuple[str, ...]) -> Q:
    wanted = Q()
    for chosen in names:
        wanted |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return wanted


@tracked()
class MapLink(Tracked):
    """A line of the map: one box leads to another further on."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="map_links")
    from_node = models.ForeignKey(MapNode, models.CASCADE, null=True, related_name="+")
    from_benefit = models.ForeignKey(Benefit, models.CASCADE, null=True, related_name="+")
    to_node = models.ForeignKey(MapNode, models.CASCADE, null=True, related_name="+")
    to_benefit = models.ForeignKey(Benefit, models.CASCADE, null=True, related_name="+")
    to_goal = models.ForeignKey(Goal, models.CASCADE, null=True, related_name="+")

    objects = OfPlan.as_manager()

    class Meta:
        verbose_name = _("lenke i gevinstkartet")
        verbose_name_plural = _("lenker i gevinstkartet")
        ordering = ["pk"]
        constraints = [
            constraints.check("map_link_from", _exactly_one(_FROM), _("En lenke begynner i én boks.")),
            constraints.check("map_link_to", _exactly_one(_TO), _("En lenke ender i én boks.")),
            models.UniqueConstraint(
                name="map_link_once", fields=["initiative", *_FROM, *_TO], nulls_distinct=False,
                violation_error_message=_("Lenken finnes alt."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def source(self) -> str:
        """The key of the box it begins in."""
        return f"n{self.from_node_id}" if self.from_node_id else f"b{self.from_benefit_id}"

    @property
    def target(self) -> str:
        """The key of the box it ends in."""
        if self.to_node_id:
            return f"n{self.to_node_id}"
        return f"b{self.to_benefit_id}" if self.to_benefit_id else f"g{self.to_goal_id}"
