"""Addresses of deviations in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from core.api.transitions import paths_of
from deviations import policies
from deviations.api import actions, views

if TYPE_CHECKING:
    from core.workflow import Transition
    from deviations.models import Deviation


def _is_for_people(declared: Transition[Deviation]) -> bool:
    return declared.allow is not policies.nobody


_ONE = "deviations/<int:pk>/"
urlpatterns = [
    path("deviations/", views.DeviationList.as_view(), name="deviation_list"),
    path("deviations/questions/", views.QuestionList.as_view(), name="deviation_questions"),
    path("corrective-actions/", actions.ActionList.as_view(), name="corrective_action_list"),
    path("deviation-types/", views.DeviationTypeList.as_view(), name="deviation_type_list"),
    path(f"{_ONE}photos/", views.DeviationPhotos.as_view(), name="deviation_photos"),
    path(_ONE, views.DeviationDetail.as_view(), name="deviation_detail"),
    path(f"{_ONE}timeline/", views.DeviationTimeline.as_view(), name="deviation_timeline"),
    *paths_of(
        _ONE, views.DeviationTransitions, views.DeviationTransition, name="deviation", offered=_is_for_people
    ),
]
