from manuscript import check as checks
from manuscript.source.documents import Project
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter


def test_section_files_and_statements_are_in_place(project: Write) -> None:
    made = project("Text.")
    folder = made.root / "sections"
    folder.mkdir()
    (folder / "_lost.qmd").write_text("Lost.\n", "utf-8")
    profile = made.root / "journal.yml"
    wanted = profile.read_text("utf-8").replace("Ethics]", "'Ethics (']")
    profile.write_text(wanted, "utf-8")
    index = made.root / "index.qmd"
    index.write_text(index.read_text("utf-8").replace("## Ethics", "## Aesthetics"))
    findings = checks.outcomes(Project.load(made.root), ["sections"], KnownLetter())[
        "sections"
    ].findings
    assert [f.what for f in findings] == [
        "no document includes `sections/_lost.qmd`",
        "no section is headed “Ethics (”, which the journal wants",
    ]


def test_a_section_behind_a_link_is_the_file_it_leads_to(project: Write) -> None:
    root = project("Text.").root
    store = root / "store"
    store.mkdir()
    for name in ("_one", "_two", "_lost"):
        (store / f"{name}.qmd").write_text("Text.\n", "utf-8")
    (store / "_two.qmd").rename(root / "shared.qmd")
    (store / "_two.qmd").symlink_to(root / "shared.qmd")
    (root / "sections").symlink_to(store)
    with (root / "index.qmd").open("a", encoding="utf-8") as index:
        for name in ("_one", "_two"):
            index.write(f"\n{{{{< include sections/{name}.qmd >}}}}\n")
    findings = checks.outcomes(Project.load(root), ["sections"], KnownLetter())[
        "sections"
    ].findings
    assert [f.file for f in findings if "no document includes" in f.what] == [
        "sections/_lost.qmd"
    ]


def test_a_letter_for_a_journal_has_a_title(project: Write) -> None:
    made = project("Text.", front="title:\n")
    (found,) = checks.outcomes(made, ["sections"], KnownLetter())["sections"].findings
    assert (found.file, found.what[:23]) == ("index.qmd", "the letter has no title")
