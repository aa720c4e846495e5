"""What the system says of the network: reachable, metered, waiting for a sign-in; and its changes.

Where Qt has no way to ask on this computer, nothing is known and the loop's own tries do.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

from sync.network import NetworkView

_FEATURE = QNetworkInformation.Feature
_REACH = QNetworkInformation.Reachability


class Network(QObject):
    """The network of this computer. Made on the GUI thread; `view` may be read from any.

    Signals:
        changed: (NetworkView). Another network, or the same one in another state.
    """

    changed = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, find: Callable[[], QObject | None] | None = None
    ) -> None:
        super().__init__(parent)
        self._source = (find or _system)()
        self.view = NetworkView()
        if self._source is not None:
            for name in ("reachability", "isMetered", "isBehindCaptivePortal"):
                getattr(self._source, f"{name}Changed").connect(self._look)
            self.view = self._read()

    def _look(self, *_told: object) -> None:
        fresh = self._read()
        if fresh != self.view:
            self.view = fresh
            self.changed.emit(fresh)

    def _read(self) -> NetworkView:
        source = self._source
        assert source is not None
        reach = source.reachability()  # type: ignore[attr-defined]
        known = reach is not _REACH.Unknown
        return NetworkView(
            online=reach not in (_REACH.Disconnected, _REACH.Local) if known else None,
            metered=source.isMetered()  # type: ignore[attr-defined]
            if source.supports(_FEATURE.Metered)  # type: ignore[attr-defined]
            else None,
            portal=source.isBehindCaptivePortal()  # type: ignore[attr-defined]
            if source.supports(_FEATURE.CaptivePortal)  # type: ignore[attr-defined]
            else None,
        )


def _system() -> QNetworkInformation | None:
    wanted = _FEATURE.Reachability
    if not QNetworkInformation.loadBackendByFeatures(wanted):
        return None
    return QNetworkInformation.instance()
