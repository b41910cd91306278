"""./test: what is checked before the tests, and what the pytest plugin says about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from devstack import checks
from devstack.browser import find_chromium
from devstack.checks import FAILED_CHECKS, main, pytest_arguments, run_checks
from devstack.locks import take
from devstack.pytest_plugin import EXTERNAL_BROKER, FOLDERS, is_abandoned, sweep

TESTS = """
import os
import pytest

def test_ordinary(): assert os.environ["APP_MODE"] == "test"

@pytest.mark.long
def test_long(): pass

@pytest.mark.browser
def test_with_mark(): pass

@pytest.fixture
def browser(): return 1

def test_with_fixture(browser): pass

def test_folders(): assert os.path.basename(os.path.dirname(os.environ["MEDIA_ROOT"])).startswith("stafett-test-")

def test_broker(valkey): assert valkey.url(0) == "redis://theirs/0" and "BROKER_URL" not in os.environ
"""


@pytest.fixture
def run_pytest(tmp_path, request):
    """Return a function that runs a small project under our plugin, with servers of others."""
    (tmp_path / "test_small.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -ra\n")
    (tmp_path / "bin").mkdir()

    def run(*arguments, **env):
        given = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
        given |= {
            "DATABASE_URL": "postgres://theirs/db",
            "BROKER_URL": "redis://theirs/5",
            "PYTHONPATH": str(request.config.rootpath),
        }
        plugins = [
            "-p",
            "devstack.pytest_plugin",
            "-p",
            "no:valkey",
            "-p",
            "no:django",
            "-p",
            "no:playwright",
        ]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, "-p", "no:randomly", *arguments],
            cwd=tmp_path, env=given | env, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_run_says_loudly_that_there_is_no_browser(run_pytest):
    done = run_pytest()

    assert done.returncode == 0, done.stdout
    assert "2 BROWSER TESTS WERE SKIPPED" in done.stdout
    assert "apt install chromium" in done.stdout
    assert "3 passed, 3 skipped" in done.stdout.splitlines()[-1]


def test_run_with_a_browser_says_nothing(run_pytest, tmp_path):
    chromium = tmp_path / "bin" / "chromium"
    chromium.touch(0o755)
    done = run_pytest()

    assert "BROWSER TESTS" not in done.stdout
    assert "5 passed, 1 skipped" in done.stdout.splitlines()[-1]


def test_long_tests_run_when_asked_for(run_pytest):
    assert "4 passed, 2 skipped" in run_pytest(STAFETT_LONG="1").stdout.splitlines()[-1]


@pytest.mark.parametrize("parallel", [[], ["-n", "2"]])
def test_failed_check_counts_in_the_last_line(run_pytest, parallel):
    done = run_pytest(*parallel, **{FAILED_CHECKS: json.dumps({"ruff check": "unused import in a.py"})})

    assert done.returncode == 1
    assert "unused import in a.py" in done.stdout
    assert "ERROR checks::ruff check" in done.stdout
    assert "3 passed, 3 skipped, 1 error" in done.stdout.splitlines()[-1]


def test_run_leaves_nothing_behind(run_pytest, tmp_path):
    run_pytest()

    assert list(tmp_path.glob(f"{FOLDERS}*")) == []


def test_run_leaves_nothing_behind__pytest_could_not_begin(run_pytest, tmp_path):
    (tmp_path / "conftest.py").write_text("nonsense(")

    assert run_pytest().returncode == 4
    assert list(tmp_path.glob(f"{FOLDERS}*")) == []


def test_run_tells_why_the_servers_did_not_start(run_pytest):
    done = run_pytest(DATABASE_URL="", PG_BIN="/nowhere")

    assert done.returncode == 4
    assert "The servers of the tests did not start" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("devstack.pytest_plugin.tempfile.gettempdir", lambda: str(tmp_path))

    def make(name, *, age):
        folder = tmp_path / f"{FOLDERS}{name}"
        folder.mkdir()
        os.utime(folder, (folder.stat().st_mtime - age,) * 2)
        return folder

    return make


def test_folders_of_killed_runs_are_swept(temporary):
    killed, at_work, beginning = (
        temporary("killed", age=900),
        temporary("at-work", age=0),
        temporary("new", age=0),
    )
    lock = take(at_work / "lock")
    os.utime(at_work, (1, 1))

    sweep()

    assert not killed.exists()
    assert at_work.exists()
    assert beginning.exists()
    os.close(lock)


def test_folder_of_somebody_else_is_not_abandoned(temporary, monkeypatch):
    folder = temporary("theirs", age=900)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)

    assert not is_abandoned(folder)


def test_everything_runs_on_all_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert pytest_arguments([]) == ["-n", "2", "--dist", "worksteal"]

    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert pytest_arguments([])[1] == "4"

    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert pytest_arguments([]) == []


def test_chosen_tests_run_as_they_were_chosen():
    assert pytest_arguments(["tests/core", "-k", "inbox"]) == ["tests/core", "-k", "inbox"]


@pytest.fixture
def pytest_instead(monkeypatch):
    """Return how pytest would have been called, and which checks ran before."""
    seen = {"checked": False}

    def become(arguments, env):
        seen.update(arguments=arguments, env=env)

    def run(_env):
        seen["checked"] = True
        return {}

    monkeypatch.setattr(checks, "become_pytest", become)
    monkeypatch.setattr(checks, "run_checks", run)
    monkeypatch.setattr(checks, "set_up", lambda **_options: None)
    monkeypatch.delenv("STAFETT_LONG", raising=False)
    return seen


@pytest.mark.parametrize(
    ("arguments", "passed_on", "is_long", "is_checked"),
    [
        ([], None, False, True),
        (["--long"], None, True, True),
        (["tests/core"], ["tests/core"], False, False),
        (["tests/core", "--long", "-x"], ["tests/core", "-x"], True, False),
    ],
)
def test_arguments_decide_what_runs(pytest_instead, arguments, passed_on, is_long, is_checked):
    main(arguments)

    assert pytest_instead["checked"] is is_checked
    assert ("STAFETT_LONG" in pytest_instead["env"]) is is_long
    if passed_on is not None:
        assert pytest_instead["arguments"] == passed_on


def test_checks_that_find_something_are_remembered(monkeypatch, capsys):
    found = {"good": ["sh", "-c", "echo fine"], "bad": ["sh", "-c", "echo line 7; exit 1"], "mute": ["false"]}
    monkeypatch.setattr(checks, "commands", lambda: found)

    assert run_checks(os.environ) == {"bad": "line 7\n", "mute": "exit code 1"}
    printed = capsys.readouterr().out
    assert "✓ good" in printed
    assert "✗ bad" in printed
    assert "line 7" in printed


def test_checks_cover_style_templates_layers_and_types():
    commands = checks.commands()

    assert set(commands) == {"ruff check", "ruff format", "djade", "import-linter", "mypy"}
    assert any(argument.endswith("base.html") for argument in commands["djade"])


def test_browser_is_that_of_the_variable(tmp_path):
    mine = tmp_path / "mine"
    mine.touch(0o755)

    assert find_chromium({"CHROMIUM": str(mine), "PATH": ""}) == str(mine)
    assert find_chromium({"CHROMIUM": str(tmp_path / "missing"), "PATH": ""}) is None


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_browser_is_found_on_the_path(tmp_path, name):
    assert find_chromium({"PATH": str(tmp_path)}) is None
    (tmp_path / name).touch(0o755)

    assert find_chromium({"PATH": str(tmp_path)}) == str(tmp_path / name)


def test_broker_of_others_has_a_name_of_its_own():
    """BROKER_URL itself would send the tasks of ordinary tests to it."""
    assert EXTERNAL_BROKER != "BROKER_URL"
