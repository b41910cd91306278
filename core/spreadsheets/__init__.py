"""Tables in and out: CSV and XLSX files that people make in Excel and expect to get back.

``read_table`` gives rows that know their line in the file, so that an error can say where it
is; ``write_csv`` and ``write_xlsx`` give files that Excel opens with numbers as numbers, and
in which no text of a user ever runs as a formula.
"""

from core.spreadsheets.reading import read_table
from core.spreadsheets.tables import Column, Row, Table, TableError, Value
from core.spreadsheets.writing import write_book, write_csv, write_xlsx

__all__ = [
    "Column",
    "Row",
    "Table",
    "TableError",
    "Value",
    "read_table",
    "write_book",
    "write_csv",
    "write_xlsx",
]
