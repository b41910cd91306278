from __future__ import annotations

import random

import pytest
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.db.models import Value
from django.db.models.functions import Cast
from hypothesis import given, settings
from hypothesis import strategies as st

from core.textsearch import CreateNbSort, NbSort, search_query

pytestmark = pytest.mark.django_db

TEXT = "Søknadene om tilskuddene til kommunenes digitale byggesaker, sak 2026/123 hos Kari O'Hara"
# As ICU sorts them for nb-NO.
NAMES = [
    "", "10 tiltak", "2 tiltak", "Áilu", "Aker", "Andersen", "Berg", "Bodø", "Bærum", "bø", "Čáhci", "Dahl",
    "de Vries", "Devold", "Đivtasvuotna", "Dønna", "Edvard", "Émile", "Finnøy", "Færder", "Gáivuotna",
    "Grane", "Hå", "Ibsen", "Jørgensen", "Kárášjohka", "Kristiansund", "Myhre", "Müller", "Nesna", "O'Hara",
    "Olsen", "Porsáŋgu", "Porsgrunn", "Rana", "Šibmi", "Skien", "Trondheim", "Tynset", "Unjárga", "Vågå",
    "Wessel", "Zahl", "Ænes", "Østre Toten", "Øygarden", "Åmot", "Aarseth", "Ås", "Aasen",
]  # fmt: skip


@pytest.fixture
def nb_sort() -> None:
    """The function as the file has it now, whatever the migrations made."""
    with connection.schema_editor() as editor:
        CreateNbSort().database_forwards("core", editor, ProjectState(), ProjectState())


def finds(typed: str, text: str = TEXT) -> bool:
    with connection.cursor() as cursor:
        sql, params = compiled(search_query(typed))
        cursor.execute(f"select to_tsvector('norwegian', %s) @@ ({sql})", [text, *params])
        return bool(cursor.fetchone()[0])


def compiled(expression: models.Expression) -> tuple[str, list[object]]:
    query = models.sql.Query(None)
    compiler = query.get_compiler(connection=connection)
    return compiler.compile(expression.resolve_expression(query))


def test_search_finds_inflected_words_phrases_and_negation() -> None:
    assert finds("søknad tilskudd")
    assert finds("KOMMUNENE")
    assert finds('"digitale byggesaker"')
    assert not finds('"byggesaker digitale"')
    assert not finds("søknad -tilskudd")
    assert finds("fisk or søknad")


@pytest.mark.parametrize(
    "typed", ["b", "bygge", "søknad byg", "digi", "søknadene om til", "2026/123", "sak 2026/123", "o'hara"]
)
def test_search_finds_the_last_word_while_it_is_typed(typed: str) -> None:
    assert finds(typed)


@pytest.mark.parametrize(
    "typed", ["", "   ", "\x00", '"', "-", "og", "fisk", "bygge søknad", "søknad fis", '"bygge']
)
def test_search_finds_nothing_else(typed: str) -> None:
    # «bygge» is half a word, and only the last one may be.
    assert not finds(typed)


@given(st.text(max_size=60) | st.text("abc'\":*&|!()<->\\%_ \x00", max_size=30))
@settings(max_examples=150)
def test_search_takes_any_text(typed: str) -> None:
    finds(typed)


def test_search_cuts_what_is_too_long() -> None:
    assert not finds("ord " * 100_000)


def ordered(names: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select x from unnest(%s::text[]) x order by nb_sort(x), x", [names])
        return [row[0] for row in cursor.fetchall()]


def test_nb_sort_gives_norwegian_order(nb_sort: None) -> None:
    shuffled = random.Random(7).sample(NAMES, len(NAMES))
    assert ordered(shuffled) == NAMES


def test_nb_sort_puts_letters_in_their_places(nb_sort: None) -> None:
    letters = [*"abcdefghijklmnopqrstuvwxyzæøå"]
    assert ordered(random.Random(7).sample(letters, len(letters))) == letters
    assert ordered(["Å", "a", "A\u030ase", "z"]) == ["a", "z", "Å", "A\u030ase"]


def test_nb_sort_can_be_indexed_and_used_as_an_expression(nb_sort: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table people (name text) on commit drop")
        cursor.execute("create index on people (nb_sort(name))")
    sql, params = compiled(NbSort(Cast(Value("Åse"), models.TextField())))
    with connection.cursor() as cursor:
        cursor.execute(f"select {sql}", params)
        assert cursor.fetchone() == ("}se",)


def test_create_nb_sort_is_taken_back(nb_sort: None) -> None:
    operation = CreateNbSort()
    assert operation.deconstruct() == ("CreateNbSort", [], {})
    with connection.cursor() as cursor:  # what was made with the function goes first
        cursor.execute("alter table organization_person drop column name_sort")
    with connection.schema_editor() as editor:
        operation.database_backwards("core", editor, ProjectState(), ProjectState())
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_proc where proname = 'nb_sort'")
        assert cursor.fetchone() == (0,)
