"""Signs of Word's symbol fonts as Unicode.

Tables after the Unicode Consortium's mapping of Adobe's Symbol encoding
(``symbol.txt``) and, for Wingdings, of its arrows, ticks and bullets.
"""

from __future__ import annotations

from typing import Final

from manuscript.word.package.model import UNKNOWN

_SYMBOL: Final = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xF0), *range(0xF1, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾"
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…│─↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS: Final = {
    0x28: "☎", 0x4A: "☺", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x73: "⬧",
    0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xB7: "•",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦",
    0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_FONTS: Final = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_PRIVATE: Final = range(0xF000, 0xF100)


def symbol(font: str, code: int) -> str:
    """Name a sign of a symbol font.

    Parameters
    ----------
    font : str
    code : int
        With or without the offset into the private use area that Word adds.

    Examples
    --------
    >>> symbol("Symbol", 0xF0B3)
    '≥'
    """
    table: dict[int, str] | None = _FONTS.get(font.strip().lower())
    if code in _PRIVATE:
        code -= _PRIVATE.start
    if table is None:
        return chr(code) if 0x20 <= code < 0xD800 else UNKNOWN
    return table.get(code, UNKNOWN)


def without_private(text: str, font: str) -> str:
    """Spell characters of the private use area by the signs that they show."""
    if not any("\ue000" <= sign <= "\uf8ff" for sign in text):
        return text
    font = font if font.strip().lower() in _FONTS else "Symbol"
    return "".join(
        symbol(font, ord(sign)) if "\ue000" <= sign <= "\uf8ff" else sign
        for sign in text
    )
