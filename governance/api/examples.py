"""Examples of the OpenAPI document, from the fictional municipality."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CARD: dict[str, Any] = {
    "id": 41,
    "number": "2026-014",
    "title": "Robotisert behandling av sykmeldinger",
    "status": "received",
    "version": 6,
    "unit_id": 12,
    "municipality_id": 2,
    "submitter_id": 310,
    "case_handler_id": None,
    "service_owner_id": 288,
    "created_at": "2026-02-24T08:12:40Z",
    "submitted_at": "2026-03-03T07:10:02Z",
    "status_since": "2026-03-09T13:30:11Z",
    "due_on": None,
    "changed_at": "2026-03-09T13:30:11Z",
    "reads_papers": True,
    "stage": "secretariat",
    "page_url": "https://stafett.kommune.no/tiltak/41/",
}
CARD = OpenApiExample("card", value=_CARD, response_only=True)
RECORD = OpenApiExample(
    "record",
    value={
        **_CARD,
        "summary": "En robot henter sykmeldinger og oppdaterer vaktplanen.",
        "goal_ids": [3],
        "investments": [{"year": 2026, "amount": "50000.00"}],
        "operation_per_year": "10000.00",
    },
    response_only=True,
)
NEW = OpenApiExample(
    "new",
    value={
        "title": "Robotisert behandling av sykmeldinger",
        "unit_id": 12,
        "summary": "En robot henter sykmeldinger og oppdaterer vaktplanen.",
        "goal_ids": [3],
        "investments": [{"year": 2026, "amount": "50000.00"}],
    },
    request_only=True,
)
CHANGE = OpenApiExample(
    "change",
    value={"null_alternative": "Vi fortsetter å skrive alt to ganger.", "operation_per_year": "10000.00"},
    request_only=True,
)
TIMELINE = OpenApiExample(
    "timeline",
    value={
        "results": [
            {
                "at": "2026-03-09T13:30:11Z",
                "registered_at": "2026-03-09T13:30:11Z",
                "action": "endorse",
                "label": "Tilrådd av sektorleder",
                "actor_id": 205,
                "actor_name": "Ola Hansen",
                "status_before": "awaiting_endorsement",
                "status_after": "received",
                "reason": "Viktig for avdelingene, og kostnaden er dekket.",
            }
        ]
    },
    response_only=True,
)
MEETING = OpenApiExample(
    "meeting", response_only=True,
    value={
        "id": 6, "number": "3/2026", "municipality_id": 2, "starts_at": "2026-03-19T08:00:00Z", "place": "Rådhuset, møterom 2",
        "status": "summoned", "status_since": "2026-03-12T09:00:00Z", "chair_id": None, "summoned_at": "2026-03-12T09:00:00Z",
        "opened_at": None, "concluded_at": None, "approved_at": None, "version": 4, "changed_at": "2026-03-12T09:00:00Z",
        "reads_papers": True, "agenda": [{"case_number": "DS-3/2026-02", "kind": "DS", "initiative_id": 41}],
    },
)  # fmt: skip
DECISION = OpenApiExample(
    "decision", response_only=True,
    value={
        "id": 17, "number": "2026-009", "municipality_id": 2, "initiative_id": 41, "meeting_id": 6, "body": "council",
        "outcome": "recommend", "reference": "", "decided_at": "2026-03-19T09:20:00Z", "decided_on": None, "budget_year": None, "conditions": "", "document_url": "", "reads_text": True,
        "text": "Rådet tilrår at roboten innføres i hele sektoren.", "amount": "50000.00", "votes_for": 7, "votes_against": 0,
        "votes_blank": 0, "responsible_id": 288, "due_on": "2026-06-01", "follow_up": "under_way", "follow_up_closed_at": None, "changed_at": "2026-03-19T09:20:00Z",
    },
)  # fmt: skip
FOLLOW_UP = OpenApiExample(
    "follow-up", response_only=True,
    value={
        "id": 17, "decision_id": 17, "number": "2026-009", "municipality_id": 2, "status": "done",
        "status_since": "2026-05-20T07:40:00Z", "responsible_id": 288, "due_on": "2026-06-01",
        "evidence": "Avtalen er sagt opp, og driften er lagt om.", "evidence_url": "", "closed_at": "2026-05-20T07:40:00Z",
        "closed_by_id": 288, "changed_at": "2026-05-20T07:40:00Z",
    },
)  # fmt: skip
