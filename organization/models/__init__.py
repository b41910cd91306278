"""Region, municipalities, units, services, people, roles and strategy."""

from organization.models.client import ApiCallCount, ApiClient, ClientKind
from organization.models.consultation import (
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
    ConsultationPoint,
    ConsultationStatus,
)
from organization.models.exposure import Exposure
from organization.models.feed import FeedEntry
from organization.models.group import ProfessionalGroup
from organization.models.group_role import GroupRole
from organization.models.person import Person
from organization.models.role import RoleAssignment
from organization.models.saved_view import SavedView, StartView
from organization.models.series import NumberSeries
from organization.models.service import Service
from organization.models.strategy import Goal, Strategy
from organization.models.unit import Unit

__all__ = [
    "ApiCallCount",
    "ApiClient",
    "ClientKind",
    "Consultation",
    "ConsultationAnswer",
    "ConsultationComment",
    "ConsultationPoint",
    "ConsultationStatus",
    "Exposure",
    "FeedEntry",
    "Goal",
    "GroupRole",
    "NumberSeries",
    "Person",
    "ProfessionalGroup",
    "RoleAssignment",
    "SavedView",
    "Service",
    "StartView",
    "Strategy",
    "Unit",
]
