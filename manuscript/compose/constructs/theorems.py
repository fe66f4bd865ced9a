"""Theorems and their kin, numbered each by its kind, and proofs."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, key_of, node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.source import word

KINDS = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg")
# Proofs and their kin have a number where they are labelled as these are.
LABELLED = {"rem": "remark", "sol": "solution"}
PROOFS = ("proof", "remark", "solution")

HANDLES: Declared = {"Div": handles(PROOFS, ("name",))}


def mark(blocks: list[Node], lang: str) -> list[Node]:
    """Turn divisions such as ``#thm-line`` into ``Theorem`` and ``Proof`` nodes."""

    def change(element: Node) -> Node | None:
        if element["t"] != "Div":
            return None
        attributes, content = element["c"]
        kind = key_of(attributes[0])
        named = next((name for name in PROOFS if name in attributes[1]), "")
        proof = LABELLED.get(kind, named)
        if not proof and kind not in KINDS:
            return None
        written = get(attributes, "name")
        name = pandoc.words(written) if written else []
        if not name and content and content[0]["t"] == "Header":
            name, content = content[0]["c"][2], content[1:]
        if proof:
            title = pandoc.words(word(proof, lang))
            title += in_brackets(name)
            return node("Proof", id=attributes[0], title=title, content=content)
        return node(
            "Theorem",
            id=attributes[0],
            kind=kind,
            number="",
            name=name,
            content=content,
        )

    return pandoc.transform(blocks, change)


def in_brackets(name: list[Node]) -> list[Node]:
    """Return the name of a theorem or proof behind a space; nothing without one."""
    if not name:
        return []
    return [{"t": "Space"}, {"t": "Str", "c": "("}, *name, {"t": "Str", "c": ")"}]
