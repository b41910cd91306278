"""The case paper between the form, the page and the PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import kroner, local_day, number
from governance import guards, policies
from governance.hearings.duties import names_of
from governance.paper_comments import open_by_section
from governance.paper_parts import parts_in
from governance.paper_sections import asked_for, must_be_written
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import CasePaper, Initiative, PaperSection
    from governance.paper_parts import PaperPart
    from governance.paper_sections import SectionKind
    from governance.pdf import CasePaperData, PdfTable, Section, Statement
    from organization.actors import PersonActor

_CHECKS: dict[Any, StrOrPromise] = {
    guards.case_handler_is_named: gettext_lazy("Saksbehandler er valgt"),
    guards.case_paper_is_written: gettext_lazy("Saksframlegget er skrevet"),
    guards.preparation_is_sufficient: gettext_lazy("Forarbeidet er godt nok"),
    guards.fixed_roles_are_heard: gettext_lazy("De som alltid skal høres, er spurt"),
    guards.staff_are_heard: gettext_lazy("De ansatte er spurt"),
    guards.privacy_is_heard: gettext_lazy("De som skal høres om personvern, er spurt"),
    guards.finance_is_heard: gettext_lazy("De som skal høres om økonomi, er spurt"),
    guards.hearings_are_answered: gettext_lazy("Høringen er ferdig"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in place before the council can take the case, and the page where it is put right."""

    label: StrOrPromise
    reason: StrOrPromise | None
    url: str
    notes: list[str] = field(default_factory=list)

    @property
    def hint(self) -> str:
        """Return what is missing, and what was noted on the way to having it."""
        return " ".join([str(self.reason)] * bool(self.reason) + self.notes)


def checklist(initiative: Initiative) -> list[Check]:
    """Return what the step «Klar for rådet» asks for, each with what is missing."""
    asked = initiative_workflow.transitions["mark_ready"].guards
    return [
        Check(
            _CHECKS[guard],
            reason,
            _place_of(guard, initiative) if reason else "",
            _notes_of(guard, initiative),
        )
        for guard in asked
        for reason in [guard(initiative)]
    ]


def _notes_of(guard: Any, initiative: Initiative) -> list[str]:
    """Return where nobody answered, by role, for the check of the answers."""
    if guard is not guards.hearings_are_answered:
        return []
    noted = [hearing for hearing in initiative.hearings.all() if hearing.note_words]
    return [f"{capfirst(names_of(initiative, [hearing]))}: {hearing.note_words}" for hearing in noted]


def _place_of(guard: Any, initiative: Initiative) -> str:
    """Return where what a guard misses is put right; nowhere for what is settled when the preparation begins."""
    if guard is guards.case_paper_is_written:
        lacking = guards.unwritten(initiative)
        return _page("paper_section_edit", initiative, lacking[0].key) if lacking else ""
    if guard is guards.preparation_is_sufficient:
        return _page("initiative_transition", initiative, "return_for_completion")
    if guard is guards.case_handler_is_named:
        return ""
    return _page("initiative_hearings_ask", initiative)


def _page(name: str, initiative: Initiative, *more: str) -> str:
    return reverse(f"governance:{name}", args=[initiative.pk, *more])


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section as it is listed for those who write: what it asks for, what stands, and how far it is."""

    kind: SectionKind
    row: PaperSection | None
    status: str
    comments: int


def lines_of(initiative: Initiative) -> list[SectionLine]:
    """Return the sections of the paper of an initiative, whether written or not, with how many comments are open."""
    comments = open_by_section(initiative)
    rules = guards.rules_of(initiative)
    paper = getattr(initiative, "case_paper", None)
    rows = {row.key: row for row in paper.sections.all()} if paper else {}
    required = must_be_written(rules)
    lines = []
    for kind in asked_for(rules, rows):
        row = rows.get(kind.key)
        unwritten = "missing" if kind in required else "optional"
        status = "done" if row and row.text.strip() else unwritten
        lines.append(SectionLine(kind, row, status, comments[kind.key]))
    return lines


def shown_to(actor: PersonActor, initiative: Initiative) -> CasePaper:
    """Return the case paper as ``actor`` reads it: who prepares the case as it stands, all others as it went out."""
    paper: CasePaper = initiative.case_paper
    prepares = policies.may_prepare(actor, initiative) or actor.person_id == initiative.case_handler_id
    return paper if prepares else paper.as_published()


@dataclass(frozen=True, slots=True)
class Written:
    """A section as it is read: its heading, and its text or its points."""

    key: str
    heading: str
    text: str
    points: list[str]


def sections_of(initiative: Initiative, paper: CasePaper) -> list[Written]:
    """Return the sections that are written, in the order of the paper."""
    return [
        Written(kind.key, str(kind.label), text, points_of(text) if kind.is_points else [])
        for kind in asked_for(guards.rules_of(initiative), paper.texts)
        if (text := paper.text(kind.key).strip())
    ]


_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s+")


def points_of(text: str) -> list[str]:
    """Return the points of a text with one on each line, without the numbers that were typed."""
    return [_NUMBER.sub("", line).strip() for line in text.splitlines() if line.strip()]


def numbered(text: str) -> str:
    """Return the points of a text with their numbers; a single one needs none."""
    points = points_of(text)
    return (
        "\n".join(f"{n}. {point}" for n, point in enumerate(points, 1))
        if len(points) > 1
        else "".join(points)
    )


def pdf_data(initiative: Initiative, paper: CasePaper, files: list[Any]) -> CasePaperData:
    """Return what the PDF of the case paper shows.  The initiative has its hearings and benefits loaded."""
    agenda = getattr(initiative, "agenda", None) or [{}]
    return {
        "municipality": str(initiative.municipality),
        "unit": str(initiative.unit),
        "number": agenda[0].get("case_number") or initiative.number,
        "title": initiative.title,
        "case_officer": str(initiative.case_handler or paper.written_by),
        "date": local_day(paper.changed_at),
        "initiative": initiative.number,
        "archive_case": initiative.archive_reference,
        "shielding": str(initiative.get_shield_basis_display()) if initiative.is_shielded else "",
        "lateness": initiative.late_words,
        "recommendation": numbered(paper.text("recommendation")),
        "summary": paper.text("summary"),
        "sections": _sections(initiative, paper),
        "attachments": [file.name for file in files] + _files_of_answers(initiative),
    }


def _files_of_answers(initiative: Initiative) -> list[str]:
    return [
        _("%(file)s (uttalelse fra %(role)s)") % {"file": file.name, "role": names_of(initiative, [hearing])}
        for hearing in initiative.hearings.all()
        for file in hearing.files
    ]


def _sections(initiative: Initiative, paper: CasePaper) -> list[Section]:
    """Return the sections after the summary; what the hearings gave stands though nobody asks for the section."""
    kinds = asked_for(guards.rules_of(initiative), {*paper.texts, "benefits", "statements"})
    sections: list[Section] = []
    for kind in kinds:
        if kind.key in {"recommendation", "summary"}:
            continue
        section: Section = {"heading": str(kind.label), "text": paper.text(kind.key).strip()}
        if kind.key == "benefits":
            section["tables"] = _tables(initiative)
        elif kind.key == "statements":
            section["statements"] = _statements(initiative)
        sections.append(section)
    return [*sections, *map(_of_others, parts_in(initiative, paper))]


def _of_others(part: PaperPart) -> Section:
    """Return a part of another app as a section with one table."""
    rows: list[list[Any]] = [[str(label), text] for label, text in part.rows]
    table: PdfTable = {"headings": [_("Hva"), _("Innhold")], "rows": rows, "align": "ll"}
    return {"heading": str(part.heading), "text": "", "tables": [table]}


def _tables(initiative: Any) -> list[PdfTable]:
    benefits: list[list[Any]] = [
        [benefit.title, benefit.get_kind_display(), _estimate(benefit)]
        for benefit in initiative.benefits.all()
    ]
    costs: list[list[Any]] = [
        [_("Investering %(year)s") % {"year": line.year}, kroner(line.amount)]
        for line in initiative.cost_lines.all()
    ]
    if initiative.operation_per_year is not None:
        costs.append([_("Årlig drift"), kroner(initiative.operation_per_year)])
    tables: list[PdfTable] = []
    if benefits:
        tables.append(
            {"headings": [_("Gevinst"), _("Type"), _("Anslag per år")], "rows": benefits, "align": "llr"}
        )
    if costs:
        tables.append({"headings": [_("Kostnad"), _("Beløp")], "rows": costs, "align": "lr"})
    return tables


def _estimate(benefit: Any) -> str:
    if benefit.kroner_per_year is not None:
        return kroner(benefit.kroner_per_year)
    if benefit.hours_per_year is not None:
        return _("%(hours)s timer") % {"hours": number(benefit.hours_per_year)}
    return str(_("Ikke prissatt"))


def _statements(initiative: Initiative) -> list[Statement]:
    heard: list[Statement] = [
        {
            "by": _("Sektorleder %(name)s") % {"name": endorsement.by},
            "text": endorsement.remark,
            "position": str(endorsement.get_verdict_display()),
        }
        for endorsement in initiative.endorsements.select_related("by")
    ]
    for hearing in initiative.hearings.all():
        if hearing.is_answered or hearing.note_words:
            position = str(hearing.get_position_display()) or _("Har ikke svart")
            role = ", ".join(filter(None, (str(hearing.get_role_display()), hearing.answers_for)))
            by = f"{role} {hearing.answered_words if hearing.is_answered else hearing.person}"
            text = "\n\n".join(filter(None, (hearing.answer, hearing.note_words, hearing.lateness)))
            heard.append({"by": by, "text": text, "position": position})
    return heard
