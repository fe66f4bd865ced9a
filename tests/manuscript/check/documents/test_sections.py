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
