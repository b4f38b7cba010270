"""The words and signs of a text in Terraform's native syntax, with its brackets in pairs.

Source: HCL native syntax specification. Nothing here is recursive, and the time grows with the text alone.
"""

import re
from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

_MAX_TOKENS = 1_000_000  # 1,000 hooks have about 100,000
MAX_EXCERPT = 160  # characters of a sentence that a text stands in
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
    return line if len(line) <= MAX_EXCERPT else f"{line[:MAX_EXCERPT]}…"


class HclError(Exception):
    """The text is not in the native syntax. Its message is the `reason`, a sentence for a person, behind the line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.reason = reason


class Token(NamedTuple):
    """A word, a sign, or a whole template, by its place in the text. Spaces and comments have none."""

    kind: str
    start: int
    end: int


class Tokenized:
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


class _Scanner:
    """Splits a text into tokens. What is to be evaluated within a template becomes part of its token."""

    def __init__(self, text: Tokenized) -> None:
        self._whole = text
        self._text = text.text
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
            if len(self._whole.tokens) > _MAX_TOKENS:
                raise self._whole.fault(self._place, f"The file has more than {_MAX_TOKENS} words and signs.")
        if self._open:
            opener, start, _ = self._open[-1]
            raise self._whole.fault(start, f"What begins here with {opener} does not end.")
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
            raise self._whole.fault(start, "A quoted text does not end on its line.")

    def _code(self) -> None:
        start = self._place
        match = _CODE.match(self._text, start)
        if not match:
            character = self._text[start]
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            raise self._whole.fault(start, f"The character {shown} is not expected.")
        self._place = match.end()
        kind = match.lastgroup
        if kind == "comment":
            self._place = self._text.find("*/", start + 2) + 2
            if self._place == 1:
                raise self._whole.fault(start, "A comment does not end.")
        elif kind == "quote":
            self._open.append(('"', start, 0))
            self._quotes += 1
        elif kind == "heredoc":
            self._heredoc(start, match["marker"])
        elif kind == "close":
            self._close(start)
        elif kind == "open":
            self._open.append((match[0], start, len(self._whole.tokens)))
            self._add(kind, start, self._place)
        elif kind and kind != "space":
            self._add(kind, start, self._place)

    def _close(self, start: int) -> None:
        opener, _, place = self._open.pop() if self._open else ("", 0, 0)
        if _CLOSERS.get(opener) != self._text[start]:
            raise self._whole.fault(start, f"{self._text[start]} closes nothing that is open.")
        if opener == "${":
            return
        if not self._quotes:
            self._whole.partners[place] = len(self._whole.tokens)
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
        raise self._whole.fault(start, f"No line with {excerpt(marker)} ends what begins here.")

    def _add(self, kind: str, start: int, end: int) -> None:
        if not self._quotes:
            self._whole.tokens.append(Token(kind, start, end))
