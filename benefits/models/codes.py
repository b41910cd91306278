"""Codes of plans and measurements: code in the database, label on screen."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ownership(TextChoices):
    ASKED = "asked", _("Venter på svar")
    ACCEPTED = "accepted", _("Tatt på seg")
    REFUSED = "refused", _("Sagt nei")


class Measure(TextChoices):
    KRONER = "kroner", _("Kroner")
    HOURS = "hours", _("Timer")
    POINTS = "points", _("Poeng")


class Use(TextChoices):
    BUDGET_CUT = "budget_cut", _("Budsjettreduksjon")
    QUALITY = "quality", _("Kvalitetsforbedring")
    DEVELOPMENT = "development", _("Tjenesteutvikling")
    COMPETENCE = "competence", _("Kompetansebygging")
    OTHER = "other", _("Annet")


class Quantity(TextChoices):
    COUNT = "count", _("Antall")
    KRONER = "kroner", _("Kroner")
    HOURS = "hours", _("Timer")
    PERCENT = "percent", _("Prosent, fra 0 til 100")
    OTHER = "other", _("Noe annet, også under null")


class Direction(TextChoices):
    UP = "up", _("Høyere er bedre")
    DOWN = "down", _("Lavere er bedre")


class Every(TextChoices):
    MONTH = "month", _("Hver måned")
    QUARTER = "quarter", _("Hvert kvartal")
    HALF_YEAR = "half_year", _("Hvert halvår")
    YEAR = "year", _("Hvert år")
    ONCE = "once", _("Bare én gang")


class Kind(TextChoices):
    BASELINE = "baseline", _("Nullpunkt")
    RUNNING = "running", _("Løpende")
    FINAL = "final", _("Slutt")
    EXTRA = "extra", _("Utenom planen")
