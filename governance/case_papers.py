"""The case paper between the form, the page and the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import kroner, local_day, number
from governance import guards, policies
from governance.models import CasePaper
from governance.paper_parts import paper_parts
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Initiative
    from governance.paper_parts import PaperPart
    from governance.pdf import CasePaperData, PdfTable, Section, Statement
    from organization.actors import PersonActor

_CHECKS: dict[Any, StrOrPromise] = {
    guards.case_handler_is_named: gettext_lazy("Saksbehandler er valgt"),
    guards.case_paper_is_written: gettext_lazy("Saksframlegget er skrevet"),
    guards.preparation_is_sufficient: gettext_lazy("Forarbeidet er godt nok"),
    guards.staff_are_heard: gettext_lazy("Ansatte er hørt"),
    guards.finance_is_heard: gettext_lazy("Økonomisjefen er hørt"),
    guards.hearings_are_answered: gettext_lazy("Høringen er ferdig"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in place before the council can take the case."""

    label: StrOrPromise
    reason: StrOrPromise | None


def checklist(initiative: Initiative) -> list[Check]:
    """Return what the step «Klar for rådet» asks for, each with what is missing."""
    asked = initiative_workflow.transitions["mark_ready"].guards
    return [Check(_CHECKS[guard], guard(initiative)) for guard in asked]


def first_draft(initiative: Initiative) -> dict[str, str]:
    """Return what the intake already says, as the beginning of a case paper."""
    null = initiative.null_alternative.strip()
    statutory = _("Tiltaket er lovpålagt: %(basis)s.") % {"basis": initiative.statutory_basis}
    return {
        "summary": initiative.summary,
        "background": initiative.need,
        "facts": statutory if initiative.is_statutory and initiative.statutory_basis else "",
        "alternatives": _("Nullalternativet: %(text)s") % {"text": null} if null else "",
    }


def shown_to(actor: PersonActor, initiative: Initiative) -> CasePaper:
    """Return the case paper as ``actor`` reads it: who prepares the case as it stands, all others as it went out."""
    paper: CasePaper = initiative.case_paper
    prepares = policies.may_prepare(actor, initiative) or actor.person_id == initiative.case_handler_id
    return paper if prepares else paper.as_published()


def sections_of(paper: CasePaper) -> list[tuple[str, str]]:
    """Return the heading and the text of each section that is written, the recommendation first."""
    return [(_heading(name), text) for name in CasePaper.SECTIONS if (text := getattr(paper, name).strip())]


def _heading(name: str) -> str:
    field: Any = CasePaper._meta.get_field(name)
    return str(capfirst(field.verbose_name))


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
        "recommendation": paper.recommendation,
        "summary": paper.summary,
        "sections": _sections(initiative, paper),
        "statements": _statements(initiative),
        "attachments": [file.name for file in files],
    }


def _sections(initiative: Initiative, paper: CasePaper) -> list[Section]:
    written = [name for name in CasePaper.SECTIONS if name not in {"recommendation", "summary"}]
    sections: list[Section] = []
    for name in written:
        section: Section = {"heading": _heading(name), "text": getattr(paper, name).strip()}
        if name == "benefits":
            section["tables"] = _tables(initiative)
        sections.append(section)
    return [*sections, *map(_of_others, paper_parts(initiative))]


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
        if hearing.is_answered:
            position = _("Har innvendinger") if hearing.has_objection else _("Ingen innvendinger")
            by = f"{hearing.get_role_display()} {hearing.answered_by}"
            heard.append({"by": by, "text": hearing.answer, "position": position})
    return heard
