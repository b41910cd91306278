"""Addresses of benefits in the API."""

from __future__ import annotations

from django.urls import path

from benefits.api import views

urlpatterns = [
    path("benefits/", views.BenefitList.as_view(), name="benefit_list"),
    path("indicators/", views.IndicatorList.as_view(), name="indicator_list"),
    path("measurements/", views.MeasurementList.as_view(), name="measurement_list"),
]
