"""The bundle described for machines, as an RO-Crate (version 1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

NAME = "ro-crate-metadata.json"

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_MIT = "https://spdx.org/licenses/MIT"
_AUTHORS = "#authors"
_RUN = "#making"

_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".yml": "application/yaml",
    ".npz": "application/zip",
}
_FOLDERS = {
    "documents/": ("Letter, supplement and report", "As HTML, PDF, Word and JATS XML."),
    "figures/": ("Figures", "Vector files and bitmaps at 600 dpi."),
    "tables/": ("Tables", "As CSV and as editable documents."),
    "checklists/": ("Reporting checklists", "Each item with its place."),
    "source/data/": ("Data", "Reconstructed and synthetic tables, with dictionary."),
}
_FILES = {
    "GUIDE.md": "What the bundle holds and how to run it again",
    "bundle.json": "Commit, date and environment of the bundle",
    "ledger.json": "Every number with its function, data rows and sentences",
    "source/README.md": "How to use the program",
    "source/requirements.txt": "Packages of the environment, pinned",
    "source/data/README.md": "Data dictionary and provenance",
}

Entity = dict[str, Any]


def write(
    root: Path,
    folder: Path,
    facts: Mapping[str, Any],
    people: Sequence[Entity] = (),
) -> str:
    """Describe a bundle.

    Parameters
    ----------
    root : Path
        The project, whose ``CITATION.cff`` names title, authors and original.
    folder : Path
        The bundle's files.
    facts : mapping
        Contents of ``bundle.json``.
    people : sequence of dict, optional
        Authors of the letter, as entities.

    Returns
    -------
    str
        JSON-LD.
    """
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _PROFILE},
        },
        *_payload(folder, citation, facts, people),
        *_context(citation, people),
        *people,
    ]
    content = {"@context": _CONTEXT, "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _payload(
    folder: Path,
    citation: Mapping[str, Any],
    facts: Mapping[str, Any],
    people: Sequence[Entity],
) -> Iterator[Entity]:
    by = _ids([one["@id"] for one in people] or [_AUTHORS])
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )
    described = [
        file
        for file in files
        if file in _FILES or any(file.startswith(place) for place in _FOLDERS)
    ]
    top = [file for file in described if "/" not in file]
    folders = [place for place in _FOLDERS if not place.startswith("source/")]
    programs = ["source/README.md", "source/requirements.txt", "source/data/"]
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Reproducible bundle: {facts['title']}",
        "description": " ".join(str(citation["abstract"]).split()),
        "datePublished": facts["date"],
        "version": facts["commit"],
        "license": {"@id": _CC_BY},
        "author": by,
        "publisher": by,
        "keywords": ", ".join(citation["keywords"]),
        "isBasedOn": _ids([_doi(work) for work in citation["references"]]),
        "hasPart": _ids([*top, *folders, "source/"]),
        "mentions": {"@id": _RUN},
    }
    yield {
        "@id": "source/",
        "@type": ["Dataset", "SoftwareSourceCode"],
        "name": "Program, text and data",
        "description": "The project at one commit, from which all else was made.",
        "version": facts["commit"],
        "license": {"@id": _MIT},
        "programmingLanguage": {"@id": "https://www.python.org/"},
        "hasPart": _ids(programs),
    }
    for place, (name, description) in _FOLDERS.items():
        yield {
            "@id": place,
            "@type": "Dataset",
            "name": name,
            "description": description,
            "license": {"@id": _CC_BY},
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
        "object": {"@id": "source/data/"},
        "result": _ids([*folders, "ledger.json"]),
    }


def _file(file: str) -> Entity:
    path = Path(file)
    entity: Entity = {"@id": file, "@type": "File", "name": _FILES.get(file, path.name)}
    entity["encodingFormat"] = _TYPES.get(path.suffix, "application/octet-stream")
    return entity


def _context(citation: Mapping[str, Any], people: Sequence[Entity]) -> Iterator[Entity]:
    address = citation.get("repository-code") or citation.get("url")
    if not people:  # the group that stands for them is then all that is known
        yield {
            "@id": _AUTHORS,
            "@type": "Organization",
            "name": ", ".join(_name(author) for author in citation["authors"]),
            **({"url": address} if address else {}),
        }
    yield {
        "@id": _CC_BY,
        "@type": "CreativeWork",
        "name": "CC BY 4.0",
        "description": "Creative Commons Attribution 4.0: text, figures and data",
        "url": _CC_BY,
    }
    yield {
        "@id": _MIT,
        "@type": "CreativeWork",
        "name": "MIT",
        "description": "MIT License: program",
        "url": _MIT,
    }
    yield {
        "@id": "https://www.python.org/",
        "@type": "ComputerLanguage",
        "name": "Python",
        "url": "https://www.python.org/",
    }
    for work in citation["references"]:
        yield {
            "@id": _doi(work),
            "@type": "ScholarlyArticle",
            "name": work["title"],
            "author": [f"{_name(author)}" for author in work["authors"]],
            "datePublished": str(work["year"]),
        }


def _doi(work: Mapping[str, Any]) -> str:
    return f"https://doi.org/{work['doi']}"


def _name(author: Mapping[str, str]) -> str:
    given, family = author.get("given-names", ""), author.get("family-names", "")
    return author.get("name") or f"{given} {family}".strip()


def _ids(names: list[str]) -> Entity | list[Entity]:
    found = [{"@id": name} for name in names]
    return found[0] if len(found) == 1 else found
