"""The people that can be picked on the log-in page: only ever in demo mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from demo.content.read import read_people, read_units
from demo.content.tree import Tree
from demo.seeding.organization import PASSWORD

if TYPE_CHECKING:
    from django.http import HttpRequest

# Whom a newcomer wants to be: one for each step of the main job, in its order.
MAIN_JOB = (
    "ansatt",
    "sektorleder",
    "sekretariat",
    "radsleder",
    "kommunedirektor",
    "portefoljeforvalter",
    "tjenesteeier",
)
HOME = "elvdal"


def people(request: HttpRequest) -> dict[str, Any]:
    """Return the demo people for the log-in page; nothing anywhere else or in any other mode."""
    match = request.resolver_match
    if not settings.DEMO_MODE or match is None or match.view_name != "account_login":
        return {}
    return {"demo_people": SimpleLazyObject(_groups), "demo_password": PASSWORD}


def _groups() -> list[dict[str, Any]]:
    tree = Tree(read_units())
    everyone = read_people()
    first = [person for stem in MAIN_JOB for person in everyone if person.username == f"{stem}.{HOME}"]
    groups = [{"title": _("Den lange linjen: fra ansatt til tjenesteeier"), "is_open": True, "people": first}]
    for key in tree.municipalities:
        belonging = [person for person in everyone if tree.municipality(person.unit) == key]
        groups.append({"title": tree.units[key].name, "is_open": False, "people": belonging})
    return groups
