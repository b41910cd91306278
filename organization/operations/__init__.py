"""Writes to the organisation, each recorded with who did it, when, and under which name."""

from organization.operations import labels as _labels  # noqa: F401 - gives the actions their words
from organization.operations.clients import (
    edit_client,
    end_old_secret,
    issue_client,
    revoke_client,
    rotate_secret,
)
from organization.operations.consultations import (
    have_no_remarks,
    move_consultations,
    open_consultation,
    save_answer,
    save_comment,
    withdraw_comment,
)
from organization.operations.exposures import register_exposure
from organization.operations.group_roles import follow_groups, remove_group_role
from organization.operations.groups import add_member, remove_member
from organization.operations.log_in import recognize
from organization.operations.people import (
    add_password_link,
    create_person,
    edit_person,
    leave,
    password_link,
)
from organization.operations.roles import end_role, give_role, require_administrator
from organization.operations.saving import Edit, create, save
from organization.operations.series import next_number, next_numbers
from organization.operations.strategies import (
    Adoption,
    adopt_strategy,
    create_strategy,
    delete_goal,
    edit_strategy,
    end_strategy,
    save_goal,
)
from organization.operations.units import (
    check_kind,
    close_unit,
    create_unit,
    edit_unit,
    fits,
    insert_unit,
    level_problem,
    lock_tree,
    move_unit,
    reopen_unit,
)

__all__ = [
    "Adoption",
    "Edit",
    "add_member",
    "add_password_link",
    "adopt_strategy",
    "check_kind",
    "close_unit",
    "create",
    "create_person",
    "create_strategy",
    "create_unit",
    "delete_goal",
    "edit_client",
    "edit_person",
    "edit_strategy",
    "edit_unit",
    "end_old_secret",
    "end_role",
    "end_strategy",
    "fits",
    "follow_groups",
    "give_role",
    "have_no_remarks",
    "insert_unit",
    "issue_client",
    "leave",
    "level_problem",
    "lock_tree",
    "move_consultations",
    "move_unit",
    "next_number",
    "next_numbers",
    "open_consultation",
    "password_link",
    "recognize",
    "register_exposure",
    "remove_group_role",
    "remove_member",
    "reopen_unit",
    "require_administrator",
    "revoke_client",
    "rotate_secret",
    "save",
    "save_answer",
    "save_comment",
    "save_goal",
    "withdraw_comment",
]
