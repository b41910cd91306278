"""Forms that make one domain call, and say on the page what the domain answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from core.forms import Form, ModelForm
from organization.operations import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor

    _Base = Form
else:
    _Base = object

OK, REFUSED, INVALID = 200, 409, 422


class Deed(_Base):
    """A form whose ``perform`` makes the domain call.

    What was typed stays when the answer is no; ``status`` is the page's HTTP status.
    """

    done: ClassVar[StrOrPromise] = ""
    refused = False
    result: Any = None

    @property
    def status(self) -> int:
        if not self.is_bound or not self.errors:
            return OK
        return REFUSED if self.refused else INVALID

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Make the one domain call of the form, with the cleaned data."""
        raise NotImplementedError

    def carry_out(self, *, by: Actor, now: datetime) -> bool:
        """Perform the deed if the form is valid; tell whether it was done, and put refusals on the form."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self.result = self.perform(by=by, now=now)
        except StaleVersion as stale:
            self._refuse(*_stale_words(stale.theirs))
            self._see_again()
        except Refused as refused:
            self._refuse(*(str(reason) for reason in refused.reasons))
        except ValidationError as invalid:
            self._place(invalid)
        except IntegrityError as broken:
            self._refuse(_words_of(broken, self._model()))
        return not self.errors

    def _refuse(self, *reasons: str) -> None:
        self.refused = True
        for reason in reasons:
            self.add_error(None, reason)

    def _place(self, invalid: ValidationError) -> None:
        """Put each error at its field, or on top where the form has no such field."""
        by_field = getattr(invalid, "error_dict", {NON_FIELD_ERRORS: [invalid]})
        for name, errors in by_field.items():
            for error in errors:
                self.add_error(name if name in self.fields else None, error)

    def _see_again(self) -> None:
        """Overridden by forms that know which version they show."""

    def _model(self) -> type[Model] | None:
        instance = getattr(self, "instance", None)
        return type(instance) if instance is not None else None


class DeedForm(Deed, Form):
    """A plain form that does something."""


class RowForm(Deed, ModelForm):
    """A form of one row.  ``checked_with`` names fields that are not shown but count in constraints.

    The hidden ``seen`` is the version that was looked at: two people who edit at once are told.
    """

    checked_with: ClassVar[frozenset[str]] = frozenset()
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["seen"]
        else:
            self.fields["seen"].initial = self.instance.changed_at.isoformat()

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - self.checked_with

    @property
    def edit(self) -> Edit[Any]:
        """The row with what was changed, for ``operations.save``."""
        columns = {field.name for field in self.instance._meta.concrete_fields}
        changed = tuple(name for name in self.changed_data if name in columns)
        return Edit(self.instance, changed, self.cleaned_data.get("seen", ""))

    def _see_again(self) -> None:
        current = type(self.instance)._base_manager.get(pk=self.instance.pk)
        self.data = dict(self.data.items()) | {self.add_prefix("seen"): current.changed_at.isoformat()}


def _stale_words(theirs: Mapping[str, str]) -> list[str]:
    told = [_("Noen andre lagret mens du skrev. Se over det som står under, og lagre på nytt.")]
    changed = _("%(field)s er nå «%(value)s».")
    return told + [
        changed % {"field": field[:1].upper() + field[1:], "value": value} for field, value in theirs.items()
    ]


def _words_of(broken: IntegrityError, model: type[Model] | None) -> str:
    """Return the message of the constraint that two at once ran into."""
    diagnosis = getattr(broken.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "")
    for constraint in model._meta.constraints if model is not None else ():
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return _("Noen andre lagret samtidig. Se over, og prøv igjen.")
