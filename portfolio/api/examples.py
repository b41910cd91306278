"""Examples of the OpenAPI document, from the fictional municipality."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_AT = "2026-09-01T10:15:00Z"
PROJECT = OpenApiExample(
    "project", response_only=True,
    value={
        "id": 5, "number": "2026-014", "name": "Robot for sykmeldinger", "kind": "project", "phase": "execution",
        "status": "active", "status_since": _AT, "initiative_id": 41, "municipality_id": 2, "unit_id": 12, "owner_id": 288,
        "manager_id": 310, "programme_id": 4, "parent_id": None, "starts_on": "2026-06-01", "ends_on": "2027-02-28", "paused_until": None, "version": 7,
        "created_at": "2026-05-11T08:00:00Z", "changed_at": _AT, "page_url": "https://stafett.kommune.no/portefolje/prosjekter/5/",
    },
)  # fmt: skip
STATUS = OpenApiExample(
    "status", response_only=True,
    value={
        "id": 31, "project_id": 5, "municipality_id": 2, "status": "published", "day": "2026-08-31",
        "summary": "Pilot i to enheter går som planlagt.", "progress": "good", "progress_text": "", "progress_trend": "same",
        "economy": "watch", "economy_text": "Lisensene ble dyrere.", "economy_trend": "worse", "quality": "good",
        "quality_text": "", "quality_trend": "same", "risk": "good", "risk_text": "", "risk_trend": "same",
        "resources": "good", "resources_text": "", "resources_trend": "better", "benefits": "unknown", "benefits_text": "",
        "benefits_trend": "same", "ends_on": "2027-02-28", "forecast_ends_on": "2027-03-31", "budget": "400000.00",
        "spent": "180000.00", "forecast": "430000.00", "author_id": 310, "published_by_id": 310, "published_at": _AT,
        "version": 3, "created_at": "2026-08-31T07:00:00Z", "changed_at": _AT,
    },
)  # fmt: skip
NEW_PROJECT = OpenApiExample(
    "new project", request_only=True,
    value={
        "initiative_id": 41, "name": "Robot for sykmeldinger", "kind": "project", "owner_id": 288, "manager_id": 310,
        "starts_on": "2026-06-01", "ends_on": "2027-02-28",
    },
)  # fmt: skip
BUDGET_LINE = OpenApiExample(
    "budget line", response_only=True,
    value={
        "id": 61, "project_id": 5, "municipality_id": 2, "year": 2026, "source": "adopted", "budget": "400000.00",
        "committed": "86000.00", "spent": "180000.00", "forecast": "430000.00", "changed_at": _AT,
    },
)  # fmt: skip
ACTUALS = OpenApiExample(
    "actuals", request_only=True,
    value={
        "actuals": [
            {"project_id": 5, "year": 2026, "source": "adopted", "spent": "180000.00", "committed": "86000.00"},
            {"project_id": 6, "year": 2026, "source": "own_frame", "spent": "0"},
        ]
    },
)  # fmt: skip
