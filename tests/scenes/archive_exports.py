"""Export what happened before in processes that die: SIGKILL at each step, then in peace.

``python -m tests.scenes.archive_exports <cases> <deaths>`` makes cases, takes their messages away, and lets processes die
while an export makes them anew, and then while another packs them.  It prints where each died, and the keys
that there were, as JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from typing import Any

from tests.scenes.archive import Point, in_a_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

MAKING = [
    ("archive.history.exporting", "_record", False),
    ("archive.history.exporting", "_move", True),  # the position is written, and not committed
    ("archive.history.making", "_make", True),  # made, and not committed
    ("archive.history.exporting", "_record", True),  # committed
]
PACKING = [
    ("archive.history.packing", "_half_written", False),  # in the middle of the file
    ("archive.history.packing", "_write_down", False),  # written, and nothing in the database says so
    ("archive.history.packing", "next_file", True),  # committed
]


def deaths(cases: int, wanted: int) -> dict[str, Any]:
    from archive.models import ArchiveMessage, Purpose

    place = _scene(cases)
    keys = sorted(ArchiveMessage.objects.values_list("key", flat=True))
    ArchiveMessage.objects.all().delete()
    died: list[str] = []
    for purpose, points in ((Purpose.SEND, MAKING), (Purpose.PACKAGES, PACKING)):
        _begin(place, purpose)
        for module, name, after in itertools.islice(itertools.cycle(points), wanted // 2):
            point = Point(module, name, after, nth=1)
            assert in_a_process(lambda point=point: _work(point)), f"nobody comes to {point}"
            died.append(str(point))
        assert not in_a_process(_work)
    return {"died": died, "keys": keys}


def _work(point: Point | None = None) -> None:
    from django.core.files.base import File

    from archive import tasks
    from archive.history import packing

    packing.IN_A_FILE = 3
    if point is not None and point.name == "_half_written":
        File.chunks = Point._half  # type: ignore[method-assign,assignment]
    elif point is not None:
        point.arm()
    tasks.export()


def _begin(place: Any, purpose: str) -> None:
    from django.utils import timezone

    from archive.history import exporting
    from organization.roles import Role

    choice = exporting.Choice(purpose=purpose)
    exporting.start(place.municipality.pk, choice, by=place.actor(Role.ARCHIVIST), now=timezone.now())


def _scene(cases: int) -> Any:
    from core import pdf
    from tests import stories
    from tests.archive.scene import files_by
    from tests.world import build

    del pdf  # read beforehand, so that each process is the copy of one that knows it
    place = build().home
    files_by(place)
    for _number in range(cases):
        stories.received(place)
    return place


def main(cases: str, wanted: str) -> None:
    import django

    django.setup()
    sys.stdout.write(json.dumps(deaths(int(cases), int(wanted))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
