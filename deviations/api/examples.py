"""Examples of the OpenAPI document, from the fictional municipality."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CARD: dict[str, Any] = {
    "id": 115, "number": "A2026-0021", "title": "", "status": "in_progress", "kind": "deviation", "category": "service",
    "type_id": 42, "type_name": "Tjeneste forsinket eller frist brutt", "is_confidential": False, "version": 3,
    "unit_id": 12, "municipality_id": 2, "responsible_id": 201, "handler_id": 201, "reporter_id": None,
    "created_at": "2026-11-10T07:12:40Z", "reported_at": "2026-11-10T07:12:40Z", "closed_at": None,
    "status_since": "2026-11-11T08:30:00Z", "due_on": "2026-12-11", "changed_at": "2026-11-12T09:20:00Z",
    "reads_words": True, "page_url": "https://stafett.kommune.no/avvik/115/",
}  # fmt: skip
CARD = OpenApiExample("deviation", value=_CARD, response_only=True)
RECORD = OpenApiExample(
    "deviation",
    value={**_CARD, "description": "Tre nøkler manglet på ringen i dag.", "severity": 2, "cause_ids": [7]},
    response_only=True,
)
NEW = OpenApiExample(
    "report",
    value={
        "kind": "deviation",
        "description": "Tre nøkler manglet på ringen i dag.",
        "danger": "none",
        "unit_id": 12,
    },
    request_only=True,
)
HISTORY = OpenApiExample(
    "history",
    value={
        "results": [
            {
                "at": "2026-11-11T08:30:00Z", "action": "start", "label": "Behandling startet", "who": "Bente Iversmoen",
                "state": "Under behandling", "reason": "",
            }
        ]
    },
    response_only=True,
)  # fmt: skip
ACTION = OpenApiExample(
    "action", response_only=True,
    value={
        "id": 64, "title": "Sklisikre dørmatte ved inngang B", "description": "", "kind": "preventive", "status": "in_progress",
        "status_since": "2026-09-02T08:00:00Z", "municipality_id": 2, "unit_id": 12, "owner_id": 310, "due_on": "2026-09-30",
        "cost": "1200.00", "outcome": "", "done_at": None, "is_evaluated": True, "effect": "",
        "created_at": "2026-09-01T12:00:00Z", "changed_at": "2026-09-02T08:00:00Z",
    },
)  # fmt: skip
