"""An Excel form from tables written as text, the way authors talk about them."""

from __future__ import annotations

import io

import openpyxl


def workbook(**sheets: str) -> bytes:
    """`workbook(survey="| type | name | ...", choices=...)`: a row a line, cells between bars."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        for line in table.strip().splitlines():
            sheet.append([cell.strip() or None for cell in line.strip().strip("|").split("|")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
