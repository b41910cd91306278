from __future__ import annotations

import csv
import datetime as dt
import random
import re
import struct
import zipfile
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.spreadsheets import Column, Row, Table, TableError, read_table, reading, write_csv, write_xlsx

COLUMNS = [
    Column("title", "Tittel"),
    Column("amount", "Beløp", aliases=("Beløp (kr)", "Sum")),
    Column("start", "Oppstart", required=False),
]
AFTERNOON = dt.datetime(2026, 12, 3, 13, 30, tzinfo=dt.UTC)  # 14.30 in Oslo


def table(content: str | bytes, name: str = "tiltak.csv") -> Table:
    return read_table(BytesIO(content.encode() if isinstance(content, str) else content), name)


def rows(content: str | bytes, name: str = "tiltak.csv") -> list[Row]:
    return list(table(content, name).rows(COLUMNS))


def workbook(*lines: list[Any], **change: Any) -> bytes:
    book = Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line)
    for action in change.values():
        action(book, sheet)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, member: str, change: Any) -> bytes:
    """Return the same XLSX file with the text of one member changed."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()) if name == member else data)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_read_csv_in_every_usual_shape(encoding: str, delimiter: str) -> None:
    text = f"Tittel{delimiter}Beløp{delimiter}Oppstart\r\nBlåbær{delimiter}1250{delimiter}3.12.2026\r\n"
    [row] = rows(text.encode(encoding))
    assert (row.text("title"), row.number("amount"), row.date("start")) == (
        "Blåbær",
        Decimal(1250),
        dt.date(2026, 12, 3),
    )


def test_read_csv_with_decimal_commas_is_separated_by_semicolon() -> None:
    [one, two] = rows("Tittel;Beløp, kr;Sum\nA, B;1,5;2,5\nC, D;1,5;3,5\n")
    assert (one.text("title"), one.number("amount"), two.number("amount")) == (
        "A, B",
        Decimal("2.5"),
        Decimal("3.5"),
    )


def test_read_csv_that_declares_its_delimiter() -> None:
    [row] = rows("sep=|\nTittel|Beløp\nA;B,C|7\n")
    assert (row.line, row.text("title"), row.number("amount")) == (3, "A;B,C", Decimal(7))


def test_rows_know_their_line__with_empty_lines_and_line_breaks_in_cells() -> None:
    found = rows('\n\nTittel;Beløp\n\n"to\nlinjer";1\n;\nC;2\n')
    assert [(row.line, row.text("title")) for row in found] == [(5, "to\nlinjer"), (8, "C")]


def test_headings_match_without_case_spaces_and_asterisk__and_by_alias() -> None:
    found = table(" TITTEL * ;beløp  (KR);Merknad\nA;1;x\n")
    assert found.unknown(COLUMNS) == ["Merknad"]
    [row] = found.rows(COLUMNS)
    assert (row.text("title"), row.number("amount"), row.date("start")) == ("A", Decimal(1), None)


def test_missing_columns_are_named_together_with_those_found() -> None:
    with pytest.raises(TableError, match=r"mangler kolonnene «Tittel», «Beløp»\. Den har «Navn», «Pris»"):
        table("Navn;Pris\nA;1\n").rows(COLUMNS)


@pytest.mark.parametrize(
    ("cell", "read", "problem"),
    [
        ("A;abc", lambda row: row.number("amount"), "Linje 2, kolonnen «Beløp»: «abc» er ikke et tall"),
        ("A;", lambda row: row.number("amount", required=True), "Linje 2, kolonnen «Beløp»: Feltet er tomt"),
        ("A;31.2.2026", lambda row: row.date("amount"), "Linje 2, kolonnen «Beløp»: 31.2.2026 finnes ikke"),
        ("A;kanskje", lambda row: row.flag("amount"), "Linje 2, kolonnen «Beløp»: «kanskje» er verken ja"),
        ("A;1", lambda row: row.error("title", "finnes fra før")._sentence(), ""),
    ],
)
def test_errors_name_line_and_column(cell: str, read: Any, problem: str) -> None:
    [row] = rows(f"Tittel;Beløp\n{cell}\n")
    if not problem:
        assert read(row) == "Linje 2, kolonnen «Tittel»: finnes fra før"
        return
    with pytest.raises(TableError, match=re.escape(problem)) as caught:
        read(row)
    assert (caught.value.line, caught.value.column) == (2, "Beløp")


@pytest.mark.parametrize(
    ("typed", "value"), [("Ja", True), ("x", True), ("NEI", False), ("0", False), ("", None)]
)
def test_flag_reads_yes_and_no(typed: str, value: bool | None) -> None:
    [row] = rows(f"Tittel;Beløp\nA;{typed}\n")
    assert row.flag("amount") is value


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "«tiltak.csv» er tom"),
        ("\n;;\n", "«tiltak.csv» er tom"),
        ("Tittel;tittel\nA;B\n", "Linje 1, kolonnen «tittel»: To kolonner har samme"),
        ("Tittel;Beløp\nA;1;rest\n", "Linje 2, kolonnen «C»: Verdien står i en kolonne uten overskrift"),
        ('Tittel;Beløp\n"A;1\n', "Linje 2: Raden kan ikke leses. Kontroller anførselstegnene"),
        (b"Tittel\0;Bel", "verken en CSV-fil eller"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "eldre eller passordbeskyttet"),
        (b"PK\x03\x04 not really", "kan ikke leses som et Excel-regneark"),
        ("Tittel;Beløp\n" + "x" * 40_000 + ";1\n", "Linje 2: En celle har mer enn 32767 tegn"),
        ("Tittel" + ";k" * 300 + "\n", "Linje 1: Raden har mer enn 200 kolonner"),
    ],
)
def test_read_table_refuses_and_says_where(content: str | bytes, problem: str) -> None:
    with pytest.raises(TableError, match=re.escape(problem)):
        table(content)


def test_read_table_refuses_too_many_rows_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(rows("Tittel;Beløp\n" + "A;1\n" * 3)) == 3
    with pytest.raises(TableError, match="Linje 5: Filen har mer enn 3 rader"):
        table("Tittel;Beløp\n" + "A;1\n" * 4)
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(TableError, match="større enn"):
        table("Tittel;Beløp\nA;1\n")


def test_read_workbook_keeps_types_and_lines() -> None:
    content = workbook(
        ["Tittel", "Beløp", "Oppstart"],
        ["0047", 1250.5, dt.date(2026, 12, 3)],
        [],
        [47, 0.1, dt.datetime(2026, 12, 3, 14, 30)],  # noqa: DTZ001
        ["A", 3.0, "3.12.2026"],
    )
    one, two, three = rows(content, "tiltak.xlsx")
    assert (one.line, one.text("title"), one.number("amount")) == (2, "0047", Decimal("1250.5"))
    assert (two.line, two.text("title"), two.number("amount")) == (4, "47", Decimal("0.1"))
    assert {row.date("start") for row in (one, two, three)} == {dt.date(2026, 12, 3)}
    assert three.number("amount") == 3


def test_read_workbook_takes_the_first_sheet_that_is_shown() -> None:
    def hide(book: Workbook, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        shown = book.create_sheet("Tiltak")
        shown.append(["Tittel", "Beløp"])
        shown.append(["B", 2])

    assert [row.text("title") for row in rows(workbook(["Hemmelig"], hide=hide))] == ["B"]


def test_read_workbook_refuses_merged_cells() -> None:
    content = workbook(["Tittel", "Beløp"], ["A", 1], merge=lambda _, sheet: sheet.merge_cells("A2:A3"))
    with pytest.raises(TableError, match="Cellene A2:A3 er slått sammen"):
        table(content)


def test_read_workbook_refuses_values_that_are_errors() -> None:
    content = workbook(["Tittel", "Beløp"], ["A", "#REF!"])
    with pytest.raises(TableError, match=re.escape("Linje 2, kolonnen «B»: Cellen har feilen #REF!")):
        table(content)


def test_read_workbook_does_not_fill_the_gaps_that_a_file_claims() -> None:
    def spread(text: str) -> str:
        text = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', text)
        return text.replace('<row r="2"', '<row r="999999999"').replace('r="A2"', 'r="A999999999"')

    content = repacked(workbook(["Tittel", "Beløp"], ["A"]), "xl/worksheets/sheet1.xml", spread)
    assert [row.line for row in rows(content)] == [999_999_999]


def test_read_workbook_refuses_xml_that_expands() -> None:
    declaration = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = repacked(
        workbook(["Tittel", "Beløp"], ["A", 1]),
        "xl/worksheets/sheet1.xml",
        lambda text: declaration + text.replace(">1<", ">&b;<"),
    )
    with pytest.raises(TableError, match="kan ikke leses som et Excel-regneark"):
        table(content)


def test_read_workbook_refuses_a_zip_bomb() -> None:
    packed = bytearray(workbook(["Tittel", "Beløp"]))
    entry = packed.rfind(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = struct.pack("<I", 3_000_000_000)
    with pytest.raises(TableError, match="kan ikke leses som et Excel-regneark"):
        table(bytes(packed))


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_read_table_reads_or_refuses_a_damaged_workbook(seed: int, damage: int) -> None:
    content = bytearray(WORKBOOK)
    dice = random.Random(seed)
    for _ in range(damage):
        content[dice.randrange(len(content))] = dice.randrange(256)
    try:
        table(bytes(content))
    except TableError as refused:
        assert str(refused)  # noqa: PT017 - both outcomes are right, any other exception is not


@given(st.text(max_size=300))
def test_read_table_reads_or_refuses_any_text(text: str) -> None:
    try:
        table(text)
    except TableError as refused:
        assert str(refused)  # noqa: PT017 - both outcomes are right, any other exception is not


WORKBOOK = workbook(["Tittel", "Beløp"], ["A", 1], ["B", dt.date(2026, 1, 1)])
FORMULAS = [
    "'=1",
    "''-1",
    "' =1",
    "=1+1",
    "+47 123",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "\uff1d1",
    " =1",
]


def written_csv(*lines: list[Any]) -> list[list[str]]:
    content = b"".join(write_csv(["Tittel", "Verdi"], lines))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", FORMULAS)
def test_write_csv_makes_text_of_formulas(text: str) -> None:
    [_, [first, second]] = written_csv([text, f"trygg {text}"])
    assert first == f"'{text}"
    assert second == f"trygg {text}"


def test_write_csv_writes_types_as_excel_in_norway_reads_them() -> None:
    day = dt.date(2026, 12, 3)
    [_, *cells] = written_csv(
        ["a", -1250.5],
        ["b", Decimal("1E+3")],
        ["c", day],
        ["d", AFTERNOON],
        ["e", True],
        ["f", None],
        ["g", 0],
    )
    assert [cell[1] for cell in cells] == ["-1250,5", "1000", "2026-12-03", "2026-12-03 14:30", "Ja", "", "0"]


def test_write_csv_streams() -> None:
    made = []

    def endless() -> Any:
        for number in range(100_000):
            made.append(number)
            yield ["x" * 50, number]

    parts = write_csv(["a", "b"], endless())
    assert len(next(parts)) > 50_000
    assert len(made) < 5_000


def written_xlsx(*lines: list[Any]) -> tuple[Any, bytes]:
    with write_xlsx(["Tittel", "Verdi"], lines, sheet="Tiltak: [2026]") as target:
        content = target.read()
    return load_workbook(BytesIO(content)).active, content


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A"])
def test_write_xlsx_makes_text_of_formulas(text: str) -> None:
    sheet, content = written_xlsx([text, 1])
    assert sheet["A2"].data_type == "s"
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_write_xlsx_marks_text_that_would_become_a_formula_when_edited() -> None:
    sheet, _ = written_xlsx(["=1", 1], ["trygg", 1])
    assert sheet["A2"].quotePrefix
    assert not sheet["A3"].quotePrefix


def test_write_xlsx_writes_types_and_headings() -> None:
    sheet, _ = written_xlsx(["0047", Decimal("1250.5")], [dt.date(2026, 12, 3), AFTERNOON], [False, None])
    assert [cell.value for cell in sheet[1]] == ["Tittel", "Verdi"]
    assert sheet["A1"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A2", "A1:B4", "Tiltak   2026")
    assert (sheet["A2"].value, sheet["B2"].value) == ("0047", 1250.5)
    assert sheet["A3"].value == dt.datetime(2026, 12, 3)  # noqa: DTZ001
    assert sheet["A3"].number_format == "dd.mm.yyyy"
    assert sheet["B3"].value == dt.datetime(2026, 12, 3, 14, 30)  # noqa: DTZ001
    assert (sheet["A4"].value, sheet["B4"].value) == ("Nei", None)


def test_write_xlsx_drops_what_xml_cannot_carry_and_cuts_what_excel_cannot_hold() -> None:
    sheet, _ = written_xlsx(["a\x00b\x1fc\ud800", "x" * 40_000])
    assert sheet["A2"].value == "abc"
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("…")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_writers_refuse_what_is_no_number(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        list(write_csv(["a"], [[value]]))
    with pytest.raises(ValueError, match="not a number"):
        write_xlsx(["a"], [[value]])


texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufeff"), max_size=40
)


@given(st.lists(st.tuples(texts, st.decimals(-(10**9), 10**9, places=2)), min_size=1, max_size=5))
def test_what_is_written_is_read_back(lines: list[tuple[str, Decimal]]) -> None:
    with write_xlsx(["Tittel", "Beløp"], lines) as file:
        as_xlsx = file.read()
    for content in (as_xlsx, b"".join(write_csv(["Tittel", "Beløp"], lines))):
        found = rows(content)
        assert [row.number("amount") for row in found] == [amount for _, amount in lines]
        assert [row.text("title") for row in found] == [
            " ".join(text.split("\0")).strip() for text, _ in lines
        ]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_read_back_as_the_text_they_were(text: str) -> None:
    [row] = rows(b"".join(write_csv(["Tittel", "Beløp"], [[text, 1]])))
    assert row.text("title") == text.strip()
