"""Projects and where they stand."""

from portfolio.models.project import Phase, Project, ProjectStatus

__all__ = ["Phase", "Project", "ProjectStatus"]
