"""Search and order as Norwegian readers expect, by PostgreSQL.

``search_query`` turns what somebody typed into a query of full text search, and ``HiddenWords``
keeps beside a text what its compounds hide (``core.compounds``); ``NbSort`` orders names with
æ, ø and å last, by the function that ``CreateNbSort`` puts into the database.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import migrations
from django.db.models import Func, Model, TextField

from core.compounds import vocabulary

CONFIG = "norwegian"
_MAX_TYPED = 200
_NB_SORT = Path(__file__).resolve().parent / "sql" / "nb_sort.sql"
# A word in the making at the end of what is typed: not negated, not after OR, not inside quotes.
_LAST_WORD = re.compile(r"(?:^|\s)(\w+)$")
_OPEN = re.compile(r"(?:^|\s)or\s+\w+$", re.IGNORECASE)
# A "phrase", or a word with the sign before it: neither is asked for in other ways.
_PIECE = re.compile(r'-?"[^"]*"?|\S+')
_PLAIN = re.compile(r"[^\W_]+")


def search_query(typed: str) -> SearchQuery | CombinedSearchQuery:
    """Return the query for what somebody typed; any text is safe, and nothing finds nothing.

    Words, "phrases", ``or`` and ``-not`` work as on the web, and words find their inflected
    forms.  A compound also finds its parts where all of them stand, and a word in nynorsk the
    same word in bokmål.  The last word also finds what begins with it, since it may be half typed.
    """
    text = " ".join(typed.replace("\x00", " ").split())[:_MAX_TYPED]
    whole = SearchQuery(text, search_type="websearch", config=CONFIG)
    apart = _taken_apart(text)
    if apart != text:
        whole = whole | SearchQuery(apart, search_type="websearch", config=CONFIG)
    last = _LAST_WORD.search(text)
    if last is None or _OPEN.search(text) or text.count('"') % 2:
        return whole
    beginning = SearchQuery(f"'{last[1]}':*", search_type="raw", config=CONFIG)
    before = text[: last.start()].strip()
    if not before:
        return whole | beginning
    return whole | (SearchQuery(before, search_type="websearch", config=CONFIG) & beginning)


def is_plain(typed: str) -> bool:
    """Tell whether the question is words only: no phrase, nothing excluded, no choice between words."""
    return not re.search(r'"|(?:^|\s)-|\bor\b', typed, re.IGNORECASE)


def _taken_apart(text: str) -> str:
    """Return the question with the parts of its compounds instead of them; phrases and what is excluded stay."""
    pieces = _PIECE.findall(text)
    return " ".join(" ".join(_asked(piece)) or piece for piece in pieces)


def _asked(piece: str) -> tuple[str, ...]:
    return vocabulary().asked(piece.lower()) if _PLAIN.fullmatch(piece) else ()


class HiddenWords(TextField):
    """What the compounds in other columns of the row hide, for a search vector to have beside them.

    Written whenever the row is saved; ``manage.py rebuild_search`` writes it for rows that came
    another way, or before the vocabulary grew.
    """

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **{**kwargs, "editable": False, "blank": True, "default": ""})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**{k: v for k, v in kwargs.items() if k not in _FIXED}, "of": self.of}

    def pre_save(self, model_instance: Model, add: bool) -> str:
        texts = tuple(getattr(model_instance, name) for name in self.of)
        read, hidden = model_instance.__dict__.get(self._kept_as, (None, ""))
        if read != texts:
            hidden = vocabulary().hidden_in(texts)
            model_instance.__dict__[self._kept_as] = texts, hidden
        setattr(model_instance, self.attname, hidden)
        return hidden

    @property
    def _kept_as(self) -> str:
        """Where the row has what was found in which texts, so that it is found once however often it is saved."""
        return f"_hidden_{self.attname}"


_FIXED = frozenset({"editable", "blank", "default"})


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
