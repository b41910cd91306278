"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

ROOT = Path(settings.BASE_DIR)
OURS = [
    "core",
    "organization",
    "archive",
    "governance",
    "deviations",
    "benefits",
    "portfolio",
    "leadership",
    "demo",
    "config",
    "devstack",
    "bench",
]
FILES = sorted(path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
MODELS = [model for app in OURS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()]
OWN_MODELS = [model for model in MODELS if not model.__name__.endswith("Event")]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_keep_file_short__500_lines_at_most(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_keep_test_file_short__800_lines_at_most():
    long = [relative(p) for p in (ROOT / "tests").rglob("*.py") if len(p.read_text().splitlines()) > 800]
    assert long == []


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_keep_function_short__40_lines_at_most(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    ]
    assert long == []


@pytest.mark.parametrize("path", [p for p in FILES if "views" in relative(p)], ids=relative)
def test_keep_view_thin__25_lines_at_most(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name} ({node.end_lineno - node.body[0].lineno + 1} lines)"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.args.args
        and node.args.args[0].arg == "request"
        and node.end_lineno - node.body[0].lineno >= 25
    ]
    assert long == []


# Roots with a visibility of their own, or rows that delegate to one.
WITHOUT_VISIBILITY = {
    "core.Mail": "sent by the system, read by nobody",
    "core.ReminderEntry": "the ledger of the reminders",
    "core.AccessLog": "read in the administration of the installation",
    "core.Tombstone": "read in the administration of the installation",
    "core.Attachment": "read through its record (core.attachments.open_for)",
    "core.IdempotentRequest": "the API's own memory",
    "core.JobRun": "holds nothing of anybody; shown to administrators (core.jobs)",
    "organization.NumberSeries": "counters",
    "governance.GivenPoints": "read through its assessment",
    "governance.PaperSection": "read through its case paper, by who prepares it",
    "governance.CostLine": "read through its initiative",
    "governance.InitiativeGoal": "read through its initiative",
    "governance.Participation": "read through its initiative",
    "governance.Attendance": "read through its meeting",
    "governance.AgendaItem": "read through its meeting",
    "governance.Impartiality": "read through its meeting",
    "governance.Proposal": "read through its meeting",
    "governance.Voting": "read through its meeting",
    "governance.Ballot": "read through its meeting",
    "governance.MinutesAddendum": "read with its minutes",
    "benefits.PulseGroup": "read through its round, when that is over (benefits.adoption)",
    "benefits.PulseToken": "read by nobody",
    "benefits.ScoreMark": "which benefits are to be counted anew, read by the scorecard alone",
    "benefits.ScoreShare": "parts of the sums (benefits.summed)",
    "benefits.ScoreSum": "sums of what a whole municipality sees, read for its own people (benefits.summed)",
    "archive.TrialAnswer": "fetched by the trial archive's own port (archive.adapters.trial)",
    "archive.TrialRecord": "the journal of the trial archive, which plays another system",
    "deviations.ActionLink": "read through its deviation or its action",
    "deviations.MonthlyCount": "sums without confidential cases, read through a scope (deviations.figures)",
    "deviations.Stamp": "read through its duty",
}


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_declare_visibility__or_say_why_not(model):
    through = model._meta.auto_created
    if through or model._meta.label in WITHOUT_VISIBILITY:
        return
    assert hasattr(model._default_manager.all(), "visible_to"), f"{model._meta.label} has no visible_to"


def test_visible_to__without_actor_is_empty(world):
    for model in OWN_MODELS:
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            assert not rows.visible_to(None).exists(), model._meta.label


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_name_constraints__and_give_check_constraints_a_message(model):
    for constraint in model._meta.constraints:
        assert constraint.name
        if isinstance(constraint, models.CheckConstraint) and not _is_code_list(constraint):
            assert constraint.violation_error_message != constraint.default_violation_error_message, (
                constraint.name
            )


def _is_code_list(constraint: models.CheckConstraint) -> bool:
    return str(constraint.condition).startswith("(AND: ('") and "__in'" in str(constraint.condition)


def test_make_migrations__has_nothing_to_do(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_read_clock__only_at_the_edge():
    """The time comes in as ``now=``; only views, tasks, forms and guards read the clock."""
    edges = (
        "views",
        "forms",
        "api",
        "tasks",
        "management",
        "devstack",
        "bench",
        "demo",
        "panels",
        "inbox",
        "importing",
    )
    allowed = {
        "core/mail.py", "core/middleware.py", "core/formats.py", "core/templatetags/formats.py",
        "organization/actors.py", "organization/adapters.py", "organization/forms.py", "organization/queries.py", "governance/guards.py",
        "governance/reminders.py", "governance/exports.py", "governance/filters.py", "organization/admin.py", "governance/presentation.py",
        "core/exports.py", "core/jobs.py", "organization/policies.py", "deviations/duty_presentation.py", "deviations/filters.py",
        "benefits/guards.py", "deviations/guards.py", "deviations/injury_list.py", "deviations/reminders.py", "deviations/staff.py",
        "portfolio/capacity/guards.py", "governance/mandates.py",
    }  # fmt: skip
    found = [
        relative(path)
        for path in FILES
        if not any(part in relative(path) for part in edges)
        and relative(path) not in allowed
        and any(
            call in path.read_text(encoding="utf-8")
            for call in ("timezone.now(", "localdate()", "datetime.now(")
        )
    ]
    assert found == []


def test_have_no_signals__operations_say_what_happens():
    found = [p for p in FILES if re.search(r"(?<!def )\b(post|pre)_save\b", p.read_text(encoding="utf-8"))]
    assert [relative(path) for path in found] == []


def test_write_status__only_in_the_kernel():
    """``setattr(..., status)`` and ``status=`` updates of a sealed field stand in core.workflow alone."""
    found = [
        relative(path)
        for path in FILES
        if relative(path) != "core/workflow.py" and "bench" not in relative(path)
        for line in path.read_text(encoding="utf-8").splitlines()
        if "initiative.status = " in line or "meeting.status = " in line or "project.phase = " in line
    ]
    assert found == []
