"""The case paper: its sections, each with versions of its own, and what went out of it."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.models.written import WrittenText, version_constraints
from governance.queries import CasePaperQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping


@tracked()
class CasePaper(Tracked):
    """The case paper (saksframlegg) of one initiative."""

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="case_paper")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    # The texts as they were when the papers last went out: what everybody but those who prepare reads.
    published = models.JSONField(null=True, editable=False)
    # What other apps had to say in it then (``governance.paper_parts``).
    published_parts = models.JSONField(null=True, editable=False)

    is_as_sent = False
    """Whether this is ``as_published`` of a paper that went out."""

    objects = CasePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("saksframlegg")
        verbose_name_plural = _("saksframlegg")

    def __str__(self) -> str:
        return str(self.initiative)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What is written, by the key of its section."""
        rows = self.sections.all() if self.pk else ()
        return _written({row.key: row.text for row in rows})

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the sections that somebody has written in, also where all of it was taken out again."""
        return frozenset(row.key for row in self.sections.all()) if self.pk else frozenset()

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    @property
    def is_changed_since_published(self) -> bool:
        return self.published is not None and _written(self.published) != self.texts

    def goes_out_anew(self, parts: list[dict[str, Any]]) -> bool:
        """Tell whether what is to go out, with ``parts`` of other apps, is anything else than what went out last.

        Parts that were never kept, of a paper that went out before they were, are not missed.
        """
        if self.published is None or self.is_changed_since_published:
            return True
        return self.published_parts is not None and self.published_parts != parts

    def as_published(self) -> CasePaper:
        """Return the paper as it last went out; as it stands where it never did."""
        if self.published is None:
            return self
        sent = copy(self)
        sent.texts = _written(self.published)
        sent.changed_at = self.published_at or self.changed_at
        sent.is_as_sent = True
        return sent


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text.strip()}


@tracked()
class PaperSection(WrittenText):
    """One section of a case paper as it stands.  The events of the row are its versions."""

    paper = models.ForeignKey(CasePaper, models.CASCADE, related_name="sections")
    key = models.CharField(_("del"), max_length=60)

    class Meta:
        verbose_name = _("del av saksframlegg")
        verbose_name_plural = _("deler av saksframlegg")
        constraints = [
            constraints.unique(
                "paper_section_once", "paper", "key", message=_("Saksframlegget har alt denne delen.")
            ),
            *version_constraints("paper_section"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
