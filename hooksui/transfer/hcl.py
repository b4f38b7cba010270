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
_LONGEST_EXCERPT = 60
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
    | (?P<sign>=>|[=!<>]=|&&|\|\||\.\.\.|[-+*/%=<>!?:.,&|])""",
    re.VERBOSE,
)
_QUOTED = re.compile(r'(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|[$%](?!\{))*+')
# In text between quotes: an escape, or the start of something to evaluate. In a heredoc, backslashes are themselves.
_ESCAPE = re.compile(r"\$\$\{|%%\{|[$%]\{|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])")
_HEREDOC_ESCAPE = re.compile(r"\$\$\{|%%\{|[$%]\{")
_HEREDOC = re.compile(r"<<(-?)([^\r\n]+)\r?\n")
_SIMPLE_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
_CLOSERS = {"{": "}", "(": ")", "[": "]", "${": "}"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def excerpt(source: str) -> str:
    """`source` as a sentence shows it: in one line that is not too long."""
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_EXCERPT else f"{line[:_LONGEST_EXCERPT]}…"


class SyntaxFault(Exception):
    """The text is not in the native syntax. Its message is a sentence for a person, with the line."""


class NotLiteral(Exception):
    """An expression has to be evaluated to know its value. `source` is what of it, as it stands in the text."""

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
        return self.document.text[self._tokens[0].start : self._tokens[-1].end]

    @property
    def line(self) -> int:
        """The number of its first line."""
        return self.document.line(self._tokens[0].start)

    def literal(self) -> str | bool | None:
        """The value: numbers as texts, as Terraform turns them into such. Raises NotLiteral and SyntaxFault."""
        kinds = [token.kind for token in self._tokens]
        if kinds == ["quoted"]:
            return self._decoded(self.source[1:-1], _ESCAPE)
        if kinds == ["heredoc"]:
            return self._decoded(_heredoc_body(self.source), _HEREDOC_ESCAPE)
        if kinds == ["name"] and self.source in _WORDS:
            return _WORDS[self.source]
        if kinds == ["number"] and "e" not in self.source.lower():
            whole, _, fraction = self.source.partition(".")
            return (whole.lstrip("0") or "0") + f".{fraction}".rstrip("0").rstrip(".")
        raise NotLiteral(self.source)

    def items(self) -> list[tuple[str, "Expression"]]:
        """Keys and values of an object. Raises NotLiteral, also where a key is none, and SyntaxFault.

        Of a key that stands there twice, Terraform takes the last; nobody writes that on purpose, so it is a fault.
        """
        document = self.document
        if document.sign(self.first) != "{" or document.partners[self.first] != self.last - 1:
            raise NotLiteral(self.source)
        items: dict[str, Expression] = {}
        place, end = self.first + 1, self.last - 1
        while (place := document.skip(place, end, ("newline",))) < end:
            key = document.end_of_value(place, end, ("=", ":", ",", "\n"))
            if key in (place, end) or document.sign(key) not in ("=", ":"):
                # What comes with `for` is one as well.
                raise NotLiteral(self.source)
            value = document.end_of_value(key + 1, end, (",", "\n"))
            name = self._key(place, key)
            if name in items:
                raise document.fault(document.tokens[place].start, f"{excerpt(name)} stands there twice.")
            items[name] = document.expression(key + 1, value)
            place = value + 1
        return list(items.items())

    def arguments(self, function: str) -> "list[Expression] | None":
        """The arguments of a call of `function`; None where the expression is something else."""
        document = self.document
        place, last = self.first + 2, self.last - 1
        is_call = last >= place and self._tokens[0].kind == "name" and document.word(self.first) == function
        if not is_call or document.sign(place - 1) != "(" or document.partners[place - 1] != last:
            return None
        found = []
        while (place := document.skip(place, last, ("newline",))) < last:
            end = document.end_of_value(place, last, (",",))
            behind = end
            while behind > place and document.tokens[behind - 1].kind == "newline":
                behind -= 1
            found.append(document.expression(place, behind))
            place = end + 1
        return found

    def interpolated(self) -> "Expression | None":
        """What a text that is nothing but one `${…}` stands for, the expression in it; None for anything else."""
        source = self.source
        if not (source.startswith('"${') and source.endswith('}"')):
            return None
        inner = source[3:-2].strip()
        try:
            attributes, blocks = Document(f"value = {inner}\n").body_of_all()
        except SyntaxFault:
            # Two of them, or more around one.
            return None
        whole = len(attributes) == 1 and not blocks and attributes[0][1].source == inner
        return attributes[0][1] if whole else None

    def after(self, prefix: re.Pattern[str]) -> str | None:
        """The rest of a text in quotes that begins with `prefix`; None where it does not. Raises as `literal` does."""
        if [token.kind for token in self._tokens] != ["quoted"] or not (match := prefix.match(self.source, 1)):
            return None
        return self._decoded(self.source[match.end() : -1], _ESCAPE)

    @property
    def _tokens(self) -> list[Token]:
        return self.document.tokens[self.first : self.last]

    def _key(self, first: int, last: int) -> str:
        key = Expression(self.document, first, last)
        if [token.kind for token in key._tokens] == ["name"]:
            return key.source
        value = key.literal()
        if not isinstance(value, str):
            raise NotLiteral(key.source)
        return value

    def _decoded(self, text: str, escapes: re.Pattern[str]) -> str:
        return escapes.sub(self._unescaped, text) if "$" in text or "%" in text or "\\" in text else text

    def _unescaped(self, match: re.Match[str]) -> str:
        escape = match[0]
        if escape in ("${", "%{"):
            raise NotLiteral(match.string[match.start() : match.string.find("}", match.start()) + 1] or escape)
        if escape in ("$${", "%%{"):
            return escape[1:]
        if escape in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[escape]
        code = int(escape[2:], 16) if len(escape) > 2 else -1
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self.document.fault(self._tokens[0].start, f"The escape {escape} in a text stands for no character.")
        return chr(code)


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

    def body(self) -> tuple[list[tuple[str, Expression]], list["Block"]]:
        """What stands in it: attributes with their names, and blocks. Raises SyntaxFault."""
        return self.document.body(self.first, self.last)


class Document:
    """One text. Raises SyntaxFault where its strings and brackets are broken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.partners: dict[int, int] = {}  # of each opening bracket, by its place among the tokens, the closing one
        _Scanner(self).scan()

    def blocks(self) -> list[Block]:
        """The outermost blocks. Raises SyntaxFault."""
        return self.body_of_all()[1]

    def body_of_all(self) -> tuple[list[tuple[str, Expression]], list[Block]]:
        """The outermost attributes and blocks. Raises SyntaxFault."""
        return self.body(0, len(self.tokens))

    def body(self, first: int, last: int) -> tuple[list[tuple[str, Expression]], list[Block]]:
        """Attributes and blocks among the tokens from `first` to before `last`. Raises SyntaxFault."""
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
        """The value of the tokens from `first` to before `last`. Raises SyntaxFault where there is none."""
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
        return bisect_left(self._line_ends, start) + 1

    def fault(self, start: int, reason: str) -> SyntaxFault:
        """What to raise where the text from `start` on is wrong."""
        return SyntaxFault(f"Line {self.line(start)}: {reason}")

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def _block(self, place: int, last: int) -> Block:
        start = self.tokens[place].start
        brace = self.skip(place + 1, last, ("name", "quoted"))
        if brace == last or self.sign(brace) != "{":
            raise self.fault(start, f"{excerpt(self.word(place))} is followed by neither a value nor a block.")
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

    def scan(self) -> None:
        while self._place < len(self._text):
            if self._open and self._open[-1][0] == '"':
                self._quoted()
            else:
                self._code()
            if len(self._document.tokens) > _MOST_TOKENS:
                raise self._document.fault(self._place, f"The file has more than {_MOST_TOKENS} words and signs.")
        if self._open:
            opener, start, _ = self._open[-1]
            raise self._document.fault(start, f"What begins here with {opener} does not end.")

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
            raise self._document.fault(start, "A text in quotes does not end in its line.")

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


def _heredoc_body(source: str) -> str:
    """What stands between the lines with the marker; after `<<-` without the indentation that all its lines share."""
    opening = _HEREDOC.match(source)
    body = source[opening.end() if opening else 0 : source.rindex("\n") + 1]
    if not opening or not opening[1]:
        return body
    lines = re.findall(r"[^\n]*\n", body)
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    shared = min(indents, default=0)
    return "".join(line[shared:] if line.strip() else line for line in lines)
