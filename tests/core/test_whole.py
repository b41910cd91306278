"""Whole numbers in addresses: what is none, or too long for any column, is nothing."""

from __future__ import annotations

import pytest

from core.whole import whole
from organization.roles import Role


@pytest.mark.parametrize(("text", "number"), [("42", 42), ("0", 0), ("9" * 18, int("9" * 18))])
def test_whole__reads_digits(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", None, "-1", "1.5", "²", "٣", "x", "9" * 19, "9" * 5000])
def test_whole__is_nothing_for_anything_else(text):
    assert whole(text) is None


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_open_pages__with_a_number_no_column_holds(world, as_role, number):
    client = as_role(Role.ADMINISTRATOR)
    assert client.get("/organisasjon/strategi/ny/", {"ny-versjon-av": number}).status_code == 404
