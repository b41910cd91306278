"""The lock files fit pyproject.toml, and say nothing about where packages come from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.config.production import BASE

PROJECT = tomllib.loads((BASE / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
WANTED = {
    "production": PROJECT["project"]["dependencies"],
    "dev": [*PROJECT["project"]["dependencies"], *GROUPS["embedded"], *GROUPS["test"]],
    "lint": [*PROJECT["project"]["dependencies"], *GROUPS["embedded"], *GROUPS["test"], *GROUPS["lint"]],
}
LOCK_FILES = [BASE / "requirements" / f"{name}.txt" for name in WANTED]
TOOLS = [BASE / "devstack" / "uv.txt", BASE / "devstack" / "node.txt"]
ADDRESS = re.compile(r"https?:|file:|--(?:index|extra|find)")


def pinned(name: str) -> dict[str, str]:
    """Return the versions in a lock file by name."""
    lines = (BASE / "requirements" / f"{name}.txt").read_text().splitlines()
    pins = (re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line) for line in lines)
    return {canonicalize_name(pin.group(1)): pin.group(2) for pin in pins if pin}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WANTED.items() for text in texts])
def test_lock_file_satisfies_project(name, text):
    """Stale? ``requirements/compile.sh`` writes them anew."""
    requirement = Requirement(text)
    version = pinned(name).get(canonicalize_name(requirement.name))

    assert version is not None, f"{requirement.name} is not in {name}.txt"
    assert requirement.specifier.contains(version, prereleases=True), f"{text}, but {name}.txt has {version}"


@pytest.mark.parametrize(("smaller", "larger"), [("production", "dev"), ("dev", "lint")])
def test_lock_file_holds_all_of_the_smaller_one(smaller, larger):
    """./run keeps what ./test has installed, which is right only when nothing differs."""
    assert pinned(smaller).items() <= pinned(larger).items()


@pytest.mark.parametrize("path", [*LOCK_FILES, *TOOLS], ids=lambda path: path.name)
def test_lock_file_holds_hashes_and_no_address(path):
    text = path.read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry and not entry.startswith("#")]

    assert entries
    assert not ADDRESS.search(text)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_packages_from_npm_are_pinned_without_address():
    text = (BASE / "package-lock.json").read_text()

    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text


def test_psycopg_3_stays_out():
    """Django would prefer it, and the product is written for psycopg2."""
    assert "psycopg2-binary" in pinned("lint")
    assert "psycopg" not in pinned("lint")
