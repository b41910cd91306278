"""The form classes of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db import models
from django.forms.models import ModelFormMetaclass
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.fields import DateField, DateTimeField, DecimalField, IntegerField
from core.forms.rendering import GROUPS, BoundField, demand_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    _Base = forms.BaseForm
    _ModelForm = forms.ModelForm[Any]
else:
    _Base = object
    _ModelForm = forms.ModelForm


def offer_rows(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let the field ``name`` choose among ``rows``."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field ``name`` choose among ``choices``: pairs of value and label."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


class FormMixin(_Base):
    """Norwegian public form practice: the server checks, no asterisks, and each error names its field."""

    use_required_attribute = False  # the browser's bubbles are neither translated nor read well
    # Fields a draft may leave open but that are needed in the end: marked «Må fylles ut», not enforced here.
    must_fill: ClassVar[frozenset[str]] = frozenset()
    # A form of filters marks nothing.
    marks_demands: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Check the form; done here, the words reach fields that a form's own ``__init__`` adds or renames."""
        for name, field in self.fields.items():
            _name_the_field_in_its_error(field, name)
        super().full_clean()

    def demand_of(self, name: str) -> str:
        """Return ``required``, ``optional`` or nothing: what the label's tag says."""
        return demand_of(self, name, self.must_fill) if self.marks_demands else ""

    @property
    def all_required(self) -> bool:
        """Tell whether every field must be filled in, which the page then says once."""
        shown = [
            field
            for field in self.fields.values()
            if not field.widget.is_hidden and not isinstance(field.widget, forms.CheckboxInput)
        ]
        return self.marks_demands and len(shown) > 1 and all(field.required for field in shown)

    @property
    def failing_fields(self) -> list[BoundField]:
        """Return the fields that have errors, in the order of the page."""
        return [cast("BoundField", field) for field in self if field.errors]


class Form(FormMixin, forms.Form):
    """A plain form."""


class FilterForm(Form):
    """The filters of a list: a GET form where everything is optional and nothing says so."""

    marks_demands = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")  # a page may well have another form with the same names
        super().__init__(*args, **kwargs)


def formfield(db_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model field, the Norwegian one where there is one."""
    if db_field.choices:
        blank = db_field.blank or not (db_field.has_default() or "initial" in kwargs)
        kwargs.setdefault(
            "choices", db_field.get_choices(include_blank=blank, blank_choice=[("", gettext_lazy("Velg"))])
        )
    else:
        for model_field, form_class in _NORWEGIAN.items():
            if isinstance(db_field, model_field):
                kwargs.setdefault("form_class", form_class)
                break
    return db_field.formfield(**kwargs)


# DateTimeField is a subclass of DateField: the order matters.
_NORWEGIAN: dict[type[models.Field[Any, Any]], type[forms.Field]] = {
    models.DateTimeField: DateTimeField,
    models.DateField: DateField,
    models.DecimalField: DecimalField,
    models.IntegerField: IntegerField,
}


class _NorwegianModelFormMeta(ModelFormMetaclass):
    """Give each ``class Meta`` the Norwegian form fields, unless it chooses others itself."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(formfield)
        return super().__new__(mcs, name, bases, attrs)


class ModelForm(FormMixin, _ModelForm, metaclass=_NorwegianModelFormMeta):
    """A form of a model, where dates, numbers and amounts are read as Norwegians write them."""


# Validators put limit_value and show_value into these.
_LIMITS = {
    "max_length": gettext_lazy("Skriv høyst %(limit_value)d tegn. Nå er det %(show_value)d."),
    "min_length": gettext_lazy("Skriv minst %(limit_value)d tegn. Nå er det %(show_value)d."),
    "min_value": gettext_lazy("Tallet kan ikke være mindre enn %(limit_value)s."),
    "max_value": gettext_lazy("Tallet kan ikke være større enn %(limit_value)s."),
}


def _name_the_field_in_its_error(field: forms.Field, name: str) -> None:
    """Replace the standard «this field is required» by words that name the field, and say limits plainly."""
    for code, message in _LIMITS.items():
        field.error_messages.setdefault(code, message)
    if str(field.error_messages.get("required")) != str(forms.Field.default_error_messages["required"]):
        return  # the field has words of its own
    label = field.label or name.replace("_", " ").capitalize()
    field.error_messages["required"] = _required_message(field) % {"label": label}


def _required_message(field: forms.Field) -> str:
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Du må krysse av for «%(label)s».")
    if isinstance(field.widget, forms.FileInput):
        return _("Du må legge ved «%(label)s».")
    if isinstance(field.widget, (*GROUPS, forms.Select)):
        return _("Du må velge «%(label)s».")
    return _("Du må fylle ut «%(label)s».")
