"""Fill an empty installation with the fictional region; does nothing when it stands."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.seeding.run import is_seeded, seed


class Command(BaseCommand):
    help = "Fill an empty demo with the fictional region and its stories."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.APP_MODE == "production":
            raise CommandError("The demo is never seeded in production.")
        if is_seeded():
            self.stdout.write("The demo data stand.")
            return
        begun = time.monotonic()
        seed(timezone.localdate(), progress=self._progress)
        self.stdout.write(f"Demo data made in {time.monotonic() - begun:.1f} s.")

    def _progress(self, done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            self.stdout.write(f"  {done} of {total} steps", ending="\n")
            self.stdout.flush()
