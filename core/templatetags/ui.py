"""Filters and tags of the components in ``templates/cotton``; builtins of the template engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from core.ui import ICONS, TONES, DiffPart, diff_paragraphs, icon_of_address, initials_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms
    from django.utils.safestring import SafeString

register = template.Library()

# Icon of a status: the tone is never told by colour alone.
_TONE_ICONS = {
    "success": "check-circle",
    "warning": "warning",
    "danger": "error",
    "info": "info",
    "neutral": "circle",
}
_MESSAGE_TONES = {
    "success": "success",
    "warning": "warning",
    "error": "danger",
    "info": "info",
    "debug": "neutral",
}


@register.filter
def html_attrs(attrs: Mapping[str, Any]) -> SafeString:
    """Write the attributes a component was given and did not use itself, each value escaped.

    Cotton's own ``{{ attrs }}`` trusts values passed with ``:name``; this one trusts nothing.
    """
    shown = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    flags = [key for key, value in shown.items() if value is True]
    pairs = [(key, value) for key, value in shown.items() if value not in (True, False, None)]
    written = format_html_join("", ' {}="{}"', pairs)
    return mark_safe(written + "".join(f" {conditional_escape(flag)}" for flag in flags))  # noqa: S308 (escaped above)


@register.filter
def tone(value: object) -> str:
    """Return the tone of a component, ``neutral`` when it is none of ours."""
    return str(value) if str(value) in TONES else "neutral"


@register.filter
def tone_icon(value: object) -> str:
    """Return the icon that goes with a tone."""
    return _TONE_ICONS[tone(value)]


@register.filter
def message_tone(message: Any) -> str:
    """Return the tone of one of Django's messages."""
    return _MESSAGE_TONES.get(message.level_tag, "info")


@register.filter
def initials(name: object) -> str:
    """Return the first letters of the first and the last name."""
    return initials_of(str(name))


@register.filter
def nav_icon(address: object) -> str:
    """Return the icon of an entry of the main menu, found by its address."""
    return icon_of_address(str(address))


@register.filter
def known_icon(name: object) -> str:
    """Return the name of an icon that exists, so that a misspelled one is seen in the gallery."""
    return str(name) if str(name) in ICONS else "missing"


@register.filter
def slug(text: object) -> str:
    """Return the text as part of an id."""
    return slugify(str(text)) or "x"


@register.filter
def has_errors(form: forms.BaseForm | None) -> bool:
    """Tell whether the form was sent and has errors."""
    return bool(form is not None and form.is_bound and form.errors)


@register.filter
def labelled(field: forms.BoundField, label: str) -> forms.BoundField:
    """Return the field with another label, for forms that come from a package."""
    field.label = label
    return field


@register.filter
def any_errors(forms_: list[forms.BaseForm]) -> bool:
    """Tell whether one of several forms was sent and has errors."""
    return any(has_errors(form) for form in forms_)


@register.filter
def all_forms(form: forms.BaseForm | None, others: list[forms.BaseForm]) -> list[forms.BaseForm]:
    """Return one form and several others as one list."""
    return [*([form] if form is not None else []), *others]


@register.filter
def diff(old: object, new: object) -> list[list[DiffPart]]:
    """Return two texts paragraph by paragraph, each as parts that are kept, added or removed."""
    return diff_paragraphs(str(old), str(new))


@register.filter
def failing_fields(form: forms.BaseForm) -> list[forms.BoundField]:
    """Return the fields of a form that have errors, in the order of the page."""
    return [field for field in form if field.errors]
