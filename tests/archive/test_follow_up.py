"""What the archivist follows up: errors and what to do, answers, rules, and what is missing."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from archive import reconciliation, shipping
from archive.models import Answer, ArchiveMessage, ArchiveRules
from archive.retention import redact_messages
from archive.schema import profile
from core.inbox import Inbox
from core.models import AccessLog, Notice
from governance.models import Initiative
from organization.models import Unit
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, members, ship_and_receive
from tests.deviations import stories as deviations

MAX_QUERIES = 12


@pytest.fixture
def refused(place):
    """A submission that the archive has refused."""
    ship_and_receive_of(place, "invalid")
    return ArchiveMessage.objects.get(kind="submission")


def ship_and_receive_of(place, reply):
    rules = files_by(place, trial_answer=reply)
    stories.awaiting_endorsement(place)
    ship_and_receive(rules)


def tasks(actor):
    return [str(task.verb) for task in Inbox(actor).tasks()]


# --- Errors ----------------------------------------------------------------------------------------
def test_refused_message__waits_for_the_archivist_of_that_municipality_alone(world, refused):
    assert tasks(world.home.actor(Role.ARCHIVIST)) == ["Rett meldingen til arkivet"]
    for other in (world.home.actor(Role.SECRETARIAT), world.neighbor.actor(Role.ARCHIVIST)):
        assert "Rett meldingen til arkivet" not in tasks(other)


def test_correct_message__is_sent_again_under_the_same_key(as_role, place, refused):
    client, key = as_role(Role.ARCHIVIST), refused.key
    page = client.get(refused.get_absolute_url()).content.decode()
    assert "Arkivet godtar ikke meldingen" in page
    assert "Nøkkelen er den samme" in page
    address = reverse("archive:message_correct", args=[refused.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Klassen er lagt inn i arkivet."}).status_code == 302
    ship_and_receive(files_by(place, trial_answer="receipt"))
    refused.refresh_from_db()
    assert (refused.status, refused.key, refused.problem) == ("receipted", key, "")
    assert refused.shipments.count() == 1
    assert tasks(place.actor(Role.ARCHIVIST)) == []


def test_correct_message__is_the_archivists_alone(as_role, world, refused):
    address = reverse("archive:message_correct", args=[refused.pk])
    assert as_role(Role.SECRETARIAT).post(address, {"reason": "x"}).status_code == 403
    assert as_role(Role.ARCHIVIST, world.neighbor).post(address, {"reason": "x"}).status_code == 404


def test_correct_message__that_is_on_its_way_is_refused(as_role, place):
    ship_and_receive_of(place, "silence")
    row = ArchiveMessage.objects.get()
    answer = as_role(Role.ARCHIVIST).post(reverse("archive:message_correct", args=[row.pk]), {"reason": "x"})
    assert answer.status_code == 409


def test_message__without_organization_number_says_what_to_do(place):
    rules = files_by(place)
    Unit.objects.filter(pk=place.municipality.pk).update(orgnr="")
    stories.awaiting_endorsement(place)
    rules = ArchiveRules.objects.select_related("municipality").get(pk=rules.pk)
    shipping.ship(rules, now=timezone.now())
    row = ArchiveMessage.objects.get()
    assert row.status == "failed"
    assert "arkivskaperID" in row.problem
    assert "under Organisasjon" in row.problem


def test_message__from_before_messages_were_kept_is_filed_by_hand(place):
    rules = files_by(place)
    stories.awaiting_endorsement(place)
    ArchiveMessage.objects.update(content={})
    shipping.ship(rules, now=timezone.now())
    assert "for hånd" in ArchiveMessage.objects.get().problem


def test_folder__made_by_hand_is_named_by_its_number(as_role, place):
    initiative = stories.received(place)
    opener = ArchiveMessage.objects.get(kind="submission")
    as_role(Role.ARCHIVIST).post(opener.get_absolute_url(), {"archive_reference": "26/1234"})
    ship_and_receive(files_by(place))
    row = ArchiveMessage.objects.get(kind="endorsement")
    assert row.status == "receipted"
    xml = members(row.shipments.get())["arkivmelding.xml"].decode()
    assert "<k:saksaar>2026</k:saksaar>" in xml
    assert f">initiative/{initiative.pk}<" not in xml


# --- Our profile -----------------------------------------------------------------------------------
def shielded_xml(place):
    rules = files_by(place)
    stories.awaiting_endorsement(
        place, title="Kodenavn Bjørn", shield_basis="offl_23", public_title="Anskaffelse"
    )
    return shipping.package_of(ArchiveMessage.objects.get(), rules).message.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("<offentligTittel>", "<beskrivelse>", "</offentligTittel>", "</beskrivelse>"), "offentligTittel mangler"),
        (("<filnavn>Innmelding", "<filnavn>Kodenavn Bjørn", "", ""), "klartekst"),
        (("<k:kode>N</k:kode>", "<k:kode>Q</k:kode>", "", ""), "ingen kode"),
        (("<antallFiler>1", "<antallFiler>2", "", ""), "antallFiler"),
        (("<k:kode>IA</k:kode>", "<k:kode>EA</k:kode>", "", ""), "ikke organinternt"),
        (("<sjekksum>", "<sjekksum>X", "", ""), "sjekksum"),
        (("<klasseID>060</klasseID>", "<klasseID/>", "", ""), "klasseID mangler"),
        (("911111111", "", "", ""), "organisasjonsnummeret"),
    ],
)  # fmt: skip
def test_profile__names_the_element_and_the_remedy(place, change, said):
    xml = shielded_xml(place)
    changed = xml.replace(change[0], change[1])
    if change[2]:
        changed = changed.replace(change[2], change[3])
    if "Kodenavn" in change[1]:
        changed = changed.replace("<tittel>", "<tittel>").replace(
            f"<filnavn>{change[1]}", "<filnavn>Kodenavn Bjørn"
        )
        title = changed.split("<tittel>")[1].split("</tittel>")[0]
        changed = changed.replace("<filnavn>Kodenavn Bjørn", f"<filnavn>{title}")
    name = xml.split("<referanseDokumentfil>")[1].split("<")[0]
    size = int(xml.split("<filstoerrelse>")[1].split("<")[0])
    profile.check(xml.encode(), files={name: size}, codes={"algorithm": "SHA-256"})
    with pytest.raises(profile.Unfit) as unfit:
        profile.check(changed.encode(), files={name: size}, codes={"algorithm": "SHA-256"})
    assert said in str(unfit.value)


# --- Who sees --------------------------------------------------------------------------------------
def test_package__is_the_archivists_and_its_reading_is_logged(as_role, world, refused):
    address = reverse("archive:package", args=[refused.shipments.get().pk])
    assert as_role(Role.SECRETARIAT).get(address).status_code == 404
    assert as_role(Role.ARCHIVIST, world.neighbor).get(address).status_code == 404
    answer = as_role(Role.ARCHIVIST).get(address)
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert AccessLog.objects.filter(what="archive_package").count() == 1


def test_deviation__is_no_message_of_the_secretariat(as_role, place):
    files_by(place, archives_deviations=True)
    deviations.closed(place)
    row = ArchiveMessage.objects.get(kind="deviation")
    assert as_role(Role.SECRETARIAT).get(row.get_absolute_url()).status_code == 404
    assert as_role(Role.ARCHIVIST).get(row.get_absolute_url()).status_code == 200


def test_forget__takes_content_and_packages(place, refused, django_capture_on_commit_callbacks):
    name = refused.shipments.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        redact_messages(Initiative, [refused.object_id], columns=frozenset(), now=timezone.now())
    refused.refresh_from_db()
    assert (refused.content, refused.problem) == ({}, "")
    assert not default_storage.exists(name)
    assert not Answer.objects.exclude(told="").exists()


# --- Pages -----------------------------------------------------------------------------------------
def test_bring_answer__moves_the_message_or_says_why_not(as_role, place):
    rules = files_by(place, "file_package")
    stories.awaiting_endorsement(place)
    shipping.ship(rules, now=timezone.now())
    row = ArchiveMessage.objects.get()
    client, address = as_role(Role.ARCHIVIST), reverse("archive:answer_bring", args=[row.pk])
    bad = client.post(address, {"file": SimpleUploadedFile("a.xml", b"<html/>")})
    assert bad.status_code == 422
    assert "verken en kvittering" in bad.content.decode()
    assert client.post(address, {}).status_code == 422
    large = SimpleUploadedFile("a.xml", b" " * (3 * 1024 * 1024))
    assert "større enn 2 MB" in client.post(address, {"file": large}).content.decode()
    name = f"{row.shipments.get().name}.mottatt"
    assert (
        client.post(reverse("archive:answer_list"), {"file": SimpleUploadedFile(name, b"")}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.status == "acknowledged"
    shown = client.get(reverse("archive:answer_list")).content.decode()
    assert "Lagt til side" in shown


def test_rules__are_set_by_archivist_and_administrator_of_the_own_municipality(as_role, world):
    address = reverse("archive:rules")
    blank = as_role(Role.ARCHIVIST).get(address).context["form"]
    typed = {name: blank[name].value() for name in blank.fields if name != "archives_deviations"}
    typed = {name: value or "" for name, value in typed.items()} | {"channel": "file_package"}
    for role, way in ((Role.ARCHIVIST, "file_package"), (Role.ADMINISTRATOR, "trial")):
        assert as_role(role).post(address, typed | {"channel": way}).status_code == 302
        assert ArchiveRules.objects.get(municipality=world.home.municipality).channel == way
    assert not ArchiveRules.objects.filter(municipality=world.neighbor.municipality).exists()
    assert as_role(Role.SECRETARIAT).post(address, typed).status_code == 403
    wrong = as_role(Role.ARCHIVIST).post(address, typed | {"formats": "pdf fmt/1"})
    assert wrong.status_code == 422
    assert "Linje 1" in wrong.content.decode()


def test_reconciliation__lists_what_is_missing_and_tells_once_a_day(as_role, world, place, refused):
    now = timezone.now()
    assert reconciliation.reconcile(now=now) == 1
    assert reconciliation.reconcile(now=now) == 1
    told = Notice.objects.filter(event__startswith="archive_missing")
    assert [notice.recipient for notice in told] == [place.person(Role.ARCHIVIST)]
    assert refused.title in as_role(Role.ARCHIVIST).get(reverse("archive:reconciliation")).content.decode()
    other = as_role(Role.ARCHIVIST, world.neighbor).get(reverse("archive:reconciliation"))
    assert refused.title not in other.content.decode()


def test_reconciliation__lets_what_is_new_have_its_time(place):
    ship_and_receive_of(place, "silence")
    assert reconciliation.reconcile(now=timezone.now()) == 0
    assert reconciliation.reconcile(now=timezone.now() + timedelta(days=4)) == 1


def test_packages__are_let_go_some_time_after_the_receipt(place):
    ship_and_receive_of(place, "receipt")
    name = ArchiveMessage.objects.get().shipments.get().file.name
    reconciliation.reconcile(now=timezone.now() + timedelta(days=89))
    assert default_storage.exists(name)
    reconciliation.reconcile(now=timezone.now() + timedelta(days=91))
    assert not default_storage.exists(name)


@pytest.mark.parametrize("page", ["message_list", "answer_list", "reconciliation", "rules"])
def test_pages__ask_few_questions_whatever_there_is(
    as_role, place, refused, page, django_assert_max_num_queries
):
    for number in range(3):
        stories.awaiting_endorsement(place, title=f"Sak {number}")
    ship_and_receive(files_by(place, trial_answer="invalid"))
    client = as_role(Role.ARCHIVIST)
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(reverse(f"archive:{page}"))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(refused.get_absolute_url())


def test_inbox__says_the_first_of_several_reasons():
    from archive.presentation import first_line

    row = SimpleNamespace(problem="Det ene.\nDet andre.\nDet tredje.")
    assert first_line(row.problem) == "Det ene. Og 2 til."
