"""Municipalities that send their messages by themselves, and what is sent of them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils import timezone
from lxml import etree

from archive import receiving, shipping
from archive.models import ArchiveMessage, ArchiveRules, Shipment
from governance.hearings import operations as hearings
from organization.roles import Role
from tests import stories

if TYPE_CHECKING:
    from governance.models import Hearing, Initiative
    from tests.world import Place

ORGNRS = {"heim": "911111111", "granne": "922222222", "region": "933333333", "framand": "944444444"}


def files_by(place: Place, channel: str = "trial", **rules: object) -> ArchiveRules:
    """Let the municipality have a number of its own, and send its messages."""
    unit = place.municipality
    type(unit).objects.filter(pk=unit.pk).update(orgnr=ORGNRS[place.code])
    row, _new = ArchiveRules.objects.update_or_create(
        municipality=unit, defaults={"channel": channel, "changed_at": timezone.now(), **rules}
    )
    return ArchiveRules.objects.select_related("municipality").get(pk=row.pk)


def heard_twice(place: Place) -> tuple[Initiative, Hearing]:
    """Return a case with a hearing whose answer was changed."""
    initiative = stories.under_preparation(place)
    by = place.actor(Role.SECRETARIAT)
    (hearing,) = hearings.ask_hearings(
        initiative, roles=[Role.IKT_LEADER], due_on=None, by=by, now=timezone.now()
    )
    for text in ("Ingen merknader.", "Likevel en merknad."):
        hearings.answer_hearing(
            hearing, answer=text, position="remarks", by=place.actor(Role.IKT_LEADER), now=timezone.now()
        )
    return initiative, hearing


def ship_and_receive(rules: ArchiveRules, times: int = 4) -> None:
    """Run the two jobs until nothing more happens: the folder is answered for before the rest leaves."""
    for _time in range(times):
        shipping.ship(rules, now=timezone.now())
        receiving.receive(rules, now=timezone.now())


def members(shipment: Shipment) -> dict[str, bytes]:
    with default_storage.open(shipment.file.name) as file:
        content = file.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def message_of(row: ArchiveMessage) -> etree._Element:
    return etree.fromstring(members(row.shipments.first())["arkivmelding.xml"])


def texts(top: etree._Element, name: str) -> list[str]:
    return [one.text or "" for one in top.iter() if etree.QName(one).localname == name]


def states(place: Place) -> dict[str, str]:
    rows = ArchiveMessage.objects.filter(municipality=place.municipality).order_by("pk")
    return {row.key.split("/", 2)[-1]: row.status for row in rows}
