"""Django's ``migrate``, which here renders no model anew for what is only added to it.

Between two operations Django renders anew every model that is related to the one that changed, and here nearly all are,
by way of units and people: some sixty models, hundreds of times.  An index, a constraint, a trigger, a field or a model
that comes new takes nothing away, so the rendered models are only told of it, as Python tells them when it first loads
them.  A database from nothing takes a third of the time for it.  Going backwards is left to Django as it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.management.commands import migrate
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveConstraint,
    RemoveIndex,
)
from pgtrigger.migrations import AddTrigger, RemoveTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Forwards = Callable[[Any, str, Any], None]


class Command(migrate.Command):
    """Migrate."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options["migration_name"]:
            super().handle(*args, **options)
            return
        with rendering_changes_only():
            super().handle(*args, **options)


@contextmanager
def rendering_changes_only() -> Iterator[None]:
    """Let the operations that add, and those that change an option, tell the rendered models, and render none anew."""
    originals: dict[Any, Forwards] = {
        operation: operation.state_forwards for operation in (*TOLD, AlterField)
    }
    replaced = {operation: _telling(originals[operation], tell) for operation, tell in TOLD.items()}
    replaced[AlterField] = _altering(originals[AlterField])
    for operation, forwards in replaced.items():
        operation.state_forwards = forwards
    try:
        yield
    finally:
        for operation, original in originals.items():
            operation.state_forwards = original


def _telling(state_forwards: Forwards, tell: Forwards) -> Forwards:
    @wraps(state_forwards)
    def forwards(operation: Any, app_label: str, state: Any) -> None:
        state.reload_model = _nothing
        try:
            state_forwards(operation, app_label, state)
        finally:
            del state.reload_model
        if "apps" in vars(state):
            state.is_delayed = True  # what runs Python on the models, has them rendered anew
            tell(operation, app_label, state)

    return forwards


def _altering(state_forwards: Forwards) -> Forwards:
    """Render nothing anew for a field that gets other words, choices or checks: the database knows nothing of them."""
    silent = _telling(state_forwards, _nothing)

    @wraps(state_forwards)
    def forwards(operation: Any, app_label: str, state: Any) -> None:
        before = state.models[app_label, operation.model_name_lower].fields[operation.name]
        is_words_only = _of_database(before) == _of_database(operation.field)
        (silent if is_words_only else state_forwards)(operation, app_label, state)

    return forwards


def _of_database(field: Any) -> tuple[str, Any, dict[str, Any]]:
    """Return what the database knows of a field."""
    _name, path, args, kwargs = field.deconstruct()
    return (
        path,
        args,
        {key: value for key, value in kwargs.items() if key == "db_column" or key not in field.non_db_attrs},
    )


def _nothing(*_place: object, **_how: object) -> None:
    """Stand for the rendering that is left out."""


def _option(option: str) -> Forwards:
    def tell(operation: Any, app_label: str, state: Any) -> None:
        name = operation.model_name.lower()
        rendered = state.apps.get_model(app_label, name)
        setattr(rendered._meta, option, list(state.models[app_label, name].options[option]))

    return tell


def _render_model(operation: Any, app_label: str, state: Any) -> None:
    _gather(state)
    state.apps.render_multiple([state.models[app_label, operation.name.lower()]])


def _add_field(operation: Any, app_label: str, state: Any) -> None:
    _gather(state)
    key = app_label, operation.model_name.lower()
    rendered = state.apps.get_model(*key)
    if any(issubclass(other, rendered) for other in state.apps.get_models() if other is not rendered):
        state.reload_model(*key)
        return
    rendered.add_to_class(operation.name, state.models[key].fields[operation.name].clone())
    state.apps.clear_cache()


def _gather(state: Any) -> None:
    """Let every rendered model look for the others here.

    A state that is cloned keeps the models as they are, and they keep looking where they were rendered, where what has
    come since is not.
    """
    for model in state.apps.get_models(include_auto_created=True, include_swapped=True):
        model._meta.apps = state.apps


TOLD: dict[Any, Forwards] = {
    CreateModel: _render_model, AddField: _add_field,
    AddIndex: _option("indexes"), RemoveIndex: _option("indexes"),
    AddConstraint: _option("constraints"), RemoveConstraint: _option("constraints"),
    AddTrigger: _option("triggers"), RemoveTrigger: _option("triggers"),
}  # fmt: skip
"""Operations that take no field and no model away, and how a rendered model is told of each."""
