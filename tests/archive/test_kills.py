"""A run that is killed at any step: the next one finds what is left, and nothing is lost or doubled."""

from __future__ import annotations

import pytest
from django.utils import timezone

from archive import receiving, shipping
from archive.adapters import file_package, port
from archive.models import Answer, ArchiveMessage, Shipment
from archive.workflow import message_workflow
from tests import stories
from tests.archive.scene import files_by, ship_and_receive

STEPS = [
    (shipping, "package_of"), (shipping, "_stored"), (shipping, "keep"), (file_package, "_write"), (shipping, "_send"),
    (receiving, "read"), (receiving, "_apply"), (receiving, "_written"), (receiving, "tell_receivers"),
]  # fmt: skip


class Killed(BaseException):
    """What no code of ours may catch, as no code goes on after a process is killed."""


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[name for _module, name in STEPS])
def test_kill_run__and_the_next_one_ends_right(world, monkeypatch, tmp_path, settings, step, after):
    place, (module, name) = world.home, step
    settings.ARCHIVE_FOLDER = str(tmp_path / "arkiv") if name == "_write" else ""
    rules = files_by(place, "file_package" if name == "_write" else "trial")
    stories.received(place)
    real = getattr(module, name)

    def killing(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killing)
        for _time in range(3):
            with pytest.raises(Killed):
                ship_and_receive(rules)
    ship_and_receive(rules)
    rows = ArchiveMessage.objects.filter(municipality=place.municipality).order_by("pk")
    if name == "_write":
        (sent,) = (tmp_path / "arkiv" / "911111111" / "ut").iterdir()
        assert sent.name == f"{Shipment.objects.get().name}.zip"
        assert rows[0].status == "sent"
        return
    assert [row.status for row in rows] == ["receipted", "receipted"]
    assert Shipment.objects.count() == 2
    assert Answer.objects.filter(counted=True).count() == 4


def test_two_runs__at_once_move_a_message_once(world, monkeypatch):
    """The other run takes the row between the look and the lock."""
    rules = files_by(world.home)
    stories.awaiting_endorsement(world.home)
    message = ArchiveMessage.objects.get()
    way = port.port_of(rules)
    assert way is not None
    for _time in range(3):
        shipping._forward(message.pk, rules, way, timezone.now())
    message.refresh_from_db()
    assert message.status == "sent"
    assert message.shipments.count() == 1
    assert message.pgh_event_model.objects.filter(pgh_obj_id=message.pk).count() == 3
    assert not message_workflow.transitions["send"].source - {"packed"}
