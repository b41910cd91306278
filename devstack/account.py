"""The account that the database server runs as.

PostgreSQL refuses to run as root, and build machines run as root.  There the server runs as
``nobody`` (or as PG_OS_USER).  It also refuses a number without a name, which containers
like to give, and some sandboxes only pretend that we are root and know no other account:
in both a user namespace lends us the number of ``nobody``.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# unshare clears the wish to die with the parent, so setpriv states it again.
BORROWED_NUMBER = (
    "unshare",
    "--user",
    "--map-user=65534",
    "--map-group=65534",
    "setpriv",
    "--pdeathsig",
    "INT",
)


@dataclass(frozen=True)
class Account:
    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()
    """What stands before the command."""

    @property
    def differs(self) -> bool:
        """Whether the server is somebody else than we are, and needs folders of its own."""
        return self.uid is not None

    def become(self) -> None:
        if self.uid is not None and self.gid is not None:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account(environ: Mapping[str, str] = os.environ) -> Account:
    """Return the account for the database server: ourselves, unless we are root or have no name."""
    if os.geteuid() != 0:
        return Account() if _has_name(os.geteuid()) else Account(prefix=BORROWED_NUMBER)
    name = environ.get("PG_OS_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise RuntimeError(f"There is no user {name}: set PG_OS_USER to one who may run PostgreSQL") from None
    known = is_mapped(entry.pw_uid, _read("/proc/self/uid_map"))
    if known and is_mapped(entry.pw_gid, _read("/proc/self/gid_map")):
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(prefix=BORROWED_NUMBER)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def is_mapped(number: int, id_map: str) -> bool:
    """Tell whether a user or group exists in this user namespace, by the text of its id map."""
    rows = [[int(field) for field in line.split()] for line in id_map.splitlines()]
    return not rows or any(first <= number < first + count for first, _outside, count in rows)


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
