"""Form fields that read dates, numbers and amounts as people in Norway write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.formats import NotUnderstood, Unclear, read_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.utils.functional import _StrOrPromise as StrOrPromise

_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_WRITTEN_DATE = re.compile(r"(\d{1,2})\.?\s*([a-zæøå]{3,9})\.?\s*(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?")
_YEARS = range(1900, 2200)
_STRANGE_YEAR = _("Sjekk årstallet: %(year)s.")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_AMOUNT_WORDS = {
    "tusen": 1_000,
    "mill": 1_000_000,
    "million": 1_000_000,
    "millioner": 1_000_000,
    "mrd": 1_000_000_000,
}
_AMOUNT = re.compile(r"(?P<number>[^a-zæøå]+?)\s*(?P<word>tusen|mill(?:ion(?:er)?)?|mrd)?\.?", re.IGNORECASE)


def write_number(value: Decimal | int, *, decimals: str = "#,##0.######") -> str:
    """Return the number as it stands in an input: ``1 250 000,5`` with no-break spaces."""
    return format_decimal(value, format=decimals, locale="nb_NO")


_Day = TypeVar("_Day", bound="dt.date")


class _BrowserControl:
    """A control that shows only ISO text; other text is shown as text, so that what was typed is not lost."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the widget's template."""
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        if isinstance(value, str) and value and not _ISO.fullmatch(value):
            context["widget"]["type"] = "text"
        return context


class DateInput(_BrowserControl, forms.DateInput):
    """The browser's own date control, which wants and gives ISO dates."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs=dict(attrs or {}), format="%Y-%m-%d")


class DateTimeInput(_BrowserControl, forms.DateTimeInput):
    """The browser's own control of date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs=dict(attrs or {}), format="%Y-%m-%dT%H:%M")


class DateField(forms.DateField):
    """A date: ``2026-12-03`` from the browser's control, ``3.12.2026`` or ``3. desember 2026`` typed."""

    widget = DateInput
    input_formats = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y")
    default_error_messages = {"invalid": _("Skriv datoen som dag.måned.år, for eksempel 3.12.2026.")}

    def to_python(self, value: Any) -> dt.date | None:
        """Return the date in what the person wrote."""
        if isinstance(value, str):
            value = _SPACES.sub(" ", value).strip()
            written = _WRITTEN_DATE.fullmatch(value)
            if written and written[2].lower()[:3] in _MONTHS:
                value = f"{written[1]}.{_MONTHS.index(written[2].lower()[:3]) + 1}.{written[3]}"
            value = value.replace(". ", ".")
        return _in_our_time(super().to_python(value))


class DateTimeField(forms.DateTimeField):
    """A date and time in Norwegian time, such as ``3.12.2026 14.30``."""

    widget = DateTimeInput
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M")
    default_error_messages = {"invalid": _("Skriv dato og klokkeslett, for eksempel 3.12.2026 14.30.")}

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the moment in what the person wrote; «kl.» is allowed."""
        if isinstance(value, str):
            value = _SPACES.sub(" ", re.sub(r"\bkl\.?", "", value)).strip()
        return _in_our_time(super().to_python(value))


def _in_our_time(day: _Day | None) -> _Day | None:
    """Return ``day``: nobody means another century, and no deadline can be counted from the last year there is.

    :raises ValidationError: the year is mistyped.
    """
    if day is not None and day.year not in _YEARS:
        raise ValidationError(_STRANGE_YEAR, code="year", params={"year": day.year})
    return day


class _WrittenNumber:
    """Read and write numbers the Norwegian way; mixed into Django's number fields."""

    suffix: StrOrPromise = ""
    inputmode = "decimal"

    def __init__(self, *args: Any, suffix: StrOrPromise = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(*args, **kwargs)
        self.suffix = suffix or self.suffix

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for the number keyboard."""
        return {"inputmode": self.inputmode, "autocomplete": "off", "class": "number-input"}

    def read(self, text: str) -> Decimal:
        """Return the number in the text.

        :raises NotUnderstood: it holds none, or could be two.
        """
        return read_number(text, getattr(self, "decimal_places", None))

    def understood(self, text: str) -> Decimal:
        """Return the number in the text.

        :raises ValidationError: it is none, or how to write the one of two that is meant.
        """
        try:
            return self.read(text)
        except Unclear as unclear:
            raise ValidationError(str(unclear), code="invalid") from unclear
        except NotUnderstood as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> Any:
        """Return the number, or say that it is none."""
        if isinstance(value, str) and value.strip():
            value = str(self.understood(value))
        return super().to_python(value)  # type: ignore[misc]

    def prepare_value(self, value: Any) -> Any:
        """Return the number as it is written in the input; what could not be read comes back as it was."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return write_number(value)
        return value


class DecimalField(_WrittenNumber, forms.DecimalField):
    """A number with decimals, such as ``12,5``."""

    default_error_messages = {"invalid": _("Skriv et tall, for eksempel 12,5.")}


class IntegerField(_WrittenNumber, forms.IntegerField):
    """A whole number, such as ``12 000``."""

    inputmode = "numeric"
    decimal_places = 0
    default_error_messages = {"invalid": _("Skriv et helt tall, for eksempel 12 000.")}

    def understood(self, text: str) -> Decimal:
        """Return the number, as a whole one: ``12,0`` counts as one."""
        number = super().understood(text)
        return number.to_integral_value() if number == number.to_integral_value() else number


class YearField(IntegerField):
    """A year, such as ``2027``: never written as an amount."""

    default_error_messages = {"invalid": _("Skriv et årstall, for eksempel 2027.")}

    def prepare_value(self, value: Any) -> Any:
        """Return the year as it is written in the input."""
        return str(value) if isinstance(value, int) else value


class MoneyField(DecimalField):
    """An amount in kroner: ``1 250 000,50``, ``1250000 kr``, ``4,9 mill.``."""

    suffix = "kr"
    default_error_messages = {"invalid": _("Skriv beløpet i kroner, for eksempel 1 250 000.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def read(self, text: str) -> Decimal:
        """Return the amount; «kr», «,-» and words of size are allowed."""
        text = re.sub(r"^kr\.?\s*|\s*kr\.?$|[,.][-\u2013\u2014]$", "", text.strip(), flags=re.IGNORECASE)
        amount = _AMOUNT.fullmatch(text)
        if amount is None:
            raise NotUnderstood
        if not amount["word"]:
            return super().read(amount["number"])
        return (read_number(amount["number"]) * _AMOUNT_WORDS[amount["word"].lower()]).normalize() + Decimal(
            0
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the amount grouped by thousands, with øre only when there are any."""
        if isinstance(value, Decimal) and value != value.to_integral_value():
            return write_number(value, decimals="#,##0.00")
        return super().prepare_value(value)


class RadioCards(forms.RadioSelect):
    """Radio buttons as big cards, for choices that deserve thought and for thumbs.

    ``descriptions`` maps an option's value to a line that explains it.
    """

    cards = True

    def __init__(
        self, *args: Any, descriptions: Mapping[str, StrOrPromise] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = dict(descriptions or {})


class CheckboxList(forms.CheckboxSelectMultiple):
    """Several choices as checkboxes, each with a line that explains it if there is one.

    Where the choices are rows, ``describe`` gives the line of a row.
    """

    def __init__(
        self,
        *args: Any,
        descriptions: Mapping[str, StrOrPromise] | None = None,
        describe: Callable[[Any], StrOrPromise] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions, self.describe = dict(descriptions or {}), describe

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return an option, with the line of the row that it stands for."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if self.describe is not None:
            option["description"] = self.describe(value.instance)
        return option


class FilesInput(forms.FileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


def file_help() -> str:
    """Return what can be uploaded, and how large, as the help of a field."""
    limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
    return gettext(
        "PDF, Word, Excel, PowerPoint, bilder og ren tekst. Hver fil kan være inntil %(limit)s MB."
    ) % {"limit": limit}


class FilesField(forms.FileField):
    """Several files in one control; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the files, each checked by itself."""
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(FilesField, self).clean(item, initial) for item in files]
