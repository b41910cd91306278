from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = _("Gevinster")

    def ready(self) -> None:
        for part in ("baton", "change", "sharing"):
            import_module(f"benefits.{part}.workflow")  # seals the states
