"""Examples of the OpenAPI document, from the fictional municipality."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_AT = "2026-09-01T10:15:00Z"
BENEFIT = OpenApiExample(
    "benefit", response_only=True,
    value={
        "id": 77, "title": "Mindre tid på vaktplan", "how": "Turnusplanleggerne slipper å føre to ganger.",
        "beneficiary": "own_organization", "kind": "saved_time", "form": "budget", "status": "realizing", "initiative_id": 41,
        "municipality_id": 2, "unit_id": 12, "kroner_per_year": "180000.00", "hours_per_year": "400.0",
        "full_effect_from": 2027, "prerequisites": "", "losers": "", "service_owner_id": 288, "ownership": "accepted",
        "points": None, "used_for": "budget_cut", "cut_amount": "180000.00", "cut_account": "3100", "cut_year": 2027,
        "created_at": "2026-02-24T08:12:40Z", "changed_at": _AT, "page_url": "https://stafett.kommune.no/gevinster/77/",
    },
)  # fmt: skip
INDICATOR = OpenApiExample(
    "indicator", response_only=True,
    value={
        "id": 90, "benefit_id": 77, "municipality_id": 2, "name": "Tid på vaktplan", "quantity": "hours",
        "measured_in": "timer per uke", "method": "Stikkprøve i to uker.", "source": "Turnussystemet", "direction": "down",
        "target": "4.0000", "forecast": None, "baseline_on": "2026-04-01", "first_on": "2026-10-01", "last_on": "2028-10-01",
        "every": "quarter", "responsible_id": None, "is_main": True, "created_at": "2026-03-01T08:00:00Z", "changed_at": _AT,
    },
)  # fmt: skip
MEASUREMENT = OpenApiExample(
    "measurement", response_only=True,
    value={
        "id": 412, "indicator_id": 90, "benefit_id": 77, "kind": "running", "due_on": "2026-10-01",
        "measured_on": "2026-10-02", "value": "6.5000", "comment": "", "measured_by_id": 288, "verified_by_id": None,
        "verified_at": None, "changed_at": _AT,
    },
)  # fmt: skip
NEW_MEASUREMENT = OpenApiExample(
    "new measurement", request_only=True,
    value={"indicator_id": 90, "measured_on": "2026-10-02", "value": "6.5", "comment": "Stikkprøve"},
)  # fmt: skip
MEASUREMENTS = OpenApiExample(
    "measurements", request_only=True,
    value={
        "measurements": [
            {"indicator_id": 90, "measured_on": "2026-10-02", "value": "6.5"},
            {"indicator_id": 91, "measured_on": "2026-10-02", "value": "-1"},
        ]
    },
)  # fmt: skip
BULK = OpenApiExample(
    "what became of them", response_only=True,
    value={
        "created": 1, "updated": 0, "unchanged": 0, "refused": 1,
        "results": [
            {"index": 0, "outcome": "created", "id": 412},
            {
                "index": 1, "outcome": "refused", "id": None,
                "problem": {
                    "type": "urn:problem-type:stafett:invalid", "title": "Noe i innholdet er feil", "status": 422,
                    "detail": "«errors» peker på hvert felt (JSON Pointer) og sier hva som må rettes.",
                    "errors": [{"pointer": "#/measurements/1/value", "detail": "Verdien kan ikke være under null."}],
                },
            },
        ],
    },
)  # fmt: skip
