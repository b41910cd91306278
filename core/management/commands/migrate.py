"""Django's ``migrate``, which here renders no model anew for an index, a constraint or a trigger.

Between two operations Django renders anew every model that is related to the one that changed, and here nearly all are,
by way of units and people: some sixty models, hundreds of times.  An index, a constraint or a trigger changes no field,
so the rendered model is only told of it.  A database from nothing takes little more than half the time for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.management.commands import migrate
from django.db.migrations.operations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from pgtrigger.migrations import AddTrigger, RemoveTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Forwards = Callable[[Any, str, Any], None]

OPTIONS: dict[Any, str] = {
    AddIndex: "indexes", RemoveIndex: "indexes", AddConstraint: "constraints", RemoveConstraint: "constraints",
    AddTrigger: "triggers", RemoveTrigger: "triggers",
}  # fmt: skip
"""Operations that change an option of a model and none of its fields."""


class Command(migrate.Command):
    """Migrate."""

    def handle(self, *args: Any, **options: Any) -> None:
        with rendering_fields_only():
            super().handle(*args, **options)


@contextmanager
def rendering_fields_only() -> Iterator[None]:
    """Let the operations that change no field tell the rendered model of its option, and render none anew."""
    originals: dict[Any, Forwards] = {operation: operation.state_forwards for operation in OPTIONS}
    for operation, option in OPTIONS.items():
        setattr(operation, "state_forwards", _told(originals[operation], option))  # noqa: B010 - a class of Django's
    try:
        yield
    finally:
        for operation, original in originals.items():
            operation.state_forwards = original


def _told(state_forwards: Forwards, option: str) -> Forwards:
    @wraps(state_forwards)
    def forwards(operation: Any, app_label: str, state: Any) -> None:
        state.reload_model = _nothing
        try:
            state_forwards(operation, app_label, state)
        finally:
            del state.reload_model
        if "apps" in vars(state):
            name = operation.model_name.lower()
            rendered = state.apps.get_model(app_label, name)
            setattr(rendered._meta, option, list(state.models[app_label, name].options[option]))

    return forwards


def _nothing(*_place: object, **_how: object) -> None:
    """Stand for the rendering that is left out."""
