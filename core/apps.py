from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from core.trigger_index import index_triggers

index_triggers()  # all app configs are loaded before the first model


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # The seals of the workflows must be registered before migrations are made; attachments say who reads and writes files.
        autodiscover_modules("workflow", "attachments")
