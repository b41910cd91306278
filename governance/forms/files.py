"""Forms for files alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.forms import FilesField, Form, file_help


class EvidenceFilesForm(Form):
    """Several files at once; each is judged by itself when it is kept."""

    uploads = FilesField(
        label=gettext_lazy("Velg filer"), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Velg minst én fil først.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = file_help()
