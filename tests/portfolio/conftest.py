"""What several of the portfolio's tests need."""

from __future__ import annotations

from django.db import connections


def apart(job):
    """Return the job, done on a connection of its own."""

    def run(*args):
        try:
            return job(*args)
        finally:
            connections.close_all()

    return run
