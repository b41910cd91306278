"""What is told of a breach of personal data security: to Datatilsynet (GDPR art. 33) and to those it concerns (art. 34).

The parts of the report follow the order of Datatilsynet's form in Altinn, so that each text is
copied into the field it belongs to.  All of it is kept in ``Duty.details``: ``report`` and
``letter`` as they stand, ``parts`` as they were sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import moment, number
from deviations.triage import NO, YES_NO, answer_in_words, answers_of
from organization.actors import people_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from deviations.models import Deviation, Duty

    Report = Mapping[str, Any]
    Choices = Sequence[tuple[str, StrOrPromise]]

FIRST, ADDITIONAL, FINAL = "first", "additional", "final"
PARTS: dict[str, StrOrPromise] = {
    FIRST: gettext_lazy("Første melding"),
    ADDITIONAL: gettext_lazy("Tilleggsmelding"),
    FINAL: gettext_lazy("Siste melding"),
}
STAMPS_OF_PART = {FIRST: ("forste_melding",), ADDITIONAL: (), FINAL: ("forste_melding", "siste_melding")}
"""Points of the checklist that a part stamps; a report that is complete at once is both the first and the last."""

CAUSES: Choices = (
    ("human", gettext_lazy("Menneskelig feil")),
    ("routine", gettext_lazy("Rutine mangler eller ble ikke fulgt")),
    ("technical", gettext_lazy("Teknisk feil")),
    ("attack", gettext_lazy("Dataangrep eller annen ulovlig handling")),
    ("lost", gettext_lazy("Tap eller tyveri av utstyr eller papir")),
    ("supplier", gettext_lazy("Feil hos leverandør eller databehandler")),
    ("other", gettext_lazy("Annet")),
)
RELATIONS: Choices = (
    ("residents", gettext_lazy("Innbyggere")),
    ("patients", gettext_lazy("Pasienter eller brukere")),
    ("pupils", gettext_lazy("Elever eller barn i barnehage")),
    ("relatives", gettext_lazy("Foresatte eller pårørende")),
    ("employees", gettext_lazy("Ansatte")),
    ("applicants", gettext_lazy("Søkere eller tidligere ansatte")),
    ("others", gettext_lazy("Andre")),
)


# --- The first draft ---------------------------------------------------------------------------
def first_report(duty: Duty, actor: Actor) -> dict[str, Any]:
    """Return the report as the answers of the case fill it in; nothing is invented."""
    case = duty.deviation
    answers = answers_of(case)
    stopped = answers.get("breach_stopped", "")
    measures = [case.immediate_action]
    if stopped:
        measures.append(_("Er bruddet stanset? %(answer)s.") % {"answer": answer_in_words(stopped)})
    people = answers.get("breach_number", "")
    return {
        "people": int(people) if people.isascii() and people.isdigit() else None,
        "what": case.description,
        "breach_of": listed(answers.get("breach_of", "")),
        "how": case.cause_note,
        "kinds": listed(answers.get("breach_data", "")),
        "special": answers.get("breach_special", ""),
        "where_now": answers.get("breach_where", ""),
        "measures": "\n".join(filter(None, measures)),
        "is_ongoing": stopped == NO,
        **_contacts(case, actor),
    }  # fmt: skip


def first_letter(duty: Duty, actor: Actor) -> dict[str, Any]:
    """Return the letter with what the report to Datatilsynet already says, where there is one."""
    report = _report_of(duty.deviation)
    contacts = _contacts(duty.deviation, actor)
    officer = ", ".join(filter(None, (contacts["dpo_name"], contacts["dpo_email"])))
    return {
        "description": report.get("what", ""),
        "contact": officer,
        "consequences": report.get("consequences", ""),
        "measures": "\n".join(filter(None, (report.get("measures", ""), report.get("prevention", "")))),
    }


def listed(answer: str) -> list[str]:
    """Return the choices of an answer to a question with several (``deviations.forms.questions``)."""
    return [choice for choice in answer.split("; ") if choice]


def _report_of(case: Deviation) -> dict[str, Any]:
    duty = case.duties.filter(code="GDPR_33").first()
    report: dict[str, Any] = duty.details.get("report", {}) if duty else {}
    return report


def _contacts(case: Deviation, actor: Actor) -> dict[str, Any]:
    officers = people_in_roles([Role.PRIVACY_OFFICER], municipality_id=case.municipality_id)
    person = getattr(actor, "person", None)
    found = (
        {"contact_name": person.name, "contact_email": person.email, "contact_phone": person.phone}
        if person
        else {}
    )
    officer = officers[0] if officers else None
    return {
        **found,
        "dpo_name": officer.name if officer else "",
        "dpo_email": officer.email if officer else "",
    }


# --- In words ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Item:
    """One part of the report: its keys in ``details``, its heading, and how its values are written."""

    heading: StrOrPromise
    write: Callable[[Report], str]
    needed: bool = False


def _text(key: str) -> Callable[[Report], str]:
    return lambda report: str(report.get(key) or "")


def _count(key: str) -> Callable[[Report], str]:
    return lambda report: number(report[key]) if report.get(key) is not None else ""


def _choice(key: str, choices: Choices) -> Callable[[Report], str]:
    labels = dict(choices)
    return lambda report: str(labels.get(report.get(key) or "", ""))


def _several(key: str, choices: Choices = (), note: str = "") -> Callable[[Report], str]:
    labels = dict(choices)

    def write(report: Report) -> str:
        chosen = [str(labels.get(value, value)) for value in report.get(key) or []]
        return "\n".join(filter(None, ("; ".join(chosen), str(report.get(note) or ""))))

    return write


def _period(report: Report) -> str:
    start, end = (parse_datetime(report.get(key) or "") for key in ("started_at", "ended_at"))
    parts = [
        _("Fra %(moment)s.") % {"moment": moment(start)} if start else "",
        _("Til %(moment)s.") % {"moment": moment(end)} if end else "",
        _("Bruddet pågår fortsatt.") if report.get("is_ongoing") else "",
    ]
    return " ".join(filter(None, parts))


def _special(report: Report) -> str:
    return "\n".join(filter(None, (_choice("special", YES_NO)(report), _text("special_note")(report))))


def _lines(*keys: str) -> Callable[[Report], str]:
    return lambda report: "\n".join(filter(None, (str(report.get(key) or "") for key in keys)))


DISCOVERED = gettext_lazy("Når ble avviket oppdaget?")
# Datatilsynet, «Nærmere om utfylling av skjemaet»: this order. ``needed`` is what art. 33 (3) asks for in the end.
REPORT: tuple[Item, ...] = (
    Item(gettext_lazy("Hovedårsak"), _choice("cause", CAUSES), needed=True),
    Item(gettext_lazy("Tidsrom"), _period),
    Item(DISCOVERED, _text("discovered")),
    Item(gettext_lazy("Hvorfor meldes det senere enn 72 timer?"), _text("delay_reason")),
    Item(gettext_lazy("Antall personer som er berørt (omtrent)"), _count("people"), needed=True),
    Item(gettext_lazy("Antall registreringer (omtrent)"), _count("records")),
    Item(gettext_lazy("Hva har skjedd?"), _text("what"), needed=True),
    Item(gettext_lazy("Hva ble brutt?"), _several("breach_of")),
    Item(gettext_lazy("Hvordan oppsto avviket?"), _text("how")),
    Item(gettext_lazy("Hva slags personopplysninger?"), _several("kinds", note="kinds_note"), needed=True),
    Item(gettext_lazy("Særlige kategorier"), _special),
    Item(gettext_lazy("Kommunens relasjon til de berørte"), _several("relations", RELATIONS), needed=True),
    Item(gettext_lazy("Hvor er opplysningene nå?"), _text("where_now")),
    Item(gettext_lazy("Mulige konsekvenser for de berørte"), _text("consequences"), needed=True),
    Item(
        gettext_lazy("Hva er gjort for å stanse bruddet og begrense følgene?"), _text("measures"), needed=True
    ),
    Item(gettext_lazy("Hva er gjort og planlagt for å hindre at det skjer igjen?"), _text("prevention")),
    Item(gettext_lazy("Hva har de berørte fått vite?"), _text("informed")),
    Item(
        gettext_lazy("Kontaktperson"), _lines("contact_name", "contact_email", "contact_phone"), needed=True
    ),
    Item(gettext_lazy("Personvernombud"), _lines("dpo_name", "dpo_email")),
)
# GDPR art. 34 (2).
LETTER: tuple[Item, ...] = (
    Item(gettext_lazy("Hva har skjedd?"), _text("description"), needed=True),
    Item(gettext_lazy("Hva kan dette bety for deg?"), _text("consequences"), needed=True),
    Item(gettext_lazy("Hva gjør vi?"), _text("measures"), needed=True),
    Item(gettext_lazy("Hva kan du gjøre?"), _text("advice")),
    Item(gettext_lazy("Hvem kan du spørre?"), _text("contact"), needed=True),
)


def missing(items: Sequence[Item], report: Report) -> list[str]:
    """Return the headings of what is needed in the end and not there yet."""
    return [str(item.heading) for item in items if item.needed and not item.write(report)]


def parts_of(duty: Duty) -> list[dict[str, Any]]:
    """Return what is sent of the report, the first part first."""
    parts = duty.details.get("parts", [])
    return [
        {**part, "number": number, "label": PARTS[part["kind"]], "at": parse_datetime(part["at"])}
        for number, part in enumerate(parts, start=1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is exported: the same words as PDF and as plain text."""

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    introduction: str
    sections: tuple[tuple[str, str], ...]
    filename: str

    def as_text(self) -> str:
        """Return the document as text to paste, each part under its heading."""
        facts = [f"{label}: {value}" for label, value in self.facts]
        parts = [f"{heading}\n{text}" for heading, text in self.sections]
        return "\n\n".join(filter(None, (self.title, "\n".join(facts), self.introduction, *parts))) + "\n"


def report_document(duty: Duty, part: Mapping[str, Any] | None = None) -> Document:
    """Return the report as it stands, or a ``part`` of it as it was sent."""
    case = duty.deviation
    report = {
        **(part["report"] if part else duty.details.get("report", {})),
        "discovered": moment(case.discovered_at),
    }
    facts = [(_("Virksomhet"), str(case.municipality)), (_("Saksnummer"), case.number)]
    if part:
        facts += [
            (_("Melding"), str(PARTS[part["kind"]])),
            (_("Sendt"), _sent(part)),
            (_("Referanse"), part["reference"]),
        ]
    unknown = _("Ikke kjent ennå.")
    shown = ((item, item.write(report)) for item in REPORT)
    return Document(
        title=_("Melding om brudd på personopplysningssikkerheten"), kind=_("Melding til Datatilsynet"), facts=tuple(facts),
        introduction="", filename=f"datatilsynet-{case.number}",
        sections=tuple(
            (str(item.heading), text or unknown) for item, text in shown if text or item.needed
        ),
    )  # fmt: skip


def letter_document(duty: Duty) -> Document:
    """Return the letter to those whose data it is, without the number of the case or anything else about it."""
    letter = duty.details.get("letter", {})
    return Document(
        title=_("Informasjon om personopplysningene dine"), kind=_("Til deg det gjelder"), facts=(),
        introduction=_(
            "%(municipality)s skriver til deg fordi det har skjedd et brudd på sikkerheten rundt personopplysninger om deg."
        ) % {"municipality": duty.deviation.municipality},
        sections=tuple((str(item.heading), text) for item in LETTER if (text := item.write(letter))),
        filename=f"underretning-{duty.deviation.number}",
    )  # fmt: skip


def _sent(part: Mapping[str, Any]) -> str:
    at = parse_datetime(part["at"])
    return _("%(moment)s av %(name)s") % {"moment": moment(at) if at else "", "name": part["name"]}
