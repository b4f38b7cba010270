"""The native syntax of Terraform's language, as far as it can be read without evaluating it: blocks and literals.

Source: HCL native syntax specification; where it is silent, what Terraform 1.11 does. Blocks that nobody asks for are
passed over by their brackets, so nothing here is recursive and the time grows with the text alone.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_MOST_TOKENS = 1_000_000  # 1,000 hooks have about 100,000
_LONGEST_EXCERPT = 160
_LONGEST_NAME = 40
_IDENTIFIER = r"[^\W\d][\w-]*"
_CODE = re.compile(
    rf"""(?P<space>[ \t]+|(?:\#|//)[^\n]*)
    | (?P<newline>\r?\n)
    | (?P<comment>/\*)
    | (?P<quote>")
    | (?P<heredoc><<-?(?P<marker>{_IDENTIFIER})\r?\n)
    | (?P<name>{_IDENTIFIER})
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<open>[{{(\[])
    | (?P<close>[}})\]])
    | (?P<sign>=>|[=!<>]=|&&|\|\||\.\.\.|[-+*/%=<>!?:.,&|~])""",
    re.VERBOSE,
)
_QUOTED = re.compile(r'(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|[$%](?!\{))*+')
_CLOSERS = {"{": "}", "(": ")", "[": "]", "${": "}"}


def excerpt(source: str) -> str:
    """`source` as a sentence shows it: in one line that is not too long."""
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_EXCERPT else f"{line[:_LONGEST_EXCERPT]}…"


class HclError(Exception):
    """The text is not in the native syntax. Its message is the `reason`, a sentence for a person, behind the line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.reason = reason


class NotLiteralError(Exception):
    """An expression has to be evaluated to know its value. `source` is what of it, in words for a person."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


class Token(NamedTuple):
    """A word, a sign, or a whole template, by its place in the text. Spaces and comments have none."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Expression:
    """The tokens from `first` to before `last`, which stand for a value."""

    document: "Document"
    first: int
    last: int

    @property
    def source(self) -> str:
        """The expression as it stands in the text."""
        return self.document.text[self._begin.start : self._end.end]

    @property
    def line(self) -> int:
        """The number of its first line."""
        return self.document.line(self._begin.start)

    @property
    def shown(self) -> str:
        """The expression as a sentence shows it: in one line without comments, or by its lines where it is long."""
        return self.shown_in("", "")

    def shown_in(self, before: str, after: str) -> str:
        """As `shown`, between the two."""
        text, end = "", self._begin.start
        for place in range(self.first, self.last):
            token = self.document.tokens[place]
            if token.kind != "newline":
                gap = " " if token.start > end else ""
                text += gap + self.document.word(place)
                end = token.end
            if len(text) > _LONGEST_EXCERPT:
                last = self.document.line(self._end.end - 1)
                return (
                    f"the expression in line {last}" if last == self.line else f"what lines {self.line} to {last} say"
                )
        return before + " ".join(text.split()) + after

    @property
    def kind(self) -> str:
        """The kind of its only token, "" where it has several."""
        return self._begin.kind if self.last == self.first + 1 else ""

    @property
    def sign(self) -> str:
        """The sign or bracket that it begins with, else nothing."""
        return self.document.sign(self.first)

    def elements(self, bracket: str) -> "list[Expression] | None":
        """What stands between commas in its brackets; None where it is no list in brackets of this kind."""
        document, last = self.document, self.last - 1
        if document.sign(self.first) != bracket or document.partners[self.first] != last:
            return None
        if document.tokens[self.first + 1].kind == "name" and document.word(self.first + 1) == "for":
            return None
        found: list[Expression] = []
        place = self.first + 1
        while (place := document.skip(place, last, ("newline",))) < last:
            end = document.end_of_value(place, last, (",",))
            behind = end
            while behind > place and document.tokens[behind - 1].kind == "newline":
                behind -= 1
            found.append(document.expression(place, behind))
            place = end + 1
        return found

    def items(self) -> "list[tuple[Expression, Expression]]":
        """Keys and values of an object. Raises NotLiteralError and HclError."""
        document = self.document
        if document.sign(self.first) != "{" or document.partners[self.first] != self.last - 1:
            raise NotLiteralError(self.shown)
        items = []
        place, end = self.first + 1, self.last - 1
        while (place := document.skip(place, end, ("newline",))) < end:
            key = document.end_of_value(place, end, ("=", ":", ",", "\n"))
            if key in (place, end) or document.sign(key) not in ("=", ":"):
                # What comes with `for` is one as well.
                raise NotLiteralError(self.shown)
            value = document.end_of_value(key + 1, end, (",", "\n"))
            items.append((document.expression(place, key), document.expression(key + 1, value)))
            place = value + 1
        return items

    def call(self) -> "tuple[str, list[Expression]] | None":
        """The function that is called, and its arguments; None where the expression is no call."""
        if self.last - self.first < 3 or self._begin.kind != "name":
            return None
        arguments = Expression(self.document, self.first + 1, self.last).elements("(")
        return None if arguments is None else (self.document.word(self.first), arguments)

    def path(self) -> "list[str | Expression] | None":
        """A reference, step by step: names, and expressions for what stands in brackets; None for all else."""
        document, place = self.document, self.first + 1
        steps: list[str | Expression] = [document.word(self.first)]
        if self._begin.kind != "name":
            return None
        while place < self.last:
            if document.sign(place) == "." and place + 1 < self.last and document.tokens[place + 1].kind == "name":
                steps.append(document.word(place + 1))
                place += 2
            elif document.sign(place) == "[" and document.partners[place] < self.last:
                index = Expression(document, place, document.partners[place] + 1).elements("[")
                if not index or len(index) != 1:
                    return None
                steps.append(index[0])
                place = document.partners[place] + 1
            else:
                return None
        return steps

    @property
    def _begin(self) -> Token:
        return self.document.tokens[self.first]

    @property
    def _end(self) -> Token:
        return self.document.tokens[self.last - 1]


@dataclass(frozen=True)
class Block:
    """A block: its first word, its labels, where it starts, and its body, the tokens from `first` to before `last`."""

    document: "Document"
    kind: str
    labels: tuple[str, ...]
    start: int
    first: int
    last: int

    @property
    def line(self) -> int:
        """The number of its first line."""
        return self.document.line(self.start)

    @property
    def text(self) -> str:
        """The block as it stands in the text."""
        return self.document.text[self.start : self.document.tokens[self.last].end]

    def body(self) -> tuple[list[tuple[str, Expression]], list["Block"]]:
        """What stands in it: attributes with their names, and blocks. Raises HclError."""
        return self.document.body(self.first, self.last)


class Document:
    """One text, whose first line has the number `first_line`.

    Where `inside` is the start of a `${`, it is what that has in it up to the `}`, behind which `end` is. Raises
    HclError where strings or brackets are broken.
    """

    def __init__(self, text: str, first_line: int = 1, inside: int | None = None) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.partners: dict[int, int] = {}  # of each opening bracket, by its place among the tokens, the closing one
        self._first_line = first_line
        self.end = _Scanner(self).scan(inside)

    def whole(self) -> Expression:
        """All of it as one value. Raises HclError where there is none."""
        first = self.skip(0, len(self.tokens), ("newline",))
        last = len(self.tokens)
        while last > first and self.tokens[last - 1].kind == "newline":
            last -= 1
        if first >= last:
            raise self.fault(self.end - 1, "A value is missing.")
        return Expression(self, first, last)

    def blocks(self) -> list[Block]:
        """The outermost blocks. Raises HclError."""
        return self.body_of_all()[1]

    def body_of_all(self) -> tuple[list[tuple[str, Expression]], list[Block]]:
        """The outermost attributes and blocks. Raises HclError."""
        return self.body(0, len(self.tokens))

    def body(self, first: int, last: int) -> tuple[list[tuple[str, Expression]], list[Block]]:
        """Attributes and blocks among the tokens from `first` to before `last`. Raises HclError."""
        attributes: list[tuple[str, Expression]] = []
        blocks: list[Block] = []
        place = first
        while (place := self.skip(place, last, ("newline",))) < last:
            if self.tokens[place].kind != "name":
                raise self.fault(self.tokens[place].start, "The name of an attribute or a block is expected.")
            if place + 1 < last and self.sign(place + 1) == "=":
                end = self.end_of_value(place + 2, last, ("\n",))
                attributes.append((self.word(place), self.expression(place + 2, end)))
            else:
                block = self._block(place, last)
                blocks.append(block)
                end = block.last + 1
                if end < last and self.tokens[end].kind != "newline":
                    raise self.fault(self.tokens[end].start, "A new line is expected after a block.")
            place = end
        return attributes, blocks

    def expression(self, first: int, last: int) -> Expression:
        """The value of the tokens from `first` to before `last`. Raises HclError where there is none."""
        if first >= last:
            raise self.fault(self.tokens[first - 1].start, "A value is missing.")
        return Expression(self, first, last)

    def end_of_value(self, place: int, last: int, ends: tuple[str, ...]) -> int:
        """The place of the first of `ends`, "\\n" for the end of a line, outside of brackets; else `last`."""
        while place < last:
            kind = self.tokens[place].kind
            if ("\n" if kind == "newline" else self.sign(place)) in ends:
                return place
            place = self.partners.get(place, place) + 1
        return last

    def skip(self, place: int, last: int, kinds: tuple[str, ...]) -> int:
        """The first place from `place` on, before `last`, whose token is of none of `kinds`."""
        while place < last and self.tokens[place].kind in kinds:
            place += 1
        return place

    def word(self, place: int) -> str:
        """The text of a token."""
        token = self.tokens[place]
        return self.text[token.start : token.end]

    def sign(self, place: int) -> str:
        """The text of a token that is a sign or a bracket, else nothing."""
        return self.word(place) if self.tokens[place].kind in ("sign", "open") else ""

    def line(self, start: int) -> int:
        """The number of the line that the character at `start` is in."""
        return bisect_left(self._line_ends, start) + self._first_line

    def fault(self, start: int, reason: str) -> HclError:
        """What to raise where the text from `start` on is wrong."""
        return HclError(self.line(start), reason)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def _block(self, place: int, last: int) -> Block:
        start = self.tokens[place].start
        brace = self.skip(place + 1, last, ("name", "quoted"))
        if brace == last or self.sign(brace) != "{":
            word = self.word(place)
            # A long one may be a line of a key.
            name = word if len(word) <= _LONGEST_NAME else "A word"
            raise self.fault(start, f"{name} is followed by neither a value nor a block.")
        labels = tuple(self.word(label).strip('"') for label in range(place + 1, brace))
        return Block(self, self.word(place), labels, start, brace + 1, self.partners[brace])


class _Scanner:
    """Splits a document's text into tokens. What is to be evaluated within a template becomes part of its token."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._place = 0
        # What is open: a bracket, `${` or a quote, each with its start, and the place of a bracket among the tokens.
        self._open: list[tuple[str, int, int]] = []
        self._quotes = 0

    def scan(self, inside: int | None) -> int:
        """Go through all of the text, or through what is to be evaluated from `inside` on. The place of its end."""
        if inside is not None:
            self._place = inside + 2
            self._open.append(("${", inside, 0))
        while self._place < len(self._text) and (inside is None or self._open):
            if self._open and self._open[-1][0] == '"':
                self._quoted()
            else:
                self._code()
            if len(self._document.tokens) > _MOST_TOKENS:
                raise self._document.fault(self._place, f"The file has more than {_MOST_TOKENS} words and signs.")
        if self._open:
            opener, start, _ = self._open[-1]
            raise self._document.fault(start, f"What begins here with {opener} does not end.")
        return self._place

    def _quoted(self) -> None:
        """Go on to the end of a text in quotes, or to what is to be evaluated in it."""
        match = _QUOTED.match(self._text, self._place)
        self._place = match.end() if match else self._place
        start = self._open[-1][1]
        if self._text.startswith('"', self._place):
            self._open.pop()
            self._quotes -= 1
            self._place += 1
            self._add("quoted", start, self._place)
        elif self._text.startswith(("${", "%{"), self._place):
            self._open.append(("${", self._place, 0))
            self._place += 2
        else:
            raise self._document.fault(start, "A quoted text does not end on its line.")

    def _code(self) -> None:
        start = self._place
        match = _CODE.match(self._text, start)
        if not match:
            character = self._text[start]
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            raise self._document.fault(start, f"The character {shown} is not expected.")
        self._place = match.end()
        kind = match.lastgroup
        if kind == "comment":
            self._place = self._text.find("*/", start + 2) + 2
            if self._place == 1:
                raise self._document.fault(start, "A comment does not end.")
        elif kind == "quote":
            self._open.append(('"', start, 0))
            self._quotes += 1
        elif kind == "heredoc":
            self._heredoc(start, match["marker"])
        elif kind == "close":
            self._close(start)
        elif kind == "open":
            self._open.append((match[0], start, len(self._document.tokens)))
            self._add(kind, start, self._place)
        elif kind and kind != "space":
            self._add(kind, start, self._place)

    def _close(self, start: int) -> None:
        opener, _, place = self._open.pop() if self._open else ("", 0, 0)
        if _CLOSERS.get(opener) != self._text[start]:
            raise self._document.fault(start, f"{self._text[start]} closes nothing that is open.")
        if opener == "${":
            return
        if not self._quotes:
            self._document.partners[place] = len(self._document.tokens)
        self._add("close", start, self._place)

    def _heredoc(self, start: int, marker: str) -> None:
        """Go on to the end of the line that has nothing but the marker."""
        line = self._place
        while line < len(self._text):
            end = self._text.find("\n", line)
            content = self._text[line : end if end >= 0 else len(self._text)]
            if content.strip() == marker:
                self._place = line + len(content.rstrip())
                self._add("heredoc", start, self._place)
                return
            line += len(content) + 1
        raise self._document.fault(start, f"No line with {excerpt(marker)} ends what begins here.")

    def _add(self, kind: str, start: int, end: int) -> None:
        if not self._quotes:
            self._document.tokens.append(Token(kind, start, end))
