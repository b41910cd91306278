"""What counts for whom: the municipality's budget, other people, and the cost of financing by tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from benefits.arithmetic.flows import net_present_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benefits.arithmetic.flows import Rates

_MINUTES = Decimal(60)


@dataclass(frozen=True, slots=True)
class Cut:
    """A budget that is made smaller: by how much, where, and from which year."""

    amount: Decimal
    account: str
    year: int


def counts_as_budget(*, kind: str, form: str, cut: Cut | None) -> bool:
    """Tell whether a benefit may be counted in the budget.

    Saved time is money only where a budget is cut for it; otherwise it is time used for something
    else, and counting both would count it twice (domain/benefits 3.4).
    """
    if form != "budget":
        return False
    return kind != "saved_time" or (cut is not None and cut.amount > 0 and bool(cut.account.strip()))


@dataclass(frozen=True, slots=True)
class Welfare:
    """Present values in kroner: of public money, of others, and of the cost of financing by tax."""

    public: Decimal
    others: Decimal
    tax: Decimal
    invested: Decimal

    @property
    def total(self) -> Decimal:
        return self.public + self.others + self.tax

    @property
    def per_krone(self) -> Decimal | None:
        """What is left per krone invested, or ``None`` when nothing is."""
        return self.total / self.invested if self.invested else None


def welfare(
    public: Sequence[Decimal],
    others: Sequence[Decimal],
    rates: Rates,
    *,
    invested: Decimal,
    tax_cost: Decimal = Decimal(0),
) -> Welfare:
    """Return what a measure is worth to all.

    :param invested: the present value of the investment.
    :param tax_cost: kroner that each krone of net public money costs (0.20); none by default.
    """
    own = net_present_value(public, rates)
    return Welfare(own, net_present_value(others, rates), own * tax_cost, invested)


def work_years(minutes_each: Decimal, times: Decimal, *, hours_per_work_year: Decimal) -> Decimal:
    """Return how many work-years are freed when ``times`` tasks a year take ``minutes_each`` less."""
    return minutes_each * times / (_MINUTES * hours_per_work_year)
