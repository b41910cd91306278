"""The glossary has every word of the code, under the label that people see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation
from pghistory.models import Event

from archive.models import ArchiveMessage, MessageStatus
from benefits.models import (
    Award,
    AwardStatus,
    Benefit,
    ChangeAction,
    ChangeStatus,
    Handover,
    HandoverStatus,
    Ownership,
    Story,
    StoryStatus,
)
from core.workflow import workflows
from deviations.models import (
    ActionStatus,
    Category,
    CorrectiveAction,
    Deviation,
    Duty,
    DutyStatus,
    Kind,
    Lift,
    LiftStatus,
)
from deviations.models import Status as DeviationStatus
from governance.models import FollowUp, FollowUpStatus, Initiative, Meeting, MeetingStatus, Status
from organization.models import Consultation, ConsultationStatus
from organization.roles import Role
from portfolio.models import Phase, Project, ProjectStatus, RequestStatus, ResourceRequest

if TYPE_CHECKING:
    from django.db.models import TextChoices

PAGE = Path(settings.BASE_DIR) / "docs" / "glossary.md"
APPS = ("core", "organization", "archive", "governance", "deviations", "benefits", "portfolio", "leadership")
CODES: tuple[tuple[str, type[TextChoices]], ...] = (
    ("role", Role),
    ("state of an initiative", Status),
    ("state of a meeting", MeetingStatus),
    ("state of a follow-up", FollowUpStatus),
    ("state of a project", ProjectStatus),
    ("phase of a project", Phase),
    ("state of a deviation", DeviationStatus),
    ("state of a corrective action", ActionStatus),
    ("state of a duty", DutyStatus),
    ("state of a lift", LiftStatus),
    ("category of deviations", Category),
    ("kind of report", Kind),
    ("state of an archive message", MessageStatus),
    ("state of a benefit", Benefit.Status),
    ("answer of a service owner", Ownership),
    ("state of an action", ChangeStatus),
    ("state of a hand-over", HandoverStatus),
    ("state of a story", StoryStatus),
    ("state of an award", AwardStatus),
    ("state of a resource request", RequestStatus),
    ("state of a consultation", ConsultationStatus),
)
STEPS = {
    Initiative: "step of an initiative", Meeting: "step of a meeting", Project: "step of a project",
    Deviation: "step of a deviation", CorrectiveAction: "step of a corrective action", Duty: "step of a duty",
    FollowUp: "step of a follow-up",
    Lift: "step of a lift",
    Benefit: "step of a benefit",
    ChangeAction: "step of an action",
    Handover: "step of a hand-over",
    Story: "step of a story",
    Award: "step of an award",
    ArchiveMessage: "step of an archive message",
    ResourceRequest: "step of a resource request",
    Consultation: "step of a consultation",
}  # fmt: skip
# The letters after z, in the places of the characters after z.
NORWEGIAN = str.maketrans("æøå", "{|}")


@dataclass(frozen=True)
class Entry:
    """One line of the table."""

    norwegian: str
    identifiers: frozenset[str]
    kind: str


def read_entries() -> list[Entry]:
    rows = [
        line.strip("| ").split(" | ")
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    return [Entry(cells[0], frozenset(re.findall(r"`([^`]+)`", cells[1])), cells[2]) for cells in rows[1:]]


ENTRIES = read_entries()


def labels_of(kind: str, identifier: str) -> set[str]:
    return {entry.norwegian for entry in ENTRIES if entry.kind == kind and identifier in entry.identifiers}


@pytest.mark.parametrize(("kind", "codes"), CODES, ids=[kind for kind, _codes in CODES])
def test_explain_code__under_its_label(kind, codes):
    with translation.override("nb"):
        wrong = {
            code.value: str(code.label) for code in codes if labels_of(kind, code.value) != {str(code.label)}
        }
    assert wrong == {}


@pytest.mark.parametrize(("kind", "codes"), CODES, ids=[kind for kind, _codes in CODES])
def test_explain_code__only_where_there_is_one(kind, codes):
    explained = {name for entry in ENTRIES if entry.kind == kind for name in entry.identifiers}
    assert explained - set(codes.values) == set()


def test_explain_model__every_one_of_our_apps():
    names = {
        model.__name__
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, Event)
    }
    explained = {name for entry in ENTRIES if entry.kind == "model" for name in entry.identifiers}
    assert {ArchiveMessage.__name__, Initiative.__name__} <= names
    assert names - explained == set()


def test_explain_step__under_its_label():
    with translation.override("nb"):
        wrong = {
            f"{STEPS[workflow.model]}: {name}": str(declared.label)
            for workflow in workflows()
            for name, declared in workflow.transitions.items()
            if str(declared.label) not in labels_of(STEPS[workflow.model], name)
        }
    assert wrong == {}


def test_explain_step__only_where_there_is_one():
    declared = {(STEPS[workflow.model], name) for workflow in workflows() for name in workflow.transitions}
    explained = {(e.kind, name) for e in ENTRIES if e.kind in STEPS.values() for name in e.identifiers}
    assert explained - declared == set()


def test_sort_glossary__in_norwegian_order():
    keys = [(entry.norwegian.casefold().translate(NORWEGIAN), entry.kind) for entry in ENTRIES]
    assert keys == sorted(keys)


def test_sort_glossary__each_word_of_a_kind_once():
    seen = [(entry.norwegian, entry.kind) for entry in ENTRIES]
    assert len(seen) == len(set(seen))
