"""Give the lines of the feed their positions: the function in the database, and the call of it."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, migrations

_SQL = Path(__file__).parent / "sql" / "number_feed.sql"
AT_MOST = 10_000
"""How many lines one reader numbers; after a large import the first ones to read share the work."""


def last_position() -> int:
    """Number what has come through since the last time, and return the last position there is."""
    with connection.cursor() as cursor:
        cursor.execute("select number_feed(%s)", [AT_MOST])
        (last,) = cursor.fetchone()
    return int(last)


class CreateNumberFeed(migrations.RunSQL):
    """The operation of a migration that makes, or remakes, the function that numbers the feed."""

    def __init__(self) -> None:
        super().__init__(
            ["create sequence if not exists feed_position", _SQL.read_text("utf-8")],
            ["drop function if exists number_feed(integer)", "drop sequence if exists feed_position"],
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__name__, [], {}
