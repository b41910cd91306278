"""Which benefits the sums of the scorecard hold for whom, and which are counted by themselves beside them.

A sum holds what everybody with a role in a municipality sees: sent in, carried out, and with nothing shielded; or what
everybody sees who reads all that is shielded there (``governance.queries``).  Whatever one person sees and another with
the same rights does not is never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, Func, IntegerField, OuterRef, Q

from benefits.models import Benefit, LocalPlan, ScoreMark, ScoreShare, TemplateLink
from core.conditions import has_one, is_one_of
from governance.models import Hearing, Initiative, Participation
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from benefits.queries import BenefitQuerySet
    from organization.actors import PersonActor


def not_a_template() -> Q:
    """Return the condition that no local plan may have taken it over, which depends on who takes part."""
    return ~Q(Exists(TemplateLink.objects.filter(template=OuterRef("pk"))))


def summed_benefits() -> BenefitQuerySet:
    rows: BenefitQuerySet = Benefit.objects.in_plans().filter(
        not_a_template(), initiative__submitted_at__isnull=False
    )
    return rows


@dataclass(frozen=True, slots=True)
class Beside:
    """What is counted beside some sums, and what of them is not.

    ``kept`` are benefits whose shares stand ready, ``changed`` those that are counted anew, and ``stale`` those in the
    sums that are to be taken out of them.
    """

    kept: list[int]
    changed: list[int]
    stale: list[int]

    @property
    def ids(self) -> list[int]:
        return [*self.kept, *self.changed]


@dataclass(frozen=True, slots=True)
class Summed:
    """The sums of the municipalities of one person.

    Of one municipality, what it takes part in with others is among them; of several, that would be counted twice.
    """

    actor: PersonActor
    beneficiary: str = ""

    @property
    def ids(self) -> list[int]:
        return sorted(self.actor.municipality_ids)

    @property
    def is_one(self) -> bool:
        return len(self.ids) == 1

    @property
    def reads_shielded(self) -> bool:
        return self.is_one and set(self.ids) <= self.actor.municipalities_where(Permission.READ_SHIELDED)

    def beside(self, rows: BenefitQuerySet) -> Beside:
        """Return what of ``rows`` is not in these sums, or not as it stands there: mostly nothing.

        :param rows: only what the person may count.
        """
        marks = ScoreMark.objects.values("benefit")
        is_marked = is_one_of("pk", marks)
        is_kept = Q(Exists(ScoreShare.objects.filter(benefit=OuterRef("pk")))) & ~is_marked
        beside = rows.filter(
            is_one_of("pk", self._perhaps_beside()), is_marked | ~self._is_there()
        ).order_by()
        found = list(beside.values_list("pk", ExpressionWrapper(is_kept, output_field=BooleanField())))
        return Beside(
            kept=[pk for pk, is_kept in found if is_kept],
            changed=[pk for pk, is_kept in found if not is_kept],
            stale=self.stale(),
        )

    def stale(self) -> list[int]:
        """Return the ids of benefits that stand in these sums otherwise than they are now."""
        marks = ScoreMark.objects.values("benefit")
        rows = self._narrowed(ScoreShare.objects.filter(benefit__in=marks, seen_in__overlap=self.ids))
        return list(rows.values_list("benefit", flat=True))

    def _perhaps_beside(self) -> QuerySet[Any]:
        """Return ids, each found by an index, among which are all that one person sees and another does not."""
        benefits, me = Benefit.objects, self.actor
        shielded = Q(municipality_id__in=self.ids) & ~Q(initiative__shield_basis="")
        plans = LocalPlan.objects.filter(shielded | Q(template__municipality_id__in=self.ids))
        of_initiatives = [
            Initiative.objects.concerning(me).values("pk"), Hearing.objects.naming(me).values("initiative_id"),
            plans.values("initiative_id"),
        ]  # fmt: skip
        if me.municipalities_where(Permission.READ_SHIELDED) and not self.reads_shielded:
            of_initiatives.append(Initiative.objects.exclude(shield_basis="").values("pk"))
        if not self.is_one:
            together = Participation.objects.filter(municipality_id__in=self.ids, left_at=None)
            of_initiatives.append(together.values("initiative_id"))
        perhaps = Initiative.objects.filter(~Q(municipality_id__in=self.ids, shield_basis=""))
        rows = [
            benefits.filter(is_one_of("initiative_id", perhaps.filter(pk__in=pks).values("pk"))).values("pk")
            for pks in of_initiatives
        ]
        rows.append(
            benefits.owned_by(me).filter(has_one(perhaps.filter(pk=OuterRef("initiative_id")))).values("pk")
        )
        return ScoreMark.objects.values("benefit").union(*rows, TemplateLink.objects.values("template_id"))

    def short(self) -> list[QuerySet[Any]]:
        """Return the shares of benefits that fell short, as they stand in these sums: of each municipality, and of others."""
        marked = ScoreMark.objects.values("benefit")
        rows = self._narrowed(ScoreShare.objects.filter(is_short=True).exclude(benefit__in=marked))
        own = [rows.filter(home=pk) for pk in self.ids]
        if not self.is_one:
            return own
        places = Func("seen_in", function="cardinality", output_field=IntegerField())
        together = rows.alias(places=places).filter(places__gt=1, seen_in__overlap=self.ids)
        return [*own, together.exclude(home__in=self.ids)]

    def _narrowed(self, shares: QuerySet[Any]) -> QuerySet[Any]:
        shares = shares if self.reads_shielded else shares.filter(is_shielded=False)
        return shares.filter(beneficiary=self.beneficiary) if self.beneficiary else shares

    def _is_there(self) -> Q:
        """Return the condition that a benefit is in these sums, if it is in any."""
        summed = not_a_template() & Q(initiative__submitted_at__isnull=False)
        if not self.reads_shielded:
            summed &= Q(initiative__shield_basis="")
        home = Q(initiative__municipality_id__in=self.ids)
        if not self.is_one:
            return summed & home
        taking_part = Participation.objects.filter(
            initiative=OuterRef("initiative_id"), municipality_id__in=self.ids, left_at=None
        )
        return summed & (home | Q(Exists(taking_part)))

    @property
    def where(self) -> str:
        """Which sums these are, as SQL with ``%(ids)s`` and ``%(beneficiary)s``."""
        return f"seen_in = any(%(ids)s){'' if self.is_one else ' and home = seen_in'}{self._of_one}"

    @property
    def where_kept(self) -> str:
        """Of which shares the sums are made, as SQL."""
        place = "seen_in && %(ids)s::bigint[]" if self.is_one else "home = any(%(ids)s)"
        return f"{place}{self._of_one}"

    @property
    def _of_one(self) -> str:
        shielded = "" if self.reads_shielded else " and not is_shielded"
        return shielded + (" and beneficiary = %(beneficiary)s" if self.beneficiary else "")

    @property
    def values(self) -> dict[str, Any]:
        return {"ids": self.ids, "beneficiary": self.beneficiary}
