"""What comes back: lost, double, foreign, out of order, in part, and hostile."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.utils import timezone

from archive import receiving, shipping
from archive.adapters.port import Incoming
from archive.models import Answer, ArchiveMessage, TrialAnswer
from archive.trial import answers as trial
from archive.trial.official import problems_of
from archive.workflow import message_workflow
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, ship_and_receive

CREATED = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/kvittering/v1"
CATALOGUE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1"
ERROR = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/feil/feilmelding/v1"


@pytest.fixture(autouse=True)
def _numbers_are_received(settings):
    settings.ARCHIVE_NUMBER_RECEIVERS = ["governance.archiving.receive_case_number"]


@pytest.fixture
def rules(place):
    return files_by(place, "file_package")


@pytest.fixture
def message(place, rules):
    """A submission that is sent, as a file package."""
    stories.awaiting_endorsement(place)
    shipping.ship(rules, now=timezone.now())
    return ArchiveMessage.objects.get(kind="submission")


def named(key: str, system: str = "Stafett") -> str:
    return (
        f"<referanseEksternNoekkel><k:fagsystem>{system}</k:fagsystem><k:noekkel>{key}</k:noekkel>"
        "</referanseEksternNoekkel>"
    )


FAILED = "<registreringFeilet><f:feilId>7</f:feilId><f:feilmelding>Mangler klasse</f:feilmelding></registreringFeilet>"


def receipt(message, *, key="", system="Stafett", made="Opprettet", record=None) -> bytes:
    folder = (
        '<mappeKvittering xsi:type="saksmappeKvittering"><systemID>e1c2a3b4-0000-4000-8000-000000000001</systemID>'
        f"{named(message.folder_key, system)}<opprettetEllerEksisterende>{made}</opprettetEllerEksisterende>"
        "<saksaar>2026</saksaar><sakssekvensnummer>1234</sakssekvensnummer></mappeKvittering>"
    )
    good = (
        '<registreringKvittering xsi:type="journalpostKvittering"><systemID>e1c2a3b4-0000-4000-8000-000000000002'
        f"</systemID>{named(key or message.key, system)}<opprettetEllerEksisterende>{made}</opprettetEllerEksisterende>"
        "<journalaar>2026</journalaar><journalsekvensnummer>77</journalsekvensnummer>"
        "<journalpostnummer>1</journalpostnummer></registreringKvittering>"
    )
    head = f'xmlns="{CREATED}" xmlns:k="{CATALOGUE}" xmlns:f="{ERROR}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    return f"<arkivmeldingKvittering {head}>{folder}{good if record is None else record}</arkivmeldingKvittering>".encode()


def package(message) -> str:
    return message.shipments.first().name


def take(rules, name, content, **more):
    return receiving.take(Incoming(name, content), rules, now=timezone.now(), **more)


def zipped(**members: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


def status(message) -> str:
    message.refresh_from_db()
    return message.status


# --- As it should be -------------------------------------------------------------------------------
def test_receipt__fills_the_numbers_and_the_case(rules, message):
    assert problems_of(receipt(message)) == []
    answer = take(rules, f"{package(message)}.arkivmelding-kvittering.xml", receipt(message))
    assert answer.counted
    assert status(message) == "receipted"
    assert (message.archive_reference, message.journal_reference) == ("2026/1234", "2026/77, dokument 1")
    assert message.subject.archive_reference == "2026/1234"


@pytest.mark.parametrize("made", ["Opprettet", "Eksisterende"])
def test_receipt__without_the_name_of_the_package_is_known_by_its_key(rules, message, made):
    assert take(rules, "kvittering fra arkivet.xml", receipt(message, made=made)).counted
    assert status(message) == "receipted"


def test_receipt__twice_counts_once(rules, message):
    assert take(rules, "a.xml", receipt(message)).counted
    assert not take(rules, "b.xml", receipt(message)).counted
    assert not take(rules, "c.xml", receipt(message, made="Eksisterende")).counted
    assert (status(message), message.archive_reference) == ("receipted", "2026/1234")


def test_acknowledgement__after_the_receipt_changes_nothing(rules, message):
    take(rules, f"{package(message)}.kvittering.xml", receipt(message))
    assert not take(rules, f"{package(message)}.mottatt", b"").counted
    assert status(message) == "receipted"


def test_acknowledgement__then_receipt(rules, message):
    assert take(rules, f"{package(message)}.mottatt", b"").counted
    assert status(message) == "acknowledged"
    assert take(rules, f"{package(message)}.x.xml", receipt(message)).counted
    assert status(message) == "receipted"


def test_error__after_the_receipt_changes_nothing(rules, message):
    take(rules, "a.xml", receipt(message))
    late = take(rules, f"{package(message)}.feilmelding.xml", trial.error("serverfeil", "Nede."))
    assert not late.counted
    assert "Endret ingenting" in late.told
    assert status(message) == "receipted"


def test_receipt__after_an_error_counts(rules, message):
    take(rules, f"{package(message)}.feilmelding.xml", trial.error("serverfeil", "Nede."))
    assert status(message) == "failed"
    assert take(rules, "a.xml", receipt(message)).counted
    assert status(message) == "receipted"


def test_error__of_an_earlier_package_changes_nothing(rules, message, place):
    first = package(message)
    take(rules, f"{first}.feilmelding.xml", trial.error("ugyldigforespoersel", "Ukjent klasse."))
    correct(message, place)
    rules = files_by(place, "file_package", initiative_class="061")
    shipping.ship(rules, now=timezone.now())
    assert (status(message), package(message) != first) == ("sent", True)
    assert not take(
        rules, f"{first}.igjen.feilmelding.xml", trial.error("serverfeil", "Enda en gang.")
    ).counted
    assert status(message) == "sent"
    assert take(rules, f"{first}.kvittering.xml", receipt(message)).counted
    assert status(message) == "receipted"


def correct(message, place):
    by = place.actor(Role.ARCHIVIST)
    message_workflow.perform(
        "correct", message, by=by, now=timezone.now(), data={"reason": "Klassen er rettet."}
    )


# --- In part, and errors ---------------------------------------------------------------------------
def test_partial_receipt__keeps_the_folder_and_lets_the_rest_be_sent_again(rules, message, place):
    answer = take(rules, f"{package(message)}.x.xml", receipt(message, record=FAILED))
    assert answer.kind == "partial"
    assert status(message) == "partly_receipted"
    assert (message.archive_reference, message.journal_reference) == ("2026/1234", "")
    assert "Mangler klasse" in message.problem
    assert message.subject.archive_reference == "2026/1234"
    key = message.key
    correct(message, place)
    shipping.ship(rules, now=timezone.now())
    assert (status(message), message.key) == ("sent", key)
    assert take(rules, "b.xml", receipt(message, made="Eksisterende")).counted
    assert status(message) == "receipted"


def test_receipt__where_both_failed_is_an_error(rules, message):
    broken = (
        f'<arkivmeldingKvittering xmlns="{CREATED}" xmlns:f="{ERROR}"><mappeFeilet><f:feilId>1</f:feilId>'
        f"<f:feilmelding>Ingen arkivdel</f:feilmelding></mappeFeilet>{FAILED}</arkivmeldingKvittering>"
    ).encode()
    take(rules, f"{package(message)}.x.xml", broken)
    assert status(message) == "failed"
    assert "Ingen arkivdel" in message.problem


@pytest.mark.parametrize("kind", ["ugyldigforespoersel", "serverfeil", "ikkefunnet"])
def test_error__tells_what_the_archive_says(rules, message, kind):
    error = trial.error(kind, "Noe <er> & galt")
    assert problems_of(error) == []
    take(rules, f"{package(message)}.feilmelding.xml", error)
    assert status(message) == "failed"
    assert "Noe <er> & galt" in message.problem


@pytest.mark.parametrize("family", ["fiks", "fik"])
@pytest.mark.parametrize(
    ("type_", "becomes"),
    [
        ("arkivering.arkivmelding.opprett.mottatt", "acknowledged"),
        ("arkivering.arkivmelding.oppdater.kvittering", "receipted"),
        ("feilmelding.ugyldigforespoersel", "failed"),
    ],
)
def test_answer__without_content_is_known_by_its_type_also_misspelt(rules, message, family, type_, becomes):
    told = json.dumps({"meldingstype": f"no.ks.{family}.arkiv.v1.{type_}"}).encode()
    assert take(rules, f"{package(message)}.zip", zipped(**{"melding.json": told})).counted
    assert status(message) == becomes


# --- Foreign ---------------------------------------------------------------------------------------
def test_receipt__of_another_municipality_is_put_aside(world, message):
    other = files_by(world.neighbor, "file_package")
    answer = take(other, "a.xml", receipt(message))
    assert (answer.kind, answer.message) == ("put_aside", None)
    assert take(other, f"{package(message)}.mottatt", b"").kind == "put_aside"
    assert status(message) == "sent"


@pytest.mark.parametrize(
    "change", [{"key": "initiative/999999/submission"}, {"system": "Et annet fagsystem"}]
)
def test_receipt__of_something_else_is_put_aside(rules, message, change):
    assert take(rules, "a.xml", receipt(message, **change)).kind == "put_aside"
    assert status(message) == "sent"


def test_receipt__brought_for_another_message_is_put_aside(rules, message, place):
    stories.awaiting_endorsement(place, title="Noe annet")
    other = ArchiveMessage.objects.latest("pk")
    answer = take(rules, "a.xml", receipt(message), about=other)
    assert answer.kind == "put_aside"
    assert message.key in answer.told


def test_message__filed_by_hand_stays_so(rules, message, place):
    data = {"archive_reference": "26/5"}
    message_workflow.perform(
        "file_by_hand", message, by=place.actor(Role.ARCHIVIST), now=timezone.now(), vouched=True, data=data
    )
    assert not take(rules, "a.xml", receipt(message)).counted
    assert (status(message), message.archive_reference) == ("manual", "26/5")


# --- Hostile ---------------------------------------------------------------------------------------
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><arkivmeldingKvittering>&x;</arkivmeldingKvittering>'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    "content",
    [
        XXE, BOMB, b"<a>", b"\xff\xfe\x00", b"PK\x03\x04 ikke en zip", b"<html/>", b" " * 3_000_000,
        b"<arkivmeldingKvittering/>", zipped(**{"../../etc/passwd": b"x"}), zipped(**{"/etc/passwd": b"x"}),
        zipped(**{"..\\..\\a.xml": b"x"}), zipped(**{"melding.json": b"[1"}), zipped(**{"melding.json": b'"a"'}),
        zipped(**{"bilde.png": b"x"}), zipped(**{"arkivmelding-kvittering.xml": XXE}), b"",
    ],
    ids=range(16),
)  # fmt: skip
def test_answer__that_cannot_be_read_is_put_aside_and_seen(rules, message, content):
    answer = take(rules, "noe.xml", content)
    assert answer.kind == "put_aside"
    assert answer.told
    assert "root:" not in answer.told
    assert status(message) == "sent"


def test_zip_bomb__is_put_aside(rules, message):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arkivmelding-kvittering.xml", b" " * 50_000_000)
    assert take(rules, f"{package(message)}.zip", whole.getvalue()).kind == "put_aside"


# --- The folder of answers -------------------------------------------------------------------------
def test_folder__takes_packages_and_gives_answers(settings, tmp_path, place, rules):
    settings.ARCHIVE_FOLDER = str(tmp_path / "arkiv")
    stories.awaiting_endorsement(place)
    shipping.ship(rules, now=timezone.now())
    message = ArchiveMessage.objects.get()
    home = tmp_path / "arkiv" / "911111111"
    assert [path.name for path in (home / "ut").iterdir()] == [f"{package(message)}.zip"]
    (home / "inn").mkdir()
    (home / "inn" / f"{package(message)}.arkivmelding-kvittering.xml").write_bytes(receipt(message))
    (home / "inn" / "noe annet.xml").write_bytes(XXE)
    (home / "inn" / ".halvferdig").write_bytes(b"<")
    (home / "inn" / "lenke.xml").symlink_to("/etc/passwd")
    assert receiving.receive(rules, now=timezone.now()) == 1
    assert status(message) == "receipted"
    assert [path.name for path in (home / "lagt-til-side").iterdir()] == ["noe annet.xml"]
    assert {path.name for path in (home / "inn").iterdir()} == {".halvferdig", "lenke.xml"}
    assert receiving.receive(rules, now=timezone.now()) == 0


def test_send__again_after_a_run_that_was_killed_gives_the_same_package(
    settings, tmp_path, place, rules, message
):
    settings.ARCHIVE_FOLDER = str(tmp_path / "arkiv")
    first = message.shipments.get()
    made = shipping.package_of(message, rules)
    assert (made.name, made.sha256) == (first.name, first.sha256)
    shipping.keep(message, made, timezone.now())
    assert message.shipments.count() == 1


def test_send__that_stumbles_is_tried_again_and_then_told(monkeypatch, place, rules):
    from archive.adapters.file_package import FilePackagePort

    def refuse(self, name, package):
        raise OSError("full disk")

    stories.awaiting_endorsement(place)
    monkeypatch.setattr(FilePackagePort, "send", refuse)
    message = ArchiveMessage.objects.get()
    shipping.ship(rules, now=timezone.now())
    assert (status(message), message.attempts) == ("packed", 1)
    assert "Forsøk 1" in message.problem
    for _attempt in range(4):
        shipping.ship(rules, now=timezone.now())
    assert status(message) == "failed"
    assert "5 forsøk" in message.problem


# --- The trial archive -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reply", "becomes"),
    [
        ("receipt", "receipted"), ("partial", "partly_receipted"), ("invalid", "failed"), ("server_error", "failed"),
        ("not_found", "failed"), ("silence", "acknowledged"),
    ],
)  # fmt: skip
def test_trial_archive__answers_as_it_is_set_to(place, reply, becomes):
    rules = files_by(place, trial_answer=reply)
    stories.awaiting_endorsement(place)
    ship_and_receive(rules)
    assert ArchiveMessage.objects.get().status == becomes
    assert not TrialAnswer.objects.exists()
    assert not Answer.objects.filter(kind="put_aside").exists()


def test_trial_archive__knows_what_it_has(place):
    rules = files_by(place, trial_answer="partial")
    stories.awaiting_endorsement(place)
    ship_and_receive(rules)
    message = ArchiveMessage.objects.get()
    number = message.archive_reference
    correct(message, place)
    rules = files_by(place, trial_answer="receipt")
    ship_and_receive(rules)
    assert (status(message), message.archive_reference) == ("receipted", number)
    assert "fantes fra før" in Answer.objects.filter(kind="receipt").get().told
