"""The native syntax of Terraform's language, as far as it can be read without evaluating it: blocks and literals.

Source: HCL native syntax specification; where it is silent, what Terraform 1.11 does. Blocks that nobody asks for are
passed over by their brackets, so nothing here is recursive and the time grows with the text alone.
"""

from dataclasses import dataclass

from hooksui.transfer.formats.terraform.tokens import MAX_EXCERPT, Token, Tokenized

_MAX_NAME = 40


class NotLiteralError(Exception):
    """An expression has to be evaluated to know its value. `source` is what of it, in words for a person."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


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
            if len(text) > MAX_EXCERPT:
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


class Document(Tokenized):
    """A text as what it says: attributes and blocks, or one value."""

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

    def _block(self, place: int, last: int) -> Block:
        start = self.tokens[place].start
        brace = self.skip(place + 1, last, ("name", "quoted"))
        if brace == last or self.sign(brace) != "{":
            word = self.word(place)
            # A long one may be a line of a key.
            name = word if len(word) <= _MAX_NAME else "A word"
            raise self.fault(start, f"{name} is followed by neither a value nor a block.")
        labels = tuple(self.word(label).strip('"') for label in range(place + 1, brace))
        return Block(self, self.word(place), labels, start, brace + 1, self.partners[brace])
