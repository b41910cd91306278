"""Forms as Norwegian public services write them: what every app imports instead of ``django.forms``.

``Form`` and ``ModelForm`` render right with ``{{ form.name.as_field_group }}`` (docs/ui.md);
the fields read ``3.12.2026`` and ``1 250 000,50`` as people here write them.
"""

from core.forms.base import FilterForm, Form, FormMixin, ModelForm, offer_choices, offer_rows
from core.forms.fields import (
    CheckboxList,
    DateField,
    DateTimeField,
    DecimalField,
    FilesField,
    IntegerField,
    MoneyField,
    RadioCards,
    YearField,
    file_help,
)
from core.forms.rendering import BoundField, Renderer
from core.forms.search import SearchChoiceField

__all__ = [
    "BoundField",
    "CheckboxList",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "FilesField",
    "FilterForm",
    "Form",
    "FormMixin",
    "IntegerField",
    "ModelForm",
    "MoneyField",
    "RadioCards",
    "Renderer",
    "SearchChoiceField",
    "YearField",
    "file_help",
    "offer_choices",
    "offer_rows",
]
