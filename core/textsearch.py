"""Search and order as Norwegian readers expect, by PostgreSQL.

``search_query`` turns what somebody typed into a query of full text search; ``NbSort`` orders
names with æ, ø and å last, by the function that ``CreateNbSort`` puts into the database.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import migrations
from django.db.models import Func, TextField

CONFIG = "norwegian"
_MAX_TYPED = 200
_NB_SORT = Path(__file__).resolve().parent / "sql" / "nb_sort.sql"
# A word in the making at the end of what is typed: not negated, not after OR, not inside quotes.
_LAST_WORD = re.compile(r"(?:^|\s)(\w+)$")
_OPEN = re.compile(r"(?:^|\s)or\s+\w+$", re.IGNORECASE)


def search_query(typed: str) -> SearchQuery | CombinedSearchQuery:
    """Return the query for what somebody typed; any text is safe, and nothing finds nothing.

    Words, "phrases", ``or`` and ``-not`` work as on the web, and words find their inflected
    forms.  The last word also finds what begins with it, since it may be half typed.
    """
    text = " ".join(typed.replace("\x00", " ").split())[:_MAX_TYPED]
    whole = SearchQuery(text, search_type="websearch", config=CONFIG)
    last = _LAST_WORD.search(text)
    if last is None or _OPEN.search(text) or text.count('"') % 2:
        return whole
    beginning = SearchQuery(f"'{last[1]}':*", search_type="raw", config=CONFIG)
    before = text[: last.start()].strip()
    if not before:
        return whole | beginning
    return whole | (SearchQuery(before, search_type="websearch", config=CONFIG) & beginning)


class NbSort(Func):
    """The key by which a name takes its place in Norwegian order: ``order_by(NbSort("name"))``."""

    function = "nb_sort"
    arity = 1
    output_field = TextField()


class CreateNbSort(migrations.RunSQL):
    """The operation of a migration that makes, or remakes, the function behind ``NbSort``."""

    def __init__(self) -> None:
        super().__init__(_NB_SORT.read_text("utf-8"), "drop function if exists nb_sort(text)")

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__name__, [], {}
