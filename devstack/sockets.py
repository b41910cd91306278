"""Folders for unix sockets, whose paths may be no longer than about 100 bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST = 85
"""Bytes that a folder may have: a path holds 104 on macOS, 108 on Linux, and the file's name comes on top."""


def short_directory(path: Path) -> Path:
    """Return ``path``, or a folder of ours among the temporary ones when ``path`` is too long for a socket.

    :raises RuntimeError: if the folder belongs to somebody else.
    """
    if len(os.fsencode(path)) > LONGEST:
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
        path = Path(tempfile.gettempdir()) / f"devpg-{os.getuid()}-{digest}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise RuntimeError(f"{path} belongs to somebody else")
    return path
