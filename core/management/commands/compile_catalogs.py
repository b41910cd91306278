"""Write the files that Django reads translations from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.translations import compile_catalog, languages


class Command(BaseCommand):
    help = "Write a .mo file beside every catalog."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        found = languages(locale)
        for language in found:
            self.stdout.write(f"{language}: {compile_catalog(locale, language)}")
        if not found:
            self.stdout.write("no catalog yet")
