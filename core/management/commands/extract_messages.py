"""Bring the catalogs up to date with the source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.translations import catalog_path, extract, languages, update_catalog
from core.translations.catalogs import updated

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Bring locale/<language>/LC_MESSAGES/django.po up to date with what is marked in the source."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", metavar="LANGUAGE", help="begin a catalog, such as nn or en")
        parser.add_argument("--check", action="store_true", help="change nothing, fail when something would")

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        source = extract(settings.BASE_DIR)
        wanted = sorted({*languages(locale), *filter(None, [options["new"]])})
        if options["check"]:
            self._check(locale, wanted, source)
            return
        for language in wanted:
            changed = update_catalog(locale, language, source)
            self.stdout.write(f"{language}: {'updated' if changed else 'up to date'}, {len(source)} texts")
        if not wanted:
            self.stdout.write(f"{len(source)} texts; no catalog yet, begin one with --new nn")

    def _check(self, locale: Path, wanted: list[str], source: Any) -> None:
        stale = [
            language
            for language in wanted
            if updated(catalog_path(locale, language), language, source)
            != catalog_path(locale, language).read_bytes()
        ]
        if stale:
            raise CommandError(f"run manage.py extract_messages: {', '.join(stale)} not up to date")
        self.stdout.write("every catalog is up to date")
