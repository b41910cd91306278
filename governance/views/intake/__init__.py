"""Pages of the intake: from a title to the receipt."""

from governance.views.intake.files import attachment_remove, attachments
from governance.views.intake.hub import co_editors, hub, missing_tick
from governance.views.intake.sections import section
from governance.views.intake.sending import receipt, review
from governance.views.intake.start import similar, start

__all__ = [
    "attachment_remove",
    "attachments",
    "co_editors",
    "hub",
    "missing_tick",
    "receipt",
    "review",
    "section",
    "similar",
    "start",
]
