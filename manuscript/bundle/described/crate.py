"""The bundle described for machines, as an RO-Crate (version 1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from manuscript.bundle.archive import files_in
from manuscript.bundle.described.declared import phrase
from manuscript.bundle.described.licenses import Licenses
from manuscript.compose import page_links

NAME = "ro-crate-metadata.json"

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_AUTHORS = "#authors"
_RUN = "#making"

TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".yml": "application/yaml",
    ".npz": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"
_FOLDERS = {
    "documents/": ("Documents", "As HTML, PDF and Word; the letter as JATS XML too."),
    "figures/": (
        "Figures",
        "Vector files and bitmaps at 600 dpi; pictures from files as they are.",
    ),
    "tables/": ("Tables", "As CSV and as editable documents."),
    "checklists/": ("Reporting checklists", "Each item with its place."),
}
_FILES = {
    "GUIDE.md": "What the bundle holds and how to run it again",
    "bundle.json": "Commit, date and environment of the bundle",
    "manifest.xml": "Files and their kinds for submission systems (MECA)",
    "REVIEW.json": "Hardware, software, time and steps for artifact reviewers",
    "ledger.json": "Every number with its function, data rows and sentences",
    "source/README.md": "How to use the program",
    "source/requirements.txt": "Packages of the environment, pinned",
    "source/data/README.md": "Data dictionary and provenance",
}

_PROGRAMS = ("source/README.md", "source/requirements.txt")
_DATA = "source/data/"

Entity = dict[str, Any]


def write(
    root: Path,
    folder: Path,
    facts: Mapping[str, Any],
    people: Sequence[Entity] = (),
    authors: Sequence[str] = (),
    *,
    licenses: Licenses,
) -> str:
    """Describe a bundle.

    Parameters
    ----------
    root : Path
        The project, of which a ``CITATION.cff`` may add an abstract, keywords, an
        address and the works that it builds on.
    folder : Path
        The bundle's files.
    facts : mapping
        Contents of ``bundle.json``.
    people : sequence of dict, optional
        Authors of the letter, as entities.
    authors : sequence of str
        Names of all authors, from the letter's front matter.
    licenses : Licenses

    Returns
    -------
    str
        JSON-LD.
    """
    cited = page_links.citation(root)
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _PROFILE},
        },
        *_payload(folder, cited, facts, people, licenses),
        *_context(cited, people, authors, licenses),
        *people,
    ]
    content = {"@context": _CONTEXT, "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _payload(
    folder: Path,
    citation: Mapping[str, Any],
    facts: Mapping[str, Any],
    people: Sequence[Entity],
    licenses: Licenses,
) -> Iterator[Entity]:
    by = _ids([one["@id"] for one in people] or [_AUTHORS])
    files = sorted(files_in(folder))
    data = {_DATA: ("Data", phrase(facts["data"]))}
    places = {
        place: words
        for place, words in (_FOLDERS | data).items()
        if any(file.startswith(place) for file in files)
    }
    described = [
        file
        for file in files
        if file in _FILES or any(file.startswith(place) for place in places)
    ]
    top = [file for file in described if "/" not in file]
    folders = [place for place in places if place != _DATA]
    programs = [file for file in described if file in _PROGRAMS]
    programs += [_DATA] if _DATA in places else []
    title = str(facts["title"])
    about = str(citation.get("abstract") or f"{title}. {phrase(facts['data'])}")
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Reproducible bundle: {facts['title']}",
        "description": " ".join(about.split()),
        "datePublished": facts["date"],
        "version": facts["commit"],
        "license": {"@id": licenses.text.address},
        "author": by,
        "publisher": by,
        **_optional("keywords", ", ".join(citation.get("keywords", ()))),
        **_optional("isBasedOn", _ids([_doi(work) for work in _works(citation)])),
        "hasPart": _ids([*top, *folders, "source/"]),
        "mentions": {"@id": _RUN},
    }
    yield {
        "@id": "source/",
        "@type": ["Dataset", "SoftwareSourceCode"],
        "name": "Program, text and data",
        "description": "The project at one commit, from which all else was made.",
        "version": facts["commit"],
        "license": {"@id": licenses.program.address},
        "programmingLanguage": {"@id": "https://www.python.org/"},
        "hasPart": _ids(programs),
    }
    for place, (name, description) in places.items():
        yield {
            "@id": place,
            "@type": "Dataset",
            "name": name,
            "description": description,
            "license": {"@id": licenses.text.address},
            "hasPart": _ids([file for file in described if file.startswith(place)]),
        }
    for file in described:
        yield _file(file)
    yield {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": "Making of the bundle",
        "description": f"python -m manuscript bundle, {facts['engine']} engine",
        "endTime": facts["date"],
        "instrument": {"@id": "source/"},
        "object": {"@id": _DATA if _DATA in places else "source/"},
        "result": _ids([*folders, "ledger.json"]),
    }


def _file(file: str) -> Entity:
    path = Path(file)
    entity: Entity = {"@id": file, "@type": "File", "name": _FILES.get(file, path.name)}
    entity["encodingFormat"] = TYPES.get(path.suffix, UNKNOWN_TYPE)
    return entity


def _context(
    citation: Mapping[str, Any],
    people: Sequence[Entity],
    authors: Sequence[str],
    licenses: Licenses,
) -> Iterator[Entity]:
    address = citation.get("repository-code") or citation.get("url")
    if not people:  # the group that stands for them is then all that is known
        yield {
            "@id": _AUTHORS,
            "@type": "Organization",
            "name": ", ".join(authors) or "Authors not named",
            **({"url": address} if address else {}),
        }
    stated = {one.address: one for one in (licenses.text, licenses.program)}
    for address, one in stated.items():
        covered = [
            words
            for license_, words in (
                (licenses.text, "text, figures and data"),
                (licenses.program, "program"),
            )
            if license_ == one
        ]
        yield {
            "@id": address,
            "@type": "CreativeWork",
            "name": one.title,
            "description": f"License of {' and '.join(covered)}: {one.title}",
            **({"url": address} if one else {}),
        }
    yield {
        "@id": "https://www.python.org/",
        "@type": "ComputerLanguage",
        "name": "Python",
        "url": "https://www.python.org/",
    }
    for work in _works(citation):
        yield {
            "@id": _doi(work),
            "@type": "ScholarlyArticle",
            "name": work["title"],
            "author": [_name(author) for author in work.get("authors", ())],
            **_optional("datePublished", str(work.get("year", ""))),
        }


def _works(citation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [work for work in citation.get("references", ()) if work.get("doi")]


def _optional(name: str, content: object) -> Entity:
    return {name: content} if content else {}


def _doi(work: Mapping[str, Any]) -> str:
    return f"https://doi.org/{work['doi']}"


def _name(author: Mapping[str, str]) -> str:
    given, family = author.get("given-names", ""), author.get("family-names", "")
    return author.get("name") or f"{given} {family}".strip()


def _ids(names: list[str]) -> Entity | list[Entity]:
    found = [{"@id": name} for name in names]
    return found[0] if len(found) == 1 else found
