"""Figures that many ask for are kept until something they are made of changes.

What is counted depends on who counts, so the statement with its parameters is part of the key: nobody is ever given
what another one's visibility made.  Every change of a plan, a measurement or an initiative stamps ``changed_at``, and
the latest stamp is part of the key too.  What has no stamp there, such as the name of a unit, is seen after
``SECONDS`` at the latest.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

T = TypeVar("T")
SECONDS = 10 * 60
_LATEST = """
select (select max(changed_at) from benefits_benefit), (select max(changed_at) from governance_initiative),
       (select max(id) from benefits_benefit), (select max(id) from benefits_templatelink)
"""


class Keeper:
    """Keeps what one page asks for.  The stamps are read once, before the first figure."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_LATEST)
            self._latest = cursor.fetchone()

    def keep(self, rows: QuerySet[Any], parts: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what ``make`` makes of ``rows``, or what it made when nothing was different.

        :param parts: what else the result depends on.
        """
        try:
            statement = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return make()
        key = sha256(repr((self._latest, statement, parts)).encode()).hexdigest()
        found: tuple[T] | None = cache.get(f"benefits-{key}")
        if found is None:
            found = (make(),)
            cache.set(f"benefits-{key}", found, SECONDS)
        return found[0]
