"""Which widget shows which question: the one registry.

A row names kind, data type and appearance; "*" fits all. The first row that fits is taken, so
the particular stands above the general. A new widget is a file and a row here.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.questions.barcode import BarcodeQuestion
from desktop.questions.base import QuestionWidget, Surroundings
from desktop.questions.dates import (
    DateQuestion,
    DateTimeQuestion,
    MonthQuestion,
    TimeQuestion,
    YearQuestion,
)
from desktop.questions.geo import GeopointQuestion, GeoRowsQuestion
from desktop.questions.notice import NoteQuestion, TriggerQuestion, UnsupportedQuestion
from desktop.questions.select_multiple import CheckListQuestion, CheckQuestion, RankQuestion
from desktop.questions.select_one import ListQuestion, RadioQuestion
from desktop.questions.signature import SignatureQuestion
from desktop.questions.sliding import RangeQuestion
from desktop.questions.text import (
    DecimalQuestion,
    IntegerQuestion,
    MultilineQuestion,
    TextQuestion,
)
from desktop.questions.upload import UploadQuestion
from forms.views import NodeView

FEW = 7  # choices that are still all in sight


@dataclass(frozen=True)
class Row:
    """One kind of question and its widget.

    Attributes:
        many: The row fits only a question with more choices than `FEW`, or only with fewer;
            None for both.
    """

    kind: str
    data_type: str
    appearance: str
    widget: type[QuestionWidget]
    many: bool | None = None

    def fits(self, view: NodeView) -> bool:
        """Whether `view` is such a question."""
        return (
            self.kind == view.kind
            and self.data_type in ("*", view.data_type)
            and (self.appearance == "*" or self.appearance in view.appearance)
            and (self.many is None or self.many == (len(view.choices) > FEW))
        )


ROWS: tuple[Row, ...] = (
    Row("note", "*", "*", NoteQuestion),
    Row("trigger", "*", "*", TriggerQuestion),
    Row("select-one", "*", "minimal", ListQuestion),
    Row("select-one", "*", "autocomplete", ListQuestion),
    Row("select-one", "*", "search", ListQuestion),
    Row("select-one", "*", "likert", RadioQuestion),
    Row("select-one", "*", "*", ListQuestion, many=True),
    Row("select-one", "*", "*", RadioQuestion),
    Row("select-multiple", "*", "autocomplete", CheckListQuestion),
    Row("select-multiple", "*", "*", CheckListQuestion, many=True),
    Row("select-multiple", "*", "*", CheckQuestion),
    Row("rank", "*", "*", RankQuestion),
    Row("range", "*", "*", RangeQuestion),
    Row("upload", "*", "signature", SignatureQuestion),
    Row("upload", "*", "*", UploadQuestion),
    Row("input", "string", "multiline", MultilineQuestion),
    Row("input", "string", "*", TextQuestion),
    Row("input", "int", "*", IntegerQuestion),
    Row("input", "decimal", "*", DecimalQuestion),
    Row("input", "date", "year", YearQuestion),
    Row("input", "date", "month-year", MonthQuestion),
    Row("input", "date", "*", DateQuestion),
    Row("input", "time", "*", TimeQuestion),
    Row("input", "dateTime", "*", DateTimeQuestion),
    Row("input", "barcode", "*", BarcodeQuestion),
    Row("input", "geopoint", "*", GeopointQuestion),
    Row("input", "geotrace", "*", GeoRowsQuestion),
    Row("input", "geoshape", "*", GeoRowsQuestion),
    Row("input", "boolean", "*", TextQuestion),
)


def widget_class(view: NodeView) -> type[QuestionWidget]:
    """The widget for `view`; a plain notice for what no row fits."""
    for row in ROWS:
        if row.fits(view):
            return row.widget
    return UnsupportedQuestion


def make_widget(
    view: NodeView, around: Surroundings | None = None, parent: QWidget | None = None
) -> QuestionWidget:
    """The question `view` as a widget that shows it."""
    return widget_class(view)(view, around, parent)
