"""How an initiative is shown: where it is on its way, who has it, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import short_date
from core.presentation import Action, actions_of
from governance import policies
from governance.models.status import (
    EDITABLE_BY_SUBMITTER,
    FINAL,
    HEARABLE,
    SCORABLE,
    STAGES,
    WRITABLE,
    Status,
    stage_of,
)
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.presentation import Actions
    from governance.models import Initiative
    from organization.actors import PersonActor

S = Status
SECRETARIAT = gettext_lazy("Sekretariatet")

# The bodies that have an initiative; where a person has it, the name is read from the record.
_BODIES: dict[str, StrOrPromise] = {
    S.SUBMITTED: SECRETARIAT, S.RECEIVED: SECRETARIAT, S.READY_FOR_COUNCIL: SECRETARIAT, S.POSTPONED: SECRETARIAT,
    S.SENT_BACK: SECRETARIAT, S.ON_HOLD: SECRETARIAT, S.UNDER_PREPARATION: SECRETARIAT,
    S.AWAITING_ENDORSEMENT: gettext_lazy("Sektorleder"),
    S.FAST_TRACK: gettext_lazy("Sekretariatets leder"), S.ON_AGENDA: gettext_lazy("Digitaliseringsrådet"),
    S.PRIORITIZED: gettext_lazy("Kommunedirektøren"), S.RECOMMENDED: gettext_lazy("Kommunedirektøren"),
    S.ADOPTED: gettext_lazy("Porteføljeforvalter"), S.IN_PORTFOLIO: gettext_lazy("Prosjekteier"),
    S.PAUSED: gettext_lazy("Prosjekteier"), S.REALIZING: gettext_lazy("Tjenesteeier"),
}  # fmt: skip
_PEOPLE: dict[str, str] = {
    S.DRAFT: "submitter", S.RETURNED: "submitter", S.NOT_ENDORSED: "submitter", S.UNDER_PREPARATION: "case_handler",
    S.REALIZING: "service_owner",
}  # fmt: skip
# What a list needs to say who has it, loaded with the row.
HOLDERS = ("submitter", "case_handler", "service_owner")


def who_has_it(initiative: Initiative) -> str:
    """Return who must take the next step: a name, else a body; nothing when the case has ended."""
    column = _PEOPLE.get(initiative.status)
    person = getattr(initiative, column) if column else None
    return str(person or _BODIES.get(initiative.status, ""))


def steps_of(initiative: Initiative, before: str = "") -> list[dict[str, Any]]:
    """Return the stages of an initiative for the stepper.

    :param before: the status it had before it ended, which tells how far it came.
    """
    stage = stage_of(initiative.status)
    has_ended = stage == "ended" or initiative.status == S.STOPPED
    reached = stage_of(before) if has_ended and before else stage
    keys = [key for key, _label, _states in STAGES]
    at = keys.index(reached) if reached in keys else 0
    steps: list[dict[str, Any]] = []
    for index, (_key, label, _states) in enumerate(STAGES):
        state = "done" if index < at else "todo"
        if index == at:
            state = "stopped" if has_ended else _current(initiative)
        steps.append({"label": label, "state": state, "note": _note(initiative) if index == at else ""})
    return steps


def _current(initiative: Initiative) -> str:
    return "done" if initiative.status == S.CLOSED else "current"


def _note(initiative: Initiative) -> str:
    if initiative.due_on:
        return _("Frist %(date)s") % {"date": short_date(initiative.due_on)}
    if initiative.status in FINAL:
        return str(initiative.get_status_display())
    return ""


def shown_title(initiative: Any) -> str:
    """Return the title for who looks at it: the public one for those without access to what is shielded."""
    reads = bool(getattr(initiative, "reads_papers", False) and getattr(initiative, "reads_shielded", False))
    return str(initiative.title if reads else initiative.card_title)


# --- Buttons -----------------------------------------------------------------------------------
def actions_for(initiative: Initiative, actor: PersonActor, *, query: str = "") -> Actions:
    """Return the buttons of one initiative.

    :param query: added to each address, such as ``?fra=mottak``.
    """

    def url(name: str) -> str:
        return reverse("governance:initiative_transition", args=[initiative.pk, name]) + query

    # A case that is sent in is sent in from its form, where what is missing can be put right.
    leave_out = {"submit", "resubmit"} if initiative.status in EDITABLE_BY_SUBMITTER else set()
    return actions_of(initiative_workflow.offers(initiative, actor), url, leave_out=leave_out)


def own_links(initiative: Initiative, actor: PersonActor) -> Iterator[Action]:
    """Yield what else this person can do with the case, apart from moving it on."""
    status = initiative.status
    if status in EDITABLE_BY_SUBMITTER and policies.may_edit(actor, initiative):
        yield _link(
            "governance:intake_hub", initiative, gettext_lazy("Fyll ut det som mangler"), tone="primary"
        )
    if policies.may_prepare(actor, initiative):
        if status in WRITABLE - {S.ON_AGENDA}:
            yield _link(
                "governance:initiative_case_paper_edit", initiative, gettext_lazy("Skriv saksframlegg")
            )
        if status in HEARABLE:
            yield _link("governance:initiative_hearings_ask", initiative, gettext_lazy("Send på høring"))
        if getattr(initiative, "participant_names", None) and status in HEARABLE | WRITABLE - {S.ON_AGENDA}:
            yield _link("governance:initiative_cost_shares", initiative, gettext_lazy("Fordel kostnaden"))
    if status in SCORABLE and policies.may_triage(actor, initiative):
        yield _link("governance:scoring_page", initiative, gettext_lazy("Gi prioriteringspoeng"))
        yield _link(
            "governance:initiative_principle", initiative, gettext_lazy("Vurder om den er prinsipiell")
        )
    if policies.may_set_archive_reference(actor, initiative):
        yield _link(
            "governance:initiative_archive_reference", initiative, gettext_lazy("Før saksnummer i arkivet")
        )


def _link(name: str, initiative: Initiative, label: StrOrPromise, tone: str = "neutral") -> Action:
    return Action(name=name, label=label, url=reverse(name, args=[initiative.pk]), tone=tone)


# --- What happens next, on the page of each transition -------------------------------------------
_NEXT: dict[str, StrOrPromise] = {
    "pass_to_endorsement": gettext_lazy("Sektorlederen får beskjed og en frist for å gi tilråding."),
    "submit": gettext_lazy("Saken får nummer og går til sektorlederen, som gir sin tilråding."),
    "resubmit": gettext_lazy("Saken går til sektorlederen på nytt. Det du skriver her, følger med."),
    "endorse": gettext_lazy("Saken går videre til sekretariatet. Innmelderen får beskjed."),
    "decline_endorsement": gettext_lazy(
        "Innmelderen får begrunnelsen og kan arbeide videre med saken eller trekke den."
    ),
    "return_from_endorsement": gettext_lazy(
        "Innmelderen får lista som en huskeliste, og en frist for å sende inn på nytt."
    ),
    "lift": gettext_lazy(
        "Saken går inn i mottaket selv om sektorlederen ikke har tilrådd den. Innmelderen får beskjed."
    ),
    "rework": gettext_lazy(
        "Saken blir en kladd igjen. Bare du og medforfatterne ser den til du sender den inn på nytt."
    ),
    "return_for_completion": gettext_lazy(
        "Innmelderen får lista som en huskeliste, og en frist for å sende inn på nytt."
    ),
    "start_preparation": gettext_lazy(
        "Saksbehandleren får saken på lista si. Påvirker tiltaket ansatte, blir tillitsvalgt og verneombud spurt. "
        "Behandles personopplysninger, blir personvernombudet spurt. Trengs det budsjett, blir økonomisjefen spurt."
    ),
    "send_to_fast_track": gettext_lazy("Sekretariatets leder avgjør saken på fullmakt."),
    "approve_fast_track": gettext_lazy(
        "Tiltaket er vedtatt. Beløpet trekkes fra sekretariatets årsramme, og papirene blir åpne."
    ),
    "reject_fast_track": gettext_lazy("Saken avsluttes. Innmelderen får begrunnelsen."),
    "mark_ready": gettext_lazy(
        "Saken kan settes på sakslista til et møte. Du kan fortsatt rette i saksframlegget."
    ),
    "put_on_agenda": gettext_lazy("Saken står sist på sakslista til møtet. Den kan tas av igjen."),
    "take_off_agenda": gettext_lazy("Saken blir igjen klar for rådet, og kan settes på et annet møte."),
    "resume_preparation": gettext_lazy("Saksbehandleren får saken på lista si."),
    "reject_from_hold": gettext_lazy("Saken avsluttes. Innmelderen får begrunnelsen."),
    "refer": gettext_lazy("Saken avsluttes her. Innmelderen får meldingen din og vet hvor saken skal."),
    "merge": gettext_lazy(
        "Saken avsluttes og lenkes til tiltaket som består. Innmelderen får meldingen din."
    ),
    "withdraw": gettext_lazy(
        "Saken avsluttes og kan ikke åpnes igjen. Den blir stående i lista som trukket."
    ),
    "withdraw_from_agenda": gettext_lazy("Saken tas av sakslista og avsluttes. Den kan ikke åpnes igjen."),
    "return_to_preparation": gettext_lazy(
        "Avgjørelser som ikke er tatt, faller bort. Sekretariatet utreder saken på nytt."
    ),
}


def what_happens(name: str) -> StrOrPromise:
    """Return what follows from a transition, in a sentence or two."""
    return _NEXT.get(name, "")


def is_late(initiative: Initiative, today: date) -> bool:
    return initiative.due_on is not None and initiative.due_on < today
