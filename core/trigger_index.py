"""Let each trigger be registered in constant time.

pgtrigger looks for a trigger of the same name by walking over all that are registered, so with a thousand triggers the
start of every process spends half its time there.  The same questions are answered here from two indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgtrigger import registry

if TYPE_CHECKING:
    from collections.abc import KeysView

    from django.db.models import Model
    from pgtrigger import Trigger


class IndexedTriggers(dict[str, "tuple[Model, Trigger]"]):
    """Triggers with their models by address, and also by what may not be used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.functions: dict[str, str] = {}
        self.names: dict[tuple[str, str | None], Trigger] = {}

    def __setitem__(self, key: str, value: tuple[Model, Trigger]) -> None:
        super().__setitem__(key, value)
        model, trigger = value
        self.functions[trigger.get_pgid(model)] = key
        self.names[model._meta.db_table, trigger.name] = trigger

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)
        self.functions.pop(trigger.get_pgid(model), None)
        self.names.pop((model._meta.db_table, trigger.name), None)


class IndexedRegistry(registry._Registry):
    """pgtrigger's registry, which asks the indexes whether a name is taken."""

    data: IndexedTriggers

    @property
    def pg_function_names(self) -> KeysView[str]:
        return self.data.functions.keys()

    @property
    def by_db_table(self) -> dict[tuple[str, str | None], Trigger]:
        return self.data.names


def index_triggers() -> None:
    """Take the indexed registry into use; called before the first model is made."""
    indexed = IndexedRegistry()
    indexed.data = IndexedTriggers()
    indexed.update(registry._registry)
    registry._registry = indexed
