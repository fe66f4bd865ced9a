"""What a document's language calls its parts, and how it writes dates.

The words are those by which Quarto 1.10 numbers and names in these languages.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, str, str]] = {
    # key: English, German, French
    "fig": ("Figure", "Abbildung", "Figure"),
    "tbl": ("Table", "Tabelle", "Table"),
    "lst": ("Listing", "Listing", "Listing"),
    "sec": ("Section", "Kapitel", "Section"),
    "eq": ("Equation", "Gleichung", "Équation"),
    "thm": ("Theorem", "Theorem", "Théorème"),
    "lem": ("Lemma", "Lemma", "Lemme"),
    "cor": ("Corollary", "Korollar", "Corollaire"),
    "prp": ("Proposition", "Aussage", "Proposition"),
    "cnj": ("Conjecture", "Annahme", "Conjecture"),
    "def": ("Definition", "Definition", "Définition"),
    "exm": ("Example", "Beispiel", "Exemple"),
    "exr": ("Exercise", "Übungsaufgabe", "Exercice"),
    "alg": ("Algorithm", "Algorithmus", "Algorithme"),
    "proof": ("Proof", "Beweis", "Preuve"),
    "remark": ("Remark", "Anmerkung", "Remarque"),
    "solution": ("Solution", "Lösung", "Solution"),
    "note": ("Note", "Hinweis", "Note"),
    "tip": ("Tip", "Tipp", "Astuce"),
    "warning": ("Warning", "Warnung", "Avertissement"),
    "important": ("Important", "Wichtig", "Important"),
    "caution": ("Caution", "Vorsicht", "Mise en garde"),
    "line": ("Line", "Zeile", "Ligne"),
    "code": ("Code", "Code", "Code"),
    "contents": ("Table of contents", "Inhaltsverzeichnis", "Table des matières"),
    "abstract": ("Abstract", "Zusammenfassung", "Résumé"),
    "keywords": ("Keywords", "Schlüsselwörter", "Mots clés"),
    "author": ("Author", "Autor:in", "Auteur·rice"),
    "authors": ("Authors", "Autor:innen", "Auteur·rice·s"),
    "affiliation": ("Affiliation", "Zugehörigkeit", "Affiliation"),
    "affiliations": ("Affiliations", "Zugehörigkeiten", "Affiliations"),
    "published": ("Published", "Veröffentlichungsdatum", "Date de publication"),
}
_ORDER = ("en", "de", "fr")
_MONTHS = {
    "en": "January February March April May June July August September October"
    " November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober"
    " November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre"
    " novembre décembre",
}
_SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
}
_LONG = {"en": "MMMM D, YYYY", "de": "D. MMMM YYYY", "fr": "D MMMM YYYY"}
_STYLES = {"iso": "YYYY-MM-DD"}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WRITTEN = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})"
    r"|(?P<day2>\d{1,2}) (?P<month2>[A-Za-z]{3,9})\.? (?P<year2>\d{4})"
)
_TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|[A-Za-z]+")


def known(lang: str) -> bool:
    """Tell whether the words of a language are known: ``en``, ``de-CH``, ``fr``."""
    return _base(lang) in _ORDER


def word(key: str, lang: str) -> str:
    """Return what a language calls a thing, such as ``fig``.

    Examples
    --------
    >>> word("fig", "de")
    'Abbildung'
    """
    base = _base(lang)
    return _WORDS[key][_ORDER.index(base) if base in _ORDER else 0]


def iso(date: str) -> str | None:
    """Return a date as year, month and day; None where it cannot be read.

    Examples
    --------
    >>> iso("March 4, 2026")
    '2026-03-04'
    """
    if _ISO.fullmatch(date):
        return date if _is_day(*map(int, date.split("-"))) else None
    if not (found := _WRITTEN.fullmatch(date)):
        return None
    month = (found["month"] or found["month2"]).casefold()
    months = [name.casefold() for name in _MONTHS["en"].split()]
    near = [n for n, name in enumerate(months, 1) if month in (name, name[:3])]
    if not near:
        return None
    day, year = found["day"] or found["day2"], found["year"] or found["year2"]
    if not _is_day(int(year), near[0], int(day)):
        return None
    return f"{year}-{near[0]:02}-{int(day):02}"


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def formatted(date: str, pattern: str, lang: str) -> str | None:
    """Write a date as a ``date-format`` says.

    Returns
    -------
    str or None
        None where the format asks for what a date alone does not say.

    Examples
    --------
    >>> formatted("2026-03-04", "D MMMM YYYY", "de")
    '4 März 2026'
    """
    found = _ISO.fullmatch(date)
    if not found:
        return None
    base = _base(lang) if known(lang) else "en"
    year, month, day = found.groups()
    if pattern == "long":
        pattern = _LONG[base]
    pattern = _STYLES.get(pattern, pattern)
    values = {
        "YYYY": year,
        "YY": year[2:],
        "MMMM": _MONTHS[base].split()[int(month) - 1],
        "MMM": _SHORT[base].split()[int(month) - 1],
        "MM": month,
        "M": str(int(month)),
        "DD": day,
        "D": str(int(day)),
    }
    written = []
    end = 0
    for token in _TOKEN.finditer(pattern):
        value = token[1] if token[1] is not None else values.get(token[0])
        if value is None:
            return None
        written += [pattern[end : token.start()], value]
        end = token.end()
    return "".join((*written, pattern[end:]))


def _base(lang: str) -> str:
    return re.split("[-_]", lang.casefold())[0]
