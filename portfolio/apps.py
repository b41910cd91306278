from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "portfolio"
    verbose_name = _("Portefølje")

    def ready(self) -> None:
        from portfolio.capacity import workflow  # noqa: F401 - seals the states of requests for people
