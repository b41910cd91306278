"""Who sees which projects: the whole organisation (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject

from core.conditions import has_none, has_one, is_one_of
from core.finding import AnyOf, contains
from core.queries import SeenWith
from governance.finding import on_card
from governance.models.status import UNDER_WAY
from governance.queries import shielded_condition
from organization.actors import as_person
from organization.queries import municipalities_of
from organization.roles import Permission
from portfolio.reading import reading_condition

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.models import Unit
    from organization.queries import RoleAssignmentQuerySet


_SHOWN = (
    "initiative", "initiative__number", "initiative__shield_basis", "municipality", "unit", "unit__name", "unit__path", "name",
    "kind", "phase", "status", "owner", "owner__name", "manager", "manager__name", "starts_on", "ends_on", "changed_at",
    "version", "standing__budget", "standing__spent", "standing__forecast",
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

    def readable_by(self, actor: Actor | None) -> Self:
        """Keep those whose content the actor may read; of what is shielded most people see the card alone."""
        seen = self.visible_to(actor)
        return seen if not actor or actor.is_system else seen.filter(reading_condition(as_person(actor)))

    def with_access(self, actor: Actor) -> Self:
        """Add ``is_readable`` for a page that shows one project."""
        reads = When(reading_condition(as_person(actor)), then=Value(True))
        return self.annotate(is_readable=Case(reads, default=Value(False)))

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

    def development(self) -> Self:
        """Leave out operations, which are counted and shown apart."""
        return self.filter(kind__in=["project", "line_change"])

    def led_by(self, person_id: int) -> Self:
        """Keep the projects a person owns or manages."""
        return self.filter(Q(owner_id=person_id) | Q(manager_id=person_id))

    def needing_help(self) -> Self:
        """Keep those whose latest published report has an area that needs help."""
        return self.filter(standing__needs_help=True, initiative__shield_basis="")

    def unreported(self) -> Self:
        """Keep those that have never told how they stand."""
        return self.filter(Q(standing=None) | Q(standing__reported_at=None))

    def over_budget(self) -> Self:
        """Keep those expected to cost more than their budget for all years, or that have done so; none that is shielded."""
        budget = F("standing__budget")
        over = Q(standing__forecast__gt=budget) | Q(standing__spent__gt=budget)
        return self.filter(over, initiative__shield_basis="")

    def without_budget(self) -> Self:
        return self.filter(Q(standing=None) | Q(standing__budget=0))

    def with_answered_checklist(self, answered: bool) -> Self:
        """Keep those whose checklist for the next decision point is answered, or those where it is not."""
        from portfolio.checklist.state import NEXT, until
        from portfolio.models import Checkpoint

        lacking, condition = Checkpoint.objects.lacking().filter(project=OuterRef("pk")), Q()
        ask = has_none if answered else has_one
        for phase, point in NEXT.items():
            condition |= Q(phase=phase) & ask(lacking.filter(point__in=until(point)))
        return self.filter(condition)

    def with_late(self, day: date) -> Self:
        """Add what is late on a day: risks, milestones, and ``told_on`` for the call for a report.

        How many risks and milestones something shielded has is no part of its card.
        """
        from portfolio.models import Milestone, ProjectRisk
        from portfolio.status.calls import told_on

        def number(rows: models.QuerySet[Any]) -> Case:
            mine = rows.filter(project=OuterRef("pk")).order_by().values("project")
            found = Subquery(mine.annotate(number=Count("pk")).values("number"))
            return Case(When(initiative__shield_basis="", then=found))

        risks = ProjectRisk.objects.open().filter(due_on__lt=day)
        return self.annotate(
            late_risks=number(risks), milestones_behind=number(Milestone.objects.late(day)), told_on=told_on()
        )

    def listed(self) -> Self:
        """Load what a card or a row of a list shows; the long texts of the initiative stay in the database."""
        return self.select_related("initiative", "unit", "owner", "manager", "standing").only(*_SHOWN)

    def with_gates(self) -> Self:
        """Add which gates the municipality demands, nothing where it has no rules of its own."""
        return self.annotate(demanded_gates=F("municipality__governance_rules__gates"))

    def with_open_points(self) -> Self:
        """Add the decision points of what must be answered in the checklists and is not, one for each."""
        from portfolio.models import Checkpoint

        lacking = Checkpoint.objects.lacking().filter(project=OuterRef("pk"))
        return self.annotate(open_points=ArraySubquery(lacking.values("point")))

    def with_papers(self) -> Self:
        """Add the latest gate paper that was sent and has not lapsed, and which decision points the council decides."""
        from portfolio.models import GatePaper

        names = ("pk", "point", "status", "for_council")
        latest = GatePaper.objects.filter(project=OuterRef("pk")).in_force()
        told = latest.annotate(told=JSONObject(**{name: name for name in names})).values("told")[:1]
        return self.annotate(
            told_paper=Subquery(told), decided_by_council=F("municipality__governance_rules__council_points")
        )

    def with_latest_status(self) -> Self:
        """Add ``latest_told``: the day, the expected end, the values and the trends of the latest published status report.

        Lists tell nothing of what is shielded, not even to those who may read it on its page.
        """
        from portfolio.models import Area, StatusReport

        names = (
            "day",
            "forecast_ends_on",
            *(name for area in Area for name in (area.value, f"{area.value}_trend")),
        )
        newest = StatusReport.objects.published().filter(project=OuterRef("pk")).latest_first()
        told = newest.annotate(told=JSONObject(**{name: name for name in names})).values("told")[:1]
        return self.annotate(latest_told=Case(When(initiative__shield_basis="", then=Subquery(told))))

    def with_plan(self, actor: Actor, day: date) -> Self:
        """Add the next milestone, how many are late on ``day``, and what the project waits for."""
        from portfolio.models import Dependency, Milestone

        mine = Milestone.objects.filter(project=OuterRef("pk"), reached_on=None)
        coming = mine.filter(expected_on__gte=day).order_by("expected_on", "pk")
        late = mine.late(day).order_by().values("project").annotate(number=Count("pk"))
        waits = Dependency.objects.filter(project=OuterRef("pk")).told_to(actor).order_by("pk")
        return self.annotate(
            next_milestone=Subquery(
                coming.values(told=JSONObject(pk="pk", name="name", on="expected_on"))[:1]
            ),
            late_milestones=Coalesce(Subquery(late.values("number")), 0),
            waits_told=ArraySubquery(waits.values("told")),
        )

    def with_leavers(self, day: date) -> Self:
        """Add ``owner_left`` and ``manager_left``: whether they hold no role on ``day`` where the project belongs."""
        return self.annotate(
            owner_left=~Exists(_roles_there("owner_id", day)),
            manager_left=~Exists(_roles_there("manager_id", day)),
        )

    def without_leaders(self, municipality_ids: Iterable[int], day: date) -> Self:
        """Keep what runs in the municipalities and has an owner or manager who has left.

        Those who lead are few, so the roles are looked up once for each of them, and not for each project.
        """
        ids = list(municipality_ids)
        here = self.filter(municipality_id__in=ids).running()
        led = is_one_of("owner_id", _gone("owner_id", ids, day)) | is_one_of(
            "manager_id", _gone("manager_id", ids, day)
        )
        return here.filter(led).with_leavers(day).filter(Q(owner_left=True) | Q(manager_left=True))

    def with_people(self, day: date, at_most: int) -> Self:
        """Add ``people_told``: the names and roles of the first who take part on ``day``."""
        from portfolio.models import MemberRole, ProjectMember

        order = Case(*(When(role=role, then=place) for place, role in enumerate(MemberRole.values)))
        now = (
            ProjectMember.objects.there_on(day)
            .filter(project=OuterRef("pk"))
            .order_by(order, "person__name_sort", "pk")
        )
        told = now.annotate(told=JSONObject(name="person__name", role="role")).values("told")
        return self.annotate(people_told=ArraySubquery(told[:at_most]))

    def in_full(self) -> Self:
        """Load what a page about one project shows, and what its guards ask of the municipality and the gate papers."""
        return (
            self.with_gates()
            .with_papers()
            .select_related(
                "initiative__municipality",
                "initiative__service_owner",
                "unit",
                "municipality",
                "programme",
                "owner",
                "manager",
            )
        )


# PostgreSQL reads every row for DISTINCT; this jumps from leader to leader in «project_owners» or «project_managers».
_LEADERS = """
    with recursive pair as (
        (select municipality_id, {column} from portfolio_project order by municipality_id, {column} limit 1)
        union all
        select following.* from pair cross join lateral (
            select municipality_id, {column} from portfolio_project
            where (municipality_id, {column}) > (pair.municipality_id, pair.{column})
            order by municipality_id, {column} limit 1
        ) following
    )
    select {column} from pair where municipality_id = any(%s)
"""


def owners_in(municipality_ids: Iterable[int]) -> RawSQL:
    """Return the ids of those who own a project of one of the municipalities, at the cost of one look-up each."""
    return _leaders_in("owner_id", municipality_ids)


def _leaders_in(column: str, municipality_ids: Iterable[int]) -> RawSQL:
    return RawSQL(_LEADERS.format(column=column), (list(municipality_ids),))  # noqa: S611 (no text of a user's)


def _held(day: date) -> RoleAssignmentQuerySet:
    from organization.models import RoleAssignment

    held: RoleAssignmentQuerySet = RoleAssignment.objects.in_force(day).filter(person__is_active=True)
    return held


def _roles_there(column: str, day: date) -> RoleAssignmentQuerySet:
    """Return the roles that the person in a column of a project holds in its municipality, or in one that takes part."""
    from governance.models import Participation

    taking_part = Participation.objects.filter(
        initiative_id=OuterRef(OuterRef("initiative_id")),
        municipality_id=OuterRef("unit__municipality_id"),
        left_at=None,
    )
    at_home = Q(unit__municipality_id=OuterRef("municipality_id"))
    return _held(day).filter(at_home | Exists(taking_part), person_id=OuterRef(column))


def _gone(column: str, municipality_ids: list[int], day: date) -> models.QuerySet[Any]:
    """Return the ids of those who lead projects of the municipalities and hold no role in them."""
    from organization.models import Person

    held = _held(day).filter(person_id=OuterRef("pk"), unit__municipality_id__in=municipality_ids)
    leads = Q(pk__in=_leaders_in(column, municipality_ids))
    return Person.objects.filter(leads, ~Exists(held)).values("pk")


class OfProject(models.QuerySet[Any]):
    """Rows of a project, which are seen by whoever reads what is in the project."""

    def visible_to(self, actor: Actor | None) -> Self:
        from portfolio.models import Project

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        return self.filter(has_one(Project.objects.readable_by(actor).filter(pk=OuterRef("project_id"))))


class CheckpointQuerySet(OfProject):
    def lacking(self) -> Self:
        """Keep what must be answered and is not."""
        return self.filter(is_required=True, answer="open")


class ProjectMemberQuerySet(OfProject):
    def there_on(self, day: date) -> Self:
        """Keep who has not left by ``day``."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


class ProjectLogQuerySet(OfProject):
    def lessons(self) -> Self:
        """Keep what others can learn from, but for what is about something shielded; with what a list shows."""
        told = self.exclude(lesson="").filter(project__initiative__shield_basis="")
        return told.select_related("project__unit", "project__municipality", "project__initiative")


class ProjectRiskQuerySet(OfProject):
    def open(self) -> Self:
        return self.filter(status="open")

    def with_deadline(self) -> Self:
        """Keep what is open, has a day, and is of a project that runs."""
        return self.open().filter(due_on__isnull=False, project__status__in=["active", "paused"])


class MilestoneQuerySet(OfProject):
    def open(self) -> Self:
        """Keep what is not reached, of projects that are under way."""
        return self.filter(reached_on=None, project__status="active")

    def late(self, day: date) -> Self:
        """Keep what should have been reached before ``day``."""
        return self.filter(reached_on=None, expected_on__lt=day)

    def followed_by(self, person_id: int) -> Self:
        """Keep what a person is responsible for, or manages the project of where whoever was has left or is not named."""
        from portfolio.models import Project

        managed = Project.objects.filter(manager_id=person_id).values("pk")
        nobody = Q(responsible=None) | Q(responsible__is_active=False)
        return self.filter(Q(responsible_id=person_id) | (nobody & is_one_of("project_id", managed)))


class DeliverableQuerySet(OfProject):
    def unapproved(self) -> Self:
        return self.filter(approved_on=None)


class DependencyQuerySet(OfProject):
    def told_to(self, actor: Actor) -> Self:
        """Add ``told``: what is said of the project that is waited for (``portfolio.plan.waits``)."""
        from portfolio.models import Project

        seen = Project.objects.visible_to(actor).filter(pk=OuterRef("on_id")).order_by()
        return self.annotate(
            told=JSONObject(
                on="on_id", milestone_pk="milestone_id", name="on__name", is_seen=Exists(seen), phase="on__phase",
                status="on__status", ends_on="on__ends_on",
                forecast_on=Subquery(forecast_of("on_id")), milestone="milestone__name",
                milestone_on="milestone__expected_on", reached_on="milestone__reached_on", needed_on="needed_on",
                waiting_ends_on="project__ends_on",
            )
        )  # fmt: skip


def forecast_of(project_id: str) -> models.QuerySet[Any]:
    """Return the end that the latest published report expects of the project in the column ``project_id`` outside."""
    from portfolio.models import StatusReport

    newest = StatusReport.objects.published().filter(project_id=OuterRef(project_id)).latest_first()
    return newest.values("forecast_ends_on")[:1]


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


class GatePaperQuerySet(OfProject):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep drafts for the project's roles and the portfolio manager, what is sent for the council, what is published for all.

        Of a shielded initiative only those who read what is shielded read the paper, beside the project's roles.
        """
        seen = super().visible_to(actor)
        if not actor or actor.is_system:
            return seen
        person = as_person(actor)
        return seen.filter(_leads(person) | (_out_to(person) & has_one(_readable(person))))

    def in_force(self) -> Self:
        """Keep what was sent and has not lapsed, as the index «gate_paper_latest» has it."""
        return self.exclude(status="draft").filter(lapsed_at=None).order_by("-sent_at", "-pk")


def _leads(person: PersonActor) -> Q:
    own = Q(project__owner_id=person.person_id) | Q(project__manager_id=person.person_id)
    return own | Q(project__municipality_id__in=person.municipalities_where(Permission.MANAGE_PORTFOLIO))


def _out_to(person: PersonActor) -> Q:
    council = person.municipalities_where(Permission.READ_COUNCIL_PAPERS)
    sent = Q(for_council=True, project__municipality_id__in=council) & ~Q(status="draft")
    return sent | Q(published_at__isnull=False)


def _readable(person: PersonActor) -> Any:
    from governance.models import Initiative

    return Initiative.objects.filter(
        Q(shield_basis="") | shielded_condition(person), pk=OuterRef("project__initiative_id")
    )


class SubscriptionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own ones."""
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(person_id=actor.person_id)


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


class MaturityQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what is locked at home, and the draft where the actor manages the portfolio."""
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids or not actor:
            return self.none()
        managed = as_person(actor).municipalities_where(Permission.MANAGE_PORTFOLIO)
        return self.filter(
            Q(municipality_id__in=ids, locked_at__isnull=False) | Q(municipality_id__in=managed)
        )


class OfMaturity(SeenWith):
    seen_with = "review"
