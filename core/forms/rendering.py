"""How a form field becomes HTML: the renderer and the bound field behind ``templates/django/forms/field.html``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
REQUIRED, OPTIONAL = "required", "optional"
MOST_COUNTED = 2000


class Option(NamedTuple):
    """One radio button or checkbox of a group."""

    tag: SafeString
    id: str
    label: str
    description: str


class BoundField(forms.BoundField):
    """A field in a form, with what the design system wants to know about it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Return the attributes of the control, with the class of the design system."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden:
            attrs["placeholder"] = False  # it vanishes when one types; labels and descriptions stay
            classes = [widget.attrs.get("class", ""), attrs.get("class", ""), "ds-input"]
            attrs["class"] = " ".join(filter(None, classes))
        if self.limit:
            # The browser would cut what is pasted without a word; the counter tells, and the server checks.
            attrs["maxlength"] = False
        return attrs

    @property
    def is_group(self) -> bool:
        """Tell whether the field is several controls under one legend."""
        return isinstance(self.field.widget, GROUPS)

    @property
    def is_checkbox(self) -> bool:
        """Tell whether the field is a single checkbox, whose label stands after it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_cards(self) -> bool:
        """Tell whether the options are drawn as big cards."""
        return bool(getattr(self.field.widget, "cards", False))

    @property
    def options(self) -> list[Option]:
        """Return the options of a group, each with its own description if the widget has one."""
        descriptions: dict[str, str] = getattr(self.field.widget, "descriptions", {})
        return [
            Option(
                tag=option.tag(),
                id=option.id_for_label or "",
                label=option.choice_label,
                description=str(
                    option.data.get("description") or descriptions.get(str(option.data["value"]), "")
                ),
            )
            for option in self.subwidgets
        ]

    @property
    def limit(self) -> int | None:
        """Return the number of characters a text area may hold."""
        if not isinstance(self.field.widget, forms.Textarea):
            return None
        return getattr(self.field, "max_length", None)

    @property
    def counts(self) -> bool:
        """Tell whether a counter stands below: where the end can be near, and no error is (docs/ui.md)."""
        return bool(self.limit and self.limit <= MOST_COUNTED and not self.errors)

    @property
    def suffix(self) -> str:
        """Return the unit that stands behind the control, such as ``kr``."""
        return str(getattr(self.field, "suffix", "") or "")

    @property
    def options_url(self) -> str:
        """Return the address the suggestions of a search field are loaded from."""
        return str(getattr(self.field, "options_url", "") or "")

    @property
    def focus_id(self) -> str:
        """Return the id a link in the error summary leads to."""
        return f"{self.auto_id}_0" if self.is_group else self.id_for_label or self.auto_id

    @property
    def demand_tag(self) -> str:
        """Return «Må fylles ut» or «Valgfritt», or nothing where the form does not mix the two."""
        demand = getattr(self.form, "demand_of", _demand_of_plain_form(self.form))(self.name)
        if demand == REQUIRED:
            return _("Må fylles ut")
        return _("Valgfritt") if demand == OPTIONAL else ""

    @property
    def summary(self) -> list[str]:
        """Return the errors as the error summary words them: each names its field."""
        label = str(self.label)
        errors = [str(error) for error in self.errors]
        joint = " " if label.endswith(("?", ":", ".")) else ": "
        return [error if label.lower() in error.lower() else f"{label}{joint}{error}" for error in errors]


def _demand_of_plain_form(form: forms.BaseForm) -> Any:
    """Return how demanding each field is in a form that does not come from ``core.forms``."""
    return lambda name: demand_of(form, name, frozenset())


def demand_of(form: forms.BaseForm, name: str, must_fill: frozenset[str]) -> str:
    """Tell whether a field is to be marked as required or optional.

    Only a form with both kinds marks them: when everything must be filled in, the form says so once.
    Single checkboxes are neither; a box left open is an answer.
    """
    demands = {
        key: REQUIRED if field.required or key in must_fill else OPTIONAL
        for key, field in form.fields.items()
        if not field.widget.is_hidden and not isinstance(field.widget, forms.CheckboxInput)
    }
    return demands.get(name, "") if len(set(demands.values())) > 1 else ""


class Renderer(TemplatesSetting):
    """Render forms with the templates of the project, where ``field.html`` is ours."""

    bound_field_class = BoundField
