"""Write the workflows down for people: a diagram and a table of state × transition × role per workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

from core.workflow import workflows

if TYPE_CHECKING:
    from core.workflow import Workflow

HEADER = """# Workflows

Made from the declarations by `python manage.py document_workflows`; a test fails when this page is stale.
A transition marked *internal* is performed by another app's operation and never offered by itself.
"""


def workflows_page() -> str:
    """Return the page as Markdown, in the source language and a stable order."""
    with translation.override("nb"):
        ordered = sorted(workflows(), key=lambda w: (w.model._meta.label_lower, w.status))
        return "\n".join([HEADER, *(_section(workflow) for workflow in ordered)])


def _section(workflow: Workflow[Any]) -> str:
    title = f"## {str(workflow.model._meta.verbose_name).capitalize()}: `{workflow.status}`"
    return "\n\n".join(
        [title, _states(workflow), _transitions(workflow), f"```mermaid\n{workflow.as_mermaid()}\n```\n"]
    )


def _states(workflow: Workflow[Any]) -> str:
    rows = "\n".join(f"| `{state.value}` | {state.label} |" for state in workflow.states)
    return f"| state | label |\n|---|---|\n{rows}"


def _transitions(workflow: Workflow[Any]) -> str:
    lines = ["| transition | label | from | to | who | must be true first |", "|---|---|---|---|---|---|"]
    for declared in workflow.transitions.values():
        sources = ", ".join(f"`{state.value}`" for state in workflow.states if state in declared.source)
        guards = ", ".join(getattr(guard, "__name__", "").replace("_", " ") for guard in declared.guards)
        name = f"`{declared.name}`" + (" *internal*" if declared.internal else "")
        lines.append(
            f"| {name} | {declared.label} | {sources} | `{declared.target.value}` | {declared.roles} | {guards or '–'} |"
        )
    return "\n".join(lines)
