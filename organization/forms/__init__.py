"""Forms of the organisation, and the fields that choose people and units, used by every app above."""

from organization.forms.choices import PersonField, UnitField, family_of, people_of, person_label

__all__ = ["PersonField", "UnitField", "family_of", "people_of", "person_label"]
