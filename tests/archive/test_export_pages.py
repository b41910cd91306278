"""The pages of exports: what is chosen, how much it is, how far it has come, and its files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from archive.history import exporting
from archive.models import ArchiveExport, ArchiveMessage, ExportGap, Purpose
from core.models import AccessLog
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, ship_and_receive
from tests.archive.test_export_kinds import export, forget_messages

LIST, NEW, RECONCILIATION = "/arkiv/eksport/", "/arkiv/eksport/ny/", "/arkiv/avstemming/"
MAX_QUERIES = 12


@pytest.fixture
def archivist(as_role):
    return as_role(Role.ARCHIVIST)


def page(name, pk):
    return reverse(f"archive:{name}", args=[pk])


# --- Choosing ------------------------------------------------------------------------------------
def test_list__says_what_comes_here_before_there_is_anything(archivist):
    assert "Ingen eksporter ennå" in archivist.get(LIST).text


def test_preview__counts_each_kind_and_makes_nothing(place, archivist):
    files_by(place)
    stories.received(place)
    forget_messages(place)
    shown = archivist.get(NEW, {"purpose": "send"}).text
    assert "Innmelding" in shown
    assert "Tilråding" in shown
    assert "Start eksporten" in shown
    assert not ArchiveMessage.objects.exists()
    assert not ArchiveExport.objects.exists()


def test_start__leads_to_the_export(place, archivist):
    files_by(place)
    stories.received(place)
    forget_messages(place)
    answer = archivist.post(NEW, {"purpose": "send", "kinds": ["submission"], "since": "", "until": ""})
    made = ArchiveExport.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.kinds, made.totals) == (["submission"], {"submission": 1})
    assert made.started_by == place.person(Role.ARCHIVIST)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"purpose": "send", "since": "2026-05-02", "until": "2026-05-01"}, "er før «Fra og med»"),
        ({"purpose": "send", "since": "i fjor"}, "Skriv datoen som"),
        ({"purpose": "send", "until": "0000-13-45"}, "Skriv datoen som"),
        ({"purpose": "send", "until": "9999-12-31"}, "Til og med"),
        ({"purpose": "noe annet"}, "purpose"),
        ({"purpose": "send", "kinds": ["finnes ikke"]}, "kinds"),
        ({"purpose": ""}, "Hva vil du gjøre?"),
        ({}, "Hva vil du gjøre?"),
    ],
)
def test_bad_choice__is_told_beside_the_field(place, archivist, given, told):
    files_by(place)
    stories.received(place)
    answer = archivist.post(NEW, given)
    assert answer.status_code == 422
    assert told in answer.text
    assert not ArchiveExport.objects.exists()
    assert archivist.get(NEW, given).status_code == (422 if given else 200)


@pytest.mark.parametrize("given", [{"until": "1950-01-01"}, {"since": "2090-12-31"}, {"until": "2090-12-31"}])
def test_dates_beyond_everything__are_dates_too(place, archivist, given):
    files_by(place)
    stories.received(place)
    answer = archivist.get(NEW, {"purpose": "packages", **given})
    assert answer.status_code == 200
    assert ("Ingenting å ta med" in answer.text) == (given != {"until": "2090-12-31"})


def test_nothing_to_take__is_said_and_not_begun(place, archivist):
    files_by(place)
    stories.received(place)
    assert "Ingenting å ta med" in archivist.get(NEW, {"purpose": "send"}).text
    answer = archivist.post(NEW, {"purpose": "send"})
    assert answer.status_code == 422
    assert "ingenting å ta med" in answer.text


def test_without_rules__the_way_is_asked_for_first(place, archivist):
    stories.received(place)
    forget_messages(place)
    shown = archivist.get(NEW, {"purpose": "send"}).text
    assert "Kan ikke startes ennå" in shown
    assert reverse("archive:rules") in shown
    assert "Start eksporten" not in shown
    answer = archivist.post(NEW, {"purpose": "send"})
    assert answer.status_code == 422
    assert "Regler for arkivet" in answer.text


def test_second_export__is_refused_while_one_is_under_way(place, archivist):
    files_by(place)
    stories.received(place)
    for code in (302, 422):
        answer = archivist.post(NEW, {"purpose": "packages"})
        assert answer.status_code == code
    assert "eksport i gang" in answer.text


# --- How far it has come -------------------------------------------------------------------------
def test_detail__follows_the_messages_to_their_receipts(place, archivist):
    rules = files_by(place, trial_answer="invalid")
    stories.received(place)
    forget_messages(place)
    made = export(place)
    assert "2 meldinger er på vei" in archivist.get(page("export_detail", made.pk)).text
    ship_and_receive(rules, times=1)
    shown = archivist.get(page("export_detail", made.pk)).text
    assert "1 melding er avvist av arkivet" in shown
    assert "?vis=feil" in shown


def test_stop_and_go_on__by_its_buttons(place, archivist):
    files_by(place)
    stories.received(place)
    forget_messages(place)
    archivist.post(NEW, {"purpose": "send"})
    made = ArchiveExport.objects.get()
    assert "hx-trigger" in archivist.get(page("export_detail", made.pk)).text
    archivist.post(page("export_stop", made.pk))
    shown = archivist.get(page("export_detail", made.pk)).text
    assert "Fortsett" in shown
    assert 'hx-trigger="every' not in shown
    assert "Last siden på nytt" in archivist.post(page("export_stop", made.pk), follow=True).text
    archivist.post(page("export_go_on", made.pk))
    exporting.carry_out(made.pk, now=timezone.now())
    shown = archivist.get(page("export_detail", made.pk)).text
    assert "Ferdig" in shown
    assert "2 av 2" in shown


def test_what_was_left_out__is_told_with_what_to_do(place, archivist):
    files_by(place)
    stories.received(place)
    made = export(place, purpose=Purpose.PACKAGES)
    ExportGap.objects.create(
        export=made, kind="decision", key="initiative/9/decision/1", told="Filen mangler.\nFør den for hånd."
    )
    shown = archivist.get(page("export_detail", made.pk)).text
    assert "initiative/9/decision/1" in shown
    assert "Før den for hånd." in shown


def test_silent_export__is_said(place, archivist):
    files_by(place)
    stories.received(place)
    archivist.post(NEW, {"purpose": "packages"})
    made = ArchiveExport.objects.get()
    assert "Ingen arbeider med den nå" not in archivist.get(page("export_detail", made.pk)).text
    ArchiveExport.objects.update(heard_at=timezone.now() - timedelta(minutes=6))
    assert "Ingen arbeider med den nå" in archivist.get(page("export_detail", made.pk)).text


def test_file__is_handed_out_and_logged(place, archivist):
    files_by(place)
    stories.received(place)
    made = export(place, purpose=Purpose.PACKAGES)
    part = made.files.get()
    assert part.name in archivist.get(page("export_detail", made.pk)).text
    answer = archivist.get(page("export_file", part.pk))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert answer["Cache-Control"] == "private, no-store"
    assert AccessLog.objects.get(what="archive_export").person == place.person(Role.ARCHIVIST)
    made.files.update(file="")
    assert archivist.get(page("export_file", part.pk)).status_code == 404
    assert "slettet" in archivist.get(page("export_detail", made.pk)).text


# --- Whose it is ---------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_other_municipality__finds_nothing(world, as_role, role):
    files_by(world.home)
    stories.received(world.home)
    made = export(world.home, purpose=Purpose.PACKAGES)
    other = as_role(role, world.neighbor)
    assert other.get(page("export_detail", made.pk)).status_code == 404
    assert other.get(page("export_file", made.files.get().pk)).status_code == 404
    for name in ("export_stop", "export_go_on"):
        assert other.post(page(name, made.pk)).status_code == 404
    listed = other.get(LIST)
    assert listed.status_code == (200 if role == Role.ARCHIVIST else 403)
    assert made.get_absolute_url() not in listed.text


def test_region__has_exports_of_its_own(world, as_role):
    files_by(world.region)
    stories.received(world.region)
    stories.received(world.home)
    client = as_role(Role.ARCHIVIST, world.region)
    client.post(NEW, {"purpose": "packages"})
    made = ArchiveExport.objects.get()
    assert made.municipality == world.region.municipality
    assert made.totals == {"submission": 1, "endorsement": 1}


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.EMPLOYEE, Role.ADMINISTRATOR])
def test_others__do_not_export(place, as_role, role):
    client = as_role(role)
    assert client.get(LIST).status_code == 403
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"purpose": "packages"}).status_code == 403


# --- Reconciliation ------------------------------------------------------------------------------
def test_reconciliation__knows_what_has_no_message(place, archivist):
    files_by(place)
    stories.received(place)
    assert "aldri fått en melding" not in archivist.get(RECONCILIATION).text
    forget_messages(place)
    assert "2 hendelser fra før har aldri fått en melding" in archivist.get(RECONCILIATION).text
    ArchiveMessage.objects.all().delete()
    export(place)
    assert "aldri fått en melding" not in archivist.get(RECONCILIATION).text


# --- What it costs -------------------------------------------------------------------------------
def test_pages__cost_the_same_for_few_and_for_many(place, archivist, django_assert_max_num_queries):
    files_by(place)
    counts = []
    for _time in range(2):
        stories.received(place)
        made = export(place, purpose=Purpose.PACKAGES)
        taken = []
        for address in (
            LIST,
            page("export_detail", made.pk),
            f"{NEW}?purpose=send",
            f"{NEW}?purpose=packages",
            RECONCILIATION,
        ):
            with django_assert_max_num_queries(MAX_QUERIES) as asked:
                archivist.get(address)
            taken.append(len(asked))
        counts.append(taken)
        for _number in range(3):
            stories.received(place)
    assert counts[0] == counts[1]
