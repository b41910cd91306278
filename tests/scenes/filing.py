"""Let somebody report over the wire, in processes that die: sessions to report with, and one report that dies on its way.

``python -m tests.scenes.filing sessions 3`` prints the cookies of so many people and where they report from;
``python -m tests.scenes.filing report <key> <point>`` files one report twice over, and dies at the point
(``none``: it lives).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def sessions(count: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from organization.roles import Role
    from tests.world import build

    home, cookies = build().home, []
    for role in (Role.EMPLOYEE, Role.HR, Role.CHANGE_AGENT)[:count]:
        client = Client()
        client.force_login(home.person(role))
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return {
        "cookie": settings.SESSION_COOKIE_NAME, "sessions": cookies, "municipality": home.municipality.pk,
        "unit": f"{home.unit.name} ({home.sector.name})",
    }  # fmt: skip


def die(*_args: Any, **_kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(point: str) -> None:
    """Let the process die: in the middle of the report, before its photo is kept, or when only its bytes are."""
    from core.models import Attachment
    from deviations import photos
    from deviations.operations import reporting

    if point == "report":
        reporting.lay_in_hands = die
    elif point == "photo":
        photos.keep_once = die
    elif point == "bytes":
        Attachment.save = die


def report(key: str, point: str) -> None:
    from django.test import Client
    from django.urls import reverse

    from organization.roles import Role
    from tests.deviations.test_report import answers, photo
    from tests.world import build

    home = build().home
    client = Client()
    client.force_login(home.person(Role.EMPLOYEE))
    _arm(point)
    for _time in range(2):
        sent = answers(home, submission_key=key, camera=[photo()])
        answer = client.post(reverse("deviations:report_start"), sent)
        assert answer.status_code == 302, answer.status_code


def main(what: str, *given: str) -> None:
    import django

    django.setup()
    if what == "sessions":
        sys.stdout.write(json.dumps(sessions(int(given[0]))))
    else:
        report(*given)


if __name__ == "__main__":
    main(*sys.argv[1:])
