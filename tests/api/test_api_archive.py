"""An archive that fetches its packages and answers through the API: the same operations as the folder of answers."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest
from django.core.cache import cache
from django.utils import timezone

from archive import shipping
from archive.models import Answer, ArchiveMessage
from archive.trial import answers as trial
from core.models import AccessLog
from organization.roles import Role
from tests import stories
from tests.api.clients import machine
from tests.api.conftest import Api, slug_of
from tests.archive.scene import files_by
from tests.archive.test_answers import BOMB, FAILED, XXE, correct, receipt, status, zipped

ALL = ("archive-messages:read", "archive-packages:read", "archive-packages:write")
XML = {"content_type": "application/xml"}
V1 = "no.ks.fiks.arkiv.v1"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ARCHIVE_NUMBER_RECEIVERS = ["governance.archiving.receive_case_number"]


def sent(place, **fields):
    """Return a message that waits to be fetched."""
    rules = files_by(place, "pull")
    initiative = stories.awaiting_endorsement(place, **fields)
    shipping.ship(rules, now=timezone.now())
    return ArchiveMessage.objects.get(object_id=initiative.pk, kind="submission")


@pytest.fixture
def message(world):
    return sent(world.home)


@pytest.fixture
def archive(world, message):
    """The archive of the home municipality."""
    return machine(world.home, *ALL, name="Arkivet")


def at(message, what="answers") -> str:
    return f"/archive-messages/{message.pk}/{what}/"


def fetch(caller, message):
    """Return the answer, read to its end."""
    address = f"/api/v1{at(message, 'package')}"
    answer = caller.client.get(address, HTTP_AUTHORIZATION=f"Bearer {caller.token}")
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


# --- The whole way ---------------------------------------------------------------------------------
def test_archive__lists_fetches_and_answers(archive, message):
    [row] = archive.get("/archive-messages/?status=sent").json()["results"]
    assert (row["id"], row["key"]) == (message.pk, message.key)
    answer = fetch(archive, message)
    name = re.search(r'filename="(.+)\.zip"', answer["Content-Disposition"])[1]
    whole = answer.whole
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        sums = dict(reversed(line.split("  ")) for line in package.read("SHA256SUMS").decode().splitlines())
        assert {one: hashlib.sha256(package.read(one)).hexdigest() for one in sums} == sums
        assert {"arkivmelding.xml", "manifest.json"} < set(sums)
    assert fetch(archive, message).whole == whole
    taken = archive.post(at(message), {"meldingstype": f"{V1}.arkivering.arkivmelding.opprett.mottatt"})
    assert (taken.status_code, taken.json()["status"]) == (201, "acknowledged")
    assert archive.get("/archive-messages/?status=sent").json()["results"] == []
    done = archive.post(f"{at(message)}?package={name}", receipt(message), **XML)
    assert done.status_code == 201
    told = done.json()
    assert (told["kind"], told["counted"], told["status"]) == ("receipt", True, "receipted")
    assert (told["archive_reference"], told["journal_reference"]) == ("2026/1234", "2026/77, dokument 1")
    assert message.subject.archive_reference == "2026/1234"


def test_answer__says_who_brought_it_and_what_is_fetched_is_logged(archive, message):
    fetch(archive, message)
    [read] = AccessLog.objects.filter(what="api: archive_package")
    archive.post(at(message), receipt(message), **XML)
    assert read.person_id == Answer.objects.get().brought_by_id
    assert Answer.objects.get().brought_by.name.startswith("Arkivet")


# --- Twice, late and out of order ------------------------------------------------------------------
@pytest.mark.parametrize("key", ["", "a-key-of-theirs"])
def test_answer__twice_is_one(archive, message, key):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    first = archive.post(at(message), receipt(message), **XML, **headers)
    second = archive.post(at(message), receipt(message), **XML, **headers)
    assert (first.status_code, first.json()["counted"]) == (201, True)
    if key:
        assert second.json() == first.json()
        assert second["Idempotent-Replayed"] == "true"
    else:
        assert (second.status_code, second.json()["counted"]) == (200, False)
        assert second.json()["id"] == first.json()["id"]
    assert Answer.objects.count() == 1
    assert status(message) == "receipted"


def test_answer__another_one_under_the_same_idempotency_key_is_refused(archive, message):
    headers = {"HTTP_IDEMPOTENCY_KEY": "k"}
    archive.post(at(message), receipt(message), **XML, **headers)
    other = archive.post(at(message), receipt(message, made="Eksisterende"), **XML, **headers)
    assert slug_of(other) == "key-reused"


def test_answer__out_of_order_ends_right(archive, message):
    archive.post(at(message), trial.error("serverfeil", "Nede."), **XML)
    assert status(message) == "failed"
    archive.post(at(message), receipt(message), **XML)
    late = archive.post(at(message), {"meldingstype": f"{V1}.arkivering.arkivmelding.opprett.mottatt"})
    assert (late.status_code, late.json()["counted"]) == (201, False)
    error = archive.post(at(message), trial.error("ugyldigforespoersel", "For sent."), **XML)
    assert "Endret ingenting" in error.json()["told"]
    assert status(message) == "receipted"


def test_error__of_an_earlier_package_changes_nothing(archive, message, world):
    first = message.shipments.get().name
    archive.post(at(message), trial.error("ugyldigforespoersel", "Ukjent klasse."), **XML)
    correct(message, world.home)
    shipping.ship(files_by(world.home, "pull", initiative_class="061"), now=timezone.now())
    late = archive.post(f"{at(message)}?package={first}", trial.error("serverfeil", "Igjen."), **XML)
    assert late.json()["counted"] is False
    assert status(message) == "sent"
    assert fetch(archive, message).whole.startswith(b"PK")


def test_partial_receipt__and_one_in_a_zip_file(archive, message):
    part = zipped(**{"arkivmelding-kvittering.xml": receipt(message, record=FAILED)})
    told = archive.post(at(message), part, content_type="application/zip").json()
    assert (told["kind"], told["status"]) == ("partial", "partly_receipted")
    assert "Mangler klasse" in told["told"]


# --- Whose -----------------------------------------------------------------------------------------
def test_answer__of_another_municipality_is_404(world, archive, message):
    theirs = sent(world.neighbor)
    for caller, about in ((archive, theirs), (machine(world.stranger, *ALL), message)):
        assert archive.post(at(theirs), receipt(theirs), **XML).status_code == 404
        assert fetch(caller, about).status_code == 404
    # Brought for an own message, and still about theirs.
    assert archive.post(at(message), receipt(theirs), **XML).status_code == 404
    foreign = theirs.shipments.get().name
    assert archive.post(f"{at(message)}?package={foreign}", receipt(message), **XML).status_code == 404
    assert (status(theirs), status(message)) == ("sent", "sent")
    assert not Answer.objects.exists()


def test_answer__of_another_message_of_ours_is_refused(world, archive, message):
    other = sent(world.home, title="Noe annet")
    refused = archive.post(at(message), receipt(other), **XML)
    assert slug_of(refused) == "invalid"
    assert other.key in refused.json()["errors"][0]["detail"]
    assert (status(other), status(message)) == ("sent", "sent")


def test_exchange__is_the_archivists_and_who_has_the_scopes(world, archive, message):
    reads = machine(world.home, "archive-messages:read", name="Leser")
    assert fetch(reads, message).status_code == 403
    assert slug_of(reads.post(at(message), receipt(message), **XML)) == "scope"
    only_writes = machine(world.home, "archive-packages:write", name="Svarer")
    assert fetch(only_writes, message).status_code == 403
    secretariat = Api(world.home.person(Role.SECRETARIAT))
    assert slug_of(secretariat.post(at(message), receipt(message), **XML)) == "not-allowed"
    assert secretariat.client.get(f"/api/v1{at(message, 'package')}").status_code == 404
    assert status(message) == "sent"
    archivist = Api(world.home.person(Role.ARCHIVIST))
    assert archivist.post(at(message), receipt(message), **XML).status_code == 201


def test_package__that_is_not_made_or_is_let_go_is_404(world, archive, message):
    waiting = stories.awaiting_endorsement(world.home, title="Ikke pakket ennå")
    row = ArchiveMessage.objects.get(object_id=waiting.pk)
    assert fetch(archive, row).status_code == 404
    shipment = message.shipments.get()
    shipment.file.storage.delete(shipment.file.name)
    assert fetch(archive, message).status_code == 404


def bomb() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("arkivmelding-kvittering.xml", b" " * 20_000_000)
    return whole.getvalue()


# --- Hostile ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "kind", "slug"),
    [
        (XXE, "xml", "malformed"), (BOMB, "xml", "malformed"), (b"<a>", "xml", "malformed"),
        (b"\xff\xfe\x00", "xml", "malformed"), (b"PK\x03\x04 ikke en zip", "zip", "malformed"),
        (zipped(**{"../../arkivmelding-kvittering.xml": b"x"}), "zip", "malformed"),
        (zipped(**{"arkivmelding-kvittering.xml": XXE}), "zip", "malformed"),
        (bomb(), "zip", "malformed"),
        (b" " * 2_100_000, "xml", "too-large"), (b"<html/>", "xml", "invalid"), (b"", "xml", "invalid"),
        (b"<arkivmeldingKvittering/>", "xml", "invalid"), (zipped(**{"bilde.png": b"x"}), "zip", "invalid"),
        (b'{"meldingstype": 1}', "json", "invalid"), (b"[]", "json", "invalid"), (b"{}", "json", "invalid"),
        (b'{"meldingstype": "no.ks.fiks.arkiv.v1.innsyn.sok"}', "json", "invalid"), (b"{", "json", "malformed"),
        (b'{"meldingstype": "\\u0000"}', "json", "invalid"), (b"x", "csv", "media-type"),
    ],
    ids=range(20),
)  # fmt: skip
def test_answer__that_cannot_be_used_is_refused_and_not_kept(archive, message, content, kind, slug):
    refused = archive.post(at(message), content, content_type=f"application/{kind}")
    assert slug_of(refused) == slug
    assert "root:" not in refused.content.decode()
    assert status(message) == "sent"
    assert not Answer.objects.exists()


def test_answer__that_breaks_the_schema_says_where(archive, message):
    broken = receipt(message).replace(b"<saksaar>2026</saksaar>", b"<saksaar>i fjor</saksaar>")
    refused = archive.post(at(message), broken, **XML)
    assert slug_of(refused) == "invalid"
    assert "saksaar" in refused.json()["errors"][0]["detail"]


@pytest.mark.parametrize("query", ["package=../../etc/passwd", "package=%00", "pakke=1"])
def test_answer__with_odd_parameters_is_400(archive, message, query):
    assert slug_of(archive.post(f"{at(message)}?{query}", receipt(message), **XML)) == "parameter"
