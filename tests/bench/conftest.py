"""After the generators: stories are told anew, since rows came by the thousand and with keys of their own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _stories_are_forgotten():
    from tests.retelling import memory

    yield
    memory.forget()
