"""How mandates are shown: what each version says in words, and what it changes from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.formats import in_sentence
from core.formats import kroner as kr
from governance.models.mandate import BY_LAW, Occasion, lacking_by_law
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from governance.models import CouncilMandate, Delegation
    from organization.models import Unit

    Terms = dict[str, str]


def terms_of(mandate: CouncilMandate) -> Terms:
    """Return what a mandate says, label by label, as people say it."""
    yes, no = _("Ja"), _("Nei")
    return {
        _("Krav til frammøte"): mandate.quorum_words,
        _("Flertall"): str(mandate.get_majority_display()),
        _("Må stemme"): yes if mandate.must_vote else _("Nei, den som er til stede, kan la være"),
        _("Blankt"): yes if mandate.allows_blank else no,
        _("Stemmelikhet"): _("Møteleder har dobbeltstemme") if mandate.has_casting_vote else _("Forslaget faller"),
        _("Habilitet"): str(mandate.get_law_display()),
        _("For mange i tvil"): str(mandate.get_doubt_rule_display()),
        _("Papirer ut"): _("%(days)s virkedager før møtet") % {"days": mandate.papers_days},
        _("Melder inn"): _roles(mandate.submitting_roles),
        _("Uten tilråding"): _("Sekretariatet kan løfte saken") if mandate.may_lift_without_endorsement else _("Saken kan ikke løftes"),
        _("Frist for tilråding"): _working_days(mandate.endorsement_days),
        _("Frist for høring"): _working_days(mandate.hearing_days),
        **{_("Høres %(occasion)s") % {"occasion": one.label}: _heard_words(mandate, one) for one in Occasion},
        _("Må svare når de høres"): _roles(mandate.answer_required) or _("Ingen, det er nok å notere at fristen gikk ut"),
        _("Fagfelt med medlem"): ", ".join(mandate.covered_fields) or _("Ikke bestemt"),
        _("Varsel om periode"): _("%(days)s dager før den går ut") % {"days": mandate.term_notice_days},
        _("Saker per stilling"): str(mandate.cases_per_position),
        _("Drift som regnes med"): _("%(years)s år") % {"years": mandate.counted_years},
    }  # fmt: skip


def _heard_words(mandate: CouncilMandate, occasion: Occasion) -> str:
    """Return who is heard on an occasion, saying who is so by law alone."""
    heard = _roles(mandate.heard_on(occasion)) or _("Ingen")
    lacking = lacking_by_law(occasion, mandate.named_on(occasion))
    if not lacking:
        return heard
    words = {
        "heard": heard,
        "roles": get_text_list([in_sentence(Role(one).label) for one in lacking], _("og")),
        "law": BY_LAW[occasion][1],
    }
    return _("%(heard)s. Mandatet nevner ikke %(roles)s, som høres etter %(law)s") % words


def _working_days(days: int) -> str:
    return _("%(days)s virkedager") % {"days": days}


def _roles(roles: Iterable[str]) -> str:
    return get_text_list([str(Role(role).label) for role in roles], _("og"))


def matrix_of(mandate: CouncilMandate) -> Terms:
    """Return what each organ may decide by itself, as people say it."""
    return {_("Fullmakt: %(organ)s") % {"organ": row}: _given_words(row) for row in mandate.delegations.all()}


def _given_words(row: Delegation) -> str:
    amounts = [
        (_("inntil %(amount)s per tiltak"), row.amount), (_("%(amount)s i året"), row.yearly_frame),
        (_("ny fast drift inntil %(amount)s i året"), row.operation_limit),
    ]  # fmt: skip
    words = [text % {"amount": kr(amount)} for text, amount in amounts if amount is not None]
    words.append(_("også prinsipielle saker") if row.decides_principle else _("ikke prinsipielle saker"))
    words.append(_("kategorier: %(names)s") % {"names": row.categories_words.lower()})
    if row.conditions:
        words.append(_("vilkår: %(text)s") % {"text": row.conditions})
    return "; ".join(words)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a mandate, with ``changes`` (label, before, now) from the one it took over from."""

    mandate: CouncilMandate
    changes: list[tuple[str, str, str]]
    is_first: bool
    state: str

    @property
    def terms(self) -> Terms:
        return terms_of(self.mandate)

    @property
    def matrix(self) -> list[Delegation]:
        return list(self.mandate.delegations.all())

    @property
    def is_in_force(self) -> bool:
        return self.state == "in_force"

    @property
    def is_coming(self) -> bool:
        return self.state == "coming"

    @property
    def is_unconfirmed(self) -> bool:
        """Tell whether an upgrade made it, and no adopted version takes over."""
        return self.mandate.is_carried_over and self.mandate.valid_to is None


@dataclass(frozen=True, slots=True)
class Council:
    """The mandates of one council: the one in force, those that come, and those before."""

    municipality: Unit
    in_force: Version | None
    coming: list[Version]
    earlier: list[Version]


def councils_of(mandates: Iterable[CouncilMandate], today: date) -> list[Council]:
    """Return the mandates by council; ``mandates`` come by municipality, the latest first."""
    councils = []
    for municipality, rows in groupby(mandates, key=lambda mandate: mandate.municipality):
        versions = _versions(list(rows), today)
        councils.append(
            Council(
                municipality,
                next((one for one in versions if one.is_in_force), None),
                [one for one in versions if one.is_coming],
                [one for one in versions if one.state == "earlier"],
            )
        )
    return councils


def _versions(rows: list[CouncilMandate], today: date) -> list[Version]:
    before = [*rows[1:], None]
    return [
        Version(row, _changes(row, older), older is None, _state(row, today))
        for row, older in zip(rows, before, strict=True)
    ]


def _changes(mandate: CouncilMandate, older: CouncilMandate | None) -> list[tuple[str, str, str]]:
    if older is None:
        return []
    then, now = (terms_of(one) | matrix_of(one) for one in (older, mandate))
    none = _("Ingen")
    return [
        (label, then.get(label, none), now.get(label, none))
        for label in now | then
        if then.get(label) != now.get(label)
    ]


def _state(mandate: CouncilMandate, today: date) -> str:
    if mandate.valid_from > today:
        return "coming"
    return "in_force" if mandate.valid_to is None or mandate.valid_to > today else "earlier"
