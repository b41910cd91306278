"""A whole case on its way to the archive: each message valid, in order, and answered for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from lxml import etree

from archive.models import ArchiveMessage, MessageStatus
from archive.trial.official import SCHEMAS, problems_of
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, members, message_of, ship_and_receive, texts

# Beside the repository, where the schemas were fetched to; else the copy in archive/trial is used alone.
OFFICIAL = Path(django_settings.BASE_DIR).parent / "shared" / "archive" / "fiks-arkiv-v1"
needs_official = pytest.mark.skipif(
    not OFFICIAL.is_dir(),
    reason=f"THE OFFICIAL SCHEMAS ARE NOT AT {OFFICIAL}: the copy in archive/trial is used alone",
)


@pytest.fixture
def receivers(settings):
    settings.ARCHIVE_NUMBER_RECEIVERS = ["governance.archiving.receive_case_number"]


def held(place, **fields):
    """Return a case that is adopted, with its meeting held and the minutes approved."""
    initiative = stories.adopted(place, **fields)
    meeting = initiative.agenda_items.get().meeting
    meeting = meeting_workflow.perform(
        "conclude", meeting, by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )
    leader = place.actor(Role.COUNCIL_LEADER)
    meeting_workflow.perform("approve_minutes", meeting, by=leader, now=timezone.now())
    return initiative


def test_send_case__every_message_is_valid_and_receipted(place, receivers):
    rules = files_by(place)
    initiative = held(place)
    ship_and_receive(rules)
    rows = list(ArchiveMessage.objects.filter(municipality=place.municipality).order_by("pk"))
    assert [row.kind for row in rows] == [
        "submission", "endorsement", "case_paper", "summons", "decision", "meeting_case", "minutes",
    ]  # fmt: skip
    assert {row.kind: (row.status, row.problem) for row in rows if not row.is_receipted} == {}
    for row in rows:
        assert problems_of(members(row.shipments.get())["arkivmelding.xml"]) == []
    initiative.refresh_from_db()
    assert initiative.archive_reference == rows[0].archive_reference == f"{timezone.localdate().year}/1"
    assert rows[1].archive_reference == rows[0].archive_reference
    assert rows[1].journal_reference


@needs_official
def test_send_case__is_valid_by_the_schemas_of_ks_themselves(place):
    rules = files_by(place)
    held(place)
    ship_and_receive(rules)
    schema = etree.XMLSchema(
        etree.parse(str(OFFICIAL / "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd"))
    )
    for row in ArchiveMessage.objects.all():
        schema.assertValid(message_of(row))


@needs_official
@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.xsd")), ids=lambda path: path.name)
def test_trial_archive__holds_the_official_schemas_unchanged(path):
    assert path.read_bytes() == (OFFICIAL / path.name).read_bytes()


def test_package__has_what_its_sums_and_its_message_say(place):
    rules = files_by(place)
    stories.received(place)
    ship_and_receive(rules)
    row = ArchiveMessage.objects.get(kind="submission")
    inside = members(row.shipments.get())
    top = message_of(row)
    sums = dict(reversed(line.split("  ")) for line in inside["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(body).hexdigest() for name, body in inside.items() if name != "SHA256SUMS"
    }
    (pdf,) = texts(top, "referanseDokumentfil")
    assert texts(top, "sjekksum") == [sums[pdf]]
    assert texts(top, "antallFiler") == ["1"]
    assert b"pdfaid:part" in inside[pdf]
    assert texts(top, "arkivskaperID") == ["911111111", "911111111"]


def test_send_case__waits_for_its_folder(place):
    rules = files_by(place, trial_answer="silence")
    stories.received(place)
    ship_and_receive(rules)
    found = dict(ArchiveMessage.objects.values_list("kind", "status"))
    assert found == {"submission": "acknowledged", "endorsement": "ready"}
    ArchiveMessage.objects.filter(kind="submission").update(archive_reference="2026/9")
    ship_and_receive(rules)
    assert ArchiveMessage.objects.get(kind="endorsement").status == MessageStatus.ACKNOWLEDGED


def test_shielded_case__has_public_titles_and_tells_its_title_nowhere_else(place):
    rules = files_by(place)
    held(place, title="Kodenavn Bjørn", shield_basis="offl_23", public_title="Anskaffelse")
    ship_and_receive(rules)
    rows = ArchiveMessage.objects.all()
    assert {row.status for row in rows} == {"receipted"}
    for row in rows:
        top = message_of(row)
        assert "Kodenavn" not in row.title + "".join(texts(top, "offentligTittel") + texts(top, "filnavn"))
        assert texts(top, "skjermingshjemmel")
    minutes = message_of(rows.get(kind="minutes"))
    assert "O" in texts(minutes, "kode")
