"""What a municipality can be told about, what it asks, and which duties answers start: all of it data.

Each row carries a version that counts its edits.  A case keeps the words it was answered
under (``Answer.wording``, ``Deviation.type_name``), so an edit never rewrites an old case.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.models.status import Category
from deviations.queries import CatalogueQuerySet
from organization.models import Unit
from organization.roles import Role


class AnswerForm(models.TextChoices):
    YES_NO = "yes_no", _("Ja, nei eller usikker")
    CHOICE = "choice", _("Ett valg")
    MULTIPLE = "multiple", _("Flere valg")
    TEXT = "text", _("Tekst")
    NUMBER = "number", _("Tall")


class DutyDeadline(models.TextChoices):
    IMMEDIATELY = "immediately", _("Straks")
    HOURS = "hours", _("Innen et antall timer")
    SOON = "soon", _("Snarest mulig")
    CLARIFY = "clarify", _("Avklar frist")


class _CatalogueRow(Tracked):
    """One row of a municipality's catalogue, found by its code."""

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    code = models.CharField(_("kode"), max_length=40)
    position = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)
    is_active = models.BooleanField(_("i bruk"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


@tracked(exclude=("search",))
class DeviationType(_CatalogueRow):
    """A type inside a category, such as «Fall eller snubling (ansatt)»."""

    category = models.CharField(_("kategori"), max_length=30, choices=Category.choices)
    name = models.CharField(_("navn"), max_length=160)
    keywords = models.TextField(
        _("stikkord"), blank=True, max_length=2000, help_text=_("Ord som folk bruker når de melder dette.")
    )
    question_sets = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tilleggsspørsmål")
    )
    asks = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("spør alltid om"),
        help_text=_("Koder for spørsmål om meldeplikt som denne typen alltid stiller."),
    )  # fmt: skip
    is_confidential = models.BooleanField(_("fortrolig"), default=False)
    confidential_roles = ArrayField(
        models.CharField(max_length=30, choices=Role.choices), default=list, blank=True,
        verbose_name=_("roller som også kan se fortrolige saker"),
    )  # fmt: skip
    refers_to = models.CharField(
        _("henviser til"), max_length=40, blank=True,
        help_text=_("Kanalen som brukes i stedet. Det lagres ingen tekst her."),
    )  # fmt: skip
    handling_days = models.PositiveSmallIntegerField(
        _("dager til behandling"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Fyll ut bare når typen har en kortere frist enn alvorligheten gir. Den korteste gjelder."),
    )  # fmt: skip
    identity_kept_months = models.PositiveSmallIntegerField(
        _("navn og fritekst beholdes (måneder)"), null=True, blank=True,
        help_text=_("Regnet fra saken ble avsluttet. Tallene blir stående. Tomt betyr at de beholdes."),
    )  # fmt: skip
    deleted_after_years = models.PositiveSmallIntegerField(
        _("saken slettes etter (år)"), null=True, blank=True,
        help_text=_("Regnet fra saken ble avsluttet. Tomt betyr at saken beholdes."),
    )  # fmt: skip
    disposal_decision = models.CharField(
        _("kassasjonsvedtak"), max_length=300, blank=True,
        help_text=_("Vedtaket som gir lov til å slette saker av denne typen. Uten det slettes ingen."),
    )  # fmt: skip

    search = models.GeneratedField(
        expression=SearchVector("name", config="norwegian", weight="A")
        + SearchVector("keywords", config="norwegian", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta(_CatalogueRow.Meta):
        abstract = False
        verbose_name = _("avvikstype")
        verbose_name_plural = _("avvikstyper")
        indexes = [GinIndex(fields=["search"], name="deviation_type_search")]
        constraints = [
            constraints.unique(
                "deviation_type_code", "municipality", "code", message=_("Koden er alt i bruk.")
            ),
            constraints.known("deviation_type_category", "category", Category),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Cause(_CatalogueRow):
    """A leaf of the tree of causes, under its group (people, organisation, technology, …)."""

    group = models.CharField(_("gruppe"), max_length=60)
    name = models.CharField(_("navn"), max_length=120)

    class Meta(_CatalogueRow.Meta):
        abstract = False
        verbose_name = _("årsak")
        verbose_name_plural = _("årsaker")
        constraints = [
            constraints.unique("cause_code", "municipality", "code", message=_("Koden er alt i bruk."))
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Question(_CatalogueRow):
    """A question of the report or the handling.

    ``set`` *triage* holds those that may start a duty, whatever the type; the others are
    extra questions of the types that name the set.  ``show_when`` maps the code of another
    question to the answer that brings this one up; ``starts`` names the duties that a yes, or
    an unsure, begins, and ``opens`` the set of questions that then follow whatever the type.
    """

    Form = AnswerForm
    TRIAGE = "triage"

    set = models.CharField(_("spørsmålssett"), max_length=40)
    text = models.CharField(_("spørsmål"), max_length=300)
    help = models.CharField(_("hjelp"), max_length=500, blank=True)
    form = models.CharField(
        _("svarform"), max_length=20, choices=AnswerForm.choices, default=AnswerForm.YES_NO
    )
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name=_("valg"))
    categories = ArrayField(
        models.CharField(max_length=30, choices=Category.choices), default=list, blank=True,
        verbose_name=_("bare i kategoriene"),
    )  # fmt: skip
    only_in_danger = models.BooleanField(
        _("bare når noen er skadet eller i fare"), default=False,
        help_text=_("Ellers regnes svaret «Nei» på om noen er skadet eller i fare som svar også på dette."),
    )  # fmt: skip
    show_when = models.JSONField(_("vises når"), default=dict, blank=True)
    starts = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("starter pliktene")
    )
    opens = models.CharField(_("åpner spørsmålssettet"), max_length=40, blank=True)

    class Meta(_CatalogueRow.Meta):
        abstract = False
        verbose_name = _("spørsmål")
        verbose_name_plural = _("spørsmål")
        constraints = [
            constraints.unique("question_code", "municipality", "code", message=_("Koden er alt i bruk.")),
            constraints.known("question_form", "form", AnswerForm),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class DutyTemplate(_CatalogueRow):
    """A statutory duty to notify: to whom, how soon, by which channel, and what must be stamped.

    ``stamps`` is a list of ``{"code": …, "label": …}`` in the order they are done; those with
    ``"meets_deadline": true`` are what the deadline is about.  A deadline
    that the law does not give in hours is never invented: *immediately*, *as soon as possible*
    and *to be clarified* have no point in time.
    """

    Deadline = DutyDeadline

    name = models.CharField(_("navn"), max_length=160)
    recipients = ArrayField(models.CharField(max_length=120), default=list, verbose_name=_("mottakere"))
    deadline = models.CharField(_("frist"), max_length=20, choices=DutyDeadline.choices)
    hours = models.PositiveSmallIntegerField(_("timer"), null=True, blank=True)
    escalation_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("varsles videre etter (timer)"),
    )
    escalation_roles = ArrayField(
        models.CharField(max_length=30, choices=Role.choices), default=list, blank=True,
        verbose_name=_("varsles videre til"),
    )  # fmt: skip
    channel = models.CharField(_("kanal"), max_length=300, blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    guidance = models.TextField(_("slik gjør du det"), blank=True, max_length=2000)
    stamps = models.JSONField(_("sjekkliste"), default=list)
    source = models.CharField(_("rettskilde"), max_length=200)
    confirmed_on = models.DateField(_("bekreftet av kommunen"), null=True, blank=True)

    class Meta(_CatalogueRow.Meta):
        abstract = False
        verbose_name = _("meldeplikt")
        verbose_name_plural = _("meldeplikter")
        constraints = [
            constraints.unique("duty_template_code", "municipality", "code", message=_("Koden er alt i bruk.")),
            constraints.known("duty_template_deadline", "deadline", DutyDeadline),
            constraints.check(
                "duty_template_hours",
                Q(deadline="hours", hours__isnull=False) | (~Q(deadline="hours") & Q(hours=None)),
                _("Timer oppgis når, og bare når, fristen er et antall timer."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
