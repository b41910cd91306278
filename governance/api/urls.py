"""Addresses of initiatives in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from core.api.transitions import paths_of
from governance import policies
from governance.api import council, views

if TYPE_CHECKING:
    from core.workflow import Transition
    from governance.models import Initiative


def _is_for_people(declared: Transition[Initiative]) -> bool:
    return declared.allow is not policies.nobody


_ONE = "initiatives/<int:pk>/"
urlpatterns = [
    path("initiatives/", views.InitiativeList.as_view(), name="initiative_list"),
    path("council-meetings/", council.MeetingList.as_view(), name="council_meeting_list"),
    path("council-meetings/<int:pk>/", council.MeetingDetail.as_view(), name="council_meeting_detail"),
    path("decisions/", council.DecisionList.as_view(), name="decision_list"),
    path("decisions/<int:pk>/", council.DecisionDetail.as_view(), name="decision_detail"),
    path(_ONE, views.InitiativeDetail.as_view(), name="initiative_detail"),
    path(f"{_ONE}timeline/", views.InitiativeTimeline.as_view(), name="initiative_timeline"),
    *paths_of(
        _ONE,
        views.InitiativeTransitions,
        views.InitiativeTransition,
        name="initiative",
        offered=_is_for_people,
    ),
]
