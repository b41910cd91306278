"""What every way to an archive must do: the file package, the API, Fiks IO and the trial archive pass the same."""

from __future__ import annotations

import pytest
from django.utils import timezone

from archive import receiving, shipping
from archive.adapters.fiks_io import FiksIoPort, missing
from archive.adapters.port import port_of
from archive.models import Answer, ArchiveMessage
from archive.trial import answers as trial
from organization.roles import Role
from tests import stories
from tests.archive.ends import ENDS, FiksIoEnd, message_in
from tests.archive.test_answers import XXE, correct, receipt, status
from tests.archive.test_follow_up import tasks

FETCHES = ["folder", "trial", "fiks_io"]


@pytest.fixture(params=list(ENDS))
def end(request, world, monkeypatch, tmp_path):
    return ENDS[request.param](world.home, monkeypatch, tmp_path)


@pytest.fixture
def message(end):
    """A submission that has left."""
    stories.awaiting_endorsement(end.place)
    end.work()
    return ArchiveMessage.objects.get(municipality=end.place.municipality)


def test_send__hands_the_package_over_whole(end, message):
    shipment = message.shipments.get()
    assert status(message) == "sent"
    with shipment.file.open() as file:
        assert end.arrived() == [(shipment.name, message_in(file.read()))]


def test_send__again_after_a_run_that_was_killed_is_the_same(end, message):
    shipment, port = message.shipments.get(), port_of(end.rules)
    with shipment.file.open() as file:
        port.send(shipment.name, file.read())
    assert len(set(end.arrived())) == 1
    if isinstance(end, FiksIoEnd):
        assert len({one.client_id for one in end.carrier.sent}) == 1


def test_answer__receipt_fills_the_numbers(end, message):
    end.answer(message.shipments.get().name, receipt(message))
    end.work()
    assert (status(message), message.archive_reference) == ("receipted", "2026/1234")
    end.work()
    assert Answer.objects.filter(counted=True).count() == 1


def test_answer__twice_counts_once(end, message):
    for _time in range(2):
        end.answer(message.shipments.get().name, receipt(message))
        end.work()
    assert status(message) == "receipted"
    assert Answer.objects.filter(counted=True).count() == 1


def test_answer__without_content_is_taken(end, message):
    end.answer(message.shipments.get().name, b"", "mottatt")
    end.work()
    assert status(message) == "acknowledged"


def test_answer__error_is_put_right_and_sent_again_under_the_same_key(end, message):
    key, first = message.key, message.shipments.get().name
    end.answer(first, trial.error("ugyldigforespoersel", "Ukjent klasse."), "feilmelding.xml")
    end.work()
    assert status(message) == "failed"
    assert "Ukjent klasse" in message.problem
    assert tasks(end.place.actor(Role.ARCHIVIST)) == ["Rett meldingen til arkivet"]
    correct(message, end.place)
    end.with_rules(initiative_class="061")
    end.work()
    [second] = {name for name, _message in end.arrived()} - {first}
    assert (status(message), message.key) == ("sent", key)
    end.answer(first, trial.error("serverfeil", "Enda en gang."), "feilmelding.xml")
    end.answer(second, receipt(message))
    end.work()
    assert status(message) == "receipted"


def test_answer__that_is_hostile_holds_nothing_back(end, message):
    name = message.shipments.get().name
    end.answer(name, XXE)
    end.work()
    assert status(message) == "sent"
    end.answer(name, receipt(message))
    end.work()
    assert status(message) == "receipted"


def test_answer__of_another_municipality_moves_nothing(end, message, world, monkeypatch, tmp_path):
    theirs = stories.awaiting_endorsement(world.neighbor)
    row = ArchiveMessage.objects.get(object_id=theirs.pk)
    end.answer(message.shipments.get().name, receipt(row))
    end.work()
    assert (status(row), status(message)) == ("ready", "sent")


@pytest.mark.parametrize("end", FETCHES, indirect=True)
def test_answer__that_is_not_written_down_comes_again(end, message, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("the database is gone")

    end.answer(message.shipments.get().name, receipt(message))
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "_written", fail)
        end.work()
    assert status(message) == "sent"
    end.work()
    assert status(message) == "receipted"


# --- Fiks IO alone ---------------------------------------------------------------------------------
@pytest.fixture
def fiks_io(world, monkeypatch, tmp_path):
    return FiksIoEnd(world.home, monkeypatch, tmp_path)


def test_fiks_io__sends_the_message_and_its_files_and_nothing_of_ours(fiks_io):
    stories.awaiting_endorsement(fiks_io.place)
    fiks_io.work()
    [sent] = fiks_io.carrier.sent
    assert sent.type == "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett"
    assert {"manifest.json", "SHA256SUMS"}.isdisjoint(sent.files)
    assert len(sent.files) == 2


@pytest.mark.parametrize("type_", ["tidsavbrudd", "serverfeil.v1"])
def test_fiks_io__that_could_not_deliver_makes_it_wait_for_the_archivist(fiks_io, type_):
    from archive.adapters.fiks_io import Received

    stories.awaiting_endorsement(fiks_io.place)
    fiks_io.work()
    row = ArchiveMessage.objects.get()
    name = row.shipments.get().name
    fiks_io.carrier.put(Received(id="1", type=f"no.ks.fiks.kvittering.{type_}", correlation=name, files={}))
    fiks_io.work()
    assert status(row) == "failed"
    assert "Fiks IO fikk ikke levert" in row.problem


def test_fiks_io__sends_nothing_without_what_it_needs(fiks_io, settings):
    assert isinstance(port_of(fiks_io.rules), FiksIoPort)
    assert missing(fiks_io.rules) == []
    settings.FIKS_IO_CARRIER = ""
    stories.awaiting_endorsement(fiks_io.place)
    assert port_of(fiks_io.rules) is None
    assert shipping.ship(fiks_io.rules, now=timezone.now()) == 0
    assert ArchiveMessage.objects.get().status == "ready"


def test_rules__let_fiks_io_be_chosen_only_where_it_can_send(as_role, world, settings):
    from django.urls import reverse

    from archive.models import ArchiveRules
    from tests.archive.ends import ARCHIVES, OWN

    type(world.home.municipality).objects.filter(pk=world.home.municipality.pk).update(orgnr="911111111")
    client, address = as_role(Role.ARCHIVIST), reverse("archive:rules")
    blank = client.get(address).context["form"]
    typed = {name: blank[name].value() or "" for name in blank.fields if name != "archives_deviations"}
    typed |= {"channel": "fiks_io"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "FIKS_IO_CARRIER" in text
    assert "Fiks-kontoen til arkivet mangler" in text
    settings.FIKS_IO_CARRIER = "tests.archive.ends.carrier_of"
    assert client.post(address, typed | {"own_account": "x"}).status_code == 422
    whole = typed | {"own_account": str(OWN), "archive_account": str(ARCHIVES)}
    assert client.post(address, whole).status_code == 302
    assert ArchiveRules.objects.get().channel == "fiks_io"


def test_page_of_fiks_io__says_what_is_missing_here(as_role, world, settings):
    from django.urls import reverse

    address = reverse("archive:fiks_io")
    text = as_role(Role.ARCHIVIST).get(address).content.decode()
    assert "Fiks IO kan ikke velges ennå" in text
    assert "ks:fiks" in text
    assert as_role(Role.ADMINISTRATOR).get(address).status_code == 200
    assert as_role(Role.SECRETARIAT).get(address).status_code == 403
