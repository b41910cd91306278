"""Forgetting leaves nothing in any table but a tombstone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core.access import log_read
from core.actors import System
from core.attachments import attach
from core.mail import bundle_all
from core.models import AccessLog, Attachment, Mail, Tombstone
from core.retention import forget, forget_file, sweep_access_log, sweep_files, sweep_mail
from core.retention.messages import around_number
from core.tasks import sweep
from governance.models import AgendaItem, Initiative, PaperSection
from organization.roles import Role
from tests import stories
from tests.portfolio import statuses
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


def test_forget_title__also_on_the_agenda_in_the_portfolio_and_in_the_days_mail(world):
    initiative = stories.in_portfolio(WORLD.home, title=SECRET)
    AgendaItem.objects.filter(initiative=initiative).update(recommendation=f"{SECRET} prioriteres.")
    statuses.published(initiative.project, WORLD.home, risk="bad", risk_text="Leverandøren er konkurs.")
    stories.awaiting_endorsement(WORLD.home, title=f"{SECRET} igjen")
    bundle_all(day=timezone.localdate(), now=timezone.now())
    other = Mail.objects.exclude(body__contains=SECRET).first()
    copies = {
        "core_mail",
        "governance_agendaitem",
        "governance_agendaitemevent",
        "governance_decision",
        "portfolio_project",
    }
    assert copies <= set(found_anywhere(SECRET))
    for case in Initiative.objects.filter(title__startswith=SECRET):
        forget(case, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert found_anywhere(SECRET) == []
    assert other is None or Mail.objects.get(pk=other.pk).body == other.body


@pytest.mark.parametrize(
    "model", [model for model in apps.get_models() if hasattr(model, "get_absolute_url")], ids=str
)
def test_redact_mail__finds_every_record_that_has_an_address(model):
    before, after = around_number(model)
    record = model(pk=77)
    if hasattr(record, "project_id"):
        record.project_id = 5
    assert re.fullmatch(f"{before}77{after}", record.get_absolute_url())


@pytest.mark.django_db
def test_redact_mail__tells_of_an_address_without_the_number(monkeypatch):
    monkeypatch.setattr(Initiative, "get_absolute_url", lambda _self: "/tiltak/?nummer=1")
    with pytest.raises(ImproperlyConfigured, match=r"governance\.Initiative"):
        around_number(Initiative)
    monkeypatch.setattr(Initiative, "get_absolute_url", lambda self: self.unit.name)
    with pytest.raises(ImproperlyConfigured, match=r"governance\.Initiative"):
        around_number(Initiative)


def test_forget_section_of_case_paper__also_the_recommendation_that_went_out(world):
    initiative = stories.on_agenda(WORLD.home)
    AgendaItem.objects.filter(initiative=initiative).update(recommendation=SECRET)
    row = PaperSection.objects.get(paper__initiative=initiative, key="recommendation")
    forget(row, columns=["text"], legal_basis="lov", by=System("retention"), now=timezone.now())
    item = AgendaItem.objects.get(initiative=initiative)
    assert (item.recommendation, item.title) == ("[fjernet]", initiative.title)


def test_forget_columns__leaves_what_was_empty_empty(world):
    initiative = stories.draft(WORLD.home, cost_note="")
    forget(initiative, columns=["cost_note"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert initiative.cost_note == ""


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


def test_sweep_mail__keeps_what_is_young_or_yet_to_be_sent(world):
    now, person = timezone.now(), WORLD.home.person(Role.LEADER)
    ages = {"young": 1, "old": 31, "waiting": 31, "unsendable": 31}
    for key, days in ages.items():
        Mail.objects.create(
            key=key, recipient=person, subject=SECRET, body=SECRET, created_at=now - timedelta(days=days),
            sent_at=None if key in {"waiting", "unsendable"} else now, attempts=8 if key == "unsendable" else 0,
        )  # fmt: skip
    assert sweep_mail(now) == 2
    assert sweep_mail(now) == 0
    assert set(Mail.objects.filter(body=SECRET).values_list("key", flat=True)) == {"young", "waiting"}


def test_sweep_access_log__at_its_own_term(world):
    now, case = timezone.now(), stories.draft(WORLD.home)
    for days in (1, 5 * 365 + 1):
        log_read(case, what="x", by=WORLD.home.actor(Role.LEADER), now=now - timedelta(days=days))
    assert sweep_access_log(now) == 1
    assert AccessLog.objects.get().at == now - timedelta(days=1)


def test_sweep_files__deletes_what_no_record_knows_and_nothing_that_is_young(world):
    case, now = stories.draft(WORLD.home), timezone.now()
    upload = SimpleUploadedFile("a.txt", b"Noe", "text/plain")
    kept = attach(case, upload, by=WORLD.home.actor(Role.EMPLOYEE), now=now)
    storage = kept.file.storage
    left = storage.save("attachments/zz/zz/left-behind", ContentFile(b"x"))
    sweep()
    assert storage.exists(left)
    assert sweep_files(now + timedelta(days=2)) >= 1
    assert not storage.exists(left)
    assert storage.exists(Attachment.objects.get(pk=kept.pk).file.name)
