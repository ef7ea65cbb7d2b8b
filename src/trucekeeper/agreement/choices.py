"""Values that depend on a reading or on who is bound: `{reading: clock, a: 72h, b: 24h}`, `{obligor: {...}}`.

A raw clause is a tree of plain YAML values. Here it is copied with each choice replaced by the chosen value, and
every node of the copy remembers where in the file it stood, so that a fault found later is shown at its own line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucekeeper.agreement.yaml_text import Path


@dataclass(frozen=True, slots=True)
class Sourced:
    """A plain value and, for every path in it, the path in the file from which it came."""

    data: Any
    origins: Mapping[Path, Path]

    def origin(self, path: Path) -> Path:
        """Return where in the file a path of this value stands; of its nearest known parent, if it is not in it."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins.get(path, ())


def sourced(data: Any, origin: Path) -> Sourced:
    """Return a value as it stands in the file."""
    return chosen(Sourced(data, dict(_paths(data, (), origin))), {}, "")


def merged(base: Sourced, patch: Sourced) -> Sourced:
    """Return a mapping with the keys of `patch` in place of its own; a key given as null is taken away."""
    data = {key: value for key, value in {**base.data, **patch.data}.items() if value is not None}
    origins = {path: origin for path, origin in base.origins.items() if not path or path[0] not in patch.data}
    return Sourced(data, {**origins, **{path: origin for path, origin in patch.origins.items() if path}})


def readings_in(node: Any) -> frozenset[str]:
    """Return the readings that anything in this value depends on."""
    found = {str(one["reading"]) for _, one in _mappings(node, ()) if isinstance(one.get("reading"), str)}
    return frozenset(found)


def obligor_choices(node: Any) -> list[tuple[Path, Any]]:
    """Return what stands under every `{obligor: ...}` in a value, with its path."""
    return [(path, one["obligor"]) for path, one in _mappings(node, ()) if "obligor" in one]


def reading_choices(node: Any) -> list[tuple[Path, dict[str, Any]]]:
    """Return every `{reading: ...}` in a value with its path."""
    return [(path, one) for path, one in _mappings(node, ()) if "reading" in one]


def chosen(source: Sourced, reading: Mapping[str, str], obligor: str) -> Sourced:
    """Return the value under one option for each reading and for one party bound."""
    origins: dict[Path, Path] = {}

    def copy(node: Any, old: Path, new: Path) -> Any:
        origins[new] = source.origin(old)
        if isinstance(node, dict):
            if isinstance(axis := node.get("reading"), str) and reading.get(axis) in node:
                return copy(node[reading[axis]], (*old, reading[axis]), new)
            if isinstance(node.get("obligor"), dict) and obligor in node["obligor"]:
                return copy(node["obligor"][obligor], (*old, "obligor", obligor), new)
            return {key: copy(value, (*old, key), (*new, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [copy(value, (*old, index), (*new, index)) for index, value in enumerate(node)]
        return node

    return Sourced(copy(source.data, (), ()), origins)


def _paths(node: Any, path: Path, origin: Path) -> Iterator[tuple[Path, Path]]:
    yield path, origin
    for key, value in _children(node):
        yield from _paths(value, (*path, key), (*origin, key))


def _mappings(node: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
    for key, value in _children(node):
        yield from _mappings(value, (*path, key))


def _children(node: Any) -> list[tuple[str | int, Any]]:
    if isinstance(node, dict):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []
