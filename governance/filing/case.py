"""The messages of an initiative: its folder, what is written about it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from archive.filing import (
    CASE_PAPER,
    FOLLOWED_UP,
    INCOMING,
    INTERNAL,
    INTERNAL_RECIPIENT,
    INTERNAL_SENDER,
    JOURNAL_ENTRY,
    OUTGOING,
    RECIPIENT,
    SENDER,
    Document,
    Draft,
    Entry,
    Filing,
    Folder,
    Party,
    Shield,
    Variant,
    attachments,
    creator_of,
    sheet,
)
from archive.operations import rules_of
from core.attachments import attachments_of
from core.formats import in_sentence, kroner, local_day, long_date, short_date
from governance.filing.parties import is_external, recipient, secretariat, sender
from governance.models import CasePaper, Decision, Endorsement, Initiative

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from governance.models import Hearing, MunicipalDecision

_FACTS = (
    "category", "target_group", "statutory_basis", "desired_start", "operation_per_year", "internal_hours", "financing",
)  # fmt: skip
_TEXTS = (
    "summary", "need", "cost_note", "personal_data_note", "security_note", "accessibility_note", "integration_note",
    "archive_note", "affects_staff_note", "dependency_note", "regional_note", "reuse_note", "null_alternative",
)  # fmt: skip


def shield_of(initiative: Initiative) -> Shield | None:
    basis = str(initiative.get_shield_basis_display()).partition(":")[0]
    return Shield(basis=basis) if initiative.is_shielded else None


def key_of(initiative: Initiative) -> str:
    return f"initiative/{initiative.pk}"


def folder_of(initiative: Initiative) -> Folder:
    number, handler = initiative.number, initiative.case_handler
    return Folder(
        key=key_of(initiative), title=f"{number} {initiative.title}",
        public_title=f"{number} {initiative.public_title}" if initiative.is_shielded else "", shield=shield_of(initiative),
        day=local_day(initiative.submitted_at or initiative.created_at), subject="initiative", unit=initiative.unit.name,
        officer=str(handler) if handler else "",
    )  # fmt: skip


def _title(initiative: Initiative, what: str) -> tuple[str, str]:
    """Return the title of a record, and its public one where the case is shielded."""
    public = f"{what}: {initiative.public_title}" if initiative.is_shielded else ""
    return f"{what}: {initiative.title}", public


def _draft(
    initiative: Initiative, kind: str, key: str, entry: Entry | None, now: datetime, **payload: Any
) -> Draft:
    filing = Filing(**creator_of(initiative.municipality), folder=folder_of(initiative), entry=entry, at=now)
    card = initiative.public_title if initiative.is_shielded else initiative.title
    return Draft(
        kind=kind, key=key, title=f"{initiative.number} {card}", about=initiative, municipality_id=initiative.municipality_id,
        payload={"number": initiative.number, **payload}, filing=filing,
    )  # fmt: skip


def _entry(
    initiative: Initiative, what: str, *, now: datetime, parties: tuple[Party, ...], journal_type: str,
    documents: tuple[Document, ...],
) -> Entry:  # fmt: skip
    title, public = _title(initiative, what)
    return Entry(
        kind=JOURNAL_ENTRY, title=title, public_title=public, shield=shield_of(initiative), day=timezone.localdate(now),
        journal_type=journal_type, received_at=now if journal_type == INCOMING else None,
        sent_at=now if journal_type == OUTGOING else None, parties=parties, documents=documents,
    )  # fmt: skip


def _document(initiative: Initiative, what: str, kind: str, **content: Any) -> Document:
    """Return a paper about the initiative; its own title says only the number."""
    name = f"{what} {initiative.number}"
    paper = sheet(
        organization=initiative.municipality.name, unit=initiative.unit.name, kind=what, title=f"{what}: {initiative.title}",
        reference=initiative.number, **content,
    )  # fmt: skip
    return Document(title=name, kind=kind, variants=(paper,))


# --- Intake --------------------------------------------------------------------------------------
def draft_submission(initiative: Initiative, *, now: datetime, again: bool = False) -> Draft:
    """Return what was sent in: from another legal entity it is incoming, from our own it is internal."""
    what = _("Ny innmelding av tiltak") if again else _("Innmelding av tiltak")
    by = sender(initiative.submitter, initiative.municipality, now, unit=initiative.unit.name)
    form = _document(
        initiative, what, "MELDING", facts=_facts(initiative), sections=[
            (_label(name), str(getattr(initiative, name))) for name in _TEXTS
        ],
    )  # fmt: skip
    files = _files(initiative, initiative, now)
    entry = _entry(
        initiative, what, now=now, parties=(by, secretariat()), documents=(form, *files),
        journal_type=INCOMING if is_external(by) else FOLLOWED_UP,
    )  # fmt: skip
    kind, key = "submission", f"{key_of(initiative)}/submission"
    if again:
        kind, key = "resubmission", f"{key_of(initiative)}/resubmission/"
    return _draft(initiative, kind, key, entry, now, shield_basis=initiative.shield_basis)


def _files(initiative: Initiative, subject: Model, at: datetime) -> tuple[Document, ...]:
    """Return the files that a record of the case had, shielded on the basis of the case."""
    basis = shield_of(initiative) or Shield(basis=rules_of(initiative.municipality_id).default_basis)
    return attachments(attachments_of(subject, at=at), basis=basis.basis)


def _label(name: str) -> str:
    field: Any = Initiative._meta.get_field(name)
    return str(capfirst(field.verbose_name))


def _facts(initiative: Initiative) -> list[tuple[str, str]]:
    facts = [(_("Innmelder"), str(initiative.submitter)), (_("Nummer"), initiative.number)]
    for name in _FACTS:
        value = getattr(initiative, name)
        shown = getattr(initiative, f"get_{name}_display", lambda value=value: value)()
        if name == "operation_per_year" and value is not None:
            shown = kroner(value)
        elif name == "desired_start" and value is not None:
            shown = long_date(value)
        facts.append((_label(name), str(shown if shown is not None else "")))
    facts += [
        (_("Investering %(year)s") % {"year": row.year}, kroner(row.amount))
        for row in initiative.cost_lines.all()
    ]
    if initiative.late_words:
        facts.append((_("Meldt inn etter fristen"), initiative.late_words))
    people = {_("Tjenesteeier"): initiative.service_owner, _("Prosjekteier"): initiative.project_owner}
    return facts + [(label, str(person)) for label, person in people.items() if person]


def draft_endorsement(initiative: Initiative, endorsement: Endorsement, *, now: datetime) -> Draft:
    what = _("Sektorleders tilråding")
    by = sender(endorsement.by, initiative.municipality, now, unit=initiative.unit.name)
    verdict = str(endorsement.get_verdict_display())
    paper = _document(
        initiative, what, "UTTALELSE", facts=[(_("Sektorleder"), str(endorsement.by)), (_("Tilråding"), verdict)],
        sections=[(_("Merknad"), endorsement.remark)],
    )  # fmt: skip
    entry = _entry(
        initiative, what, now=now, parties=(by, secretariat()), documents=(paper,),
        journal_type=INCOMING if is_external(by) else FOLLOWED_UP,
    )  # fmt: skip
    return _draft(
        initiative,
        "endorsement",
        f"{key_of(initiative)}/endorsement/",
        entry,
        now,
        verdict=endorsement.verdict,
    )


def draft_hearing(hearing: Hearing, initiative: Initiative, *, now: datetime) -> Draft:
    """Return an answer; one that is changed is filed anew, since both were given."""
    what = _("Høringssvar")
    by = sender(cast("Any", hearing.answered_by), initiative.municipality, now)
    position = str(hearing.get_position_display())
    role = in_sentence(hearing.get_role_display())
    if hearing.on_behalf_of_id not in {None, initiative.municipality_id}:
        role = _("%(role)s i %(municipality)s") % {"role": role, "municipality": hearing.on_behalf_of}
    paper = _document(
        initiative, what, "UTTALELSE",
        facts=[(_("Fra"), f"{hearing.answered_words}, {role}"), (_("Standpunkt"), position)],
        sections=[(_("Uttalelse"), hearing.answer or position)],
    )  # fmt: skip
    entry = _entry(
        initiative, _("Høringssvar fra %(role)s") % {"role": role}, now=now, parties=(by, secretariat()),
        documents=(paper, *_files(initiative, hearing, now)), journal_type=INCOMING if is_external(by) else INTERNAL,
    )  # fmt: skip
    return _draft(initiative, "hearing", f"{key_of(initiative)}/hearing/{hearing.pk}/", entry, now)


# --- Council -------------------------------------------------------------------------------------
def draft_case_paper(initiative: Initiative, paper: CasePaper, *, now: datetime) -> Draft:
    """Return the case paper as it went out."""
    from governance.case_papers import pdf_data
    from governance.hearings.files import load_files

    prefetch_related_objects([initiative], "hearings")  # the same rows are read again for the paper
    load_files(initiative.hearings.all(), at=now)
    data = dict(pdf_data(initiative, paper, attachments_of(initiative, at=now)))
    what = _("Saksframlegg")
    document = Document(
        title=f"{what} {initiative.number}", kind="SAKSFRAMLEGG", variants=(Variant(renderer="case_paper", data=data),)
    )  # fmt: skip
    handler = initiative.case_handler or paper.written_by
    by = Party(kind=INTERNAL_SENDER, name=str(handler), is_person=True)
    council = Party(kind=INTERNAL_RECIPIENT, name=_("Digitaliseringsrådet"))
    entry = _entry(
        initiative, what, now=now, parties=(by, council), documents=(document,), journal_type=CASE_PAPER
    )
    return _draft(initiative, "case_paper", f"{key_of(initiative)}/case-paper/", entry, now)


# --- Decisions -----------------------------------------------------------------------------------
def draft_decision(initiative: Initiative, *, reason: str, now: datetime) -> Draft:
    """Tell what was decided: outgoing to the municipalities of a regional initiative, else internal to the submitter."""
    what = _("Melding om vedtak")
    latest = initiative.decisions.filter(decided_at__lte=now).order_by("-decided_at", "-pk").first()
    body = str(latest.get_body_display()) if latest else _("Digitaliseringsrådets sekretariat")
    still = Q(left_at=None) | Q(left_at__gte=now)
    others = [
        Party(kind=RECIPIENT, name=row.municipality.name, orgnr=row.municipality.orgnr)
        for row in initiative.participations.filter(still).select_related("municipality").order_by("pk")
        if row.municipality_id != initiative.municipality_id
    ]  # fmt: skip
    told = recipient(initiative.submitter, initiative.municipality, now)
    if not is_external(told) or told.orgnr not in {one.orgnr for one in others}:
        others.append(told)
    outgoing = any(is_external(one) for one in others)
    text = latest.text if latest else reason
    paper = _document(
        initiative, what, "VEDTAK" if latest else "KORR",
        facts=[(_("Utfall"), str(initiative.get_status_display())), (_("Vedtatt av"), body)], sections=[(_("Vedtak"), text)],
    )  # fmt: skip
    parties = (Party(kind=INTERNAL_SENDER, name=body), *others)
    entry = _entry(
        initiative, what, now=now, parties=parties, documents=(paper,),
        journal_type=OUTGOING if outgoing else FOLLOWED_UP,
    )  # fmt: skip
    return _draft(initiative, "decision", f"{key_of(initiative)}/decision/", entry, now)


def draft_municipal_decision(row: MunicipalDecision, initiative: Initiative, *, now: datetime) -> Draft:
    """Return what a municipality decided, as the owner of the initiative files it."""
    entity = row.municipality
    own = entity.pk == initiative.municipality_id
    by = (
        Party(kind=INTERNAL_SENDER, name=_body(row))
        if own
        else Party(kind=SENDER, name=entity.name, orgnr=entity.orgnr)
    )
    entry = _entry(
        initiative, _("Kommunens avgjørelse"), now=now, parties=(by, secretariat()), documents=(_answer(row, initiative),),
        journal_type=FOLLOWED_UP if own else INCOMING,
    )  # fmt: skip
    prefix = f"{key_of(initiative)}/municipal-decision/{row.pk}/"
    return _draft(initiative, "municipal_decision", prefix, entry, now)


def _body(row: MunicipalDecision) -> str:
    return str(Decision.Body(row.body).label)


def _answer(row: MunicipalDecision, initiative: Initiative) -> Document:
    return _document(
        initiative, _("Kommunens avgjørelse"), "VEDTAK",
        facts=[
            (_("Kommune"), row.municipality.name), (_("Organ"), _body(row)), (_("Avgjørelse"), str(row.get_verdict_display())),
            (_("Referanse"), row.reference), (_("Beløp"), kroner(row.amount) if row.amount is not None else ""),
            (_("Vedtatt"), short_date(row.decided_on) if row.decided_on else ""),
            (_("Bevilget"), kroner(row.granted) if row.granted is not None else ""), (_("Dokument"), row.document_url or ""),
        ],
        sections=[(_("Vedtak"), row.text), (_("Vilkår"), row.conditions or "")],
    )  # fmt: skip


def draft_at_home(row: MunicipalDecision, initiative: Initiative, *, now: datetime) -> Draft:
    """Return it as outgoing in a case of the municipality's own: between two legal entities nothing is internal."""
    owner, entity, body = initiative.municipality, row.municipality, _body(row)
    title, public = _title(initiative, _("Kommunens avgjørelse"))
    key = f"{key_of(initiative)}/at/{entity.pk}"
    folder = folder_of(initiative)
    own_folder = Folder(
        key=key, title=folder.title, public_title=folder.public_title, shield=folder.shield, day=timezone.localdate(now),
        subject="initiative", unit=entity.name, officer=body,
    )  # fmt: skip
    parties = (
        Party(kind=INTERNAL_SENDER, name=body),
        Party(kind=RECIPIENT, name=owner.name, orgnr=owner.orgnr),
    )
    entry = Entry(
        kind=JOURNAL_ENTRY, title=title, public_title=public, shield=shield_of(initiative), day=timezone.localdate(now),
        journal_type=OUTGOING, sent_at=now, parties=parties, documents=(_answer(row, initiative),),
    )  # fmt: skip
    return Draft(
        kind="municipal_decision", key=f"{key}/municipal-decision/{row.pk}/", about=row,
        title=f"{initiative.number} {initiative.public_title if initiative.is_shielded else initiative.title}",
        municipality_id=entity.pk, payload={"number": initiative.number},
        filing=Filing(**creator_of(entity), folder=own_folder, entry=entry, at=now),
    )  # fmt: skip


def draft_closing(initiative: Initiative, *, now: datetime) -> Draft:
    """Return what closes the folder: the case has come to its end."""
    return _draft(initiative, "case_closed", f"{key_of(initiative)}/closed", None, now)
