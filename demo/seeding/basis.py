"""Register what each municipality computes with, the way its chief of finance does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from benefits.basis import set_basis
from core.actors import System
from demo.content.read import read_yaml

if TYPE_CHECKING:
    from demo.seeding.organization import Index

_CLOCK = "09:40"


def seed_bases(index: Index) -> None:
    for entry in read_yaml("basis.yaml"):
        near, middle, far = (Decimal(str(rate)) for rate in entry["rates"])
        begins = index.day(entry["from"])
        values = {
            "valid_from": begins, "source": entry["source"], "price_year": begins.year + entry["price_year"], "rate_near": near,
            "rate_middle": middle, "rate_far": far, "hours_per_work_year": Decimal(entry["hours"]),
            "tax_cost": Decimal(entry["tax_cost"]), "years": entry["years"],
        }  # fmt: skip
        now = index.at(entry["registered"], _CLOCK)
        set_basis(index.units[entry["municipality"]], values, by=System("demo"), now=now)
