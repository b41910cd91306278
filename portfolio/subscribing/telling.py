"""The most important things of a report in a few sentences: what needs somebody first, and how it stands after that."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import kroner_short, number
from portfolio.models import Area, Health, ProjectStatus
from portfolio.reporting.presentation import counted_of, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from portfolio.reporting.figures import Figures

MOST, NAMED = 3, 3


def most_important(figures: Figures, day: date) -> list[str]:
    """Return the three most important things of a report's figures, in words."""
    told = [text for text in _in_order(figures, day) if text]
    return told[:MOST]


def _in_order(figures: Figures, day: date) -> Iterator[str]:
    difference = _difference(figures, day)
    yield _needing_help(figures)
    yield _late(figures)
    yield difference if difference is not None else ""
    yield _behind(figures)
    yield _worst_risk(figures)
    yield _running(figures)
    new = number_of(figures["submitted"])
    yield ngettext("%(n)s ny innmelding.", "%(n)s nye innmeldinger.", new) % {"n": number(new)}


def _needing_help(figures: Figures) -> str:
    found = counted_of(figures["projects"], "number_needy")
    if not found:
        return ""
    names = [row["title"] for row in figures["projects"] if Health.BAD in {row[area.value] for area in Area}]
    told = ngettext(
        "%(n)s prosjekt trenger hjelp: %(names)s.", "%(n)s prosjekter trenger hjelp: %(names)s.", found
    )
    return told % {"n": number(found), "names": _listed(names, found)}


def _listed(names: list[str], found: int) -> str:
    shown = ", ".join(names[:NAMED])
    left = found - min(len(names), NAMED)
    return _("%(names)s og %(left)s til") % {"names": shown, "left": number(left)} if left > 0 else shown


def _late(figures: Figures) -> str:
    found = counted_of(figures["projects"], "number_late")
    if not found:
        return ""
    told = ngettext(
        "%(n)s prosjekt er forbi planlagt slutt.", "%(n)s prosjekter er forbi planlagt slutt.", found
    )
    return told % {"n": number(found)}


def _difference(figures: Figures, day: date) -> str | None:
    """Return how the forecast of the year compares with its budget; nothing where it has none."""
    this_year = next((row for row in figures["money"] if row["year"] == day.year), None)
    if this_year is None:
        return None
    budget, forecast = Decimal(this_year["budget"] or 0), Decimal(this_year["forecast"] or 0)
    words = {"year": day.year, "amount": kroner_short(abs(forecast - budget)), "budget": kroner_short(budget)}
    if forecast > budget:
        return _("Prognosen for %(year)s er %(amount)s over budsjettet på %(budget)s.") % words
    if forecast < budget:
        return _("Prognosen for %(year)s er %(amount)s under budsjettet på %(budget)s.") % words
    return _("Prognosen for %(year)s er som budsjettert, %(budget)s.") % words


def _behind(figures: Figures) -> str:
    found = counted_of(figures["decisions"], "number_late")
    if not found:
        return ""
    return ngettext(
        "%(n)s vedtak venter på oppfølging etter fristen.", "%(n)s vedtak venter på oppfølging etter fristen.", found
    ) % {"n": number(found)}  # fmt: skip


def _worst_risk(figures: Figures) -> str:
    if not figures["risks"]:
        return ""
    worst = figures["risks"][0]
    words = {"what": worst["what"], "name": worst["title"], "score": worst["score"]}
    return _("Høyeste risiko er «%(what)s» i «%(name)s», med %(score)s av 25.") % words


def _running(figures: Figures) -> str:
    standing = dict.fromkeys(ProjectStatus, 0)
    for row in figures["waiting"]:
        if row["nth"] == 1:
            standing[row["status"]] = standing.get(row["status"], 0) + row["number_of"]
    words = {
        "active": number(standing[ProjectStatus.ACTIVE]),
        "paused": number(standing[ProjectStatus.PAUSED]),
    }
    return _("%(active)s i gang og %(paused)s på vent.") % words
