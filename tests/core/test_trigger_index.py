"""The indexed registry of triggers answers as pgtrigger's own does."""

from __future__ import annotations

import pgtrigger
import pytest
from pgtrigger import registry

from core.models import Notice
from core.trigger_index import IndexedRegistry


def protect(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def test_index__is_in_use_and_holds_what_the_walk_would_find():
    found = registry._registry
    assert isinstance(found, IndexedRegistry)
    assert len(found) > 500
    assert set(found.pg_function_names) == registry._Registry.pg_function_names.fget(found)
    assert found.by_db_table == registry._Registry.by_db_table.fget(found)


def test_register__again_is_nothing_and_another_of_the_same_name_is_refused():
    first = protect("prove_a")
    with first.register(Notice):
        first.register(Notice)
        with pytest.raises(KeyError, match="prove_a"):
            pgtrigger.Protect(name="prove_a", operation=pgtrigger.Update).register(Notice)


def test_register__not_where_the_function_has_the_name_already(monkeypatch):
    taken, other = protect("prove_b"), protect("prove_c")
    monkeypatch.setattr(other, "get_pgid", taken.get_pgid)
    with taken.register(Notice), pytest.raises(KeyError, match="already in use"):
        other.register(Notice)


def test_unregister__makes_the_name_free():
    with protect("prove_d").register(Notice):
        assert (Notice._meta.db_table, "prove_d") in registry._registry.by_db_table
    assert (Notice._meta.db_table, "prove_d") not in registry._registry.by_db_table
    with pgtrigger.Protect(name="prove_d", operation=pgtrigger.Update).register(Notice):
        assert "core.Notice:prove_d" in registry._registry
