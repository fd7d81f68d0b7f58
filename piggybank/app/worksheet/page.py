"""A worksheet as one HTML file to print, and its answer key in the same layout."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from piggybank.app.export.dress import colours, digest, filled
from piggybank.app.questions import LETTERS
from piggybank.app.worksheet import paper
from piggybank.app.worksheet.model import (
    ALONE,
    COIN,
    HALF,
    PASS,
    WORKED,
    Asked,
    Column,
    Commit,
    Option,
    Row,
    Table,
    Worksheet,
)  # fmt: skip
from piggybank.shipped import asset_path
from piggybank.stage.themes import HUES, LIGHT
from piggybank.wording import printable

FADED = "The first commit is worked, in the second you break the bank, from the third on all is yours."
HOW = {1: "You break the bank.", 2: "The first commit is worked, in the second you break the bank."}
"""What is left to do in one or two commits, and in more."""
HELP = {WORKED: "worked example", HALF: "you break the bank", ALONE: "all yours"}
SIZES = (("", 2.15), (" small", 1.82), (" smaller", 1.5))
"""In what sizes a number is written, and how wide its letters are then, in millimetres."""
TINY = " tiny"
TWO_LINES = 150
"""Letters that fit on two lines to write on."""
BOX = 19.0
"""How wide a box is that stands in no table."""
ROUNDED = "Where a number is marked ≈ it is rounded, and the last digit of what you compute with it may differ."


def html(sheet: Worksheet, key: bool) -> bytes:
    """The file. key: whether the numbers that the sheet leaves out are filled in."""
    style = f":root {{\n{chr(10).join(colours(LIGHT, HUES))}\n}}\n"
    style += "\n".join(f".w{round(wide * 10)} {{ width: {wide}mm; }}" for wide in sorted(_widths(sheet)))
    style += asset_path("page/sheet.css").read_text(encoding="utf-8")
    kind = "Answer key" if key else "Worksheet"
    policy = f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'"
    page = _Page(sheet, key)
    parts = {
        "title": text_of(f"{sheet.title} · {kind}"),
        "policy": escape(policy, quote=True),
        "style": style,
        "foot": f"<span>{text_of(f'{sheet.title} · {kind.lower()} · {sheet.recorded}')}</span>"
        f'<span>seal <b class="seal">{text_of(sheet.seal)}</b></span>',
        "blocks": "\n".join(page.blocks()),
    }
    return filled("page/sheet.html", parts).encode("utf-8", "replace")


def _widths(sheet: Worksheet) -> set[float]:
    """Every width of a column in it, in millimetres."""
    tables = [table for commit in sheet.commits for table in (commit.samples, commit.steps)]
    tables += [sheet.data] if sheet.data else []
    return {width(table) for table in tables for width in (paper.cell_width, paper.names_width)}


def text_of(words: str) -> str:
    """Words as text of the page, whatever letters are in them."""
    return escape(printable(words))


class _Page:
    def __init__(self, sheet: Worksheet, key: bool) -> None:
        self.sheet, self.key = sheet, key

    def blocks(self) -> Iterable[str]:
        """Every part that no page break may cut, as a row of the page."""
        yield _block(self._top())
        yield from self._asked("Predict first", "Answer before you turn the page.", self.sheet.first, 1)
        for place, commit in enumerate(self.sheet.commits):
            yield _block(self._commit(commit), "turn" if place == 0 and self.sheet.first else "")
        yield from self._asked("Questions", "", self.sheet.later, 1 + len(self.sheet.first))
        if self.sheet.make:
            answer = text_of(self.sheet.make_answer) if self.key else ""
            lines = f'<p class="lines"><span class="key">{answer}</span></p>'
            yield _block(f"<section><h2>Make your own</h2><p>{text_of(self.sheet.make)}</p>{lines}</section>")
        if self.key:
            yield from self._for_teachers()

    # The first page ---------------------------------------------------------------------------------------------------

    def _top(self) -> str:
        sheet = self.sheet
        who = "".join(f'<span class="{word.lower()}">{word}</span>' for word in ("Name", "Class", "Date"))
        badge = '<span class="badge">Answer key</span>' if self.key else '<span class="badge plain">Worksheet</span>'
        settings = "".join(
            f"<dt>{text_of(word)}</dt>{''.join(f'<dd>{text_of(line)}</dd>' for line in lines)}"
            for word, lines in sheet.settings
        )
        data = "" if sheet.data is None else f"<h2>The data</h2>{self._table(sheet.data)}"
        return (
            f'<header><h1>{text_of(sheet.title)}</h1>{badge}</header><p class="who">{who}</p>'
            f'<p class="about">{text_of(sheet.about)}</p><dl>{settings}</dl>{data}'
            f'<p class="how">A box <i class="box"></i> is for you to fill in. '
            f"{HOW.get(len(sheet.commits), FADED)} {ROUNDED}</p>"
        )

    # Commits ----------------------------------------------------------------------------------------------------------

    def _commit(self, commit: Commit) -> str:
        before = "".join(
            f"<span>{text_of(column.head)} {self._number(column.texts[0], column.blank, BOX, 'span')}</span>"
            for column in commit.before
        )
        one = "weight" if len(commit.before) == 1 else "weights"
        words = f"<small>epoch {commit.epoch} · {HELP[commit.help]}</small>"
        return (
            f'<section class="commit"><div class="head"><h2>Commit {commit.batch} {words}</h2>'
            f'<p class="before"><em>{one} before</em> {before}</p></div>'
            f"{self._table(commit.samples)}{self._table(commit.steps)}</section>"
        )

    def _table(self, table: Table) -> str:
        wide, high = paper.cell_width(table), paper.row_height(table)
        return "".join(self._band(table, columns, wide, high) for columns in paper.bands(table))

    def _band(self, table: Table, columns: tuple[Column, ...], wide: float, high: float) -> str:
        names = round(paper.names_width(table) * 10)
        cols = f'<col class="w{names}"><col span="{len(columns)}" class="w{round(wide * 10)}">'
        heads = "".join(
            f'<th scope="col" class="{column.kind}">{text_of(column.head)}<small>{text_of(column.hint)}</small></th>'
            for column in columns
        )
        body = "".join(self._row(row, place, columns, wide, len(table.rows)) for place, row in enumerate(table.rows))
        foot = ""
        if any(column.foot for column in columns):
            words = _foot_words(columns)
            cells = "".join(self._foot(column, wide) for column in columns)
            foot = f'<tfoot><tr><th scope="row">{text_of(words)}</th>{cells}</tr></tfoot>'
        look = (" low" if high == paper.LOW_ROW else "") + (" narrow" if wide < paper.NARROW else "")
        return (
            f'<table class="numbers {table.head}{look}"><colgroup>{cols}</colgroup>'
            f'<thead><tr><th class="what">{table.head}</th>{heads}'
            f"</tr></thead><tbody>{body}</tbody>{foot}</table>"
        )

    def _row(self, row: Row, place: int, columns: tuple[Column, ...], wide: float, rows: int) -> str:
        above = (
            f'<tr class="above"><th colspan="{len(columns) + 1}">{text_of(row.above)}</th></tr>' if row.above else ""
        )
        coin = f'<span class="mark hue-{(row.number - 1) % len(HUES) + 1}">{row.number}</span>' if row.number else ""
        cells = []
        for column in columns:
            shared = len(column.texts) == 1 and rows > 1
            if not (shared and place):
                span = f' rowspan="{rows}"' if shared else ""
                cells.append(self._number(column.texts[place], column.blank, wide, "td", span))
        return f'{above}<tr><th scope="row">{coin}{text_of(row.words)}</th>{"".join(cells)}</tr>'

    def _foot(self, column: Column, wide: float) -> str:
        return self._number(column.foot, column.blank, wide, "td") if column.foot else "<td></td>"

    def _number(self, text: str, blank: bool, wide: float, tag: str, attributes: str = "") -> str:
        """A number that is given, an empty box, or on the key the box with its number."""
        if blank and not self.key:
            return f'<{tag} class="box"{attributes}></{tag}>'
        size = next((name for name, letter in SIZES if len(text) * letter <= wide - 1), TINY)
        return f'<{tag} class="{"box key" if blank else "given"}{size}"{attributes}>{text_of(text)}</{tag}>'

    # Questions --------------------------------------------------------------------------------------------------------

    def _asked(self, head: str, words: str, asked: tuple[Asked, ...], number: int) -> Iterable[str]:
        for place, question in enumerate(asked):
            title = f"<h2>{head}{f' <small>{words}</small>' if words else ''}</h2>" if place == 0 else ""
            yield _block(f'<section class="question">{title}{self._question(question, number + place)}</section>')

    def _question(self, asked: Asked, number: int) -> str:
        if asked.options:
            answers = "".join(self._option(*pair) for pair in zip(LETTERS, asked.options, strict=False))
            answers = f'<ol class="options">{answers}</ol>'
        else:
            answers = f'<p class="answer">Answer {self._number(asked.answer, True, BOX, "span")}</p>'
        because = text_of(asked.because) if self.key else ""
        long = " long" if self.key and len(asked.because) > TWO_LINES else ""
        return (
            f'<p class="asks"><b>{number}</b> {text_of(asked.asks)} <small>commit {asked.batch}</small></p>{answers}'
            f'<p class="lines"><em>because</em> <span class="key{long}">{because}</span></p>'
        )

    def _option(self, letter: str, option: Option) -> str:
        right = " right" if self.key and option.right else ""
        said = " <i>right</i>" if right else ""
        return f'<li class="option{right}"><b>{letter}</b> {text_of(option.text)}{said}</li>'

    # What only the key has --------------------------------------------------------------------------------------------

    def _for_teachers(self) -> Iterable[str]:
        """Behind the last page that sheet and key have in common."""
        sheet = self.sheet
        parts = [
            f"<li><b>{number}</b> {line}</li>"
            for number, asked in enumerate((*sheet.first, *sheet.later), 1)
            for line in self._told(asked)
        ]
        told = f'<h3>What to say to an answer</h3><ol class="told">{"".join(parts)}</ol>' if parts else ""
        tries = f"<h3>Try this, and what comes of it</h3><p>{text_of(sheet.modify)}</p>" if sheet.modify else ""
        if told or tries:
            yield _block(f"<section><h2>For whoever teaches</h2>{told}{tries}</section>", "turn")

    def _told(self, asked: Asked) -> list[str]:
        wrong = [(letter, option) for letter, option in zip(LETTERS, asked.options, strict=False) if option.says]
        hints = [f"hint: {text_of(hint)}" for hint in asked.hints]
        return [*(f"{letter} {text_of(option.text)}: {text_of(option.says)}" for letter, option in wrong), *hints]


def _foot_words(columns: tuple[Column, ...]) -> str:
    """What stands under the columns of a band."""
    kinds = {column.kind for column in columns if column.foot}
    return ", ".join(words for kind, words in ((COIN, "total"), (PASS, "mean loss")) if kind in kinds)


def _block(content: str, kind: str = "") -> str:
    return f"<tr{f' class={kind}' if kind else ''}><td>{content}</td></tr>"
