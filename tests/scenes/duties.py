"""Make a number of breaches discovered 70 hours ago whose duty is open, committed, in the database of the environment.

Run as ``python -m tests.scenes.duties 12``.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(count: int) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from tests.deviations import stories
    from tests.world import build

    world = build()
    for _number in range(count):
        stories.report(
            world.home, code="IS-FEILSENDT", answers={"personal_data": "yes"},
            discovered_at=timezone.now() - timedelta(hours=70),
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
