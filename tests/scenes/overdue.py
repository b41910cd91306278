"""Make a number of initiatives whose endorsement is overdue, committed, in the database of the environment.

Run as ``python -m tests.scenes.overdue 25``; prints how many people must be reminded of what.
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

    from core.models import Notice
    from governance.models import Initiative
    from tests import stories
    from tests.world import build

    world = build()
    for number in range(count):
        initiative = stories.awaiting_endorsement(world.home, title=f"Sak {number}")
        Initiative.objects.filter(pk=initiative.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    Notice.objects.update(read_at=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]))
