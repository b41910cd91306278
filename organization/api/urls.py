"""Addresses of the organisation in the API."""

from __future__ import annotations

from django.urls import path

from organization.api import consultations, events, views

urlpatterns = [
    path("units/", views.UnitList.as_view(), name="unit_list"),
    path("units/<int:pk>/", views.UnitDetail.as_view(), name="unit_detail"),
    path("services/", views.ServiceList.as_view(), name="service_list"),
    path("services/<int:pk>/", views.ServiceDetail.as_view(), name="service_detail"),
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
    path("events/", events.EventList.as_view(), name="event_list"),
    path("goals/", views.GoalList.as_view(), name="goal_list"),
    path("goals/<int:pk>/", views.GoalDetail.as_view(), name="goal_detail"),
    path("consultations/", consultations.ConsultationList.as_view(), name="consultation_list"),
    path("consultations/<int:pk>/", consultations.ConsultationDetail.as_view(), name="consultation_detail"),
    path(
        "consultation-points/",
        consultations.ConsultationPointList.as_view(),
        name="consultation_point_list",
    ),
    path(
        "consultation-points/<int:pk>/",
        consultations.ConsultationPointDetail.as_view(),
        name="consultation_point_detail",
    ),
    path(
        "consultation-comments/",
        consultations.ConsultationCommentList.as_view(),
        name="consultation_comment_list",
    ),
    path(
        "consultation-comments/<int:pk>/",
        consultations.ConsultationCommentDetail.as_view(),
        name="consultation_comment_detail",
    ),
]
