"""A text that people write together: the row holds it as it stands, and the events of the row are its versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked


class WrittenText(Tracked):
    """What ``governance.writing`` writes."""

    version = models.PositiveIntegerField(_("versjon"))
    text = models.TextField(_("tekst"), max_length=20_000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The version whose text this one took back.
    restores = models.PositiveIntegerField(null=True, editable=False)
    # Whether somebody sat down to write here: the version before it is then kept in the list of versions.
    begins_sitting = models.BooleanField(default=True)

    class Meta:
        abstract = True


def version_constraints(prefix: str) -> list[models.CheckConstraint]:
    """Return what holds of the versions of every such text; ``prefix`` begins their names."""
    return [
        constraints.check(
            f"{prefix}_version", models.Q(version__gte=1), _("Den første versjonen har nummer 1.")
        ),
        constraints.check(
            f"{prefix}_restores",
            models.Q(restores=None) | models.Q(restores__lt=models.F("version")),
            _("Bare en tidligere versjon kan hentes tilbake."),
        ),
    ]
