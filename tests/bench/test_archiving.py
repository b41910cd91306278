"""The measurement of messages to the archive: real packages, and figures that add up."""

from __future__ import annotations

import cProfile

import pytest

from archive.trial import official
from bench import archiving
from tests import stories
from tests.archive.scene import files_by


@pytest.fixture
def rows(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    files_by(world.home)
    stories.received(world.home)
    return archiving.messages(10)


def test_run__builds_each_message_and_tells_what_it_took(rows):
    took = archiving.run(rows)
    assert {kind: len(times) for kind, times in took.items()} == {"submission": 1, "endorsement": 1}
    first, *_rest = archiving.told([took])
    assert first.startswith("2 messages, 1 rounds: ")
    assert rows[0][0].shipments.count() == 0


def test_shares__add_up_to_all_of_it(rows):
    profile = cProfile.Profile()
    profile.runcall(archiving.run, rows)
    shares = [int(line.split("|")[2].strip(" %")) for line in archiving.shares(profile)[2:]]
    assert 95 <= sum(shares) <= 105
    assert shares[0] > 0


def test_build_one__that_breaks_the_schema_is_not_measured(rows, monkeypatch):
    monkeypatch.setattr(official, "problems_of", lambda _xml: ["3: not so"])
    with pytest.raises(RuntimeError, match="not so"):
        archiving.build_one(*rows[0])


def test_messages__without_content_are_left_out(world):
    assert archiving.messages(10) == []
