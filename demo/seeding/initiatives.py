"""Write an initiative of the demo as its submitter would have filled in the form."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benefits.models import Benefit
from core.history import record
from governance.models import Answer, CostLine, Initiative
from governance.operations import create_initiative

if TYPE_CHECKING:
    from demo.content import model
    from demo.seeding.organization import Index
    from organization.actors import PersonActor

_SHIELDS = {"13": "offl_13", "14": "offl_14", "23": "offl_23", "24": "offl_24"}


def create(content: model.Initiative, *, index: Index, by: PersonActor, now: datetime) -> Initiative:
    """Begin the draft and fill in every section."""
    initiative = create_initiative(
        title=content.title, unit=index.units[content.unit], by=by, now=now,
        participants=[index.units[key] for key in content.participants], **_fields(content, index),
    )  # fmt: skip
    with record("edit", actor=by):
        initiative.goals.set([index.goals[key][0] for key in content.goals])
        initiative.co_editors.set([index.people[name] for name in content.co_editors])
        _shares(content, initiative, index)
        for line in content.costs:
            if line.investment:
                CostLine.objects.create(initiative=initiative, year=line.year, amount=line.investment)
        for benefit in content.benefits:
            _benefit(benefit, content, initiative, index, now)
    return initiative


def _fields(content: model.Initiative, index: Index) -> dict[str, Any]:
    yearly = [line.operation for line in content.costs]
    operation = round(sum(yearly) / len(yearly)) if yearly else 0
    notes = [f"{line.year}: {line.note}" for line in content.costs if line.note]
    fields: dict[str, Any] = {
        "summary": content.summary, "need": content.need, "target_group": content.target_group,
        "category": content.category, "null_alternative": content.null_alternative,
        "operation_per_year": Decimal(operation), "internal_hours": sum(part.hours for part in content.hours),
        "financing": content.financing, "cost_note": "\n".join([*notes, content.uncertainty]).strip(),
        "service_owner": index.people.get(content.service_owner), "project_owner": index.people.get(content.project_owner),
        "desired_start": index.day(content.desired_start_day),
        "professional_group": index.groups.get(content.group),
        **_assessments(content.assessments),
    }  # fmt: skip
    if content.statutory:
        deadline = content.statutory.deadline
        fields |= {
            "is_statutory": True, "statutory_basis": content.statutory.basis,
            "statutory_deadline": date.fromisoformat(deadline) if deadline else None,
        }  # fmt: skip
    if content.shielding:
        fields |= {
            "shield_basis": shield_of(content.shielding),
            "public_title": content.shielding.public_title,
        }
    return fields


def shield_of(shielding: model.Shielding) -> str:
    """Return the code of the legal basis that the text names, such as «offentleglova § 23»."""
    found = [code for paragraph, code in _SHIELDS.items() if f"§ {paragraph}" in shielding.legal_basis]
    return found[0] if found else "offl_13"


def _assessments(content: model.Assessments) -> dict[str, Any]:
    return {
        "personal_data": content.personal_data, "personal_data_note": content.personal_data_note,
        "affects_staff": Answer.YES if content.affects_staff else Answer.NO,
        "affects_staff_note": content.affects_staff_note, "security_note": content.security,
        "accessibility_note": content.accessibility, "integration_note": content.integrations,
        "archive_note": content.archive, "dependency_note": content.dependencies,
        "regional_note": content.regional, "reuse_note": content.reuse,
    }  # fmt: skip


def _shares(content: model.Initiative, initiative: Initiative, index: Index) -> None:
    """Set the shares of cost that the municipalities agreed on, as their decisions show them."""
    for step in content.story:
        if step.do == "municipal_decision" and content.participants:
            municipality = index.units[str(step.data["municipality"])]
            initiative.participations.filter(municipality=municipality).update(
                cost_share=Decimal(str(step.data["cost_share"]))
            )


def _benefit(
    benefit: model.Benefit, content: model.Initiative, initiative: Initiative, index: Index, now: datetime
) -> None:
    is_priced = benefit.form != "not_priced"
    Benefit.objects.create(
        initiative=initiative, title=benefit.title, beneficiary=benefit.beneficiary, kind=benefit.type,
        form=benefit.form, kroner_per_year=benefit.estimate_per_year_nok if is_priced else None,
        hours_per_year=benefit.hours_per_year, service_owner=index.people.get(benefit.service_owner),
        prerequisites=benefit.prerequisites, losers=content.disbenefits, created_at=now, changed_at=now,
    )  # fmt: skip
