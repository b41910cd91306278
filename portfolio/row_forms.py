"""The form of a row of a project.  Its ``values`` are what ``portfolio.rows.save_row`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.forms.merging import MergingForm

if TYPE_CHECKING:
    from datetime import date

_FIRST_YEAR, _YEARS_AHEAD = 2000, 20


class RowForm(MergingForm):
    @property
    def values(self) -> dict[str, Any]:
        """What is to be written: everything of a new row, what was changed of one that stands."""
        if self.instance.pk is None:
            return self.cleaned_data
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""


def checked_day(value: date | None) -> date | None:
    """Return a day that somebody typed.

    :raises ValidationError: its year was not meant.
    """
    last = timezone.localdate().year + _YEARS_AHEAD
    if value is not None and not _FIRST_YEAR <= value.year <= last:
        raise ValidationError(
            _("Velg et år mellom %(first)s og %(last)s.") % {"first": _FIRST_YEAR, "last": last}
        )
    return value
