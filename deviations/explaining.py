"""What follows from each step of a case or of a corrective action, and what whoever reported is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.models import Deviation

_FOLLOWS: dict[str, StrOrPromise] = {
    "submit": gettext_lazy("Meldingen får nummer og går til lederen som skal ta imot den."),
    "receive": gettext_lazy("Du bekrefter at saken er din å følge opp. Fristen for behandling begynner å løpe."),
    "start": gettext_lazy("Behandleren får saken i oppgavelista si, med fristen du setter."),
    "ask_reporter": gettext_lazy(
        "Saken venter på svar. Du kan fortsette uten svar når du vil, og du får beskjed når svaret kommer."
    ),
    "answer": gettext_lazy("Behandleren får svaret ditt, og arbeidet med saken fortsetter."),
    "take_back": gettext_lazy("Saken går tilbake til behandling uten at melder har svart."),
    "start_actions": gettext_lazy("De ansvarlige gjør tiltakene. Saken følges opp når de er meldt som utført."),
    "evaluate": gettext_lazy("Tiltakene er gjort. Nå vurderer du om de virker, før saken lukkes. Du får 30 dager."),
    "resume": gettext_lazy("Saken går tilbake til behandling. Tiltakene blir stående."),
    "act_more": gettext_lazy("Saken går tilbake til tiltak. Legg til det som trengs, under fanen Tiltak."),
    "close_without_action": gettext_lazy("Saken lukkes uten tiltak. Melder kan åpne den igjen i en periode etterpå."),
    "close_after_immediate_action": gettext_lazy("Saken lukkes. Melder kan åpne den igjen i en periode etterpå."),
    "close_with_effect": gettext_lazy(
        "Saken lukkes med vurderingen din av effekten. Andre kan finne igjen tiltak som virket."
    ),
    "reopen_as_reporter": gettext_lazy("Saken åpnes igjen hos behandleren, som leser begrunnelsen din."),
    "reopen": gettext_lazy("Saken går tilbake til behandling med ny frist."),
    "appeal": gettext_lazy("Saken går til lederen over den som avviste den. Lederen leser begrunnelsen din."),
    "dismiss": gettext_lazy("Saken avsluttes. Melder kan klage til lederen over deg, og du kan åpne den igjen."),
    "transfer": gettext_lazy("Saken avsluttes her og følges opp et annet sted. Den kan ikke åpnes igjen."),
    "merge": gettext_lazy(
        "Saken avsluttes og lenkes til den andre. Det kan ikke gjøres om. Melder følger den andre saken videre."
    ),
    # Corrective actions
    "accept": gettext_lazy("Du tar på deg tiltaket. Den som foreslo det, får beskjed."),
    "begin": gettext_lazy("Tiltaket står som i gang."),
    "finish": gettext_lazy("Den som behandler saken, får beskjed om at tiltaket er gjort."),
    "close_action": gettext_lazy("Tiltaket lukkes med vurderingen din. Tiltak som virket, vises i lignende saker."),
    "resume_action": gettext_lazy("Den ansvarlige får tiltaket tilbake med begrunnelsen din."),
    "reject": gettext_lazy("Tiltaket avsluttes uten å bli gjort. De det gjelder, får begrunnelsen."),
    "hand_over": gettext_lazy("Den nye ansvarlige får tiltaket i oppgavelista si og tar stilling til det."),
    # Lifts
    "accept_offer": gettext_lazy("Tilbudet blir et tiltak hos den som ga det, og teller på saken din. De får vite hvem du er, men ser ikke saken."),
    "ask_again": gettext_lazy("Problemet venter på løsning igjen. Tiltaket som er i gang, blir stående på saken."),
    "solve": gettext_lazy("Problemet avsluttes som løst. De som har det samme, får lese hva som løste det."),
    "withdraw_lift": gettext_lazy("Problemet avsluttes. De som har svart, får beskjed. Begrunnelsen ser bare du og de som har saken."),
    "merge_lift": gettext_lazy("Problemet avsluttes og følges videre i det andre. Det kan ikke gjøres om."),
}  # fmt: skip

_NOTHING: frozenset[str] = frozenset({"take_back", "evaluate", "resume", "act_more"})
_TOLD: dict[str, StrOrPromise] = {
    "receive": gettext_lazy("Melder får beskjeden du skriver, ellers: «Saken er mottatt og blir sett på.»"),
    "start": gettext_lazy("Melder får beskjeden du skriver, ellers navnet på den som ser på saken."),
    "ask_reporter": gettext_lazy("Melder får spørsmålet ditt, ord for ord."),
    "start_actions": gettext_lazy("Melder får beskjeden du skriver, ellers titlene på tiltakene."),
    "close_without_action": gettext_lazy("Melder får det du skriver under «Hva ble endret?», ord for ord."),
    "close_after_immediate_action": gettext_lazy("Melder får det du skriver under «Hva ble endret?», ord for ord."),
    "close_with_effect": gettext_lazy("Melder får det du skriver under «Hva ble endret?», ord for ord."),
    "reopen": gettext_lazy("Melder får beskjed om at saken er åpnet igjen, med begrunnelsen din."),
    "dismiss": gettext_lazy("Melder får begrunnelsen din, ord for ord."),
    "transfer": gettext_lazy("Melder får vite hvor saken følges opp, og begrunnelsen din."),
    "merge": gettext_lazy("Melder får nummeret på den andre saken."),
}  # fmt: skip


def what_follows(name: str) -> StrOrPromise:
    """Return what follows from a step, in a sentence or two."""
    return _FOLLOWS.get(name, "")


def what_reporter_reads(name: str, case: Deviation) -> str:
    """Return what whoever reported is told of a step; nothing for the reporter's own steps."""
    if name in _NOTHING:
        return _("Melder får ingen beskjed om dette steget.")
    told = str(_TOLD.get(name, ""))
    if told and case.is_anonymous:
        return f"{told} {_('Melder er anonym, og leser det med koden sin.')}"
    return told
