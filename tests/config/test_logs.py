"""What the logs say, and what they never say."""

from __future__ import annotations

import io
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from config.logs import MASK, is_personal, line_formatter, logging_config, mask, mask_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def logged(*, as_json: bool) -> Iterator[Callable[[], str]]:
    """Configure the logs, give what has been written so far, and put everything back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    logging_config(json=as_json, level="info")
    stream = io.StringIO()
    next(each for each in root.handlers if type(each) is logging.StreamHandler).setStream(stream)
    yield stream.getvalue
    root.handlers[:], root.level = before[0], before[1]
    structlog.configure(**before[2])


@pytest.fixture(params=[True, False], ids=["json", "text"])
def lines(request):
    """Return a function that gives what has been logged, in both formats."""
    with logged(as_json=request.param) as text:
        yield text


@pytest.fixture
def records():
    """Return a function that gives the JSON lines as mappings."""
    with logged(as_json=True) as text:
        yield lambda: [json.loads(line) for line in text().splitlines()]


def test_line_masks_personal_fields(lines):
    structlog.get_logger("a").info(
        "saved", username="kari.elvdal", case=17, nested={"name": "Kari", "list": [{"ip": "10.1.1.1"}]}
    )

    assert "kari" not in lines().lower()
    assert "10.1.1.1" not in lines()
    assert "17" in lines()
    assert "saved" in lines()


def test_line_masks_text__both_libraries(lines):
    structlog.get_logger("a").warning("mail to %s", "kari@elvdal.kommune.no")
    logging.getLogger("b").warning("person %s, %s", "010190 12345", "kari%40elvdal.no")

    for secret in ("kari", "12345"):
        assert secret not in lines()
    assert lines().count(MASK) == 3


def fail() -> None:
    raise ValueError(
        "no person with 01019012345 or kari@elvdal.no\nDETAIL:  Key (name)=(Kari Berg) already exists."
    )


def test_line_masks_exception(lines):
    try:
        fail()
    except ValueError:
        logging.getLogger("b").exception("failed")
        structlog.get_logger("a").exception("failed")

    assert lines().count("ValueError: no person with ***") == 2
    for secret in ("01019012345", "kari@", "Kari Berg) already"):
        assert secret not in lines()


def test_error_of_a_request_is_written_without_the_request(lines, rf):
    request = rf.get("/tiltak/", {"q": "Kari Berg"})
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", request.path, extra={"status_code": 500, "request": request}
    )

    assert "Internal Server Error: /tiltak/" in lines()
    assert "500" in lines()
    assert "Kari" not in lines()


def test_page_not_found_is_not_written_twice(lines):
    logging.getLogger("django.request").warning("Not Found: /x")

    assert lines() == ""


def test_line_is_an_object_with_time_level_and_logger(records):
    structlog.contextvars.bind_contextvars(request_id="abc")
    structlog.get_logger("stafett.a").info("saved", case=17)
    logging.getLogger("stafett.b").error("broken")
    structlog.contextvars.clear_contextvars()

    first, second = records()
    assert (first["event"], first["case"], first["level"], first["logger"]) == (
        "saved",
        17,
        "info",
        "stafett.a",
    )
    assert (second["event"], second["level"], second["logger"]) == ("broken", "error", "stafett.b")
    assert first["request_id"] == second["request_id"] == "abc"
    assert first["timestamp"].endswith("Z")


def test_line_below_the_level_is_not_written(lines):
    structlog.get_logger("a").debug("quiet")
    logging.getLogger("b").debug("quiet")

    assert lines() == ""


def test_logging_refuses_an_unknown_level():
    with pytest.raises(ValueError, match="'loud' is no level"):
        logging_config(json=True, level="loud")


def test_lines_of_the_web_server_are_objects_too():
    record = logging.LogRecord("_granian", logging.INFO, __file__, 1, "Listening at %s", ("http://a",), None)

    assert json.loads(line_formatter().format(record))["event"] == "Listening at http://a"


@pytest.mark.parametrize(
    "key", ["username", "User-Agent", "HTTP_USER_AGENT", "email", "e-mail", "ip", "name", "REMOTE_ADDR"]
)
def test_key_is_personal(key):
    assert is_personal(key)


@pytest.mark.parametrize("key", ["status", "route", "milliseconds", "task", "event", "logger", "request_id"])
def test_key_is_not_personal(key):
    assert not is_personal(key)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T20:55:44.314916Z",
        "case 1234567890",
        "at 123456789012 bytes",
        "7f3a12345678901b",
        "page a@b",
        "1.5 ms",
    ],
)
def test_text_that_tells_of_nobody_is_left_alone(text):
    assert mask_text(text) == text


@given(st.from_regex(r"\A[0-9]{11}\Z"), st.text(alphabet="abcæøå .,:;()/-", max_size=20))
def test_identity_number_is_masked_wherever_it_stands(number, around):
    digits = number.encode("ascii", "ignore").decode()

    assert number not in mask_text(f"{around}{number}{around}") or len(digits) != 11
    assert mask({"x": [number]}) == {"x": [MASK]} or len(digits) != 11


@given(st.emails())
def test_email_address_is_masked(address):
    local, _at, domain = address.partition("@")

    assert f"{local[-1]}@{domain}" not in mask_text(f"mail to {address}")


@pytest.mark.parametrize("number", [1019012345, 31129912345])
def test_identity_number_is_masked__as_a_number(number):
    assert mask(number) == MASK
    assert mask([17, True, None, 1.5]) == [17, True, None, 1.5]
