"""A choice among hundreds: a text field with suggestions, which works without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as StrOrPromise

MAX_OPTIONS = 20
MAX_TYPED = 200
_MOST_WORDS = 8  # each word is one more condition on every row
_NUMBERED = re.compile(r"^(?P<label>.*) – nr\. (?P<pk>[0-9]{1,18})$")


class SearchInput(forms.TextInput):
    """A text input whose suggestions stand in a ``<datalist>`` beside it (templates/django/forms/field.html)."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the attributes, with the list that goes with the input's id."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        if attrs.get("id"):
            attrs["list"] = f"{attrs['id']}_options"
        return attrs


class SearchChoiceField(forms.Field):
    """Choose one row of a queryset by typing part of its name.

    ``label`` makes the text of a row, for example «Kari Nordmann (Skole)»; ``search_fields`` are the
    columns the typed words are looked for in.  Every word before a parenthesis must be found in one
    of them.  The text of a suggestion chooses that row; other text chooses a row when it fits only
    one.  ``options_url`` is a page that answers with ``core.ui.search_options(request, field)``.
    """

    widget = SearchInput
    default_error_messages = {
        "none": _("Fant ingen treff på «%(text)s». Skriv en del av navnet og velg fra forslagene."),
        "long": _("Teksten er for lang. Skriv bare navnet, høyst %(limit)s tegn."),
        "several": _("«%(text)s» kan bety flere: %(labels)s. Velg ett av forslagene."),
    }

    def __init__(
        self,
        queryset: QuerySet[Any] | None = None,
        *,
        label_from: Callable[[Any], str] = str,
        search_fields: Sequence[str] = ("name",),
        options_url: StrOrPromise = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset
        self.label_from = label_from
        self.search_fields = tuple(search_fields)
        self.options_url = options_url

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Keep the browser from suggesting what was typed elsewhere."""
        return {"autocomplete": "off"}

    def narrowed(self, text: str) -> QuerySet[Any]:
        """Return the rows in which every typed word is found."""
        if self.queryset is None:
            message = "SearchChoiceField needs a queryset: set it in the form's __init__."
            raise RuntimeError(message)
        rows = self.queryset.all()
        for word in text[:MAX_TYPED].replace("\x00", "").partition("(")[0].split()[:_MOST_WORDS]:
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(found)
        return rows

    def options(self, text: str, *, limit: int = MAX_OPTIONS) -> list[str]:
        """Return the suggestions for a typed text; rows with the same label get their number behind it."""
        rows = list(self.narrowed(text)[:limit])
        labels = [self.label_from(row) for row in rows]
        return [
            f"{label} – nr. {row.pk}" if labels.count(label) > 1 else label
            for row, label in zip(rows, labels, strict=True)
        ]

    def prepare_value(self, value: Any) -> Any:
        """Return the label of the chosen row; typed text stays as it is."""
        if value is None or isinstance(value, str):
            return value
        row = value if isinstance(value, Model) else self.narrowed("").filter(pk=value).first()
        return "" if row is None else self.label_from(row)

    def to_python(self, value: Any) -> Any:
        """Return the one row the text means.

        :raises ValidationError: none or several rows fit.
        """
        text = " ".join(normalize_newlines(str(value or "").replace("\x00", "")).split())
        if not text:
            return None
        if len(text) > MAX_TYPED:
            raise ValidationError(self.error_messages["long"], code="long", params={"limit": MAX_TYPED})
        numbered = _NUMBERED.match(text)
        if numbered:
            rows = self.narrowed(numbered["label"]).filter(pk=numbered["pk"])[:1]
        else:
            rows = self.narrowed(text)[: MAX_OPTIONS * 5]
        return self._only(text, list(rows))

    def _only(self, text: str, rows: list[Any]) -> Any:
        same = [row for row in rows if self.label_from(row).casefold() == text.casefold()]
        found = same or ([] if "(" in text and len(rows) > 1 else rows)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["none"], code="none", params={"text": text})
        shown = self.options(text, limit=3)
        labels = "; ".join(shown) + ("…" if len(found) > len(shown) else "")
        raise ValidationError(
            self.error_messages["several"], code="several", params={"text": text, "labels": labels}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another row is chosen."""
        before = initial.pk if isinstance(initial, Model) else initial
        try:
            chosen = self.to_python(data)
        except ValidationError:
            return True
        return bool(before != (chosen.pk if chosen is not None else None))
