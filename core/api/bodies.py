"""JSON bodies for Django forms: the form of the page checks what the API is sent.

A JSON object becomes the form's data, and the form's errors become pointers into the object.
What the page chooses from a list the API names by id: a field ``unit`` is ``unit_id``,
``goals`` is ``goal_ids``.  How each kind of field is written stands in ``core.api.kinds``.
No rule about content stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from core.api.kinds import Wrong, api_name, is_id, kind_of
from core.api.problems import ApiProblem
from core.forms import SearchChoiceField

if TYPE_CHECKING:
    from django.forms import BaseForm

__all__ = [
    "Error", "Filling", "Make", "Path", "cleaned", "error", "errors_in", "is_id", "object_of", "pointer_to", "pointing",
    "read_id", "refuse", "unknown",
]  # fmt: skip

Error = dict[str, str]
Make = Callable[[dict[str, Any]], "BaseForm"]
Path = tuple[str | int, ...]


def object_of(body: Any, at: Path = ()) -> dict[str, Any]:
    """Return the JSON object that was sent; nothing at all counts as an empty one.

    :param at: where in the body it stands.
    :raises ApiProblem: it is a list, a text or a number.
    """
    if not isinstance(body, Mapping):
        raise ApiProblem("invalid", errors=[error(pointer_to(*at), _("Innholdet skal være et JSON-objekt."))])
    return dict(body)


def error(pointer: str, detail: Any) -> Error:
    return {"pointer": pointer, "detail": str(detail)}


def pointer_to(*path: str | int) -> str:
    """Return a JSON Pointer as the fragment of an address (RFC 6901, 6)."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def unknown(body: Mapping[str, Any], known: Iterable[str], at: Path = ()) -> list[Error]:
    """Return an error for each member that nothing takes."""
    names = set(known)
    detail = _("Feltet finnes ikke, eller kan ikke settes her.")
    return [error(pointer_to(*at, name[:200]), detail) for name in body if name not in names]


def errors_in(problem: ValidationError, at: Path = ()) -> list[Error]:
    """Return what an operation found wrong, field by field, where the fields have the same names in the body."""
    if not hasattr(problem, "error_dict"):
        return [error(pointer_to(*at), text) for text in problem.messages]
    return [
        error(pointer_to(*at) if name == NON_FIELD_ERRORS else pointer_to(*at, name), text)
        for name, texts in problem.message_dict.items()
        for text in texts
    ]


@contextmanager
def pointing(*at: str | int) -> Iterator[None]:
    """Let what an operation finds wrong with the object at ``at`` be told field by field.

    :raises ApiProblem: instead of a ValidationError.
    """
    try:
        yield
    except ValidationError as problem:
        raise ApiProblem("invalid", errors=errors_in(problem, at)) from problem


def read_id(value: Any, *at: str | int) -> int:
    """Return the id that stands at ``at``.

    :raises ApiProblem: something else stands there.
    """
    if not is_id(value):
        refuse([error(pointer_to(*at), _("Skal være en id, et helt tall større enn null."))])
    return cast("int", value)


class Filling:
    """One form being filled from JSON.

    :param make: makes the form, bound to the dict it is given.  The dict is filled afterwards.
    :param partial: what is not sent keeps the value it has.
    :param at: where in the body the object stands.
    """

    def __init__(self, make: Make, *, partial: bool = False, at: Path = ()) -> None:
        self.at = at
        self.data: dict[str, Any] = {}
        self.form: Any = make(self.data)
        _choose_by_id(self.form)
        self.names = {api_name(name, field): name for name, field in self.form.fields.items()}
        self.pointers = {name: pointer_to(*at, key) for key, name in self.names.items()}
        self.wrong: dict[str, str] = {}
        if partial:
            for name, field in self.form.fields.items():
                self.data[name] = field.prepare_value(self.form.get_initial_for_field(field, name))

    def put(self, key: str, value: Any) -> None:
        """Set the member ``key`` of the object."""
        self.put_field(self.names[key], value)

    def put_field(self, name: str, value: Any, pointer: str = "") -> None:
        """Set a field of the form from a JSON value, which stands at ``pointer``."""
        self.pointers[name] = pointer or self.pointers[name]
        try:
            self.data[name] = kind_of(self.form.fields[name]).read(value)
        except Wrong as wrong:
            self.wrong[name] = str(wrong)

    def errors(self) -> list[Error]:
        """Check the form and return all that is wrong, what cannot be read first."""
        found = [error(self.pointers[name], detail) for name, detail in self.wrong.items()]
        for name, details in self.form.errors.get_json_data().items():
            if name not in self.wrong:
                pointer = pointer_to(*self.at) if name == NON_FIELD_ERRORS else self.pointers[name]
                found += [error(pointer, detail["message"]) for detail in details]
        return found


def cleaned(make: Make | None, body: Any, *, partial: bool = False, at: Path = ()) -> dict[str, Any]:
    """Return what a form makes of a JSON object.

    :param make: ``None`` where nothing is asked for, and then nothing may be sent.
    :param partial: what is not sent keeps the value it has.
    :param at: where in the body the object stands.
    :raises ApiProblem: with every error at once.
    """
    sent = object_of(body, at)
    if make is None:
        refuse(unknown(sent, (), at))
        return {}
    filling = Filling(make, partial=partial, at=at)
    for key in sent.keys() & filling.names.keys():
        filling.put(key, sent[key])
    refuse([*unknown(sent, filling.names, at), *filling.errors()])
    return dict(filling.form.cleaned_data)


def refuse(errors: list[Error]) -> None:
    """Raise the problem that ``errors`` make together, if there are any."""
    if errors:
        raise ApiProblem("invalid", errors=errors)


def _choose_by_id(form: Any) -> None:
    """Let rows that the page finds by typing part of a name be chosen by their id."""
    for name, field in form.fields.items():
        if isinstance(field, SearchChoiceField):
            form.fields[name] = forms.ModelChoiceField(
                queryset=field.queryset, required=field.required, label=field.label, help_text=field.help_text,
                initial=field.initial,
            )  # fmt: skip
