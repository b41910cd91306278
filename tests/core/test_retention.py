"""Forgetting leaves nothing in any table but a tombstone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core.actors import System
from core.attachments import attach
from core.models import Tombstone
from core.retention import forget, forget_file
from organization.roles import Role
from tests import stories
from tests.world import WORLD

SECRET = "Hemmeligheten om fru Ødegård"


def found_anywhere(text: str) -> list[str]:
    """Return the tables in which any row holds ``text``: what a dump would show."""
    hits = []
    with connection.cursor() as cursor:
        cursor.execute("select format('%I', tablename) from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {table} t where t::text like %s", [f"%{text}%"])
            if cursor.fetchone()[0]:
                hits.append(table)
    return hits


def test_forget_columns__leaves_nothing_in_a_dump(world):
    initiative = stories.awaiting_endorsement(WORLD.home, title=SECRET, need=SECRET)
    assert {"governance_initiative", "governance_initiativeevent", "core_notice"} <= set(
        found_anywhere(SECRET)
    )
    stone = forget(
        initiative, columns=["title", "need"], legal_basis="personvernforordningen art. 17", by=System("retention"),
        now=timezone.now(),
    )  # fmt: skip
    assert found_anywhere(SECRET) == []
    assert stone.columns == ["need", "title"]
    assert stone.object_id == initiative.pk


def test_forget_columns__twice_changes_nothing_more(world):
    initiative = stories.draft(WORLD.home)
    for _ in range(2):
        forget(initiative, columns=["need"], legal_basis="lov", by=System("retention"), now=timezone.now())
    initiative.refresh_from_db()
    assert initiative.need == "[fjernet]"
    assert Tombstone.objects.count() == 2


@pytest.mark.parametrize(("columns", "basis"), [(["need"], " "), (["status"], "lov"), (["submitter"], "lov")])
def test_forget_columns__refuses_what_cannot_be_redacted(world, columns, basis):
    with pytest.raises(ValueError, match=r"basis|redacted"):
        forget(
            stories.draft(WORLD.home), columns=columns, legal_basis=basis, by=System("x"), now=timezone.now()
        )


def test_forget_file__removes_bytes_and_name(world, django_capture_on_commit_callbacks):
    initiative = stories.draft(WORLD.home)
    upload = SimpleUploadedFile("fru ødegård.txt", SECRET.encode(), "text/plain")
    kept = attach(initiative, upload, by=WORLD.home.actor(Role.EMPLOYEE), now=timezone.now())
    storage, path = kept.file.storage, kept.file.name
    assert storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        forget_file(kept, legal_basis="arkivlova", by=System("retention"), now=timezone.now())
    assert not storage.exists(path)
    kept.refresh_from_db()
    assert (kept.name, bool(kept.file), bool(kept.removed_at)) == ("[fjernet]", False, True)
