"""Attributes of elements: identifier, classes and pairs."""

from __future__ import annotations

from typing import Any

from manuscript.compose.pandoc import Node


def get(attributes: list[Any], name: str) -> str | None:
    """Return the value of an attribute, None where it is absent."""
    return next((value for key, value in attributes[2] if key == name), None)


def without(attributes: list[Any], *names: str) -> list[Any]:
    """Return attributes without some of them, classes or pairs."""
    identifier, classes, pairs = attributes
    return [
        identifier,
        [name for name in classes if name not in names],
        [pair for pair in pairs if pair[0] not in names],
    ]


def key_of(identifier: str) -> str:
    """Return what an identifier begins with: ``fig`` of ``fig-forest``; else empty."""
    key, hyphen, _ = identifier.partition("-")
    return key if hyphen else ""


def node(kind: str, /, **content: Any) -> Node:
    """Make a node of this room's own."""
    return {"t": kind, "c": content}
