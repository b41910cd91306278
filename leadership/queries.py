"""Who sees what leadership keeps of an area: everybody in its municipality."""

from __future__ import annotations

from organization.queries import InMunicipality


class OfArea(InMunicipality):
    municipality_path = "area__municipality_id"
