"""Meetings in the states that pages are opened in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from core.pdf import rendering
from governance import council
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories


@pytest.fixture
def own_media(settings, tmp_path):
    """Keep the files of a test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def secretary(place):
    return place.actor(Role.SECRETARIAT)


@pytest.fixture
def planned(place):
    """A planned meeting with one case."""
    at = stories.meeting(place)
    stories.on_agenda(place, at)
    return at


@pytest.fixture
def going(place):
    """A meeting in session with two cases, the first with a recommendation in plain words."""
    at = stories.meeting(place)
    for title in ("Første sak", "Andre sak"):
        stories.on_agenda(place, at, title=title)
    return stories.in_session(at, place)


@pytest.fixture
def item(going):
    return going.items.order_by("position").first()


@pytest.fixture
def held(place, going, secretary):
    """A meeting that is over, its minutes not approved."""
    for row in going.items.order_by("position"):
        council.decide(
            row,
            outcome="postpone",
            text="Saken utsettes.",
            by=secretary,
            now=timezone.now(),
            discussion="Hemmelig drøfting.",
        )
    return meeting_workflow.perform("conclude", going, by=secretary, now=timezone.now())


@pytest.fixture
def summoned(place, planned, secretary):
    return meeting_workflow.perform("summon", planned, by=secretary, now=timezone.now())


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the template is given, while the PDF is made all the same."""
    seen: dict[str, Any] = {}
    compile_pdf = rendering.typst.compile

    def spy(template: Any, **options: Any) -> bytes:
        seen.update(json.loads(options["sys_inputs"]["document"]))
        made: bytes = compile_pdf(template, **options)
        return made

    monkeypatch.setattr(rendering.typst, "compile", spy)
    return seen
