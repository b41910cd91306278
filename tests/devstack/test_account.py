"""The account that the database server runs as."""

from __future__ import annotations

import os
import pwd

import pytest

from devstack import account
from devstack.account import BORROWED_NUMBER, Account, is_mapped, server_account

EVERYBODY = "         0          0 4294967295\n"
ONLY_ROOT = "         0       1000          1\n"
ROOT_AND_OTHERS = "         0       1000          1\n         1     100000      65536\n"


@pytest.mark.parametrize(
    ("number", "id_map", "expected"),
    [
        (65534, EVERYBODY, True),
        (65534, ONLY_ROOT, False),
        (0, ONLY_ROOT, True),
        (65534, ROOT_AND_OTHERS, True),
        (65537, ROOT_AND_OTHERS, False),
        (65534, "", True),
    ],
)
def test_number_is_mapped(number, id_map, expected):
    assert is_mapped(number, id_map) is expected


@pytest.fixture
def root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "_read", lambda _path: EVERYBODY)


@pytest.mark.usefixtures("root")
def test_root_lets_nobody_run_the_server():
    nobody = pwd.getpwnam("nobody")

    assert server_account({}) == Account(nobody.pw_uid, nobody.pw_gid)
    assert server_account({}).differs


@pytest.mark.usefixtures("root")
def test_root_chooses_who_runs_the_server():
    daemon = pwd.getpwnam("daemon")

    assert server_account({"PG_OS_USER": "daemon"}) == Account(daemon.pw_uid, daemon.pw_gid)


@pytest.mark.usefixtures("root")
def test_root_is_told__chosen_user_does_not_exist():
    with pytest.raises(RuntimeError, match="no user somebody-else: set PG_OS_USER"):
        server_account({"PG_OS_USER": "somebody-else"})


@pytest.mark.usefixtures("root")
def test_pretended_root_borrows_a_number(monkeypatch):
    monkeypatch.setattr(account, "_read", lambda _path: ONLY_ROOT)

    assert server_account({}) == Account(prefix=BORROWED_NUMBER)
    assert not server_account({}).differs


def test_user_runs_the_server(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("daemon").pw_uid)

    assert server_account({}) == Account()


def test_user_without_a_name_borrows_a_number(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)

    assert server_account({}) == Account(prefix=BORROWED_NUMBER)
