"""Files of each test in a folder of its own, and the municipality that most of them are about."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def place(world):
    return world.home
