import pytest
from django.urls import reverse
from organization.roles import Role
from tests import stories
@pytest.mark.parametrize("make", ["received","under_preparation","ready_for_council","on_agenda","adopted","in_portfolio","awaiting_endorsement"])
def test_try(world, as_role, make):
    case = getattr(stories, make)(world.home)
    for role in (Role.SECRETARIAT, Role.EMPLOYEE, Role.HR, Role.SECTOR_LEADER, Role.ELECTED_REPRESENTATIVE):
        c = as_role(role)
        for url in ["/", "/oppgaver/", "/tiltak/", case.get_absolute_url(), case.get_absolute_url()+"?vis=behandling", case.get_absolute_url()+"?vis=historikk"]:
            r = c.get(url); assert r.status_code == 200, (role, url, r.status_code)
    c = as_role(Role.SECRETARIAT)
    for url in ["/tiltak/mottak/", f"/tiltak/mottak/{case.pk}/", "/tiltak/?fil=csv", "/tiltak/?fil=xlsx"]:
        r = c.get(url); assert r.status_code == 200, (url, r.status_code)
    for name in ["initiative_case_paper_edit", "initiative_case_paper", "initiative_case_paper_pdf", "initiative_hearings_ask"]:
        r = c.get(reverse("governance:"+name, args=[case.pk])); print(make, name, r.status_code)
