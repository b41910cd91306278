"""Examples of the OpenAPI document, from the fictional municipality."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_AT = "2026-03-09T13:30:11Z"
UNIT = OpenApiExample(
    "unit", response_only=True,
    value={
        "id": 12, "name": "Solbakken sykehjem", "short_name": "", "kind": "unit", "code": "2-31", "orgnr": "", "parent_id": 7,
        "municipality_id": 2, "region_id": 1, "closed_on": None, "changed_at": _AT,
    },
)  # fmt: skip
GOAL = OpenApiExample(
    "goal", response_only=True,
    value={
        "id": 3, "code": "2.1", "title": "Mer tid til brukerne", "indicator": "Andel tid hos bruker", "strategy_id": 1,
        "strategy_title": "Digitaliseringsstrategi", "strategy_version": "1", "municipality_id": 2,
        "adopted_on": "2026-02-12", "adopted_body": "kommunestyre", "adopted_by": "", "adopted_reference": "PS 45/26",
        "adopted_link": "", "unit_id": 2,
        "parent_id": None, "owner_id": 288, "changed_at": _AT,
    },
)  # fmt: skip
SERVICE = OpenApiExample(
    "service", response_only=True,
    value={
        "id": 8, "name": "Hjemmesykepleie", "description": "", "municipality_id": 2, "unit_id": 12, "service_owner_id": 288,
        "changed_at": _AT,
    },
)  # fmt: skip
PERSON = OpenApiExample(
    "person", response_only=True,
    value={
        "id": 288, "name": "Ingrid Moen", "title": "Virksomhetsleder", "changed_at": _AT,
        "roles": [{"role": "service_owner", "unit_id": 12, "municipality_id": 2}],
    },
)  # fmt: skip
EVENTS = OpenApiExample(
    "events", response_only=True,
    value={
        "results": [
            {
                "id": "1718", "type": "no.stafett.deviation.closed", "time": _AT, "recordedtime": "2026-03-09T13:30:12Z",
                "specversion": "1.0", "source": "https://stafett.kommune.no/api/v1/units/?municipality=2", "subject": "deviations/41",
                "datacontenttype": "application/json",
                "data": {
                    "id": 41, "status": "closed", "changed_at": _AT, "url": "https://stafett.kommune.no/api/v1/deviations/41/",
                },
            },
        ],
        "next": None, "cursor": "1720",
    },
)  # fmt: skip
CONSULTATION = OpenApiExample(
    "consultation", response_only=True,
    value={
        "id": 4, "strategy_id": 9, "strategy_title": "Handlingsplan for digitalisering", "strategy_version": "2027–2028",
        "municipality_id": 2, "text": "Er målene de rette for de neste to årene?", "opens_on": "2026-03-02",
        "closes_on": "2026-03-20", "hears_leaders": True, "hears_secretariat": False, "status": "open", "changed_at": _AT,
    },
)  # fmt: skip
CONSULTATION_POINT = OpenApiExample(
    "consultation point", response_only=True,
    value={
        "id": 31, "consultation_id": 4, "goal_id": 52, "code": "2", "title": "Innbyggerne kan følge sin egen sak",
        "indicator": "Andel sakstyper med innsyn", "changed_at": _AT,
    },
)  # fmt: skip
CONSULTATION_COMMENT = OpenApiExample(
    "consultation comment", response_only=True,
    value={
        "id": 77, "consultation_id": 4, "point_id": 31, "author_id": 288, "text": "Skriv at innsynet gjelder den som er part.",
        "has_no_remarks": False, "withdrawn_at": None, "answer_outcome": "followed", "answer_text": "Tatt inn i målet.",
        "changed_at": _AT,
    },
)  # fmt: skip
