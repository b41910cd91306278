"""What must be true before a step: each says what is missing, in words that can be acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from core.formats import short_date
from governance.delegation import check_of
from governance.hearings.duties import awaited, must_answer, names_of, not_asked, occasions_of
from governance.intake import minimum_fields
from governance.mandates import mandate_today
from governance.models.delegation import Organ
from governance.models.mandate import Occasion
from governance.models.status import HEARABLE, WRITABLE, Status
from governance.paper_sections import must_be_written
from governance.requirements import unmet
from organization.actors import nearest_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor
    from governance.models import GovernanceRules, Hearing, Initiative
    from governance.paper_sections import SectionKind


def rules_of(initiative: Initiative) -> GovernanceRules:
    """Return the rules of the municipality that owns the initiative, with defaults where none are set."""
    from governance.models import GovernanceRules

    rules = getattr(initiative.municipality, "governance_rules", None)
    return rules or GovernanceRules(municipality=initiative.municipality)


def minimum_is_filled_in(initiative: Initiative, /) -> str | None:
    missing = minimum_fields(initiative)
    return _("Fyll ut: %(fields)s.") % {"fields": ", ".join(missing)} if missing else None


def preparation_is_sufficient(initiative: Initiative, /) -> str | None:
    missing = [str(requirement.label) for requirement, _reason in unmet(initiative, rules_of(initiative))]
    return _("Forarbeidet mangler: %(missing)s.") % {"missing": ", ".join(missing)} if missing else None


def sector_leader_is_known(initiative: Initiative, /) -> str | None:
    leaders = nearest_in_roles(
        [Role.SECTOR_LEADER], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )
    if leaders:
        return None
    return _("Ingen har rollen sektorleder over %(unit)s. En administrator må gi noen rollen.") % {
        "unit": initiative.unit
    }


def mandate_allows_lifting(initiative: Initiative, /) -> str | None:
    if mandate_today(initiative.municipality).may_lift_without_endorsement:
        return None
    return _("Mandatet tillater ikke å løfte saker som sektorleder ikke har tilrådd.")


def is_within_delegation(initiative: Initiative, /, *, day: date | None = None) -> str | None:
    """Everything that the matrix of ``day`` asks of what the secretariat decides (4.6)."""
    return _first_to_mend(initiative, Organ.SECRETARIAT, day or timezone.localdate())


def is_within_council_authority(initiative: Initiative, /, *, day: date | None = None) -> str | None:
    """Everything that the matrix of the day of the decision asks of what the council decides finally."""
    return _first_to_mend(initiative, Organ.COUNCIL, day or timezone.localdate(initiative.status_since))


def _first_to_mend(initiative: Initiative, organ: Organ, day: date) -> str | None:
    remedies = check_of(initiative, organ, day).remedies
    return " ".join(remedies) if remedies else None


def case_paper_is_written(initiative: Initiative, /) -> str | None:
    if getattr(initiative, "case_paper", None) is None:
        return _("Skriv saksframlegget først.")
    names = ", ".join(str(kind.label).lower() for kind in unwritten(initiative))
    return _("Saksframlegget mangler: %(sections)s.") % {"sections": names} if names else None


def unwritten(initiative: Initiative) -> list[SectionKind]:
    """Return the sections that must be written, and are not."""
    paper = getattr(initiative, "case_paper", None)
    texts = paper.texts if paper else ()
    return [kind for kind in must_be_written(rules_of(initiative)) if kind.key not in texts]


def case_paper_is_open(initiative: Initiative, /) -> str | None:
    """The case paper is written until the papers of the meeting that takes the case are out."""
    if initiative.status not in WRITABLE:
        return _("Saksframlegget kan ikke endres nå. Saken står som «%(state)s».") % {
            "state": initiative.get_status_display()
        }
    sent = initiative.agenda_items.filter(removed_at=None, decision=None, meeting__summoned_at__isnull=False)
    if initiative.status == Status.ON_AGENDA and sent.exists():
        return _("Papirene er sendt til rådet. Ta saken av sakslista hvis saksframlegget må endres.")
    return None


def cost_shares_are_open(initiative: Initiative, /) -> str | None:
    """Who pays what is settled in the preparation, until the papers of the meeting are out."""
    if initiative.status in HEARABLE or case_paper_is_open(initiative) is None:
        return None
    return _("Fordelingen kan ikke endres nå. Rådet har fått papirene, eller saken er avgjort.")


def meeting_has_not_begun(initiative: Initiative, /) -> str | None:
    """A case leaves the agenda until the meeting is opened; after that the council decides."""
    items = initiative.agenda_items.filter(removed_at=None, decision=None, meeting__opened_at__isnull=False)
    if not items.exists():
        return None
    return _("Møtet er begynt. Nå avgjør rådet saken, for eksempel ved å utsette den.")


def hearing_is_open(initiative: Initiative, /) -> str | None:
    """People are asked, and answer, until the case is ready for the council."""
    if initiative.status in HEARABLE:
        return None
    return _("Høringen er avsluttet. Saken står som «%(state)s».") % {
        "state": initiative.get_status_display()
    }


def answer_is_own(hearing: Hearing, by: Actor) -> str | None:
    """Who has answered may change it; nobody else may, though asked or in the same role."""
    if hearing.answered_by_id in {None, by.person_id}:
        return None
    return _("%(name)s har alt svart. Be %(name)s endre svaret, eller ta kontakt med sekretariatet.") % {
        "name": hearing.answered_by
    }


def stand_in_may_be_named(hearing: Hearing, by: Actor) -> str | None:
    """Somebody can take the place of who is asked until there is an answer; in a shielded case the secretariat says who."""
    if hearing.is_answered:
        return _has_answered(hearing)
    if hearing.initiative.is_shielded and by.person_id == hearing.person_id:
        return _("Saken er skjermet. Be sekretariatet om å navngi en stedfortreder.")
    if hearing.noted_at is not None or hearing not in awaited(hearing.initiative):
        return _("Ingen venter på dette svaret nå. Spør på nytt med en ny frist først.")
    return None


def stand_in_may_be_taken_back(hearing: Hearing) -> str | None:
    if hearing.is_answered:
        return _has_answered(hearing)
    return None if hearing.stand_in_id else _("Høringen har ingen stedfortreder. Last siden på nytt.")


def _has_answered(hearing: Hearing) -> str:
    return _("%(name)s har svart. Last siden på nytt.") % {"name": hearing.answered_by}


def hearings_are_answered(initiative: Initiative, /) -> str | None:
    """Everybody heard has answered, or the deadline is noted as passed where the mandate is content with that."""
    waiting, today = awaited(initiative), timezone.localdate()
    in_time = [row for row in waiting if not row.is_overdue(today)]
    late = [row for row in waiting if row.is_overdue(today)]
    owed = [row for row in late if must_answer(row)]
    unnoted = [row for row in late if row not in owed and not row.note_words]
    reasons = []
    if in_time:
        text = _("Høringen er ikke ferdig: %(roles)s har frist %(date)s.")
        latest = max(row.due_on for row in in_time)
        reasons.append(text % {"roles": names_of(initiative, in_time), "date": short_date(latest)})
    if unnoted:
        text = _(
            "Fristen er ute for %(roles)s. Noter det på siden for høring, eller spør på nytt med ny frist."
        )
        reasons.append(text % {"roles": names_of(initiative, unnoted)})
    if owed:
        reasons.append(_answer_is_required(names_of(initiative, owed)))
    return " ".join(reasons) or None


def deadline_may_be_noted(hearing: Hearing, day: date) -> str | None:
    """That nobody answered is noted after the deadline, where the mandate does not require an answer."""
    if hearing.is_answered:
        return _has_answered(hearing)
    if hearing.note_words:
        return hearing.note_words
    who = names_of(hearing.initiative, [hearing])
    if not hearing.is_overdue(day):
        due = short_date(hearing.due_on)
        return _("%(role)s kan svare til og med %(date)s. Noter dagen etter.") % {
            "role": capfirst(who),
            "date": due,
        }
    if must_answer(hearing):
        return _answer_is_required(who)
    return None


def notable(initiative: Initiative) -> set[int]:
    """Return the hearings whose deadline can be noted as passed today."""
    if hearing_is_open(initiative):
        return set()
    today = timezone.localdate()
    return {row.pk for row in awaited(initiative) if deadline_may_be_noted(row, today) is None}


def _answer_is_required(who: str) -> str:
    text = _(
        "Mandatet krever svar fra %(roles)s, og fristen er ute. Ta kontakt, eller spør på nytt med ny frist."
    )
    return text % {"roles": who}


def fixed_roles_are_heard(initiative: Initiative, /) -> str | None:
    """Those whom the mandate wants heard on every case are asked."""
    text = _("Mandatet sier at noen skal høres i alle saker. Send på høring til: %(roles)s.")
    return _unless_asked(initiative, Occasion.ALWAYS, text)


def staff_are_heard(initiative: Initiative, /) -> str | None:
    """Where employees are affected, their representatives are asked (hovedavtalen, aml. kap. 4)."""
    text = _("Tiltaket påvirker ansatte. Send på høring til: %(roles)s.")
    return _unless_asked(initiative, Occasion.STAFF, text)


def privacy_is_heard(initiative: Initiative, /) -> str | None:
    """Where personal data are processed the privacy officer is asked (personvernforordningen art. 38 nr. 1)."""
    text = _("Tiltaket behandler personopplysninger. Send på høring til: %(roles)s.")
    return _unless_asked(initiative, Occasion.PERSONAL_DATA, text)


def finance_is_heard(initiative: Initiative, /) -> str | None:
    """Where budget is needed the chief of finance is asked, of each municipality that takes part."""
    return _unless_asked(
        initiative, Occasion.BUDGET, _("Saken trenger budsjett. Send på høring til: %(roles)s.")
    )


def _unless_asked(initiative: Initiative, occasion: Occasion, text: str) -> str | None:
    if occasion not in occasions_of(initiative):
        return None
    missing = not_asked(initiative, occasion)
    return text % {"roles": get_text_list(missing, _("og"))} if missing else None


def case_handler_is_named(initiative: Initiative, /) -> str | None:
    return None if initiative.case_handler_id else _("Velg en saksbehandler først.")


def every_municipality_has_decided(initiative: Initiative, /) -> str | None:
    rows = list(initiative.municipal_decisions.all())
    waiting = [str(row.municipality) for row in rows if row.is_pending]
    if waiting:
        return _("Disse har ikke avgjort ennå: %(names)s.") % {"names": ", ".join(waiting)}
    if not any(row.verdict == row.Verdict.APPROVED for row in rows):
        return _("Ingen kommune har vedtatt tiltaket.")
    return None


def every_municipality_has_refused(initiative: Initiative, /) -> str | None:
    rows = list(initiative.municipal_decisions.all())
    if rows and all(row.verdict == row.Verdict.REFUSED for row in rows):
        return None
    return _("Minst én kommune har ikke avslått.")


def review_date_is_reached(initiative: Initiative, /) -> str | None:
    if initiative.review_on is None or initiative.review_on <= timezone.localdate():
        return None
    return _("Saken skal vurderes på nytt %(date)s.") % {"date": short_date(initiative.review_on)}


def has_service_owner_and_benefits(initiative: Initiative, /) -> str | None:
    """Before the portfolio: benefit overview and service owner are in place (4.3)."""
    if initiative.service_owner_id is None:
        return _("Tiltaket har ingen tjenesteeier. Navngi en først.")
    wanted = [(r, reason) for r, reason in unmet(initiative, None) if r.key == "overview_of_benefits"]
    return wanted[0][1] if wanted else None
