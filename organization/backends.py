"""Who is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from organization.actors import read_person

if TYPE_CHECKING:
    from organization.models import Person


class Backend(AuthenticationBackend):
    """allauth's way of logging in; whoever is logged in is read together with the roles of today."""

    def get_user(self, user_id: int) -> Person | None:
        person = read_person(user_id)
        return person if person and self.user_can_authenticate(person) else None
