"""The archive at the other end of each way: what has come to it, and how it answers."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from abc import ABC, abstractmethod
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from archive import receiving, shipping
from archive.adapters.fiks_io import Outgoing, Received
from archive.models import ArchiveMessage, Shipment, TrialAnswer
from archive.trial.archive import TrialArchive
from tests.api.clients import machine
from tests.archive.scene import ORGNRS, files_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.models import ArchiveRules
    from tests.world import Place

OWN, ARCHIVES = (
    uuid.UUID("11111111-1111-4111-8111-111111111111"),
    uuid.UUID("22222222-2222-4222-8222-222222222222"),
)


class End(ABC):
    """``arrived`` has the message of each package that came, as often as it came."""

    channel = ""
    rules_too: dict[str, Any] = {}

    def __init__(self, place: Place, monkeypatch: Any, tmp_path: Path) -> None:
        self.place, self.monkeypatch, self.tmp_path = place, monkeypatch, tmp_path
        self.prepare()
        self.rules = self.with_rules()

    @abstractmethod
    def prepare(self) -> None:
        """Make the other end ready."""

    def with_rules(self, **rules: Any) -> ArchiveRules:
        self.rules = files_by(self.place, self.channel, **self.rules_too, **rules)
        return self.rules

    def work(self) -> None:
        """Run the two jobs, as the worker does."""
        shipping.ship(self.rules, now=timezone.now())
        receiving.receive(self.rules, now=timezone.now())

    @abstractmethod
    def arrived(self) -> list[tuple[str, bytes]]: ...

    @abstractmethod
    def answer(self, package: str, content: bytes, what: str = "arkivmelding-kvittering.xml") -> None: ...


class FolderEnd(End):
    channel = "file_package"

    def prepare(self) -> None:
        self.monkeypatch.setattr(settings, "ARCHIVE_FOLDER", str(self.tmp_path / "arkiv"))
        self.home = self.tmp_path / "arkiv" / ORGNRS[self.place.code]
        (self.home / "inn").mkdir(parents=True)

    def arrived(self) -> list[tuple[str, bytes]]:
        return [
            (path.stem, message_in(path.read_bytes())) for path in sorted((self.home / "ut").glob("*.zip"))
        ]

    def answer(self, package: str, content: bytes, what: str = "arkivmelding-kvittering.xml") -> None:
        (self.home / "inn" / f"{package}.{what}").write_bytes(content)


class TrialEnd(End):
    channel = "trial"

    def prepare(self) -> None:
        self.taken: list[tuple[int, str, bytes]] = []

        def take(archive: TrialArchive, name: str, package: bytes) -> None:
            self.taken.append((archive.municipality_id, name, message_in(package)))

        self.monkeypatch.setattr(TrialArchive, "take", take)

    def arrived(self) -> list[tuple[str, bytes]]:
        return [(name, message) for pk, name, message in self.taken if pk == self.rules.municipality_id]

    def answer(self, package: str, content: bytes, what: str = "arkivmelding-kvittering.xml") -> None:
        TrialAnswer.objects.create(
            municipality_id=self.rules.municipality_id, name=f"{package}.{what}", content=content
        )


class PullEnd(End):
    channel = "pull"

    def prepare(self) -> None:
        cache.clear()
        scopes = ("archive-messages:read", "archive-packages:read", "archive-packages:write")
        self.caller = machine(self.place, *scopes, name="Arkivet")

    def arrived(self) -> list[tuple[str, bytes]]:
        rows = self.caller.get("/archive-messages/?status=sent&ordering=changed_at").json()["results"]
        found = []
        for row in rows:
            got = self.caller.client.get(
                f"/api/v1/archive-messages/{row['id']}/package/", HTTP_AUTHORIZATION=f"Bearer {self.caller.token}"
            )  # fmt: skip
            name = got["Content-Disposition"].partition('filename="')[2].partition(".zip")[0]
            found.append((name, message_in(b"".join(got.streaming_content))))
        return found

    def answer(self, package: str, content: bytes, what: str = "arkivmelding-kvittering.xml") -> None:
        kind, body = ("application/xml", content) if content else ("application/json", typed(what))
        pk = Shipment.objects.get(name=package).message_id
        self.caller.post(f"/archive-messages/{pk}/answers/?package={package}", body, content_type=kind)


class FiksIoEnd(End):
    channel = "fiks_io"
    rules_too = {"own_account": OWN, "archive_account": ARCHIVES}

    def prepare(self) -> None:
        self.monkeypatch.setattr(settings, "FIKS_IO_CARRIER", "tests.archive.ends.carrier_of")
        self.carrier = MemoryCarrier()
        CARRIERS[OWN] = self.carrier

    def arrived(self) -> list[tuple[str, bytes]]:
        assert {message.to for message in self.carrier.sent} <= {ARCHIVES}
        return [(message.correlation, message.files["arkivmelding.xml"]) for message in self.carrier.sent]

    def answer(self, package: str, content: bytes, what: str = "arkivmelding-kvittering.xml") -> None:
        files = {"arkivmelding-kvittering.xml" if "kvittering" in what else "feilmelding.xml": content}
        told = json.loads(typed(what))["meldingstype"]
        self.carrier.put(
            Received(id=str(uuid.uuid4()), type=told, correlation=package, files=files if content else {})
        )


ENDS = {"folder": FolderEnd, "trial": TrialEnd, "pull": PullEnd, "fiks_io": FiksIoEnd}
CARRIERS: dict[uuid.UUID, MemoryCarrier] = {}


class MemoryCarrier:
    """A queue as Fiks IO's: what is fetched three times and never acknowledged is dead."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.queue: dict[str, Received] = {}
        self.fetched: dict[str, int] = defaultdict(int)

    def put(self, received: Received) -> None:
        self.queue[received.id] = received

    def send(self, message: Outgoing) -> str:
        self.sent.append(message)
        return str(uuid.uuid4())

    def fetch(self) -> Iterator[Received]:
        for one in list(self.queue.values()):
            self.fetched[one.id] += 1
            assert self.fetched[one.id] <= 3, "dead: it was never acknowledged"
            yield one

    def acknowledge(self, message_id: str) -> None:
        del self.queue[message_id]


def carrier_of(account: uuid.UUID) -> MemoryCarrier:
    return CARRIERS[account]


def message_in(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read("arkivmelding.xml")


def typed(what: str) -> bytes:
    """Return the type of an answer without content, by how its file would be named."""
    end = {"mottatt": "arkivering.arkivmelding.opprett.mottatt", "feilmelding.xml": "feilmelding.serverfeil"}
    kind = end.get(what, "arkivering.arkivmelding.opprett.kvittering")
    return json.dumps({"meldingstype": f"no.ks.fiks.arkiv.v1.{kind}"}).encode()


def message_of(package: str) -> ArchiveMessage:
    return Shipment.objects.select_related("message").get(name=package).message
