"""What every page needs: navigation, badge, theme, and who acts for which municipality."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.inbox import Inbox

if TYPE_CHECKING:
    from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
INITIATIVES = (
    "governance:initiative",
    "governance:intake",
    "governance:triage",
    "governance:paper",
    "governance:hearing",
    "governance:scoring",
    "governance:criteri",
    "governance:poker",
    "governance:arena",
)
COUNCIL = (
    "governance:meeting",
    "governance:decision",
    "governance:municipal",
    "governance:mandate",
    "governance:rules",
    "governance:matter",
    "governance:cycle",
    "governance:period",
    "governance:calendar",
    "governance:insight",
    "governance:delegation",
)
_ARCHIVE = frozenset({"archivist", "secretariat", "coordinator"})
_LEADERSHIP = frozenset({"kommunedirektor", "sector_leader", "portfolio_manager", "chief_of_finance"})


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    known = bool(getattr(request, "user", None) and request.user.is_authenticated)
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {
        "demo_mode": settings.DEMO_MODE,
        "accessibility_url": settings.ACCESSIBILITY_STATEMENT_URL,
        "color_scheme": theme if theme in THEMES else "auto",
        "actor": actor,
        "inbox_count": 0,
        "nav": [],
        "municipalities": [],
    }
    if known and actor:
        context["inbox_count"] = cache(lambda: Inbox(actor).total)
        context["nav"] = navigation(request)
        context["municipalities"] = SimpleLazyObject(actor.municipality_choices)
    return context


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries of the main navigation that this person has use of."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {
            "label": label,
            "url": reverse(name),
            "current": here.startswith(prefixes),
            "is_inbox": name == "core:inbox",
            "about": about,
        }
        for label, name, prefixes, about in _entries(request)
    ]


def _entries(request: HttpRequest) -> list[tuple[str, str, str | tuple[str, ...], str]]:
    """Return label, address, which views stand under it, and what is found there."""
    entries: list[tuple[str, str, str | tuple[str, ...], str]] = [
        (_("Start"), "core:start", ("core:start",), ""),
        (_("Mine oppgaver"), "core:inbox", ("core:inbox",), ""),
        (
            _("Tiltak"),
            "governance:initiative_list",
            INITIATIVES,
            _("Alt som er meldt inn, og hvor det står."),
        ),
        (
            _("Avvik"),
            "deviations:deviation_list",
            ("deviations:",),
            _("Meld avvik, og se hva som ble gjort."),
        ),
        (_("Rådet"), "governance:meeting_list", COUNCIL, _("Møter, saker og vedtak.")),
        (_("Portefølje"), "portfolio:board", ("portfolio:",), _("Prosjektene, og hvor langt de er kommet.")),
        (
            _("Gevinster"),
            "benefits:benefit_list",
            ("benefits:",),
            _("Hva tiltakene skal gi, og hvem som svarer for det."),
        ),
        (
            _("Organisasjon"),
            "organization:tree",
            ("organization:",),
            _("Enheter, personer, roller og strategi."),
        ),
    ]
    if _holds(request, _LEADERSHIP):
        about = _("Det som trenger deg, og tallene.")
        entries.insert(4, (_("Ledelse"), "leadership:overview", ("leadership:",), about))
    if _holds(request, _ARCHIVE):
        about = _("Det som skal føres i sak og arkiv.")
        entries.append((_("Arkiv"), "archive:message_list", ("archive:",), about))
    return entries


def _holds(request: HttpRequest, roles: frozenset[str]) -> bool:
    grants = getattr(request.actor, "grants", ())  # type: ignore[attr-defined]
    return any(grant.role in roles for grant in grants)
