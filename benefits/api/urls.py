"""Addresses of benefits in the API."""

from __future__ import annotations

from django.urls import path

from benefits.api import measuring, views
from core.api.transitions import paths_of

_ONE = "benefits/<int:pk>/"
_POINT = "measurements/<int:pk>/"
urlpatterns = [
    path("benefits/", views.BenefitList.as_view(), name="benefit_list"),
    path(_ONE, views.BenefitDetail.as_view(), name="benefit_detail"),
    *paths_of(_ONE, views.BenefitTransitions, views.BenefitTransition, name="benefit"),
    path("indicators/", views.IndicatorList.as_view(), name="indicator_list"),
    path("indicators/<int:pk>/", views.IndicatorDetail.as_view(), name="indicator_detail"),
    path("measurements/", measuring.MeasurementList.as_view(), name="measurement_list"),
    path("measurements/bulk/", measuring.MeasurementBulk.as_view(), name="measurement_bulk"),
    path(_POINT, measuring.MeasurementDetail.as_view(), name="measurement_detail"),
    path(f"{_POINT}verify/", measuring.MeasurementVerify.as_view(), name="measurement_verify"),
]
