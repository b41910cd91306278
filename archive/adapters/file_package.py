"""Packages in a folder that somebody else empties, and answers in a folder beside it.

``ARCHIVE_FOLDER`` names the folder, with one below it for each municipality: ``ut`` for packages, ``inn`` for
answers.  Without it, packages are downloaded and answers uploaded on the pages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from archive.adapters.port import Incoming
from archive.forms import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organization.models import Unit

OUT, IN, READ, ASIDE = "ut", "inn", "lest", "lagt-til-side"
_MOST_ANSWERS = 500


class FilePackagePort:
    def __init__(self, municipality: Unit) -> None:
        base = str(getattr(settings, "ARCHIVE_FOLDER", ""))
        self._home = Path(base) / (municipality.orgnr or f"enhet-{municipality.pk}") if base else None

    def send(self, name: str, package: bytes) -> str:
        if self._home is not None:
            _write(self._home / OUT / f"{name}.zip", package)
        return name

    def fetch_answers(self) -> Iterator[Incoming]:
        if self._home is None or not (self._home / IN).is_dir():
            return
        found = sorted(path for path in (self._home / IN).iterdir() if _is_plain(path))
        for path in found[:_MOST_ANSWERS]:
            with path.open("rb") as file:
                # One byte more than is allowed tells that it is too large.
                yield Incoming(path.name, file.read(MOST_BYTES + 1), str(path))

    def settle(self, answer: Incoming, *, understood: bool) -> None:
        path = Path(answer.token)
        target = path.parent.parent / (READ if understood else ASIDE)
        target.mkdir(parents=True, exist_ok=True)
        path.replace(target / path.name)


def _is_plain(path: Path) -> bool:
    """Tell whether it is a finished file of somebody's: no link that leads elsewhere, nothing half written."""
    return path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~"))


def _write(path: Path, content: bytes) -> None:
    """Write beside and move: whoever empties the folder never sees half a package.

    What a run that was killed left of one is overwritten by the next; the row of the message is locked meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
