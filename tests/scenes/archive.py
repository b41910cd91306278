"""Send to archives and read their answers in processes that die: SIGKILL at each step of the outbox.

``python -m tests.scenes.archive <deaths> <seed> <folder>`` puts messages in the outbox of two municipalities, one with
the trial archive and one with a folder that a stranger empties and answers in, lets so many processes die on the way,
and prints where each died as JSON.  Every try is a process of its own that runs the tasks of the worker.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if TYPE_CHECKING:
    from collections.abc import Callable

# Where a process dies: the module, what is called there, and whether that has been done.
POINTS = [
    ("archive.shipping", "_free", False),  # before a message is claimed
    ("archive.shipping", "_pack", False),  # when it is
    ("archive.shipping", "package_of", True),  # when its papers are drawn
    ("archive.shipping", "_stored", False),
    ("archive.shipping", "_half_written", False),  # in the middle of the file of the package
    ("archive.shipping", "_stored", True),  # written, and nothing in the database says so
    ("archive.shipping", "keep", True),
    ("archive.shipping", "_pack", True),  # marked, and not committed
    ("archive.shipping", "_send", False),
    ("archive.adapters.file_package", "_half_sent", False),  # in the middle of the file in the other's folder
    ("archive.adapters.file_package", "_write", True),  # handed over, and nothing in the database says so
    ("archive.trial.archive", "_opened", True),  # while the archive takes it
    ("archive.shipping", "_send", True),  # marked as sent, and not committed
    ("archive.shipping", "_forward", True),  # committed
    ("archive.receiving", "read", False),
    ("archive.receiving", "_apply", False),
    ("archive.receiving", "_apply", True),  # the receipt is applied, and not written down
    ("archive.receiving", "tell_receivers", True),
    ("archive.receiving", "_written", True),  # written down, and not committed
    ("archive.receiving", "take", True),  # committed, and the answer not put away
]
BY_THE_CLOCK = "a moment"
SOON = 0.4  # seconds within which the clock strikes


@dataclass(frozen=True)
class Point:
    """A step at which a process dies, the ``nth`` time it comes there."""

    module: str
    name: str
    after: bool
    nth: int

    def __str__(self) -> str:
        return f"{self.module}.{self.name} {'after' if self.after else 'before'}"

    def arm(self) -> None:
        if self.name == "_half_written":
            from django.core.files.base import ContentFile

            ContentFile.chunks = self._half  # type: ignore[method-assign,assignment]
        elif self.name == "_half_sent":
            os.fsync = self._deadly(os.fsync)
        else:
            module = import_module(self.module)
            setattr(module, self.name, self._deadly(getattr(module, self.name)))

    def _deadly(self, real: Callable[..., Any]) -> Callable[..., Any]:
        calls = 0

        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            last = calls == self.nth
            if last and not self.after:
                die()
            done = real(*args, **kwargs)
            if last:
                die()
            return done

        return call

    @staticmethod
    def _half(file: Any, *_size: int) -> Any:
        yield file.read(100)
        die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# --- What is on its way ----------------------------------------------------------------------------
def put(cases: int) -> None:
    """Put new cases in the outboxes: each a folder that its first message makes, and one more message in it."""
    from archive.models import ArchiveMessage

    for subject in ArchiveMessage.objects.filter(key__endswith="/submission").order_by("pk"):
        have = ArchiveMessage.objects.filter(municipality_id=subject.municipality_id).count()
        for number in range(cases):
            _put_case(subject, f"{subject.municipality_id}-{have + number}")


def _put_case(subject: Any, name: str) -> None:
    from django.utils import timezone

    from archive import filing
    from archive.operations import enqueue

    now, place = timezone.now(), subject.municipality
    folder = filing.Folder(
        key=f"case/{name}", title=f"Sak {name}", day=timezone.localdate(now), subject="initiative", unit="IKT",
    )  # fmt: skip
    for what in ("Innmelding", "Vedtak"):
        paper = filing.sheet(
            organization=place.name, kind=what, title=f"{what} {name}", facts=[("Sak", name)]
        )
        entry = filing.Entry(
            kind=filing.JOURNAL_ENTRY, title=f"{what} {name}", day=timezone.localdate(now), journal_type=filing.INTERNAL,
            parties=(filing.Party(kind=filing.INTERNAL_SENDER, name="IKT"),),
            documents=(filing.Document(title=what, kind="NOTAT", variants=(paper,)),),
        )  # fmt: skip
        draft = filing.Draft(
            kind="decision", key=f"case/{name}/{what.lower()}", title=f"{what} {name}", about=subject.subject,
            municipality_id=place.pk, payload={},
            filing=filing.Filing(**filing.creator_of(place), folder=folder, entry=entry, at=now),
        )  # fmt: skip
        enqueue(draft, now=now + timedelta(microseconds=1))


# --- Who dies --------------------------------------------------------------------------------------
def run_tasks(point: Point | None = None) -> None:
    from archive import tasks

    if point is not None:
        point.arm()
    tasks.ship()
    tasks.receive()


def in_a_process(act: Callable[[], object], *, strikes: float = 0) -> bool:
    """Run in a process of its own, and tell whether it was killed; ``strikes``: by us, after so many seconds."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)
    if strikes:
        time.sleep(strikes)
        os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    assert os.WEXITSTATUS(status) == 0, "the process did not die: it failed"
    return False


def answer_in_folder(folder: Path, municipality_id: int) -> None:
    """Be the archive at the other end of the folder: take each package out of it, and lay the answers in."""
    from archive.models import TrialAnswer
    from archive.trial.archive import TrialArchive

    (folder / "inn").mkdir(parents=True, exist_ok=True)
    (folder / "tatt").mkdir(exist_ok=True)
    for path in sorted((folder / "ut").glob("[!.]*.zip")):
        TrialArchive(municipality_id).take(path.stem, path.read_bytes())
        times = len(list((folder / "tatt").glob(f"{path.stem}*")))
        path.replace(folder / "tatt" / f"{path.stem}.{times}.zip")
    for row in TrialAnswer.objects.filter(municipality_id=municipality_id).order_by("pk"):
        half = folder / "inn" / f".{row.name}"
        half.write_bytes(bytes(row.content))
        half.replace(folder / "inn" / row.name)
        row.delete()


def deaths(wanted: int, seed: int, folder: Path) -> list[str]:
    """Let so many processes die, at each point in turn and at moments between, and end in peace."""
    home = _scene(folder)
    chance, died, turn = random.Random(seed), [], 0
    order = itertools.cycle(chance.sample(POINTS, len(POINTS)))
    while len(died) < wanted:
        assert turn < 5 * wanted + 20, f"only {len(died)} died"
        in_a_process(lambda: answer_in_folder(folder / home["orgnr"], home["pk"]))
        if turn % 5 == 4:
            killed = in_a_process(run_tasks, strikes=chance.uniform(0.02, SOON))
            died += [BY_THE_CLOCK] if killed else []
        else:
            died.append(str(_die_at(*next(order), nth=chance.choice((1, 1, 1, 2)))))
        turn += 1
    for _time in range(6):
        in_a_process(run_tasks)
        in_a_process(lambda: answer_in_folder(folder / home["orgnr"], home["pk"]))
    return died


def _die_at(*place: Any, nth: int) -> Point:
    """Let a process die at a point; where nothing is left to do, with new cases."""
    point = Point(*place, nth=nth)
    if not in_a_process(lambda: run_tasks(point)):
        in_a_process(lambda: put(1))
        point = Point(*place, nth=1)
        assert in_a_process(lambda: run_tasks(point)), f"nobody comes to {point}"
    return point


def _scene(folder: Path) -> dict[str, Any]:
    """Return the municipality whose packages go through the folder."""
    from tests import stories
    from tests.archive.scene import files_by
    from tests.world import build

    world, told = build(), []
    for place, channel in ((world.home, "file_package"), (world.neighbor, "trial")):
        rules = files_by(place, channel)
        stories.received(place)
        told.append({"pk": rules.municipality_id, "orgnr": rules.municipality.orgnr})
    folder.mkdir(exist_ok=True)
    put(1)
    _know_beforehand()
    return told[0]


def _know_beforehand() -> None:
    """Read what every process needs, so that each is the copy of one that knows it."""
    from archive.adapters import file_package, trial
    from archive.trial import official
    from core import pdf

    del file_package, trial, pdf
    for name in official.FILES:
        official._schema(name)


def main(wanted: str, seed: str, folder: str) -> None:
    import django

    django.setup()
    sys.stdout.write(json.dumps(deaths(int(wanted), int(seed), Path(folder))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
