"""Templates of Terraform's language: a text in quotes, a heredoc, or a file, as literal texts and what is between.

Source: HCL native syntax specification, "Templates".
"""

import re

from hooksui.transfer.formats.terraform.hcl import Document, Expression, NotLiteralError

# In text between quotes: an escape, or the start of something to evaluate. In all else, backslashes are themselves.
_IN_QUOTES = re.compile(r"\$\$\{|%%\{|[$%]\{|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])")
_ELSE = re.compile(r"\$\$\{|%%\{|[$%]\{")
_MAX_PARTS = 10_000
_SIMPLE_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
_HEREDOC = re.compile(r"<<(-?)([^\r\n]+)\r?\n")

Parts = list[str | Expression]


def parts(expression: Expression) -> Parts:
    """The parts of `expression`, whose kind is "quoted" or "heredoc". Raises NotLiteralError and HclError."""
    document, token = expression.document, expression.document.tokens[expression.first]
    if token.kind == "quoted":
        return _Template(document, token.start + 1, token.end - 1, _IN_QUOTES).parts()
    body = _heredoc_body(expression.source)
    return parts_of(body, expression.line + 1)


def parts_of(text: str, first_line: int = 1) -> Parts:
    """The parts of a template in `text`, whose first line has that number. Raises NotLiteralError and HclError."""
    document = Document("", first_line)
    document.text = text
    return _Template(document, 0, len(text), _ELSE).parts()


def native(text: str) -> str:
    """`text`, a template, in quotes of the native syntax. Raises HclError where it is none."""
    document = Document("")
    document.text = text
    written, place = "", 0
    while match := _ELSE.search(text, place):
        written += _escaped(text[place : match.start()])
        inside = match[0] in ("${", "%{")
        place = Document(text, inside=match.start()).end if inside else match.end()
        written += text[match.start() : place]
    return f'"{written}{_escaped(text[place:])}"'


def literal(text: str) -> str:
    """`text` in quotes of the native syntax, with nothing in it to be evaluated."""
    return f'"{_escaped(text).replace("${", "$${").replace("%{", "%%{")}"'


class _Template:
    """A template in the text of `document` from `start` to before `end`."""

    def __init__(self, document: Document, start: int, end: int, marks: re.Pattern[str]) -> None:
        self._document = document
        self._start = start
        self._end = end
        self._marks = marks

    def parts(self) -> Parts:
        found: Parts = []
        text, place = self._document.text, self._start
        literal = ""
        while match := self._marks.search(text, place, self._end):
            literal += text[place : match.start()]
            place = match.end()
            if match[0] in ("${", "%{"):
                inner = Document(text, self._document.line(0), match.start())
                place = inner.end
                if match[0] == "%{":
                    raise NotLiteralError(" ".join(text[match.start() : place].split()))
                found += [literal] if literal else []
                found.append(inner.whole())
                if len(found) > _MAX_PARTS:
                    raise self._document.fault(match.start(), f"The text has more than {_MAX_PARTS} parts.")
                literal = ""
            else:
                literal += self._unescaped(match[0], match.start())
        literal += text[place : self._end]
        return found + ([literal] if literal or not found else [])

    def _unescaped(self, escape: str, start: int) -> str:
        if escape in ("$${", "%%{"):
            return escape[1:]
        if escape in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[escape]
        code = int(escape[2:], 16) if len(escape) > 2 else -1
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self._document.fault(start, f"The escape {escape} in a text stands for no character.")
        return chr(code)


def _escaped(text: str) -> str:
    escapes = {value: escape for escape, value in _SIMPLE_ESCAPES.items()}
    return re.sub(r'[\x00-\x1f\x7f"\\]', lambda match: escapes.get(match[0]) or f"\\u{ord(match[0]):04x}", text)


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
