"""State × transition × role, generated from a workflow and compared with a reviewed snapshot.

``STAFETT_WRITE_SNAPSHOT=1`` writes the snapshot anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.workflow import Workflow


def matrix_of(workflow: Workflow[Any], obj: Any, people: Mapping[str, Any]) -> list[str]:
    """Return a line per state and transition, with those of ``people`` whom the policy allows it."""
    lines = []
    for state in workflow.states:
        for declared in workflow.transitions.values():
            if state in declared.source:
                allowed = [name for name, actor in people.items() if declared.allow(actor, obj)]
                mark = " (internal)" if declared.internal else ""
                lines.append(
                    f"{state.value} | {declared.name}{mark} -> {declared.target.value} | {', '.join(allowed) or '-'}"
                )
    return lines


def assert_snapshot(parts: Mapping[str, list[str]], snapshot: Path) -> None:
    page = "\n".join(f"# {title}\n" + "\n".join(lines) + "\n" for title, lines in parts.items())
    if os.environ.get("STAFETT_WRITE_SNAPSHOT"):
        snapshot.write_text(page, encoding="utf-8")
    assert page == snapshot.read_text(encoding="utf-8")


def declared_steps(workflow: Workflow[Any]) -> set[tuple[str, str]]:
    return {(state.value, t.target.value) for t in workflow.transitions.values() for state in t.source}
