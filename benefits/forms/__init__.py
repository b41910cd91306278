"""Forms of benefits."""

from benefits.forms.benefit import BenefitFilters, BenefitForm, PlanForm

__all__ = ["BenefitFilters", "BenefitForm", "PlanForm"]
