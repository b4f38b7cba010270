"""Writes YAML byte for byte as the package js-yaml with its defaults, which makes the Deploy CLI's `tenant.yaml`.

Rules seen in js-yaml 4.3.2, the one that Deploy CLI 8.44.0 brings. Numbers such as 7.3.3 are sections of YAML 1.2.2.
"""

import math
import re
from collections.abc import Iterable

INDENT = 2
LINE_WIDTH = 80
MIN_WIDTH = 40  # what is left for text however deep it stands
MAX_IMPLICIT_KEY = 1024  # 8.2.2: a longer key is announced by "? "
LAST_ARRAY_INDEX = 2**32 - 2  # ECMAScript, "array index"
INFINITE = 2**1024 - 2**970  # the least whole number that JavaScript rounds to Infinity

# All but 5.1, and of 5.1 what is better seen as an escape: tabs, line breaks of every kind, no-break spaces, U+FEFF.
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPED = re.compile(rf"[\"\\]|{_UNPRINTABLE.pattern}")
# 5.7
_SHORT_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}

# 7.3.3, stricter than YAML: no indicator of 5.3 may start a plain text, and neither may "=".
_NOT_PLAIN = re.compile(r"""\A\Z | \A[-?:,\[\]{}\#&*!|=>'"%@` ] | :[ ] | [ ]\# | [: ]\Z""", re.VERBOSE)

# What a plain text must not look like. None of it needs "-" as a sign, which starts no plain text.
_WORDS_OF_OTHER_TYPES = {
    *("~", "null", "Null", "NULL"),
    *("true", "True", "TRUE", "false", "False", "FALSE"),
    *(".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", ".nan", ".NaN", ".NAN"),
    *("y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO"),  # booleans of YAML 1.1
    *("on", "On", "ON", "off", "Off", "OFF"),
    "<<",  # YAML 1.1 merges the mapping that follows
}
_DECIMAL = re.compile(r"\+?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?|\.[0-9]+([eE][-+]?[0-9]+)?")
_PREFIXED_INTEGER = re.compile(r"\+?0(b[01]+|o[0-7]+|x[0-9a-fA-F]+)")
# Numbers of YAML 1.1, such as 190:20:30. They are quoted at any length, thus "-" counts.
_BASE_60 = re.compile(r"[-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)?")
_TIMESTAMP = re.compile(
    r"""
    [0-9]{4}-[0-9]{2}-[0-9]{2}
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} ([Tt]|[ ]+) [0-9]{1,2}:[0-9]{2}:[0-9]{2} (\.[0-9]*)?
      ([ ]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?
    """,
    re.VERBOSE,
)

_LEADING_SPACE = re.compile(r"\n* ")
_FOLDABLE_SPACE = re.compile(r" (?=[^ ])")
_LATER_LINE = re.compile(r"(\n+)([^\n]*)")


def dump(value: object) -> str:
    """The YAML text of `value`: a mapping with text as keys, a list, a text or a boolean, nested at will.

    A mapping or list that occurs twice is written twice, since what is read from JSON has no anchors (`&ref_0`).
    Raises TypeError for anything else.
    """
    return _node(value, 0, compact=True) + "\n"


def _node(value: object, level: int, *, compact: bool) -> str:
    """`value` with its lines indented for `level`; a collection begins on a line of its own unless `compact`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value, level)
    if isinstance(value, dict):
        pairs = (_pair(key, value[key], level) for key in in_javascript_order(value))
        return _block(pairs, level, compact=compact) if value else "{}"
    if isinstance(value, list):
        entries = ("- " + _node(entry, level + 1, compact=True) for entry in value)
        return _block(entries, level, compact=compact) if value else "[]"
    raise TypeError(f"A mapping, list, text or boolean can be written, not {type(value).__name__}")


def _block(entries: Iterable[str], level: int, *, compact: bool) -> str:
    line_start = _line_start(level)
    return ("" if compact else line_start) + line_start.join(entries)


def _line_start(level: int) -> str:
    return "\n" + " " * (INDENT * level)


def in_javascript_order(keys: Iterable[str]) -> list[str]:
    """`keys` as a JavaScript object lists them: array indices first, by their value, the others as they came.

    Source: ECMAScript, OrdinaryOwnPropertyKeys.
    """
    # A sort leaves equals as they were.
    return sorted(keys, key=lambda key: int(key) if _is_array_index(key) else LAST_ARRAY_INDEX + 1)


def _is_array_index(key: str) -> bool:
    return bool(re.fullmatch("0|[1-9][0-9]{0,9}", key)) and int(key) <= LAST_ARRAY_INDEX


def _pair(key: str, value: object, level: int) -> str:
    name = _text_on_one_line(key)
    if _length(name) > MAX_IMPLICIT_KEY:
        return f"? {name}{_line_start(level)}: {_node(value, level + 1, compact=True)}"
    content = _node(value, level + 1, compact=False)
    return name + (":" if content.startswith("\n") else ": ") + content


def _text(text: str, level: int) -> str:
    """A text that is no key: a block (8.1) where it has line breaks or is too long for a line, else on one line."""
    indent = INDENT * max(1, level)
    width = max(MIN_WIDTH, LINE_WIDTH - indent)
    lines = text.split("\n")
    # A line break more or less beside a line that starts with a space would count (8.1.3).
    foldable = any(_length(line) > width and not line.startswith(" ") for line in lines)
    multiline = foldable or len(lines) > 1
    # Blocks have no escapes.
    if not multiline or any(map(_UNPRINTABLE.search, lines)) or _BASE_60.fullmatch(text):
        return _text_on_one_line(text)
    header = (">" if foldable else "|") + _block_header(text)
    return header + "\n" + _indented(_folded(text, width) if foldable else text, indent).removesuffix("\n")


def _text_on_one_line(text: str) -> str:
    """A text in flow style (7.3): plain where nothing speaks against it, double-quoted where it needs escapes."""
    if _UNPRINTABLE.search(text):
        return f'"{_ESCAPED.sub(_escape, text)}"'
    if _NOT_PLAIN.search(text) or _has_another_type(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return _SHORT_ESCAPES.get(match[0]) or (f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}")


def _has_another_type(text: str) -> bool:
    """Whether `text`, written plain, would be read as something else than text (10.3.2, and types of YAML 1.1)."""
    return bool(
        text in _WORDS_OF_OTHER_TYPES or _is_number(text) or _BASE_60.fullmatch(text) or _TIMESTAMP.fullmatch(text)
    )


def _is_number(text: str) -> bool:
    """Whether `text` reads as a number that JavaScript can hold; a greater one is left a text."""
    if _PREFIXED_INTEGER.fullmatch(text):
        return int(text, 0) < INFINITE
    return bool(_DECIMAL.fullmatch(text)) and math.isfinite(float(text))


def _block_header(text: str) -> str:
    """The indentation indicator (8.1.1.1), where the first line hides it, and the chomping indicator (8.1.1.2)."""
    indentation = str(INDENT) if _LEADING_SPACE.match(text) else ""
    if not text.endswith("\n"):
        return indentation + "-"
    keeps_empty_lines = text == "\n" or text.endswith("\n\n")
    return indentation + ("+" if keeps_empty_lines else "")


def _indented(text: str, indent: int) -> str:
    return "\n".join(" " * indent + line if line else "" for line in text.split("\n"))


def _folded(text: str, width: int) -> str:
    """`text` for folded style (8.1.3), where one line break between two lines of text is read as a space.

    So such line breaks get one more. Those before, after and between lines that start with a space do not, nor those
    at either end.
    """
    first = text.partition("\n")[0]
    parts = [_folded_line(first, width)]
    after_text = not text.startswith(("\n", " "))
    for breaks, line in _LATER_LINE.findall(text[len(first) :]):
        spaced = line.startswith(" ")
        extra = "\n" if after_text and line and not spaced else ""
        parts.append(breaks + extra + _folded_line(line, width))
        after_text = not spaced
    return "".join(parts)


def _folded_line(line: str, width: int) -> str:
    """`line` broken at spaces before words, so that parts of more than one word have at most `width` characters."""
    if line.startswith(" "):
        return line
    first, *words = _FOLDABLE_SPACE.split(line)
    parts, filled = [first], _length(first)
    for word in words:
        length = _length(word)
        fits = filled + 1 + length <= width
        parts += [" " if fits else "\n", word]
        filled = filled + 1 + length if fits else length
    return "".join(parts)


def _length(text: str) -> int:
    """How long JavaScript finds `text`: in UTF-16 units, two for each character beyond U+FFFF."""
    return len(text) + sum(character > "\uffff" for character in text)
