"""Order that older cases be read in, or that it be undone, committed, in the database of the environment.

Run as ``python -m tests.scenes.imports bring 600`` or ``python -m tests.scenes.imports undo``.
"""

from __future__ import annotations

import io
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def bring(count: str) -> None:
    from django.utils import timezone

    from core.spreadsheets import read_table
    from deviations import importing
    from organization.roles import Role
    from tests.deviations.test_import import HEADINGS, csv_of, line
    from tests.world import build

    home, now = build().home, timezone.now()
    lines = [
        line(Avviksnr=str(number), Status="Åpen" if number % 3 else "Lukket", **{"Lukket dato": ""})
        for number in range(int(count))
    ]
    table = read_table(io.BytesIO(csv_of(*lines)), "gamle.csv")
    given = {"municipality": home.municipality, "by": home.actor(Role.QUALITY_MANAGER)}
    file = importing.keep(table, system="Gammelt", **given)
    reading = importing.check(file, importing.guess(HEADINGS, {}), {}, now=now, **given)
    importing.order_import(file, reading.found.fingerprint, now=now, **given)


def undo() -> None:
    from django.utils import timezone

    from deviations import importing
    from deviations.models import DeviationImport
    from organization.roles import Role
    from tests.world import build

    home = build().home
    importing.order_undo(
        DeviationImport.objects.get(), by=home.actor(Role.QUALITY_MANAGER), now=timezone.now()
    )


def main(what: str, *given: str) -> None:
    import django

    django.setup()
    {"bring": bring, "undo": undo}[what](*given)


if __name__ == "__main__":
    main(*sys.argv[1:])
