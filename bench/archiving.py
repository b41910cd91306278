"""Measure how many messages to the archive one core builds and holds to the schemas in a second, and where the time goes.

``DATABASE_URL=… python -m bench.archiving`` takes the messages that stand in the outbox of a database (the demo's, or a
generated one's), packs each as the job does, holds it to our profile and to the official schema, and tells what a
second is enough for: with the papers drawn, and with papers that were drawn before, which shows the rest alone.
Then an export makes all the messages anew, from the history, in a transaction that is undone.  Nothing is left in the
database; ``--write`` writes docs/bench-archive.md.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import platform
import sys
import time
from collections import defaultdict
from statistics import median
from types import CodeType
from typing import TYPE_CHECKING, Any

from bench.report import processor
from devstack.paths import BASE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("APP_MODE", "test")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archive.models import ArchiveExport, ArchiveMessage, ArchiveRules

ROUNDS = 3
# The steps of a message, by the function that takes it; what is left is the ZIP file, the sums and the database.
STEPS = {
    "papers drawn as PDF/A": "_drawn",
    "attachments read": "_stored",
    "XML written": "build",
    "held to our profile": "check",
    "held to the official schema": "problems_of",
    "the folder looked up in the database": "_parent",
    "sums and ZIP file": "_zipped",
}


def messages(at_most: int) -> list[tuple[ArchiveMessage, ArchiveRules]]:
    """Return messages of all municipalities, as many of each kind as there are, and how each files."""
    from archive.models import ArchiveMessage
    from archive.operations import rules_of

    rows = ArchiveMessage.objects.exclude(content={}).select_related("municipality").order_by("pk")
    rules = {pk: rules_of(pk) for pk in set(rows.values_list("municipality_id", flat=True))}
    return [(row, rules[row.municipality_id]) for row in rows[:at_most]]


def build_one(row: ArchiveMessage, rules: ArchiveRules) -> int:
    """Pack a message, hold it to the schemas, and return its bytes.

    :raises RuntimeError: it breaks the official schema, so that what is measured is not what is sent.
    """
    from archive import shipping
    from archive.trial import official

    package = shipping.package_of(row, rules)
    if problems := official.problems_of(package.message):
        raise RuntimeError(f"{row.key}: {problems[0]}")
    return len(package.content)


def run(rows: Iterable[tuple[ArchiveMessage, ArchiveRules]]) -> dict[str, list[float]]:
    """Return the milliseconds of this process's own time that each message took, by kind."""
    took: dict[str, list[float]] = defaultdict(list)
    for row, rules in rows:
        begun = time.process_time()
        build_one(row, rules)
        took[row.kind].append((time.process_time() - begun) * 1000)
    return took


def made_anew() -> list[str]:
    """Return how many messages an export makes in a second, of what has them now; they are taken away first, and all is undone."""
    from django.db import transaction
    from django.utils import timezone

    from archive.history import exporting
    from archive.models import ArchiveMessage, ArchiveRules

    lines = []
    for rules in (
        ArchiveRules.objects.exclude(channel="by_hand").select_related("municipality").order_by("pk")
    ):
        with transaction.atomic():
            ArchiveMessage.objects.filter(municipality_id=rules.municipality_id).delete()
            export = _begun(rules.municipality_id)
            clock, begun = time.perf_counter(), time.process_time()
            exporting.carry_out(export.pk, now=timezone.now(), seconds=600)
            own, all_in_all = time.process_time() - begun, time.perf_counter() - clock
            count = export.messages.count()
            transaction.set_rollback(True)
        told = (
            f"{count / own:.1f} per second of one core, {count / all_in_all:.1f} with what the database does"
        )
        lines.append(f"* {rules.municipality}: {count} messages, {told}")
    return lines


def _begun(municipality_id: int) -> ArchiveExport:
    from django.utils import timezone

    from archive.history import exporting
    from organization.actors import people_with, person_actor
    from organization.roles import Permission

    archivist = people_with(Permission.MANAGE_ARCHIVE, municipality_id=municipality_id)[0]
    by = person_actor(archivist, day=timezone.localdate())
    return exporting.start(municipality_id, exporting.Choice(), by=by, now=timezone.now())


def keep_papers() -> None:
    """Draw each paper once, and hand the same bytes out after that."""
    from archive.messages import documents

    real: Callable[..., bytes] = documents._drawn
    drawn: dict[str, bytes] = {}

    def remembered(variant: Any, at: Any) -> bytes:
        mark = repr((variant, at))
        if mark not in drawn:
            drawn[mark] = real(variant, at)
        return drawn[mark]

    documents._drawn = remembered


def main(arguments: list[str]) -> int:
    """Measure, print the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.archiving", description=__doc__)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="write docs/bench-archive.md")
    options = parser.parse_args(arguments)
    import django

    django.setup()
    rows = messages(options.messages)
    if not rows:
        print("There are no messages in the outbox of this database.", file=sys.stderr)
        return 2
    run(rows)  # fonts and schemas are read the first time
    export = ["", "## Messages that an export makes from the history", "", *made_anew()]
    lines = [*_head(), "", "## With papers drawn", "", *measured(rows)]
    keep_papers()
    lines += ["", "## With papers that were drawn before", "", *measured(rows)]
    text = "\n".join([*lines, *export]) + "\n"
    if options.write:
        (BASE / "docs" / "bench-archive.md").write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


def _head() -> list[str]:
    machine = f"{processor()}, {os.cpu_count()} cores, load average {os.getloadavg()[2]:.1f} over the last 15 minutes"
    return [
        "# Measured: messages to the archive", "", f"* {machine}; Python {platform.python_version()}.",
        "* Times are the processor's own for this process, so that others on the machine disturb little. What the database does is not in them.",
        "* One message is packed as the job does: papers as PDF/A-2a, XML, our profile, sums and ZIP file; then held to the official schema.",
        "* Made by `python -m bench.archiving --write` on the demo's outbox.",
    ]  # fmt: skip


def measured(rows: list[tuple[ArchiveMessage, ArchiveRules]]) -> list[str]:
    """Return what the report says of some rounds, and of where the time goes in one more."""
    run(rows)
    rounds = [run(rows) for _round in range(ROUNDS)]
    profile = cProfile.Profile(time.process_time)
    profile.runcall(run, rows)
    return [*told(rounds), "", *shares(profile)]


def told(rounds: list[dict[str, list[float]]]) -> list[str]:
    """Return what a second of one core is enough for, in all and by kind."""
    seconds = [sum(map(sum, took.values())) / 1000 for took in rounds]
    count = sum(map(len, rounds[0].values()))
    rates = [count / one for one in seconds]
    first = f"{count} messages, {len(rounds)} rounds: {median(rates):.1f} per second of one core ({min(rates):.1f} to {max(rates):.1f})"
    lines = [first, "", "| kind | messages | median ms |", "| --- | --- | --- |"]
    for kind in sorted(rounds[0]):
        every = [one for took in rounds for one in took[kind]]
        lines.append(f"| {kind} | {len(rounds[0][kind])} | {median(every):.1f} |")
    return lines


def shares(profile: cProfile.Profile) -> list[str]:
    """Return which part of the time each step takes, as the profile saw it."""
    entries = [one for one in profile.getstats() if isinstance(one.code, CodeType)]
    total = max(one.totaltime for one in entries)
    spent = {
        one.code.co_name: one.totaltime
        for one in entries
        if isinstance(one.code, CodeType) and "/archive/" in one.code.co_filename
    }
    lines = ["| step | share |", "| --- | --- |"]
    lines += [f"| {label} | {100 * spent.get(name, 0) / total:.0f} % |" for label, name in STEPS.items()]
    rest = total - sum(spent.get(name, 0) for name in STEPS.values())
    return [*lines, f"| the rest | {100 * rest / total:.0f} % |"]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
