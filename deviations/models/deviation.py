"""The deviation (avvik): what happened, who handles it, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from core.textsearch import HiddenWords
from deviations.models.catalogue import Cause, DeviationType
from deviations.models.counted import TRIGGERS as COUNTING
from deviations.models.status import (
    FINAL,
    HANDLED,
    OPEN,
    SEVERITY_TONES,
    TONES,
    UNHURT,
    Anonymity,
    Category,
    Danger,
    Effect,
    Kind,
    Severity,
    Status,
)  # fmt: skip
from deviations.queries import DeviationQuerySet
from organization.feed import in_feed
from organization.models import Service, Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

_HEADLINE = 120
_COUNTED = (
    "municipality", "status", "category", "type", "severity", "reported_severity", "is_confidential", "reporter",
    "responsible", "handler", "reported_at", "answered_at", "closed_at",
)  # fmt: skip
_NO_OPEN_DUTY = """
    if exists (select 1 from deviations_duty where deviation_id = new.id and status = 'open') then
        raise exception 'deviation % has an open duty', new.id using errcode = 'check_violation';
    end if;
    return new;
"""
_PLACE_CHANGES = """
    update deviations_actionlink set case_unit_id = new.unit_id, case_is_confidential = new.is_confidential
        where deviation_id = new.id;
    return new;
"""


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label, **options
    )  # fmt: skip


def _scale(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


@in_feed(
    kind="deviation", resource="deviations", derived=("search", "compounds"),
    is_open=f"{{row}}.status <> '{Status.DRAFT}' and not {{row}}.is_confidential", open_to=Permission.READ_DEVIATIONS,
)  # fmt: skip
@tracked(exclude=("search", "compounds"))
class Deviation(Tracked):
    """One report in one of five categories.

    ``responsible`` is the receiving leader, ``handler`` whoever has the case in hand.
    ``discovered_at`` starts the clocks of the law, not the registration (GDPR art. 33).
    A truly anonymous report has no ``reporter``; ``follow_hash`` is the SHA-256 of the code
    that the reporter was shown once.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deviations", verbose_name=_("enhet"))
    number = models.CharField(_("nummer"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=30, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    submission_key = models.UUIDField(null=True, unique=True)

    # What is reported
    kind = models.CharField(
        _("hva slags melding"), max_length=30, choices=Kind.choices, default=Kind.DEVIATION
    )
    category = models.CharField(_("kategori"), max_length=30, choices=Category.choices, blank=True)
    type = models.ForeignKey(
        DeviationType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deviations",
        verbose_name=_("type"),
    )
    type_name = models.CharField(max_length=160, blank=True)
    type_version = models.PositiveIntegerField(null=True)
    title = models.CharField(_("tittel"), max_length=200, blank=True)
    description = models.TextField(_("hva skjedde?"), max_length=20_000)
    place = models.CharField(_("sted"), max_length=200, blank=True)
    danger = models.CharField(
        _("er noen skadet eller i fare?"), max_length=20, choices=Danger.choices, blank=True
    )
    immediate_action = models.TextField(_("hva ble gjort med en gang?"), max_length=4000, blank=True)
    discovered_at = models.DateTimeField(_("oppdaget"))
    reported_severity = models.PositiveSmallIntegerField(
        _("melders alvorlighet"), choices=Severity.choices, null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tjeneste")
    )

    # By whom
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="reported_deviations",
        verbose_name=_("melder"),
    )
    anonymity = models.CharField(
        _("anonymitet"), max_length=20, choices=Anonymity.choices, default=Anonymity.OPEN
    )
    follow_hash = models.CharField(max_length=64, blank=True)
    concerned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("den saken gjelder")
    )

    # In whose hands
    responsible = _person(_("mottaker"))
    handler = _person(_("behandler"))
    is_confidential = models.BooleanField(_("fortrolig"), default=False)
    due_on = models.DateField(_("frist"), null=True)
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("første svar til melder"), null=True)

    # The assessment
    severity = models.PositiveSmallIntegerField(
        _("alvorlighet"), choices=Severity.choices, null=True, blank=True
    )
    consequence_area = models.CharField(_("hva følgen gjelder"), max_length=60, blank=True)
    actual_consequence = _scale(_("faktisk følge"))
    potential_consequence = _scale(_("mulig følge"))
    probability = _scale(_("sannsynlighet"))
    causes = models.ManyToManyField(Cause, related_name="deviations", blank=True, verbose_name=_("årsaker"))
    cause_note = models.TextField(_("om årsaken"), max_length=4000, blank=True)
    whys = ArrayField(
        models.CharField(max_length=500), default=list, blank=True, verbose_name=_("fem ganger hvorfor")
    )

    # The end
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(_("hva ble endret?"), max_length=4000, blank=True)
    no_action_reason = models.TextField(_("hvorfor trengs ingen tiltak?"), max_length=2000, blank=True)
    effect = models.CharField(_("virket tiltakene?"), max_length=20, choices=Effect.choices, blank=True)
    effect_note = models.TextField(_("hvordan vet vi det?"), max_length=4000, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    transferred_to = models.CharField(_("overført til"), max_length=300, blank=True)
    identity_dropped_at = models.DateTimeField(_("navn og fritekst fjernet"), null=True)

    compounds = HiddenWords(of=("title", "type_name", "description", "place"))
    search = models.GeneratedField(
        expression=SearchVector(
            "title", "type_name", "description", "place", "number", "compounds", config="norwegian"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DeviationQuerySet.as_manager()

    class Meta:
        verbose_name = _("avvik")
        verbose_name_plural = _("avvik")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="deviation_changed"),
            # The ways into the list of the API, which is ordered by change.
            models.Index(fields=["unit", "-changed_at", "-id"], name="deviation_changed_in_unit"),
            models.Index(fields=["reporter", "-changed_at", "-id"], name="deviation_changed_reported"),
            models.Index(fields=["responsible", "-changed_at", "-id"], name="deviation_changed_received"),
            models.Index(fields=["handler", "-changed_at", "-id"], name="deviation_changed_handled"),
            models.Index(fields=["municipality", "-created_at", "-id"], name="deviation_latest"),
            # With what the figures of a unit count, so that they are read from the index alone.
            models.Index(fields=["unit", "-created_at", "-id"], name="deviation_of_unit", include=_COUNTED),
            models.Index(
                fields=["unit", "-created_at", "-id"],
                name="deviation_confidential",
                condition=Q(is_confidential=True),
            ),
            models.Index(
                fields=["municipality", "-created_at", "-id"],
                name="deviation_guarded_created",
                condition=Q(is_confidential=True),
                include=["unit", *_COUNTED[1:]],
            ),
            models.Index(
                fields=["municipality", "-changed_at", "-id"],
                name="deviation_guarded_changed",
                condition=Q(is_confidential=True),
            ),
            models.Index(fields=["reporter", "-created_at", "-id"], name="deviation_of_reporter"),
            models.Index(fields=["responsible", "-created_at", "-id"], name="deviation_latest_received"),
            models.Index(fields=["handler", "-created_at", "-id"], name="deviation_latest_handled"),
            models.Index(fields=["responsible", "status"], name="deviation_of_responsible"),
            models.Index(fields=["handler", "status"], name="deviation_of_handler"),
            models.Index(fields=["type", "-created_at", "-id"], name="deviation_of_type"),
            models.Index(
                fields=["municipality", "category", "-created_at", "-id"], name="deviation_of_category"
            ),
            models.Index(
                fields=["due_on", "id"],
                name="deviation_due",
                condition=Q(due_on__isnull=False, status__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["type", "identity_dropped_at", "status_since"],
                name="deviation_past_term",
                condition=Q(status__in=sorted(FINAL)),
            ),
            models.Index(
                fields=["unit", "due_on"],
                name="deviation_open_of_unit",
                condition=Q(status__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["unit", "-closed_at", "-id"],
                name="deviation_closed_of_unit",
                condition=Q(status=Status.CLOSED),
            ),
            models.Index(fields=["follow_hash"], name="deviation_by_code", condition=~Q(follow_hash="")),
            GinIndex(fields=["search"], name="deviation_search"),
            GinIndex(OpClass(F("description"), name="gin_trgm_ops"), name="deviation_trigram"),
        ]
        constraints = [
            constraints.known("deviation_status", "status", Status),
            constraints.known("deviation_kind", "kind", Kind),
            constraints.known("deviation_anonymity", "anonymity", Anonymity),
            constraints.unique(
                "deviation_number",
                "municipality",
                "number",
                condition=~Q(number=""),
                message=_("Nummeret er alt i bruk."),
            ),
            constraints.check(
                "deviation_numbered",
                (Q(status=Status.DRAFT) & Q(reported_at=None))
                | (Q(reported_at__isnull=False) & ~Q(number="")),
                _("Et innsendt avvik har nummer."),
            ),
            constraints.check(
                "deviation_closed",
                (Q(status=Status.CLOSED) & Q(closed_at__isnull=False))
                | (~Q(status=Status.CLOSED) & Q(closed_at=None)),
                _("Et lukket avvik har en dato for lukking."),
            ),
            constraints.check(
                "deviation_closing_note",
                ~Q(status=Status.CLOSED) | ~Q(closing_note=""),
                _("Et lukket avvik sier hva som ble endret."),
            ),
            constraints.check(
                "deviation_nameless",
                (Q(anonymity=Anonymity.ANONYMOUS) & Q(reporter=None)) | ~Q(anonymity=Anonymity.ANONYMOUS),
                _("En anonym melding har ingen melder."),
            ),
            constraints.check(
                "deviation_merged",
                (Q(status=Status.MERGED) & Q(merged_into__isnull=False) & ~Q(merged_into=F("id")))
                | (~Q(status=Status.MERGED) & Q(merged_into=None)),
                _("Et avvik slås sammen med et annet avvik."),
            ),
            constraints.check(
                "deviation_discovered",
                Q(reported_at=None) | Q(discovered_at__lte=F("reported_at")),
                _("Avviket kan ikke være oppdaget etter at det ble meldt."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_open_duty", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status__in=sorted(FINAL)), func=_NO_OPEN_DUTY,
            ),
            pgtrigger.Trigger(
                name="place_of_links", when=pgtrigger.After, operation=pgtrigger.UpdateOf("unit_id", "is_confidential"),
                condition=pgtrigger.AnyChange("unit", "is_confidential"), func=_PLACE_CHANGES,
            ),
            *COUNTING,
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("deviations:deviation_detail", args=[self.pk])

    @property
    def headline(self) -> str:
        """What the case is called where there is one line: its title, or what ``plain_name`` says."""
        return self.title or self.plain_name

    @property
    def plain_name(self) -> str:
        """What it is called without a word that anybody has written: its type, or its kind and where it was."""
        return self.type_name or _t("%(kind)s, %(unit)s") % {
            "kind": self.get_kind_display(),
            "unit": self.unit,
        }

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def is_handled(self) -> bool:
        return self.status in HANDLED

    @property
    def is_harmful(self) -> bool:
        """Whether severity, duties and evaluation apply: not to suggestions and to what went well."""
        return self.kind not in UNHURT

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity == Anonymity.ANONYMOUS

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "info")

    @property
    def judged_severity(self) -> int | None:
        """The handler's severity, or the reporter's until there is one."""
        return self.severity or self.reported_severity

    @property
    def severity_label(self) -> str:
        return str(Severity(self.judged_severity).label) if self.judged_severity else ""

    @property
    def severity_tone(self) -> str:
        return SEVERITY_TONES.get(self.judged_severity or 0, "neutral")

    @property
    def risk_score(self) -> int | None:
        """Potential consequence times probability, or ``None`` while one of them is missing."""
        if self.potential_consequence is None or self.probability is None:
            return None
        return self.potential_consequence * self.probability

    def can_be_reopened_by_reporter(self, now: datetime, days: int) -> bool:
        return self.closed_at is not None and now <= self.closed_at + timedelta(days=days)
