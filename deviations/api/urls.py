"""Addresses of deviations in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path

from core.api.transitions import paths_of
from deviations import policies
from deviations.api import actions, views

if TYPE_CHECKING:
    from core.workflow import Transition


def _is_for_people(declared: Transition[Any]) -> bool:
    return declared.allow is not policies.nobody


_ONE, _ACTION = "deviations/<int:pk>/", "corrective-actions/<int:pk>/"
urlpatterns = [
    path("deviations/", views.DeviationList.as_view(), name="deviation_list"),
    path("deviations/questions/", views.QuestionList.as_view(), name="deviation_questions"),
    path("corrective-actions/", actions.ActionList.as_view(), name="corrective_action_list"),
    path(_ACTION, actions.ActionDetail.as_view(), name="corrective_action_detail"),
    *paths_of(
        _ACTION,
        actions.ActionTransitions,
        actions.ActionTransition,
        name="corrective_action",
        offered=_is_for_people,
    ),
    path("deviation-types/", views.DeviationTypeList.as_view(), name="deviation_type_list"),
    path("deviation-types/<int:pk>/", views.DeviationTypeDetail.as_view(), name="deviation_type_detail"),
    path(f"{_ONE}photos/", views.DeviationPhotos.as_view(), name="deviation_photos"),
    path(_ONE, views.DeviationDetail.as_view(), name="deviation_detail"),
    path(f"{_ONE}timeline/", views.DeviationTimeline.as_view(), name="deviation_timeline"),
    *paths_of(
        _ONE, views.DeviationTransitions, views.DeviationTransition, name="deviation", offered=_is_for_people
    ),
]
