"""Authors in full, as JATS and the crate name them: one front matter, every place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from manuscript.source import as_list

# Terms of the Contributor Roles Taxonomy (ANSI/NISO Z39.104-2022), by their address.
_CREDIT = {
    **{
        name.lower().replace(" ", "-"): name
        for name in (
            *("Conceptualization", "Data curation", "Formal Analysis"),
            *("Funding acquisition", "Investigation", "Methodology"),
            *("Project administration", "Resources", "Software", "Supervision"),
            *("Validation", "Visualization"),
        )
    },
    "writing-original-draft": "Writing – original draft",
    "writing-review-editing": "Writing – review & editing",
}

Author = Mapping[str, Any]

_ORCID = "https://orcid.org/"
_INSTITUTION = (("department", "dept"), ("name", ""))
_PLACE = ("city", "region", "country")
_TAGS = {"region": "state"}


def contributors(root: Any, authors: Iterable[Author]) -> None:
    """Write authors and affiliations into the head of a JATS article.

    Parameters
    ----------
    root : lxml element
        The article; what pandoc wrote of its authors is replaced.
    authors : iterable of mapping
        ``by-author`` of :func:`manuscript.source.metadata.for_templates`.
    """
    group = root.find(".//article-meta/contrib-group")
    persons = [author for author in authors if author["name"].get("family")]
    if group is None or not persons:
        return
    group[:] = [_contributor(author) for author in authors]
    places: dict[str, Author] = {}
    for author in authors:
        places |= {place["number"]: place for place in author["affiliations"]}
    for number in sorted(places, key=int):
        group.append(_affiliation(number, places[number]))


def persons(authors: Iterable[Author]) -> list[dict[str, Any]]:
    """Return authors as entities of a crate: those that are people.

    Parameters
    ----------
    authors : iterable of mapping
        ``by-author`` of :func:`manuscript.source.metadata.for_templates`.
    """
    found = []
    for author in authors:
        name = author["name"]
        if not (name.get("family") and _says_more(author)):
            continue
        identifier = f"#author-{author['number']}"
        entity = {
            "@id": _orcid(author) or identifier,
            "@type": "Person",
            "name": name["literal"],
            "givenName": name["given"],
            "familyName": name["family"],
        }
        if email := author.get("email"):
            entity["email"] = str(email)
        if places := [str(place["name"]) for place in author["affiliations"]]:
            entity["affiliation"] = "; ".join(places)
        found.append(entity)
    return found


def _says_more(author: Author) -> bool:
    """Tell a person from a group whose name has several words."""
    return bool(author["affiliations"] or author.get("orcid") or author.get("email"))


def _orcid(author: Author) -> str:
    number = str(author.get("orcid") or "").removeprefix(_ORCID)
    return f"{_ORCID}{number}" if number else ""


def _contributor(author: Author) -> Any:
    contributor = etree.Element("contrib", {"contrib-type": "author"})
    attributes = author.get("attributes") or {}
    if attributes.get("corresponding"):
        contributor.set("corresp", "yes")
    if attributes.get("equal-contributor"):
        contributor.set("equal-contrib", "yes")
    if orcid := _orcid(author):
        kind = {"contrib-id-type": "orcid"}
        etree.SubElement(contributor, "contrib-id", kind).text = orcid
    if _says_more(author):
        name = etree.SubElement(contributor, "name")
        etree.SubElement(name, "surname").text = author["name"]["family"]
        if given := author["name"].get("given"):
            etree.SubElement(name, "given-names").text = given
    else:
        etree.SubElement(contributor, "collab").text = author["name"]["literal"]
    for role in _roles(author):
        etree.SubElement(contributor, "role", _credit(role)).text = role
    if email := author.get("email"):
        etree.SubElement(contributor, "email").text = str(email)
    for place in author["affiliations"]:
        to = {"ref-type": "aff", "rid": f"aff-{place['number']}"}
        etree.SubElement(contributor, "xref", to).text = place["number"]
    return contributor


def _roles(author: Author) -> list[str]:
    return [
        str(name)
        for role in as_list(author.get("roles") or [])
        for name in (role if isinstance(role, Mapping) else [role])
    ]


def _credit(role: str) -> dict[str, str]:
    """Return the attributes of a role that CRediT knows; none for another."""
    name = re.sub(r"\W+", "-", role.lower().replace("&", "")).strip("-")
    if name not in _CREDIT:
        return {}
    return {
        "vocab": "credit",
        "vocab-identifier": "https://credit.niso.org/",
        "vocab-term": _CREDIT[name],
        "vocab-term-identifier": f"https://credit.niso.org/contributor-roles/{name}/",
    }


def _affiliation(number: str, place: Author) -> Any:
    element = etree.Element("aff", id=f"aff-{number}")
    etree.SubElement(element, "label").text = number
    for key, kind in _INSTITUTION:
        if text := place.get(key):
            attributes = {"content-type": kind} if kind else {}
            etree.SubElement(element, "institution", attributes).text = str(text)
    for key in _PLACE:
        if text := place.get(key):
            etree.SubElement(element, _TAGS.get(key, key)).text = str(text)
    return element
