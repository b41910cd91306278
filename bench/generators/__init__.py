"""Each app's own rows: ``bench/generators/<app>.py`` with ``ORDER`` and ``generate(plan)``.

A new app adds a module here and nothing else.  What others need of it stands in a temporary
table of the same session: ``bench_place`` (municipalities with units and people, made by
``organization``) and ``bench_case`` (initiatives, made by ``governance``).
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bench import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan


def modules() -> list[Any]:
    """Return the modules of the apps, those that others build on first."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return sorted(found, key=lambda module: (module.ORDER, module.__name__))


def generate(plan: Plan, *, tell: Callable[[str], None] = lambda _line: None) -> None:
    """Fill an empty, migrated database in one transaction, and update the planner's statistics.

    :raises RuntimeError: if there are initiatives already.
    """
    from governance.models import Initiative

    if Initiative.objects.exists():
        raise RuntimeError("There are initiatives in this database already: generate into an empty one")
    with transaction.atomic():
        for module in modules():
            begun = time.monotonic()
            module.generate(plan)
            tell(f"{module.__name__.rsplit('.', 1)[-1]}: {time.monotonic() - begun:.1f} s")
    sql.run("analyze")
