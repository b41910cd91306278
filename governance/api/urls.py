"""Addresses of initiatives in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from core.api.transitions import paths_of
from governance import policies
from governance.api import council, follow_ups, views

if TYPE_CHECKING:
    from core.workflow import Transition
    from governance.models import Initiative


def _is_for_people(declared: Transition[Initiative]) -> bool:
    return declared.allow is not policies.nobody


_ONE, _FOLLOW_UP = "initiatives/<int:pk>/", "follow-ups/<int:pk>/"
urlpatterns = [
    path("initiatives/", views.InitiativeList.as_view(), name="initiative_list"),
    path("council-meetings/", council.MeetingList.as_view(), name="council_meeting_list"),
    path("council-meetings/<int:pk>/", council.MeetingDetail.as_view(), name="council_meeting_detail"),
    path("decisions/", council.DecisionList.as_view(), name="decision_list"),
    path("decisions/<int:pk>/", council.DecisionDetail.as_view(), name="decision_detail"),
    path("follow-ups/", follow_ups.FollowUpList.as_view(), name="follow_up_list"),
    path(_FOLLOW_UP, follow_ups.FollowUpDetail.as_view(), name="follow_up_detail"),
    *paths_of(_FOLLOW_UP, follow_ups.FollowUpTransitions, follow_ups.FollowUpTransition, name="follow_up"),
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
