"""``python -m config.healthcheck web | worker | beat``: the container asks itself how it is.

Leaves with 0 when all is well, and otherwise with 1 and the reason.
"""

from __future__ import annotations

import http
import http.client
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PORT = 8000
BEAT_PID_FILE = Path(tempfile.gettempdir(), "beat.pid")
"""As docker-compose.yml tells beat."""


class Unwell(Exception):
    """Something does not do its work."""


def check_web(environ: Mapping[str, str] = os.environ, port: int = PORT) -> None:
    """Ask the web server whether it can reach what it needs, under a name that it answers to."""
    host = environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        response = connection.getresponse()
        answer = response.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        raise Unwell(f"/readyz does not answer: {problem}") from problem
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        raise Unwell(f"/readyz answers {response.status}: {answer}")


def check_worker() -> None:
    """Send a message to the worker of this container and wait for its answer."""
    from config.celery import app

    name = f"celery@{os.uname().nodename}"
    if not app.control.inspect(destination=[name], timeout=5).ping():
        raise Unwell(f"{name} does not answer")


def check_beat(pid_file: Path = BEAT_PID_FILE) -> None:
    """Look for the process of the schedule, and for the queue that it sends to."""
    from config.celery import app

    try:
        os.kill(int(pid_file.read_text()), 0)
    except (OSError, ValueError) as problem:
        raise Unwell(f"beat is not running: {problem}") from problem
    with app.connection_for_write(connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1)


CHECKS: dict[str, Callable[[], None]] = {"web": check_web, "worker": check_worker, "beat": check_beat}


def main(arguments: Sequence[str]) -> int:
    """Run one check and return the exit code."""
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        sys.stderr.write(f"Usage: python -m config.healthcheck {' | '.join(CHECKS)}\n")
        return 2
    try:
        CHECKS[arguments[0]]()
    except Exception as problem:  # noqa: BLE001  whatever it is, we are not well
        sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
