"""What is sent with every answer."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from core.middleware import content_security_policy
from organization.roles import Role

HEADER = "Content-Security-Policy"


@pytest.mark.parametrize("path", ["/", "/api/v1/units/", "/api/v1/docs/", "/finnes-ikke/"])
def test_send_policy__with_every_answer(as_role, path):
    policy = as_role(Role.LEADER).get(path)[HEADER].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)


def test_send_policy__not_where_the_answer_has_its_own(rf):
    own = content_security_policy(lambda _request: HttpResponse(headers={HEADER: "sandbox"}))
    assert own(rf.get("/"))[HEADER] == "sandbox"
