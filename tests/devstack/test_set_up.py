"""The set-up that ./run and ./test share: stamps, Node and the steps."""

from __future__ import annotations

import os
import subprocess

import pytest

from devstack import assets, node
from devstack.assets import STATIC_FILES, Step, set_up, set_up_environment
from devstack.node import environment_with_npm, machine_has_node, major
from devstack.process import StepFailed
from devstack.stamps import Stamp, digest


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b.txt").write_text("b")
    return tmp_path


def stamp_of(clone, **options):
    return Stamp(clone / "stamps" / "x", ("*.txt", "folder/*"), base=clone, **options)


def test_work_is_skipped__nothing_changed(clone):
    stamp = stamp_of(clone)
    assert not stamp.is_fresh()

    stamp.renew()

    assert stamp.is_fresh()


@pytest.mark.parametrize("change", ["content", "new file", "renamed", "removed"])
def test_work_is_done_again__what_it_is_made_from_changed(clone, change):
    stamp = stamp_of(clone)
    stamp.renew()
    match change:
        case "content":
            (clone / "folder" / "b.txt").write_text("c")
        case "new file":
            (clone / "c.txt").touch()
        case "renamed":
            (clone / "a.txt").rename(clone / "z.txt")
        case "removed":
            (clone / "a.txt").unlink()

    assert not stamp.is_fresh()


def test_work_is_done_again__the_product_is_gone(clone):
    stamp = stamp_of(clone, exists=(clone / "product").exists)
    (clone / "product").touch()
    stamp.renew()
    assert stamp.is_fresh()

    (clone / "product").unlink()

    assert not stamp.is_fresh()


def test_work_is_done_again__it_failed_in_the_middle(clone):
    stamp = stamp_of(clone)
    stamp.renew()

    stamp.clear()

    assert not stamp.is_fresh()


def test_digest_is_that_of_contents_not_of_order(clone):
    assert digest(("*.txt", "folder/*"), clone) == digest(("folder/*", "*.txt", "a.txt"), clone)
    assert digest(("*.txt",), clone) != digest(("folder/*",), clone)


@pytest.mark.parametrize(
    ("version", "expected"), [("v20.11.1\n", 20), ("v9.0.0", 9), ("", 0), ("node 20", 0)]
)
def test_node_says_its_version(version, expected):
    assert major(version) == expected


def machine(folder, version, *, npm=True):
    """Make a PATH with a Node of some version, and return it."""
    folder.mkdir()
    programs = {"node": f"#!/bin/sh\necho {version}\n"} | ({"npm": "#!/bin/sh\n"} if npm else {})
    for name, text in programs.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return str(folder)


def test_node_of_the_machine_is_used__new_enough(tmp_path):
    assert machine_has_node(machine(tmp_path / "a", "v20.0.0"))
    assert not machine_has_node(machine(tmp_path / "b", "v18.19.0"))
    assert not machine_has_node(machine(tmp_path / "c", "v22.1.0", npm=False))
    assert not machine_has_node(str(tmp_path))


def test_node_is_installed__machine_has_an_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr(node, "HOME", tmp_path / "node")
    monkeypatch.setenv("UV", "/bin/true")
    commands = []

    env = environment_with_npm(
        {"PATH": machine(tmp_path / "old", "v18.0.0")}, lambda _title, command, _env: commands.append(command)
    )

    assert [command[0] for command in commands] == ["/bin/true", "/bin/true"]
    assert "--require-hashes" in commands[1]
    assert env["PATH"].split(os.pathsep)[0] == str(tmp_path / "node" / "bin")


def test_node_is_not_installed__machine_has_one(tmp_path):
    env = {"PATH": machine(tmp_path / "new", "v22.0.0")}

    def refuse(*_arguments):
        pytest.fail("nothing has to be installed")

    assert environment_with_npm(env, refuse) == env


def test_environment_of_the_set_up_needs_no_server():
    env = set_up_environment({"STATIC_ROOT": "/elsewhere", "HOME": "/root"})

    assert env["APP_MODE"] == "demo"
    assert env["DATABASE_URL"].startswith("postgres:///")
    assert "STATIC_ROOT" not in env


def test_node_trusts_what_the_machine_trusts(tmp_path):
    bundle = tmp_path / "bundle.crt"
    bundle.touch()

    assert set_up_environment({"SSL_CERT_FILE": str(bundle)})["NODE_EXTRA_CA_CERTS"] == str(bundle)
    chosen = {"SSL_CERT_FILE": str(bundle), "NODE_EXTRA_CA_CERTS": "mine"}
    assert set_up_environment(chosen)["NODE_EXTRA_CA_CERTS"] == "mine"


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """Put one harmless step in place of the real ones, and return a function that counts its runs."""
    monkeypatch.setattr(assets, "STAMPS", tmp_path / "stamps")
    count = tmp_path / "count"

    def replace(script="echo x >> $COUNT", *, wanted=True):
        monkeypatch.setenv("COUNT", str(count))
        step = Step("one", "One", ("sh", "-c", script), ("manage.py",), count.exists, lambda: wanted)
        for name in ("PACKAGES_FROM_NPM", "FONTS", "TRANSLATIONS"):
            monkeypatch.setattr(assets, name, step)
        return lambda: len(count.read_text().split()) if count.exists() else 0

    return replace


def test_step_is_done_once(steps):
    runs = steps()
    set_up(static_files=False)
    set_up(static_files=False)

    assert runs() == 1


def test_step_is_left_out__not_wanted(steps):
    runs = steps(wanted=False)
    set_up(static_files=False)

    assert runs() == 0


def test_step_is_tried_again__it_failed(steps):
    steps("exit 1")
    with pytest.raises(StepFailed):
        set_up(static_files=False)

    runs = steps()
    set_up(static_files=False)

    assert runs() == 1


def test_static_files_depend_on_what_they_are_made_from():
    assert {"static/**/*", "package-lock.json", "config/settings.py"} <= set(STATIC_FILES.inputs)


@pytest.mark.parametrize(
    ("command", "code"),
    [(["./run", "--help"], 0), (["./test", "--help"], 0), (["./run", "--nonsense"], 2)],
)
def test_command_explains_itself_without_installing_anything(command, code, request):
    done = subprocess.run(
        command,
        cwd=request.config.rootpath,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert f"Usage: {command[0]}" in done.stdout + done.stderr


@pytest.mark.parametrize("script", ["run", "test", "bootstrap.sh", ".ci/run"])
def test_script_is_plain_shell(script, request):
    done = subprocess.run(
        ["sh", "-n", request.config.rootpath / script], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    if script != "bootstrap.sh":
        assert os.access(request.config.rootpath / script, os.X_OK)
