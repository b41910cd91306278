"""The forms of one section of a case paper: its text, and a comment on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.whole import whole
from governance.writing import Typed

if TYPE_CHECKING:
    from typing import Self

    from governance.models import WrittenText
    from governance.paper_sections import SectionKind

MINE, THEIRS = "mine", "theirs"


class SectionForm(Form):
    """What is typed in a section; ``base`` is the version it begins from, and ``choice`` answers a conflict."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    choice = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, kind: SectionKind, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=kind.label, help_text=kind.help_text, max_length=kind.longest, required=False,
            widget=forms.Textarea(attrs={"rows": kind.rows}),
        )  # fmt: skip

    def clean_base(self) -> int:
        """A version that nobody could have been given begins from none, so that nothing is written over."""
        number = whole(self.cleaned_data["base"])
        return -1 if number is None else number

    def begin_from(self, standing: WrittenText) -> Self:
        """Begin what was typed from what stands now: saving it once more, after a conflict, is then a choice."""
        self.data = {**dict(self.data.items()), "base": str(standing.version)}
        return self

    @property
    def typed(self) -> Typed:
        data = self.cleaned_data
        return Typed(
            text=normalize_newlines(data["text"]), version=data["base"], is_chosen=data["choice"] == MINE
        )

    @property
    def keeps_theirs(self) -> bool:
        return bool(self.cleaned_data["choice"] == THEIRS)


class CommentForm(Form):
    """A comment on a section; ``version`` is the version of the section that its writer read."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Kommentar"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Leses av dem som utreder saken og av rådet. Følger ikke med når papirene sendes ut."),
        error_messages={"required": gettext_lazy("Skriv kommentaren.")},
    )  # fmt: skip

    def clean_version(self) -> int:
        return whole(self.cleaned_data["version"]) or 0
