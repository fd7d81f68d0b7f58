"""Which commits a worksheet has, what its file is called, and what is refused."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from runs import run_of
from worksheets import blanks, lesson_of, of_run, page_of, tables

from piggybank import SGD, Cue, Dense, Lesson, Network, Question, Run
from piggybank.app.cli import main
from piggybank.app.export.files import ExportError
from piggybank.app.question_parts import Choice
from piggybank.app.worksheet import plan
from piggybank.app.worksheet.model import ALONE, HALF, Column
from piggybank.app.worksheet.page import html
from piggybank.app.worksheet.script import Script, script_of

# Which commits --------------------------------------------------------------------------------------------------------


def test_a_sheet_begins_where_it_is_asked_to_and_the_first_commit_is_worked() -> None:
    run = lesson_of(10).run
    sheet = of_run(Lesson(None, "A run", run, batches=7), range(3, 6))
    assert [(commit.batch, commit.help) for commit in sheet.commits] == [(3, 1), (4, HALF), (5, ALONE)]
    assert sheet.commits[0].steps.columns[0] == Column("savings before", "", "data", ("−4",))
    assert sheet.seal == run.ledger.seal_at(5)


def test_of_a_commit_alone_the_bank_is_left_to_be_broken() -> None:
    sheet = of_run(Lesson(None, "A run", lesson_of(2).run, batches=4), range(3, 4))
    assert [(commit.batch, commit.help) for commit in sheet.commits] == [(3, HALF)]
    assert blanks(sheet, 1) == {"average", "adjustment", "new weight"}
    assert "worked" not in unescape(html(sheet, False).decode())


def test_what_does_not_fit_is_cut_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "sheet.html")
    assert main(["worksheet", "12", "--out", out]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("piggybank: the sheet has 3 of 18 commits, which is what fits on three pages; --to 18")
    assert said.out.strip() == out
    assert main(["worksheet", "12", "--out", out, "--overwrite", "--to", "18"]) == 0
    assert capsys.readouterr().err == ""
    assert len(tables(Path(out).read_text("utf-8"))) == 18


def test_a_lab_s_sheet_says_which_of_its_runs_it_is_of() -> None:
    assert "<h1>Lab A · One batch, three rules · SGD</h1>" in page_of("A", False)
    assert "Give each rule the rate that suits it best." in page_of("A", False)


def test_files_are_called_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("from piggybank import *\nrun = Run(Network(Dense(1, 1)), 'frozen')\n", "utf-8")
    for arguments in (["2"], ["2", "--key"], ["mine.py", "--key"]):
        assert main(["worksheet", *arguments]) == 0, capsys.readouterr().err
    assert main(["worksheet", "a"]) == 0
    names = {
        "lab-A-worksheet.html",
        "lesson-2-worksheet.html",
        "lesson-2-answer-key.html",
        "mine-answer-key.html",
        "mine.py",
    }
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_saved_run_gives_the_sheet_that_the_run_gives(tmp_path: Path) -> None:
    run = run_of("adam")
    run.save(tmp_path / "adam.piggy")
    assert main(["worksheet", str(tmp_path / "adam.piggy"), "--to", "3", "--out", str(tmp_path / "a.html")]) == 0
    lesson = Lesson(None, "adam", run, batches=7)
    assert (tmp_path / "a.html").read_bytes() == html(of_run(lesson, range(1, 4)), False)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2", "--out", "sheet.pdf"], "expected a file ending in .html, got 'sheet.pdf'; try run.html"),
        (["2", "--from", "9"], "the ledger holds batches 1 to 4, got 9 to 4"),
        (["1", "--to", "40"], "a worksheet has up to 24 commits, got 40; try --from 1 --to 24"),
        (["2", "--epoch", "1", "--to", "2"],
         "expected an epoch, or a first and a last batch, got both; leave one out"),
        (["8", "--from", "640", "--to", "646"],
         "batch 640 has numbers that are infinite or no numbers, which nobody can compute; try earlier ones"),
        (["8", "--from", "322", "--to", "330"],
         "batch 324 has numbers that are infinite or no numbers, which nobody can compute; try --to 323"),
        (["13"], "there is no lesson 13; there are lessons 0 to 12"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_in_one_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["worksheet", *arguments]) == 2
    assert capsys.readouterr().err == f"piggybank: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_fits_on_no_page_is_refused_with_one_that_fits() -> None:
    data = [[row / 8] for row in range(80)], [[0.5]] * 80
    run = Run(Network(Dense(1, 1)), data, rule=SGD(1 / 8), batch_size=80).train(batches=1)
    with pytest.raises(ExportError) as caught:
        of_run(run, range(1, 2))
    found = re.fullmatch(
        r"a commit of 80 samples does not fit on a page; try a run with batch_size=(\d+) or less", str(caught.value)
    )
    assert found
    size = int(found[1])
    fitting = Run(Network(Dense(1, 1)), data, rule=SGD(1 / 8), batch_size=size).train(batches=1)
    assert len(of_run(fitting, range(1, 2)).commits[0].samples.rows) == size


def test_a_sheet_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sheet.html"
    path.write_text("mine", "utf-8")
    assert main(["worksheet", "2", "--out", str(path)]) == 2
    assert capsys.readouterr().err == "piggybank: sheet.html is there already; give another name, or --overwrite\n"
    assert path.read_text("utf-8") == "mine"
    assert main(["worksheet", "2", "--out", str(path), "--overwrite"]) == 0
    assert path.read_text("utf-8") == page_of(2, False)


def test_hostile_names_are_words_and_nothing_else() -> None:
    evil = '<script>alert("1")</script>&amp;\u202e'
    run = Run(
        Network(Dense(1, 1, weights=0.5, bias=False)), ([[1.0], [2.0]], [[1.0], [2.0]]), rule=SGD(1 / 8), batch_size=2
    )
    choices = (Choice("adjustment", evil), Choice("0", evil))
    question = Question("1.1.commit", evil, "adjustment", choices, hints=(evil,), because=evil)
    lesson = Lesson(None, evil, run, batches=3, about=evil, questions=[question], cues=[Cue("1.1.commit", "x")])
    script = Script(evil, {"MAKE": f"{evil} ({evil})", "MODIFY": evil})
    lesson.run.ensure(3)
    for key in (False, True):
        page = html(plan.worksheet(lesson, range(1, 4), script, cut=True), key).decode()
        assert "<script" not in page
        assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;\\u202e") == (12 if key else 7)


# Words of scripts -----------------------------------------------------------------------------------------------------


def test_a_script_s_tasks_are_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        '"""Mine\n\nAbout two\nlines.\n\nMore.\n"""\n# MAKE   A task\n#        of two lines. (And its answer.)\n'
        "\n# other\n# MODIFY f(x) stays (here) as it is.\n",
        "utf-8",
    )
    script = script_of(str(path))
    assert script.about == "About two lines."
    assert script.task("MAKE") == ("A task of two lines.", "And its answer.")
    assert script.task("MODIFY") == ("f(x) stays (here) as it is.", "")
    assert script.task("PREDICT") == ("", "")
