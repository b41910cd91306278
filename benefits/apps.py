from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = _("Gevinster")

    def ready(self) -> None:
        # Says who reads and writes the evidence of a measurement, and seals the states of its packages.
        from benefits import attachments  # noqa: F401
        from benefits.baton import workflow  # noqa: F401
        from benefits.change import workflow as change  # noqa: F401
        from benefits.sharing import workflow as sharing  # noqa: F401
