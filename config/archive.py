"""What the archive asks of other apps, and how messages leave for archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.env import Env

# Who is told, in the same transaction, when the archive has given a case its number.
NUMBER_RECEIVERS = ["governance.archiving.receive_case_number"]
# What draws the papers that are kept for the archive as data (archive/messages/documents.py).
PAPERS = {
    "case_paper": "governance.pdf.render_case_paper",
    "agenda": "governance.pdf.render_agenda",
    "public_agenda": "governance.pdf.render_public_agenda",
    "minutes": "governance.pdf.render_minutes",
    "public_minutes": "governance.pdf.render_public_minutes",
    "benefit_report": "benefits.pdf.draw_report",
}
# What has happened, whether it has a message or not, in the order of a folder (archive/history/sources.py).
HISTORY = [
    "governance.filing.history.CASES",
    "benefits.history.SOURCES",
    "governance.filing.history.CLOSINGS",
    "governance.filing.history.MEETINGS",
    "deviations.history.SOURCES",
    "governance.filing.consultations.SOURCES",
]
# Who is told, in the same transaction, when the answers of a consultation are sent (organization/workflow.py).
CONSULTATION_FOLLOWERS = ["governance.filing.consultations.file_answers"]


def read_ways(env: Env) -> tuple[str, str]:
    """Return the folder of packages and answers, and what carries messages over Fiks IO.

    Without a folder packages are fetched and answers brought on the pages or over the API.  The carrier is the
    dotted path of a function that takes a municipality's account (``archive/adapters/fiks_io.py``); there is none
    in the product.
    """
    return env.text("ARCHIVE_FOLDER", ""), env.text("FIKS_IO_CARRIER", "")
