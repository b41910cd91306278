"""What those who prepare a case and those who are to decide it say to each other about the text of its case paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.queries import PaperCommentQuerySet


@tracked()
class PaperComment(Tracked):
    """A comment on one section of a case paper; it never goes out with the papers.

    ``version`` is the version of the section that its writer read, 0 where nothing was written yet.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="paper_comments")
    key = models.CharField(_("del"), max_length=60)
    version = models.PositiveIntegerField(_("versjon"))
    text = models.TextField(_("kommentar"), max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PaperCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommentar til saksframlegg")
        verbose_name_plural = _("kommentarer til saksframlegg")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["initiative", "key"], name="paper_comment_of")]
        constraints = [
            constraints.together(
                "paper_comment_settled", "settled_at", "settled_by", _("En kommentar som er løst, har tidspunkt og navn.")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.key} {self.pk}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
