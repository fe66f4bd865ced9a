"""What of Quarto's settings the built-in engine honours; it refuses the rest.

A setting that is passed over in silence would make the two engines differ, so
each key is either honoured, known to change nothing here, or refused by name
with its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from manuscript.compose.keys import (
    CUSTOM,
    FILTER,
    FORMAT,
    FORMATS,
    PATHS,
    SECTIONS,
    TOP,
    Keys,
)
from manuscript.errors import ManuscriptError, faults_of, refuse
from manuscript.source import (
    ANYTHING,
    FLOAT,
    WORDS,
    Allowed,
    Cell,
    Document,
    Project,
    Prose,
    Settings,
    as_list,
    for_templates,
    is_file,
    language,
    one_of,
    shortcodes,
)

TEMPLATES = Path(__file__).parent / "templates"

# Parts of its own pages that this engine lets a project replace.
_PARTS = ("title-block.html", "typst-template.typ", "typst-show.typ")
# A division that holds the cell below it.
_DIVISION = re.compile(r":{3,}[ \t]*\{[^}\n]*#([\w-]+)[^}\n]*\}\s*\Z")
_NAME = re.compile(r"\$(?:if|elseif|for)?\(?([\w-]+)")


def check(project: Project) -> None:
    """Refuse what this engine would not honour.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Each key or value that is not supported, each file that is missing.
    """
    missing = [*_missing_citeproc(project), *_unevaluated(project)]
    refuse([*wrong_entries(project), *missing])


def wrong_entries(project: Project) -> list[ManuscriptError]:
    """Find entries of settings that a page cannot be made with, only without."""
    own = {**dict.fromkeys(_printed_names(project), ANYTHING), **_in_templates(project)}
    # What templates print tells the form of what may else be anything.
    top = own | {k: v for k, v in TOP.items() if k not in own or v is not ANYTHING}
    faults: list[ManuscriptError] = []
    for layer in project.layers:
        faults += _check(project, layer, top, own)
    del top["project"]
    for document in project.documents:
        for layer in document.layers:
            faults += _check(project, layer, top, own)
    return [*faults, *_unknown_languages(project), *_unprintable(project)]


def _unprintable(project: Project) -> Iterator[ManuscriptError]:
    """Find what no title page can be made of."""
    for document in project.documents:
        try:
            for_templates(project, replace(document, heading=None), "html")
        except (ManuscriptError, ExceptionGroup) as error:
            yield from faults_of(error)


def _check(
    project: Project, settings: Settings, top: Keys, own: Keys
) -> Iterator[ManuscriptError]:
    yield from _unknown(settings, settings.values, (), top)
    for name, keys in SECTIONS.items():
        yield from _unknown(settings, settings.mapping(name), (name,), keys)
    yield from _customs(settings)
    yield from _missing_files(project, settings, settings.values, ())
    one = settings.values.get("format")
    formats = {one: None} if isinstance(one, str) else settings.mapping("format")
    for name, values in formats.items():
        place = ("format", name)
        if name not in FORMATS:
            mend = f"write {one_of(*FORMATS).expected}"
            yield _fault(settings, place, "is not supported", mend)
        elif values not in (None, "default"):
            yield from _unknown(settings, values, place, {**own, **FORMAT[name]})
            if isinstance(values, Mapping):
                yield from _missing_files(project, settings, values, place)


def _customs(settings: Settings) -> Iterator[ManuscriptError]:
    """Check the kinds of float that a project defines."""
    customs = as_list(settings.mapping("crossref").get("custom"))
    for index, custom in enumerate(customs):
        place = ("crossref", "custom", index)
        yield from _unknown(settings, custom, place, CUSTOM)
        for key in ("key", "reference-prefix"):
            if not isinstance(custom, Mapping) or key not in custom:
                yield _fault(settings, place, f"has no `{key}`", f"add `{key}`")


def _unknown(
    settings: Settings, values: Any, where: tuple[str | int, ...], keys: Keys
) -> Iterator[ManuscriptError]:
    if values is None:
        return
    if not isinstance(values, Mapping):
        yield _fault(settings, where, "is no mapping", "write `key: value` lines")
        return
    for key, value in values.items():
        place = (*where, key)
        if key not in keys:
            mend = "remove it, or render with Quarto (--engine quarto)"
            yield _fault(settings, place, "is not supported", mend)
        elif not keys[key].test(value):
            what = f"is {_yaml(value)}, which is not supported"
            yield _fault(settings, place, what, f"write {keys[key].expected}")


def _fault(
    settings: Settings, keys: tuple[str | int, ...], what: str, mend: str
) -> ManuscriptError:
    name = ".".join(str(key) for key in keys)
    return settings.fault(keys, f"`{name}` {what}", mend)


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"


def _missing_files(
    project: Project,
    settings: Settings,
    values: Mapping[str, Any],
    where: tuple[str | int, ...],
) -> Iterator[ManuscriptError]:
    for key in PATHS:
        for path in as_list(values.get(key)):
            place = (*where, key)
            if key == "filters" and isinstance(path, Mapping):
                # When in its work Quarto runs one; here all run before citations.
                yield from _unknown(settings, path, place, FILTER)
                path = path.get("path")
            if not isinstance(path, str):
                mend = "write the name of a file"
                yield _fault(settings, place, "is no file name", mend)
            elif key == "filters" and not path.endswith(".lua"):
                mend = "name a Lua filter (.lua)"
                yield _fault(settings, place, f"`{path}` is not supported", mend)
            elif key == "template-partials" and Path(path).name not in _PARTS:
                mend = f"name one of {', '.join(_PARTS)}"
                yield _fault(settings, place, f"`{path}` is not supported", mend)
            elif not is_file(project.root, path):
                is_folder = (project.root / path).is_dir()
                what = "is a folder" if is_folder else "does not exist"
                mend = "correct the path, which starts at the project"
                yield _fault(settings, place, f"`{path}` {what}", mend)
            elif key == "csl" and not _is_style(project.root / path):
                mend = "name a file of the Citation Style Language (.csl)"
                yield _fault(settings, place, f"`{path}` is no citation style", mend)


def _is_style(path: Path) -> bool:
    try:
        root = etree.parse(path, etree.XMLParser(resolve_entities=False)).getroot()
    except (OSError, etree.XMLSyntaxError):
        return False
    return etree.QName(root).localname == "style"


def unseen_code(document: Document) -> Iterator[ManuscriptError]:
    """Find code in the text of a document without a cell, which is printed as it is."""
    heading = document.heading.inlines if document.heading else ()
    asked = (*heading, *document.inlines)
    if asked and not document.cells:
        first = asked[0]
        yield first.fault(
            f"`{first.expression}` (column {first.column}) stands in a document "
            "without a cell, and the code is printed",
            "add a cell, such as one that imports what the text asks for",
        )


def _unknown_languages(project: Project) -> Iterator[ManuscriptError]:
    for settings in (*project.layers, *(d.front_matter for d in project.documents)):
        lang = settings.values.get("lang")
        if isinstance(lang, str) and not language.known(lang):
            what = f"is `{lang}`, whose names of figures and tables are not known"
            yield _fault(settings, ("lang",), what, "write en, de or fr")


def _unevaluated(project: Project) -> Iterator[ManuscriptError]:
    """Find documents that run no cell, and ask for what cells make."""
    for document in project.documents:
        layers = (*project.layers, *document.layers)
        said = [layer for layer in layers if "eval" in layer.mapping("execute")]
        off = said and said[-1].mapping("execute")["eval"] is False
        is_inert = not any(cell.options.values.get("eval") for cell in document.cells)
        if off and is_inert and any(map(_asks, document.asking)):
            what = f"is false, and {document.path} asks for what its cells make"
            mend = "remove it, or write it in those cells alone that are not to run"
            yield _fault(said[-1], ("execute", "eval"), what, mend)


def _asks(fragment: Prose | Cell) -> bool:
    """Tell whether a part of a text wants cells to have run."""
    if isinstance(fragment, Cell):
        return bool(FLOAT.match(fragment.label or ""))
    opened = _DIVISION.search(fragment.text)
    return bool(fragment.inlines or (opened and FLOAT.match(opened[1])))


def _missing_citeproc(project: Project) -> Iterator[ManuscriptError]:
    if "typst" not in project.formats:
        return
    merged = [project.metadata(document, "typst") for document in project.documents]
    if any(own.get("bibliography") and not own.get("citeproc") for own in merged):
        mend = "write `citeproc: true`, else typst formats the PDF's references itself"
        place = ("format", "typst")
        yield _fault(project.settings, place, "lacks `citeproc`", mend)


def _printed_names(project: Project) -> set[str]:
    """Names of settings that the text prints, which may be any."""
    texts = [prose.text for document in project.documents for prose in document.prose]
    for layer in (*project.layers, *(d.front_matter for d in project.documents)):
        texts += [value for value in layer.values.values() if isinstance(value, str)]
    codes = (code for text in texts for code in shortcodes.find(text))
    return {
        code.arguments[0].split(".")[0]
        for code in codes
        if code.name == "meta" and code.arguments
    }


def _in_templates(project: Project) -> dict[str, Allowed]:
    """Names that the project's own templates use, and what each prints may hold."""
    found: dict[str, Allowed] = {}
    for folder in (project.root / "partials", TEMPLATES):
        for template in folder.glob("*"):
            if template.suffix in (".html", ".typ"):
                text = template.read_text("utf-8")
                found |= {name: _printed(name, text) for name in _NAME.findall(text)}
    return found


def _printed(name: str, template: str) -> Allowed:
    """Return what a template prints of a name: a text, several, or their parts."""
    if each := re.search(rf"\$for\({name}\)\$(.*?)\$endfor\$", template, re.DOTALL):
        parts = sorted({f"`{part}`" for part in re.findall(r"\$it\.(\w+)", each[1])})
        if parts:
            return Allowed(
                f"a list of entries with {' and '.join(parts)}",
                lambda value: all(isinstance(v, Mapping) for v in as_list(value)),
            )
        return Allowed("texts", lambda value: all(map(WORDS.test, as_list(value))))
    return WORDS if f"${name}$" in template else ANYTHING
