"""The mandate of a digitalisation council: what it settles, in versions with dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality, held_on
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from typing import Self

    from django.utils.functional import _StrOrPromise as StrOrPromise


def default_submitting_roles() -> list[str]:
    return [Role.EMPLOYEE, Role.LEADER, Role.SECTOR_LEADER, Role.SERVICE_OWNER]


# Who can be heard on a measure (domain/governance 4.3), in the order of the forms.
HEARD = (
    Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT, Role.CHIEF_OF_FINANCE, Role.PRIVACY_OFFICER, Role.ARCHIVIST, Role.HR,
    Role.TILLITSVALGT, Role.VERNEOMBUD,
)  # fmt: skip


class Occasion(models.TextChoices):
    """What about a case makes the mandate ask for hearings."""

    ALWAYS = "always", _("i alle saker")
    STAFF = "staff", _("når ansatte berøres")
    PERSONAL_DATA = "personal_data", _("når det behandles personopplysninger")
    BUDGET = "budget", _("når saken trenger budsjett")


_HEARD_COLUMNS = (*(f"heard_{one}" for one in Occasion), "answer_required")


def heard_where_staff_are_affected() -> list[str]:
    return [Role.TILLITSVALGT, Role.VERNEOMBUD]


def heard_on_personal_data() -> list[str]:
    return [Role.PRIVACY_OFFICER]


def heard_on_budget() -> list[str]:
    return [Role.CHIEF_OF_FINANCE]


# Who is heard whatever the mandate says.  Staff: hovedavtalen and arbeidsmiljøloven ch. 4; personal data:
# personvernforordningen art. 38 no. 1.  A mandate adds to them, sets the deadline, and says whose answer is waited for.
BY_LAW: dict[Occasion, tuple[list[str], StrOrPromise]] = {
    Occasion.STAFF: (heard_where_staff_are_affected(), _("hovedavtalen og arbeidsmiljøloven kapittel 4")),
    Occasion.PERSONAL_DATA: (heard_on_personal_data(), _("personvernforordningen artikkel 38")),
}


def lacking_by_law(occasion: Occasion, roles: Iterable[str]) -> list[str]:
    """Return whom the law wants heard on an occasion, and ``roles`` leave out."""
    by_law, _source = BY_LAW.get(occasion, ([], ""))
    named = set(roles)
    return [role for role in by_law if role not in named]


def _heard_roles(label: StrOrPromise, default: Callable[[], list[str]] = list) -> ArrayField:
    roles = models.CharField(max_length=30, choices=[(role.value, role.label) for role in HEARD])
    return ArrayField(roles, default=default, blank=True, verbose_name=label)


class MandateQuerySet(InMunicipality):
    def in_force(self, municipality_id: int | OuterRef, day: date | OuterRef) -> Self:
        return self.filter(held_on(day), municipality_id=municipality_id).order_by("-valid_from")

    def unconfirmed(self) -> Self:
        """Keep those that an upgrade carried over, and that no adopted version takes over from."""
        return self.filter(is_carried_over=True, valid_to=None)


QUORUMS: dict[tuple[int, int], StrOrPromise] = {
    (1, 2): _("Minst halvparten"),
    (2, 3): _("Minst to tredeler"),
    (3, 4): _("Minst tre firedeler"),
    (1, 1): _("Alle"),
}
"""How many must be there, as people say it, by numerator and denominator."""


class Majority(models.TextChoices):
    VOTES = "votes", _("Flertall av stemmene, uten de blanke")
    PRESENT = "present", _("Flertall av dem som er til stede i saken")


class DoubtRule(models.TextChoices):
    ALL = "all", _("Alle til stede avgjør, også de det gjelder")
    WAIT = "wait", _("Spørsmålet venter til vara er kalt inn")


class ImpartialityLaw(models.TextChoices):
    FVL_1967 = "fvl_1967", _("Forvaltningsloven 1967 §§ 6–10")
    FVL_2025 = "fvl_2025", _("Forvaltningsloven 2025 kapittel 4")


@tracked()
class CouncilMandate(Tracked):
    """The mandate of a digitalisation council, a version with dates.

    A council is administrative: quorum and voting follow its own mandate (domain/governance 4.2).
    The defaults take the pattern of kommuneloven 2018 ch. 11 (half present, the leader's casting
    vote) and of forvaltningsloven 1967 § 8 (who decides on impartiality).
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="mandates")
    version = models.CharField(_("versjon"), max_length=20)
    adopted_by = models.CharField(_("vedtatt av"), max_length=200, blank=True)
    valid_from = models.DateField(_("gjelder fra"))
    valid_to = models.DateField(_("slutter"), null=True, blank=True)
    # Made by an upgrade from what the municipality had set; nobody has adopted it.
    is_carried_over = models.BooleanField(_("videreført ved oppgradering"), default=False, editable=False)
    # --- the meeting
    quorum_numerator = models.PositiveSmallIntegerField(_("minst til stede, teller"), default=1)
    quorum_denominator = models.PositiveSmallIntegerField(_("minst til stede, nevner"), default=2)
    majority = models.CharField(
        _("flertall"), max_length=10, choices=Majority.choices, default=Majority.VOTES
    )
    must_vote = models.BooleanField(_("de som er til stede, må stemme"), default=True)
    allows_blank = models.BooleanField(_("det er lov å stemme blankt"), default=True)
    has_casting_vote = models.BooleanField(_("møteleder har dobbeltstemme ved stemmelikhet"), default=True)
    # --- impartiality
    law = models.CharField(
        _("regler om habilitet"),
        max_length=10,
        choices=ImpartialityLaw.choices,
        default=ImpartialityLaw.FVL_1967,
    )
    doubt_rule = models.CharField(
        _("når så mange er i tvil at resten ikke er vedtaksført"),
        max_length=10,
        choices=DoubtRule.choices,
        default=DoubtRule.ALL,
    )
    # --- who comes to the council, and when
    submitting_roles = ArrayField(
        models.CharField(max_length=30, choices=Role.choices),
        default=default_submitting_roles,
        verbose_name=_("hvem som kan melde inn tiltak"),
    )
    may_lift_without_endorsement = models.BooleanField(
        _("sekretariatet kan løfte saker uten tilråding"), default=True
    )
    endorsement_days = models.PositiveSmallIntegerField(_("frist for tilråding"), default=10)
    # --- who is heard, and until when
    hearing_days = models.PositiveSmallIntegerField(_("frist for høring"), default=10)
    heard_always = _heard_roles(_("høres i alle saker"))
    heard_staff = _heard_roles(_("høres når ansatte berøres"), heard_where_staff_are_affected)
    heard_personal_data = _heard_roles(
        _("høres når det behandles personopplysninger"), heard_on_personal_data
    )
    heard_budget = _heard_roles(_("høres når saken trenger budsjett"), heard_on_budget)
    answer_required = _heard_roles(_("må svare når de høres"))
    # --- the papers of a meeting
    papers_days = models.PositiveSmallIntegerField(_("papirene sendes ut så lenge før møtet"), default=5)
    # --- the council itself
    covered_fields = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("fagfelt som skal ha et medlem")
    )  # fmt: skip
    term_notice_days = models.PositiveSmallIntegerField(_("varsel før en periode går ut"), default=60)
    cases_per_position = models.PositiveSmallIntegerField(_("saker en hel stilling kan utrede"), default=20)

    # --- what is counted against a delegation (the rows of the matrix are ``Delegation``)
    counted_years = models.PositiveSmallIntegerField(
        _("år med drift som regnes med"), default=4, db_default=4
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat")
        verbose_name_plural = _("mandater")
        constraints = [
            constraints.unique(
                "mandate_version", "municipality", "version", message=_("Versjonen finnes alt.")
            ),
            constraints.ordered(
                "mandate_period", "valid_from", "valid_to", _("Mandatet slutter før det begynner.")
            ),
            constraints.check(
                "mandate_quorum",
                Q(quorum_denominator__gt=0, quorum_numerator__lte=F("quorum_denominator")),
                _("Kravet til frammøte må være en brøk mellom 0 og 1."),
            ),
            constraints.known("mandate_majority", "majority", Majority),
            constraints.known("mandate_doubt_rule", "doubt_rule", DoubtRule),
            constraints.known("mandate_law", "law", ImpartialityLaw),
            constraints.check(
                "mandate_heard_roles",
                Q(**{f"{column}__contained_by": [role.value for role in HEARD] for column in _HEARD_COLUMNS}),
                _("En av rollene kan ikke høres i saker til rådet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.version}"

    # --- Quorum -----------------------------------------------------------------------------------
    def is_quorate(self, *, present: int, seats: int) -> bool:
        """Tell whether ``present`` of ``seats`` members are enough to decide."""
        return (
            seats > 0 and present > 0 and present * self.quorum_denominator >= seats * self.quorum_numerator
        )

    @property
    def quorum_words(self) -> str:
        """Return the quorum as people say it."""
        fraction = (self.quorum_numerator, self.quorum_denominator)
        return str(
            QUORUMS.get(fraction)
            or gettext("Minst %(part)d av %(whole)d") % {"part": fraction[0], "whole": fraction[1]}
        )

    def needed(self, seats: int) -> int:
        """Return how many must be present."""
        return max(1, -(-seats * self.quorum_numerator // self.quorum_denominator))

    # --- Hearings ---------------------------------------------------------------------------------
    def named_on(self, occasion: Occasion) -> list[str]:
        """Return the roles that the mandate itself names for an occasion."""
        roles: list[str] = getattr(self, f"heard_{occasion.value}")
        return roles

    def heard_on(self, occasion: Occasion) -> list[str]:
        """Return the roles that shall be heard on an occasion: those the mandate names, and those of the law."""
        named = self.named_on(occasion)
        return [*named, *lacking_by_law(occasion, named)]

    # --- Votes ------------------------------------------------------------------------------------
    def is_tie(self, *, ayes: int, noes: int) -> bool:
        """Tell whether votes are equal, which is what a casting vote is for."""
        return ayes > 0 and ayes == noes

    def is_majority(self, *, ayes: int, noes: int, present: int) -> bool:
        """Tell whether ``ayes`` carry a proposal without any casting vote."""
        if self.majority == Majority.PRESENT:
            return ayes * 2 > present
        return ayes > noes

    @property
    def all_decide_on_doubt(self) -> bool:
        """Whether everybody decides on impartiality where those not in doubt are below the quorum."""
        return self.doubt_rule == DoubtRule.ALL
