"""Forms of benefits."""

from benefits.forms.benefit import BenefitFilters, BenefitForm, PlanForm
from benefits.forms.indicators import IndicatorForm, MeasureForm, ProfileForm

__all__ = ["BenefitFilters", "BenefitForm", "IndicatorForm", "MeasureForm", "PlanForm", "ProfileForm"]
