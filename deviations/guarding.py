"""Find personal data of others in what somebody is about to send: a warning, never a lock.

National identity numbers are told from other numbers by their two control digits, so that a
case number gives no false alarm.  Names are found where somebody is called a user, a patient
or a pupil; colleagues may be named.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

LONG_TEXT = 3000
"""Characters from which a description looks like a pasted journal."""


class Kind(TextChoices):
    IDENTITY = "identity", _("Fødselsnummer")
    PHONE = "phone", _("Telefonnummer")
    NAME = "name", _("Navn på bruker, pasient eller elev")
    LONG = "long", _("Lang tekst")


ADVICE = {
    Kind.IDENTITY: _("Ta det bort. Den som behandler saken, trenger ikke nummeret."),
    Kind.PHONE: _("Ta det bort hvis det ikke er nødvendig for å behandle saken."),
    Kind.NAME: _("Skriv «bruker», «pasient» eller «elev» uten navn."),
    Kind.LONG: _(
        "Ser dette ut som tekst fra en journal? Skriv heller kort hva som skjedde, uten helseopplysninger."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should perhaps not be sent, as it stands in the text."""

    kind: Kind
    text: str

    @property
    def advice(self) -> str:
        return str(ADVICE[self.kind])


def find(*texts: str) -> list[Finding]:
    """Return what stands in ``texts`` that names somebody who should not be named, each once."""
    return list(dict.fromkeys(finding for text in texts for finding in _in_one(text)))


def fingerprint(findings: Iterable[Finding]) -> str:
    """Return what a person confirms: another finding later is not confirmed with the first."""
    words = "\n".join(sorted(f"{finding.kind}:{finding.text}" for finding in findings))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def is_confirmed(findings: Collection[Finding], sent: Mapping[str, Any]) -> bool:
    """Tell whether the person has seen just these findings and sends anyway; an identity number needs a tick of its own."""
    mark = fingerprint(findings)
    needed = ["confirmed", "confirmed_identity"] if has_identity_number(findings) else ["confirmed"]
    return not findings or all(sent.get(name) == mark for name in needed)


def has_identity_number(findings: Iterable[Finding]) -> bool:
    return any(finding.kind == Kind.IDENTITY for finding in findings)


def is_identity_number(digits: str) -> bool:
    """Tell whether eleven digits have both control digits of a national identity number or a D-number."""
    numbers = [int(digit) for digit in digits]
    return all(
        sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11 == 0
        for weights in _CONTROL
    )


# Skatteetaten: the weights of the two control digits, the digit itself counting once.
_CONTROL = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
_SPACE = "[ \u00a0\u2007\u2009\u202f]"
_ELEVEN = re.compile(rf"(?<![0-9])(?=([0-9](?:(?:{_SPACE}|[.-])?[0-9]){{10}})(?![0-9]))")
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z.,/-])(?:(?:\+|00)47{_SPACE}?)?"
    rf"(?:[2-9][0-9]{{7}}|[2-9][0-9](?:{_SPACE}[0-9]{{2}}){{3}}|[2-9][0-9]{{2}}{_SPACE}[0-9]{{2}}{_SPACE}[0-9]{{3}})"
    rf"(?![0-9]|[.,/-][0-9]|{_SPACE}[0-9])"
)
_COMPACT_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLIENT = (
    r"(?P<who>bruker(?:en|ne)?|pasient(?:en|ene)?|elev(?:en|ene)?|beboer(?:en|ne)?|klient(?:en|ene)?|barn(?:et|a)?"
    r"|tjenestemottaker(?:en|ne)?|deltaker(?:en|ne)?|fru|herr)"
)
_LETTERS = "a-zæøåéèêóòôüäöáčđŋšŧž"
_UPPER = "A-ZÆØÅÉÈÓÜÄÖÁČĐŊŠŦŽ"
_NAME = rf"[{_UPPER}][{_LETTERS}]+(?:-[{_UPPER}][{_LETTERS}]+)?(?![{_UPPER}{_LETTERS}])"
_INITIALS = rf"[{_UPPER}]\.\s?[{_UPPER}]\.?(?![{_UPPER}{_LETTERS}])"
_SHOUTED = rf"[{_UPPER}]{{3,}}(?:\s[{_UPPER}]{{3,}})+"
_MORE = rf"(?:\s(?:og\s)?(?:{_NAME}|[{_UPPER}](?:\.|(?![{_UPPER}{_LETTERS}]))))*"
_NAMED = re.compile(
    rf"(?<![{_UPPER}{_LETTERS}])(?i:{_CLIENT})(?:\s(?:ved\snavn|som\sheter|med\snavn))?(?:\s|:\s?|\s?\()"
    rf"(?P<name>{_SHOUTED}|{_INITIALS}|{_NAME}{_MORE})"
)
_SMALL_NAMED = re.compile(
    rf"(?<![{_UPPER}{_LETTERS}])(?i:{_CLIENT})\s(?P<name>[{_LETTERS}]{{3,}}(?:\s[{_LETTERS}]+sen)?)"
)
# «Vi bruker Teams»: the verb, and what is used.
_BEFORE_VERB = _words(
    "alle alltid ansatte at de dere du han hun ikke jeg kan kommunen man og også ofte som vi"
)
_NOT_NAMES = _words("""
    acos android apple bpa citrix cosdoc dips excel facebook feide geodata gerica google ikke ipad iphone jeg messenger
    microsoft nav nn norge outlook pc power profil snapchat socio teams vigilo visma websak windows word zoom
""")
_FIRST_NAMES = _words("""
    anders andreas anette anita anna anne annika arild arne astrid aud berit bente bjørg bjørn camilla christian daniel
    elin elisabeth ellen emma erik erling eva fatima frode geir grete gunnar hanne hans harald heidi helge helene henrik
    hilde håkon inger ingrid ivar jan jens johan johanne jon jonas jorunn karen kari karin ketil kjell kjersti knut kristian
    kristin lars leif lene linda lise lucas magnus maja maren margit maria marianne marit markus martin mette mohamed monica
    morten nils nina nora odd ola olav ole oskar otto petter ragnhild randi reidun roger rolf rune sara sigrid silje sissel
    siri sofie solveig stein sverre terje thomas tone torunn tove trine trond tuva unni vigdis wenche yusuf åse
""")


def _in_one(text: str) -> Iterator[Finding]:
    rest = text
    for match in _ELEVEN.finditer(text):
        if is_identity_number(re.sub(r"[^0-9]", "", match[1])):
            yield Finding(Kind.IDENTITY, match[1])
            rest = rest.replace(match[1], " " * len(match[1]))
    for match in _PHONE.finditer(rest):
        if not _COMPACT_DATE.fullmatch(match[0]):
            yield Finding(Kind.PHONE, match[0].strip())
    yield from _names(text)
    if len(text) > LONG_TEXT:
        yield Finding(Kind.LONG, "")


def _names(text: str) -> Iterator[Finding]:
    for match in _NAMED.finditer(text):
        if match["name"].split()[0].casefold() not in _NOT_NAMES and not _is_verb(match, text):
            yield Finding(Kind.NAME, match[0].strip())
    for match in _SMALL_NAMED.finditer(text):
        if match["name"].split()[0] in _FIRST_NAMES and not _is_verb(match, text):
            yield Finding(Kind.NAME, match[0].strip())


def _is_verb(match: re.Match[str], text: str) -> bool:
    """Tell whether «bruker» means *uses* here, as it does after its subject."""
    if match["who"].casefold() != "bruker":
        return False
    before = text[: match.start()].split()[-1:]
    return bool(before) and before[0].strip(",").casefold() in _BEFORE_VERB
