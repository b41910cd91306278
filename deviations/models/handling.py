"""What grows on a deviation along the way: answers, routing, and the talk with the reporter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from deviations.models.catalogue import Question
from deviations.models.deviation import Deviation
from deviations.queries import DeviationChildQuerySet
from organization.models import Unit


class Answer(models.Model):
    """An answer, with the wording and the version of the question it was given to."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    wording = models.CharField(_("spørsmål"), max_length=300)
    question_version = models.PositiveIntegerField()
    value = models.CharField(_("svar"), max_length=2000)
    from_reporter = models.BooleanField(default=True)
    answered_at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar")
        verbose_name_plural = _("svar")
        ordering = ["question__position", "pk"]
        constraints = [
            constraints.unique(
                "answer_once", "deviation", "question", message=_("Spørsmålet er alt besvart.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.wording} {self.value}"


class Routing(models.Model):
    """One time the case was laid in somebody's hands, and why.  Re-routing is an event, not a state."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="routings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    why = models.CharField(_("derfor havnet saken her"), max_length=300)
    reason = models.CharField(_("begrunnelse"), max_length=500, blank=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("plassering")
        verbose_name_plural = _("plasseringer")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.why


class MessageKind(models.TextChoices):
    STEP = "step", _("Hva som skjer")
    QUESTION = "question", _("Spørsmål til melder")
    ANSWER = "answer", _("Svar fra melder")
    ADDITION = "addition", _("Mer fra melder")
    CLOSING = "closing", _("Hva som ble endret")


class Message(models.Model):
    """One line of the talk between those who handle a case and whoever reported it.

    A truly anonymous reporter writes without an author; ``from_reporter`` says whose side it is.
    """

    Kind = MessageKind

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    text = models.TextField(_("tekst"), max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_reporter = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("beskjed")
        verbose_name_plural = _("beskjeder")
        ordering = ["pk"]
        constraints = [constraints.known("message_kind", "kind", MessageKind)]

    def __str__(self) -> str:
        return self.text[:80]


class Link(models.Model):
    """Two deviations that belong together, as somebody who handles one of them sees it."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="links")
    other = models.ForeignKey(Deviation, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("kobling")
        verbose_name_plural = _("koblinger")
        constraints = [
            constraints.unique("link_once", "deviation", "other", message=_("Avvikene er alt koblet.")),
            constraints.check(
                "link_other", ~models.Q(deviation=models.F("other")), _("Et avvik kobles til et annet avvik.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.other_id}"


class Follower(models.Model):
    """Somebody who said «me too» instead of reporting the same again; told of each step like the reporter."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("tillegg"), max_length=4000, blank=True)
    at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("følger")
        verbose_name_plural = _("følgere")
        constraints = [
            constraints.unique("follower_once", "deviation", "person", message=_("Du følger saken alt."))
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.person_id}"
