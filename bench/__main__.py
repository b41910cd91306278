"""``python -m bench``: fill a database, or measure and write docs/bench.md."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from functools import partial

SEED = 2026


def main(arguments: list[str]) -> int:
    """Run one of the commands and return the exit code."""
    options = _parser().parse_args(arguments)
    command: str = options.command
    if command == "generate":
        return _generate(options)
    from bench import report

    return report.main(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate", help="fill the empty database in DATABASE_URL")
    generate.add_argument("--initiatives", type=int, default=10_000)
    generate.add_argument("--deviations", type=int, default=0)
    generate.add_argument(
        "--benefits", type=int, choices=range(7), default=0, help="of each initiative, all measured"
    )
    generate.add_argument("--years", type=int, default=0, help="of history of projects that are followed up")
    generate.add_argument("--day", type=date.fromisoformat, default=None, help="the day that counts as today")
    report = commands.add_parser("report", help="measure and write docs/bench.md")
    report.add_argument("--sizes", default="10000,200000", help="numbers of initiatives, smallest first")
    report.add_argument(
        "--area",
        choices=("initiatives", "deviations", "benefits", "portfolio"),
        default="initiatives",
        help="what the sizes count",
    )
    report.add_argument(
        "--existing", default="", metavar="PREFIX",
        help="measure databases that stand on the server of DATABASE_URL, named PREFIX and their size",
    )  # fmt: skip
    report.add_argument("--rounds", type=int, default=5, help="interleaved rounds per page")
    report.add_argument("--seconds", type=float, default=1.0, help="of load per list, size and round")
    report.add_argument(
        "--only",
        default="",
        help="measure the pages whose key contains one of these, parted by |, and write no report",
    )
    report.add_argument("--write", action="store_true", help="write the report of --only as well")
    report.add_argument("--fresh", action="store_true", help="build the databases anew")
    for command in (generate, report):
        command.add_argument("--seed", type=int, default=SEED)
    return parser


def _generate(options: argparse.Namespace) -> int:
    if not os.environ.get("DATABASE_URL"):
        print("Set DATABASE_URL to the empty database that is to be filled.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("APP_MODE", "test")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from bench.generators import generate
    from bench.plan import Plan

    if settings.PRODUCTION:
        print("Generated records never go into an installation in production.", file=sys.stderr)
        return 2
    print("The empty database is migrated first; all is written in one transaction then.", flush=True)
    call_command("migrate", verbosity=0)
    day = options.day or timezone.localdate()
    generate(
        Plan(options.initiatives, options.seed, day, options.deviations, options.benefits, options.years),
        tell=partial(print, flush=True),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
