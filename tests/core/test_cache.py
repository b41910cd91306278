"""The cache on Redis, as production uses it."""

from __future__ import annotations

from core.cache import Cache


def test_use_cache__keeps_what_it_is_given(valkey):
    cache = Cache(valkey.cache_url(5), {})
    cache.set("a", {"person": 7}, timeout=60)
    assert cache.get("a") == {"person": 7}
    assert cache.get("b", "nothing") == "nothing"
    cache.delete("a")
    assert cache.get("a") is None


def test_use_cache__with_one_client(valkey):
    client = Cache(valkey.cache_url(5), {})._cache
    assert client.get_client("a") is client.get_client("b", write=True)
