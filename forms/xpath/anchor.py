"""Where an absolute path begins for a rule inside a repeat.

Spec: https://getodk.github.io/xforms-spec/#a-big-deviation-with-xforms
"""

from __future__ import annotations

from forms.nodes import Node

_FROM_ROOT: tuple[None, int] = (None, 0)


def anchor(
    current: Node, names: tuple[str, ...], plain: int
) -> tuple[Node, int] | tuple[None, int]:
    """The innermost repeat instance around `current` on the way of an absolute path.

    Args:
        current: The node whose rule is evaluated.
        names: Steps of the path, from the root.
        plain: How many of them, from the first, are names without predicates: where the author
            chooses an instance, ours does not count.

    Returns:
        The instance, and how many steps lead to it; None and 0 where the path begins at the root.
        A path that ends at a repeat means all its instances.
    """
    repeats = getattr(current.info, "repeats", ())
    if not repeats:
        return _FROM_ROOT
    most = min(plain, len(names) - 1)
    for path in reversed(repeats):
        size = len(path)
        if size <= most and names[:size] == path:
            node = current
            for _up in range(len(current.info.path) - size):
                if node.parent is None:
                    return _FROM_ROOT
                node = node.parent
            return node, size
    return _FROM_ROOT
