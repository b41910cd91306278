"""The political bodies that decide, by the names that decisions and strategies share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PoliticalBody(models.TextChoices):
    FORMANNSKAP = "formannskap", _("Formannskapet")
    KOMMUNESTYRE = "kommunestyre", _("Kommunestyret")
    REGION = "region", _("Regionrådet")
    OTHER = "other", _("Et annet politisk organ")
