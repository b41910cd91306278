"""Cards with QR codes that lead to the report form of one unit, or of a place in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M

from core.pdf import Sheet, render

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from organization.models import Unit

_QUIET = 4  # ISO/IEC 18004: four modules of white around the symbol


def report_address(unit: Unit, place: str = "") -> str:
    """Return the address that opens the report form with the unit, and the place, filled in."""
    query = {"enhet": unit.pk, **({"sted": place} if place else {})}
    return f"{settings.PUBLIC_URL}{reverse('deviations:report_start')}?{urlencode(query)}"


def qr_svg(text: str) -> str:
    """Return the QR code of ``text`` as SVG: one path of horizontal runs, black on white."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    runs = " ".join(
        f"M{start} {y} h{end - start} v1 H{start} z"
        for y, row in enumerate(rows)
        for start, end in _runs(row)
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"> '
        f'<path fill="#fff" d="M0 0 h{size} v{size} H0 z" /> <path fill="#000" d="{runs}" /> </svg>'
    )


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    edges = [x for x in range(len(row) + 1) if (x < len(row) and row[x]) != (x > 0 and row[x - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def render_qr_sheet(unit: Unit, places: Sequence[str], *, organization: str, now: dt.datetime) -> bytes:
    """Return the sheet as PDF: a card for each place, or one for the whole unit."""
    title = _("QR-koder for %(unit)s") % {"unit": unit.name}
    cards = [
        {
            "svg": qr_svg(report_address(unit, place)), "unit": unit.name, "place": place,
            "alt": _("QR-kode til meldesiden for %(where)s") % {"where": ", ".join(filter(None, (unit.name, place)))},
        }
        for place in places or [""]
    ]  # fmt: skip
    introduction = _(
        "Klipp ut kortene, og heng dem der folk ser dem når noe skjer. Hver kode fyller ut enhet og sted."
    )
    return render(
        Path(__file__).with_suffix(".typ"), {"title": title, "introduction": introduction, "cards": cards}, title=title,
        sheet=Sheet(organization=organization, unit=unit.name, kind=_("Meld avvik")), now=now,
    )  # fmt: skip
