"""Fail when a catalog is not complete and right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.translations import extract, languages, problems_of


class Command(BaseCommand):
    help = "Tell what is missing, fuzzy, obsolete or wrong in the catalogs, and fail when anything is."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        source = extract(settings.BASE_DIR)
        count = 0
        for language in languages(locale):
            problems = problems_of(locale, language, source)
            count += len(problems)
            for problem in problems:
                self.stderr.write(f"{language}: {problem}")
        if count:
            raise CommandError(f"{count} problems in the catalogs")
        self.stdout.write(f"no problems in {len(languages(locale))} catalogs of {len(source)} texts")
