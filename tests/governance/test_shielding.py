"""Whether a public title tells what is shielded."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.models import Initiative
from governance.shielding import repeated_words
from organization.roles import Role
from tests import stories


@pytest.mark.parametrize(
    ("title", "public", "words"),
    [
        ("Kameraer ved vannverket på Moen", "Sikringstiltak", []),
        ("Kameraer ved vannverket på Moen", "Kamera ved et anlegg", ["kamera"]),
        ("Kameraer ved VANNVERKET", "Vannverkets adgang", ["vannverkets"]),
        ("Nytt digitalt system", "Digitalt system", []),
        ("Lås", "Lås", []),
    ],
)
def test_find_repeated_words(title, public, words):
    case = Initiative(title=title, public_title=public, shield_basis="offl_24")
    assert repeated_words(case) == words
    assert repeated_words(Initiative(title=title, public_title=public)) == []


@pytest.mark.parametrize(("public", "is_told"), [("Vaktplan for legevakta", True), ("Skjermet sak", False)])
def test_write_paper__points_out_a_public_title_that_tells(world, as_role, public, is_told):
    case = stories.under_preparation(world.home, shield_basis="offl_24", public_title=public)
    page = as_role(Role.COORDINATOR).get(reverse("governance:initiative_case_paper_edit", args=[case.pk]))
    assert ("Sjekk den offentlige tittelen" in page.content.decode()) is is_told


def test_review_intake__points_out_a_public_title_that_tells(world, as_role):
    case = stories.draft(world.home, shield_basis="offl_24", public_title="Vaktplan for legevakta")
    page = as_role(Role.EMPLOYEE).get(reverse("governance:intake_review", args=[case.pk])).content.decode()
    assert "har et ord fra den skjermede: vaktplan" in page
