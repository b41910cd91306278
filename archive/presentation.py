"""What the pages say of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from archive.models import ArchiveMessage


def first_line(problem: str) -> str:
    """Return the first of what is wrong, and how much more there is."""
    lines = [line for line in problem.splitlines() if line.strip()]
    if len(lines) <= 1:
        return "".join(lines)
    return _("%(first)s Og %(more)s til.") % {"first": lines[0], "more": len(lines) - 1}


def what_to_do(message: ArchiveMessage) -> str:
    """Return what the archivist does about a message that did not get through."""
    if message.status == "partly_receipted":
        return _(
            "Mappen står i arkivet, men ikke registreringen. Rett det som er galt, og send på nytt: "
            "arkivet kjenner igjen mappen på nøkkelen."
        )
    if message.status == "failed":
        return _(
            "Rett det som er galt, her eller i reglene for arkivet, og send på nytt. Nøkkelen er den samme, så "
            "ingenting blir ført to ganger. Går det ikke, før du saksnummeret for hånd."
        )
    return ""
