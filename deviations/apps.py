from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeviationsConfig(AppConfig):
    name = "deviations"
    verbose_name = _("Avvik")

    def ready(self) -> None:
        # Says who reads and writes the files of a deviation.
        from deviations import attachments  # noqa: F401
