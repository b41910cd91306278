"""Who sees which projects: the whole organisation (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from core.conditions import has_one, is_one_of
from core.finding import AnyOf, contains
from governance.finding import on_card
from governance.models.status import UNDER_WAY
from organization.actors import as_person
from organization.queries import municipalities_of
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from core.actors import Actor
    from organization.models import Unit


_SHOWN = (
    "initiative", "initiative__number", "municipality", "unit", "unit__name", "name", "phase", "status", "owner",
    "owner__name", "manager", "manager__name", "ends_on", "changed_at", "version",
)  # fmt: skip


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids:
            return self.none()
        from governance.models import Participation

        taking_part = Participation.objects.filter(
            initiative_id=OuterRef("initiative_id"), municipality_id__in=ids, left_at=None
        )
        return self.filter(Q(municipality_id__in=ids) | has_one(taking_part))

    def matching(self, text: str, *, under_way: bool = False) -> AnyOf:
        """Keep what has ``text`` in its name, or in the number or public title of its initiative.

        :param under_way: only running projects are asked for; a small index knows their initiatives.
        """
        card = on_card(text, "initiative__")
        if under_way:
            card &= Q(initiative__status__in=sorted(UNDER_WAY))
        return AnyOf(self, (contains("name", text), card))

    def below(self, unit: Unit) -> Self:
        """Keep the projects of ``unit`` and everything below it."""
        return self.filter(is_one_of("unit_id", type(unit).objects.below(unit).values("pk")))

    def running(self) -> Self:
        return self.filter(status__in=["active", "paused"])

    def led_by(self, person_id: int) -> Self:
        """Keep the projects a person owns or manages."""
        return self.filter(Q(owner_id=person_id) | Q(manager_id=person_id))

    def listed(self) -> Self:
        """Load what a card or a row of a list shows; the long texts of the initiative stay in the database."""
        return self.select_related("initiative", "unit", "owner", "manager").only(*_SHOWN)

    def with_gates(self) -> Self:
        """Add which gates the municipality demands, nothing where it has no rules of its own."""
        return self.annotate(demanded_gates=F("municipality__governance_rules__gates"))

    def with_open_points(self) -> Self:
        """Add the decision points of what must be answered in the checklists and is not, one for each."""
        from portfolio.models import Checkpoint

        lacking = Checkpoint.objects.lacking().filter(project=OuterRef("pk"))
        return self.annotate(open_points=ArraySubquery(lacking.values("point")))

    def with_latest_status(self) -> Self:
        """Add ``latest_told``: the day, the values and the trends of the latest published status report."""
        from portfolio.models import Area, StatusReport

        names = ("day", *(name for area in Area for name in (area.value, f"{area.value}_trend")))
        newest = StatusReport.objects.published().filter(project=OuterRef("pk")).latest_first()
        told = newest.annotate(told=JSONObject(**{name: name for name in names})).values("told")[:1]
        return self.annotate(latest_told=Subquery(told))

    def in_full(self) -> Self:
        return self.select_related("initiative__municipality", "unit", "municipality", "owner", "manager")


# PostgreSQL reads every row for DISTINCT; this jumps from owner to owner in the index «project_owners».
_OWNERS = """
    with recursive pair as (
        (select municipality_id, owner_id from portfolio_project order by municipality_id, owner_id limit 1)
        union all
        select following.* from pair cross join lateral (
            select municipality_id, owner_id from portfolio_project
            where (municipality_id, owner_id) > (pair.municipality_id, pair.owner_id)
            order by municipality_id, owner_id limit 1
        ) following
    )
    select owner_id from pair where municipality_id = any(%s)
"""


def owners_in(municipality_ids: Iterable[int]) -> RawSQL:
    """Return the ids of those who own a project of one of the municipalities, at the cost of one look-up each."""
    return RawSQL(_OWNERS, (list(municipality_ids),))  # noqa: S611 (no text of a user's)


class OfProject(models.QuerySet[Any]):
    """Rows of a project, which are seen by whoever sees the project."""

    def visible_to(self, actor: Actor | None) -> Self:
        from portfolio.models import Project

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        return self.filter(has_one(Project.objects.visible_to(actor).filter(pk=OuterRef("project_id"))))


class CheckpointQuerySet(OfProject):
    def lacking(self) -> Self:
        """Keep what must be answered and is not."""
        return self.filter(is_required=True, answer="open")


class ProjectRiskQuerySet(OfProject):
    def open(self) -> Self:
        return self.filter(status="open")


class StatusReportQuerySet(OfProject):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what is published, and the drafts of projects that the actor leads or manages the portfolio of."""
        seen = super().visible_to(actor)
        if not actor or actor.is_system:
            return seen
        person = as_person(actor)
        roles = Q(project__owner_id=person.person_id) | Q(project__manager_id=person.person_id)
        managed = Q(project__municipality_id__in=person.municipalities_where(Permission.MANAGE_PORTFOLIO))
        return seen.filter(Q(status="published") | roles | managed)

    def published(self) -> Self:
        return self.filter(status="published")

    def latest_first(self) -> Self:
        """Order what is published as the index «status_latest» does."""
        return self.order_by("-published_at", "-pk")


class PortfolioReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what is published at home, and the drafts where the actor manages the portfolio.

        A region's report tells of more than one of its municipalities takes part in, and stays with the region.
        """
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids or not actor:
            return self.none()
        managed = as_person(actor).municipalities_where(Permission.MANAGE_PORTFOLIO)
        return self.filter(Q(municipality_id__in=ids, status="published") | Q(municipality_id__in=managed))

    def published(self) -> Self:
        return self.filter(status="published")
