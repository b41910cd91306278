"""What goes to the archive of a closed deviation, where the municipality files them: shielded, and without the reporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filing import (
    INTERNAL,
    INTERNAL_SENDER,
    JOURNAL_ENTRY,
    Document,
    Draft,
    Entry,
    Filing,
    Folder,
    Party,
    Shield,
    creator_of,
    sheet,
)
from archive.operations import enqueue, rules_of
from core.formats import local_day, moment

if TYPE_CHECKING:
    from datetime import datetime

    from archive.filing import Variant
    from archive.models import ArchiveRules
    from deviations.models import CorrectiveAction, Deviation


def file_closed(deviation: Deviation, *, now: datetime) -> None:
    """File the report of a case each time it is closed, where the municipality files them."""
    rules = rules_of(deviation.municipality_id)
    if rules.archives_deviations:
        actions = list(deviation.actions.order_by("pk"))
        enqueue(draft_closed(deviation, actions, rules, now=now), now=now)


def draft_closed(
    deviation: Deviation, actions: list[CorrectiveAction], rules: ArchiveRules, *, now: datetime
) -> Draft:
    """Return the report of a closed case, in a folder for its unit and the year."""
    year, unit = local_day(deviation.created_at).year, deviation.unit
    what = _("Avvik %(number)s") % {"number": deviation.number}
    folder = Folder(
        key=f"deviations/{unit.pk}/{year}", title=_("Avvik %(year)s, %(unit)s") % {"year": year, "unit": unit.name},
        day=local_day(deviation.created_at), subject="deviation", unit=unit.name,
    )  # fmt: skip
    document = Document(title=what, kind="RAPPORT", variants=(_paper(deviation, actions, what),))
    entry = Entry(
        kind=JOURNAL_ENTRY, title=f"{what}: {deviation.title or deviation.type_name}", public_title=what,
        shield=Shield(basis=rules.default_basis), day=timezone.localdate(now), journal_type=INTERNAL,
        parties=(Party(kind=INTERNAL_SENDER, name=unit.name),), documents=(document,),
    )  # fmt: skip
    return Draft(
        kind="deviation", key=f"deviation/{deviation.pk}/closed/", title=what, about=deviation,
        municipality_id=deviation.municipality_id, payload={"number": deviation.number},
        filing=Filing(**creator_of(deviation.municipality), folder=folder, entry=entry, at=now),
    )  # fmt: skip


def _paper(deviation: Deviation, actions: list[CorrectiveAction], what: str) -> Variant:
    done = "\n".join(f"- {one.title}: {one.get_status_display()}" for one in actions)
    severity = str(deviation.get_severity_display() or "")
    return sheet(
        organization=deviation.municipality.name, unit=deviation.unit.name, kind=_("Avviksrapport"), title=what,
        reference=deviation.number,
        facts=[
            (_("Type"), deviation.type_name), (_("Enhet"), deviation.unit.name), (_("Sted"), deviation.place),
            (_("Oppdaget"), moment(deviation.discovered_at)), (_("Alvorlighet"), severity),
        ],
        sections=[
            (_("Hva skjedde"), deviation.description), (_("Gjort med en gang"), deviation.immediate_action),
            (_("Årsak"), deviation.cause_note), (_("Tiltak"), done),
            (_("Hvorfor ingen tiltak trengs"), deviation.no_action_reason), (_("Virkning"), deviation.effect_note),
            (_("Hva ble endret"), deviation.closing_note),
        ],
    )  # fmt: skip
