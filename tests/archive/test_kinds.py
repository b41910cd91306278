"""Each kind of message: its type, who is named in it, and whose archive it belongs to."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from archive.models import ArchiveMessage
from archive.trial.official import problems_of
from benefits.filing import file_report
from core.attachments import attach
from governance.workflow import initiative_workflow
from organization.models import Unit
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, heard_twice, members, message_of, ship_and_receive, texts
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.governance import regional


def sent(place, kind):
    """Return the message of a kind, sent and found valid by the official schema."""
    row = ArchiveMessage.objects.filter(municipality=place.municipality, kind=kind).latest("pk")
    assert (row.status, row.problem) == ("receipted", "")
    assert problems_of(members(row.shipments.get())["arkivmelding.xml"]) == []
    return row, message_of(row)


def codes(top, name):
    return [
        texts(one, "kode")[0]
        for one in top.iter()
        if isinstance(one.tag, str) and one.tag.endswith(f"}}{name}")
    ]


def test_hearing__is_internal_and_filed_anew_when_changed(place):
    rules = files_by(place)
    initiative, hearing = heard_twice(place)
    ship_and_receive(rules)
    row, top = sent(place, "hearing")
    assert row.key == f"initiative/{initiative.pk}/hearing/{hearing.pk}/2"
    assert codes(top, "journalposttype") == ["X"]
    assert codes(top, "korrespondanseparttype") == ["IA", "IM"]


def test_submission__from_another_legal_entity_is_incoming(world):
    rules = files_by(world.region)
    home = files_by(world.home)
    initiative = stories.draft(world.region)
    type(initiative).objects.filter(pk=initiative.pk).update(submitter=world.home.person(Role.EMPLOYEE))
    initiative.refresh_from_db()
    initiative_workflow.perform("submit", initiative, by=_system(), now=timezone.now())
    ship_and_receive(rules)
    _row, top = sent(world.region, "submission")
    assert codes(top, "journalposttype") == ["I"]
    assert codes(top, "korrespondanseparttype") == ["EA", "IM"]
    assert texts(top, "organisasjonid") == [home.municipality.orgnr]
    assert set(texts(top, "arkivskaperID")) == {rules.municipality.orgnr}


def _system():
    from core.actors import System

    return System("tests")


def test_regional_decision__is_outgoing_at_home_and_incoming_with_the_owner(world):
    region, home, neighbor = files_by(world.region), files_by(world.home), files_by(world.neighbor)
    initiative = regional.recommended(world)
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    for rules in (region, home, neighbor):
        ship_and_receive(rules)
    owner, received = sent(world.region, "municipal_decision")
    own, outgoing = sent(world.neighbor, "municipal_decision")
    assert codes(received, "journalposttype") == ["I"]
    assert codes(outgoing, "journalposttype") == ["U"]
    assert texts(received, "organisasjonid") == [neighbor.municipality.orgnr]
    assert texts(outgoing, "organisasjonid") == [region.municipality.orgnr]
    assert own.opens_folder
    assert own.folder_key != owner.folder_key
    _row, told = sent(world.region, "decision")
    assert codes(told, "journalposttype") == ["U"]
    assert sorted(texts(told, "organisasjonid")) == sorted(
        [home.municipality.orgnr, neighbor.municipality.orgnr]
    )
    assert not ArchiveMessage.objects.filter(municipality=world.home.municipality, kind="submission").exists()


def test_rejected_case__tells_the_submitter_and_closes_the_folder_last(place):
    rules = files_by(place)
    initiative = stories.received(place)
    by = place.actor(Role.SECRETARIAT)
    data = {"reason": "Trengs ikke lenger."}
    initiative_workflow.perform("withdraw", initiative, by=by, now=timezone.now(), data=data)
    ship_and_receive(rules)
    row, top = sent(place, "case_closed")
    assert row == ArchiveMessage.objects.latest("pk")
    assert codes(top, "saksstatus") == ["A"]
    assert texts(top, "noekkel") == [f"initiative/{initiative.pk}"]
    manifest = json.loads(members(row.shipments.get())["manifest.json"])
    assert manifest["messageType"].endswith("arkivmelding.oppdater")


def test_decision__of_the_council_is_internal_to_the_submitter(place):
    rules = files_by(place)
    stories.decided(place, "reject")
    ship_and_receive(rules)
    _row, top = sent(place, "decision")
    assert codes(top, "journalposttype") == ["N"]
    assert codes(top, "korrespondanseparttype") == ["IA", "IM"]


def test_benefit_plan_and_report__are_filed_as_reports(place):
    rules = files_by(place)
    benefit = benefits.baseline_measured(place)
    file_report(benefit.initiative, conclusion="Det virket.", now=timezone.now())
    ship_and_receive(rules, times=6)
    for kind in ("benefit_plan", "benefit_report"):
        _row, top = sent(place, kind)
        assert codes(top, "journalposttype") == ["X"]
        assert codes(top, "dokumenttype") == ["RAPPORT"]


def test_closed_deviation__only_where_the_municipality_files_them(place):
    deviations.closed(place)
    assert not ArchiveMessage.objects.filter(kind="deviation").exists()
    rules = files_by(place, archives_deviations=True)
    closed = deviations.closed(place)
    ship_and_receive(rules)
    row, top = sent(place, "deviation")
    assert row.subject == closed
    assert texts(top, "offentligTittel") == [f"Avvik {closed.number}"]
    assert texts(top, "skjermingshjemmel")
    assert closed.reporter.name not in json.dumps(row.content)


def test_attachment__follows_as_it_came(place):
    rules = files_by(place)
    initiative = stories.draft(place)
    note = SimpleUploadedFile("Notat æøå.txt", "Et lite notat på norsk.".encode(), "text/plain")
    attach(initiative, note, by=place.actor(Role.EMPLOYEE), now=timezone.now())
    initiative_workflow.perform("submit", initiative, by=place.actor(Role.EMPLOYEE), now=timezone.now())
    ship_and_receive(rules)
    row, top = sent(place, "submission")
    assert texts(top, "referanseDokumentfil")[1] == "02-A-Notat-aeoa.txt"
    assert texts(top, "filnavn")[1] == "Notat æøå.txt"
    assert members(row.shipments.get())["02-A-Notat-aeoa.txt"].decode() == "Et lite notat på norsk."


def test_content__is_what_was_true_when_it_happened(place):
    rules = files_by(place)
    initiative = stories.awaiting_endorsement(place, title="Slik det het")
    type(initiative).objects.filter(pk=initiative.pk).update(title="Slik det heter nå")
    Unit.objects.filter(pk=place.unit.pk).update(name="Nytt navn")
    ship_and_receive(rules)
    _row, top = sent(place, "submission")
    assert all("nå" not in title for title in texts(top, "tittel"))
    assert "Nytt navn" not in " ".join(texts(top, "navn"))
