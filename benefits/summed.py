"""Which benefits the sums of the scorecard hold for whom, and which are counted by themselves beside them.

A sum holds what everybody with a role in a municipality sees: sent in, carried out, and with nothing shielded
(``governance.queries``).  Whatever one person sees and another does not is never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Func, IntegerField, OuterRef, Q

from benefits.models import Benefit, ScoreMark, ScoreShare, TemplateLink
from governance.models import Participation
from organization.queries import municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from django.db.models import QuerySet

    from benefits.queries import BenefitQuerySet
    from organization.actors import PersonActor


def open_to_all() -> Q:
    """Return the condition that nobody there is kept from a benefit, and that no local plan may have taken it."""
    taken = TemplateLink.objects.filter(template=OuterRef("pk"))
    return Q(initiative__submitted_at__isnull=False, initiative__shield_basis="") & ~Q(Exists(taken))


def summed_benefits() -> BenefitQuerySet:
    rows: BenefitQuerySet = Benefit.objects.in_plans().filter(open_to_all())
    return rows


@dataclass(frozen=True, slots=True)
class Summed:
    """The sums of one or more municipalities.

    Of one, what it takes part in with others is among them; of several, that would be counted twice.
    """

    ids: tuple[int, ...]
    beneficiary: str = ""

    @classmethod
    def of(cls, actor: PersonActor, *, beneficiary: str) -> Self:
        return cls(tuple(sorted(municipalities_of(actor) or ())), beneficiary)

    @property
    def is_one(self) -> bool:
        return len(self.ids) == 1

    def beside(self, rows: BenefitQuerySet) -> BenefitQuerySet:
        """Keep those of ``rows`` that are not in these sums, or not as they stand there."""
        return rows.filter(Q(pk__in=ScoreMark.objects.values("benefit")) | ~(open_to_all() & self._is_there()))

    def short(self) -> list[QuerySet[Any]]:
        """Return the shares of benefits that fell short, as they stand in these sums: of each municipality, and of others."""
        marked = ScoreMark.objects.values("benefit")
        rows = ScoreShare.objects.filter(is_short=True).exclude(benefit__in=marked)
        if self.beneficiary:
            rows = rows.filter(beneficiary=self.beneficiary)
        own = [rows.filter(home=pk) for pk in self.ids]
        if not self.is_one:
            return own
        together = rows.annotate(places=Func("seen_in", function="cardinality", output_field=IntegerField())).filter(places__gt=1)
        return [*own, together.filter(seen_in__overlap=self.ids).exclude(home__in=self.ids)]

    def _is_there(self) -> Q:
        home = Q(initiative__municipality_id__in=self.ids)
        if not self.is_one:
            return home
        taking_part = Participation.objects.filter(
            initiative=OuterRef("initiative_id"), municipality_id__in=self.ids, left_at=None
        )
        return home | Q(Exists(taking_part))

    @property
    def where(self) -> str:
        """Which sums these are, as SQL with ``%(ids)s`` and ``%(beneficiary)s``."""
        place = "" if self.is_one else " and home = seen_in"
        return f"seen_in = any(%(ids)s){place}{self._narrowed}"

    @property
    def where_kept(self) -> str:
        """Of which shares the sums are made, as SQL."""
        place = "seen_in && %(ids)s::bigint[]" if self.is_one else "home = any(%(ids)s)"
        return f"{place}{self._narrowed}"

    @property
    def _narrowed(self) -> str:
        return " and beneficiary = %(beneficiary)s" if self.beneficiary else ""

    @property
    def values(self) -> dict[str, Any]:
        return {"ids": list(self.ids), "beneficiary": self.beneficiary}
