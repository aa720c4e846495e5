"""Design tokens of the desktop: spacing, type, colours, and the one style sheet made of them.

Windows never name a colour or a pixel size of their own. They pick a role: a dynamic property
`kind` on buttons, `role` on labels, `tone` on badges and banners. Contrast of every text role
against every ground it stands on is asserted by `tests/desktop/test_theme.py` (WCAG 2.2 AA).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from desktop.stylesheet import stylesheet

# Spacing scale, device-independent pixels.
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32

# Heights, device-independent pixels: the least height of anything that is clicked.
CONTROL_HEIGHT = 36
ROW_HEIGHT = 40

RARE = ("rare-a.ttf", "rare-b.ttf", "rare-c.ttf")
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


@dataclass(frozen=True)
class TypeScale:
    """Sizes of type in device-independent pixels."""

    caption: int = 12
    body: int = 14
    lead: int = 16
    title: int = 18
    headline: int = 22
    display: int = 30

    def times(self, factor: float) -> TypeScale:
        """This scale enlarged by `factor` (large type: 1.25), rounded to whole pixels."""
        return TypeScale(*(round(getattr(self, each.name) * factor) for each in fields(self)))


@dataclass(frozen=True)
class Colours:
    """Colour roles, `#rrggbb`.

    Attributes:
        page: Ground of a window. surface: Cards, inputs, tables. raised: Hover, table heads.
        line: Hairlines that only separate. edge: Borders of controls (3:1 on surface).
        text, muted: Writing on page, surface and raised.
        accent: Links, focus ring, primary button; on_accent: writing on it.
        accent_soft: Selected rows; writing on it is `text` or `accent`.
        nav, nav_text, nav_muted, nav_selected: The left navigation.
        danger, warning, success, info and their `_soft` grounds: badges and banners.
    """

    page: str
    surface: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    nav: str
    nav_text: str
    nav_muted: str
    nav_selected: str
    danger: str
    danger_soft: str
    on_danger: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    info: str
    info_soft: str


LIGHT = Colours(
    page="#f3f5f8",
    surface="#ffffff",
    raised="#eef1f5",
    line="#dbe0e7",
    edge="#7d8896",
    text="#19222e",
    muted="#545f6d",
    accent="#1c5bb8",
    accent_hover="#164a97",
    on_accent="#ffffff",
    accent_soft="#e4edfa",
    nav="#132c53",
    nav_text="#ffffff",
    nav_muted="#bccae0",
    nav_selected="#274b84",
    danger="#b3261e",
    danger_soft="#fbe9e7",
    on_danger="#ffffff",
    warning="#7a4a00",
    warning_soft="#fdf1da",
    success="#17653a",
    success_soft="#e2f3e8",
    info="#1c5bb8",
    info_soft="#e4edfa",
)

DARK = Colours(
    page="#11161d",
    surface="#19202a",
    raised="#222b37",
    line="#313c4a",
    edge="#748294",
    text="#e9edf3",
    muted="#a9b4c2",
    accent="#82b1ff",
    accent_hover="#a3c6ff",
    on_accent="#0b1b36",
    accent_soft="#1d3354",
    nav="#0c1118",
    nav_text="#ffffff",
    nav_muted="#a9b4c2",
    nav_selected="#1d3354",
    danger="#ff9d95",
    danger_soft="#40211f",
    on_danger="#2b0a08",
    warning="#f0c067",
    warning_soft="#3a2d14",
    success="#84d9a5",
    success_soft="#173522",
    info="#82b1ff",
    info_soft="#1d3354",
)

TONES = ("neutral", "info", "success", "warning", "danger")


@dataclass(frozen=True)
class Theme:
    """What is applied now."""

    dark: bool = False
    scale: float = 1.0

    @property
    def colours(self) -> Colours:
        """The colour roles of this theme."""
        return DARK if self.dark else LIGHT

    @property
    def type(self) -> TypeScale:
        """The type scale of this theme."""
        return TypeScale().times(self.scale)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1.0 to 21.0 (WCAG 2.2, 1.4.3)."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def apply(app: QApplication, *, dark: bool = False, scale: float = 1.0) -> Theme:
    """Dress the whole application; may be called again at any time.

    Args:
        app: The one application.
        dark: Whether writing is light on a dark ground.
        scale: Factor on all type; 1.0 normal, 1.25 large type.
    """
    theme = Theme(dark=dark, scale=scale)
    app.setProperty("lastmileDark", dark)
    app.setProperty("lastmileScale", scale)
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    font = QFont()
    font.setFamilies([*FAMILIES, *(app.property("lastmileRare") or [])])
    font.setPixelSize(theme.type.body)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    app.setPalette(_palette(theme.colours))
    app.setStyleSheet(stylesheet(theme.colours, theme.type, str(files("resources") / "icons")))
    return theme


def show_rare_characters(fonts: Path) -> None:
    """Let the screen draw what the paper draws, with the fonts of the paper behind its own.

    Takes a fraction of a second: call it once, when the first window is shown.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication) or app.property("lastmileRare"):
        return
    loaded = [QFontDatabase.addApplicationFont(str(fonts / file)) for file in RARE]
    families = [name for n in loaded for name in QFontDatabase.applicationFontFamilies(n)]
    app.setProperty("lastmileRare", families)
    font = app.font()
    font.setFamilies([*FAMILIES, *families])
    app.setFont(font)


def current() -> Theme:
    """The theme applied last; the light one at normal size before that."""
    app = QApplication.instance()
    if app is None:
        return Theme()
    return Theme(
        dark=bool(app.property("lastmileDark")), scale=float(app.property("lastmileScale") or 1.0)
    )


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties that the style sheet reads, and redraw the widget by them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def icon(name: str, role: str = "text", size: int = 20) -> QIcon:
    """The icon `name` of `resources/icons`, tinted by a colour role of the current theme.

    On a button that cannot be pressed it is as muted as the button's words.
    """
    made = QIcon(pixmap(name, role, size))
    made.addPixmap(pixmap(name, "muted", size), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, role: str = "text", size: int = 20) -> QPixmap:
    """As `icon`, as a picture of `size` device-independent pixels, drawn at twice that."""
    colours = current().colours
    tint: str = getattr(colours, role)
    return _tinted(name, tint, size)


@lru_cache(maxsize=256)
def _tinted(name: str, tint: str, size: int) -> QPixmap:
    drawing = (files("resources") / "icons" / f"{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", tint).encode()))
    ratio = 3  # sharp on every scale up to 300 %
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.page,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.raised,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Button: c.surface,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.BrightText: c.danger,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.on_accent,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.LinkVisited: c.accent,
        QPalette.ColorRole.ToolTipBase: c.text,
        QPalette.ColorRole.ToolTipText: c.surface,
        QPalette.ColorRole.Accent: c.accent,
        QPalette.ColorRole.Light: c.raised,
        QPalette.ColorRole.Midlight: c.line,
        QPalette.ColorRole.Mid: c.edge,
        QPalette.ColorRole.Dark: c.edge,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette
