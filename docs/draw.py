"""Draws docs/architecture.svg: the rooms in the order of pyproject.toml, what each is for, and what it imports.

`make drawing` runs it; it needs nothing but Python. A room's sentence is the first one of its docstring.
"""

import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ROOT / "hooksui"
DRAWING = Path(__file__).with_name("architecture.svg")

# All in pixels.
WIDTH = 1000
EDGE = 60  # left of the boxes, where the arrow is
GAP = 12
PADDING = 12
LINE = 18
LETTER = 7.6  # the width of a letter in the widest of the usual fonts, to break lines
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1c1c1e; }
.name { font-weight: 600; font-size: 15px; }
.imports { fill: #5c5f66; font-size: 12px; }
.room { fill: #f6f7f9; stroke: #9aa0a8; }
.arrow { stroke: #5c5f66; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #ececf0; }
  .imports { fill: #a8acb2; }
  .room { fill: #20222a; stroke: #5c616d; }
  .arrow { stroke: #a8acb2; }
}
"""


def layers() -> list[list[str]]:
    """The rooms from the top down; those of one layer do not import one another."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    found = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return [layer.split(" | ") for layer in found]


def sentence(room: str) -> str:
    """What a room is for, without the marks around code."""
    folder = PRODUCT / room
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = " ".join((ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split())
    return re.split(r"(?<=\.) ", text)[0].replace("`", "")


def imports(room: str, rooms: list[str]) -> list[str]:
    """Which other rooms it imports, in the order of `rooms`."""
    folder = PRODUCT / room
    files = folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    found = {name for file in files for name in _imported(ast.parse(file.read_text(encoding="utf-8")))}
    return [name for name in rooms if name in found and name != room]


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "hooksui":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hooksui."):
            yield str(node.module).split(".")[1]


def drawing() -> str:
    """The whole picture as SVG."""
    rows = layers()
    rooms = [room for row in rows for room in row]
    shapes, top = [], GAP
    for row in rows:
        width = (WIDTH - EDGE - GAP * len(row)) / len(row)
        boxes = [_lines(room, imports(room, rooms), width) for room in row]
        height = max(map(len, boxes)) * LINE + PADDING
        for place, lines in enumerate(boxes):
            shapes.append(_box(EDGE + place * (width + GAP), top, width, height, lines))
        top += height + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">\n'
        f"<title>The rooms of Hooks UI. Each imports only rooms below it.</title>\n<style>{STYLE}</style>\n"
        f"{''.join(shapes)}{_arrow(top)}</svg>\n"
    )


def _lines(room: str, below: list[str], width: float) -> list[tuple[str, str]]:
    """The lines in a box, each as its class and its text."""
    most = int((width - 2 * PADDING) / LETTER)
    told = textwrap.wrap(sentence(room), most)
    known = textwrap.wrap(f"imports {', '.join(below)}", most) if below else []
    return [("name", room), *(("told", line) for line in told), *(("imports", line) for line in known)]


def _box(left: float, top: float, width: float, height: float, lines: list[tuple[str, str]]) -> str:
    texts = "".join(
        f'<text class="{kind}" x="{left + PADDING:g}" y="{top + (number + 1) * LINE:g}">{escape(text)}</text>\n'
        for number, (kind, text) in enumerate(lines)
    )
    return f'<rect class="room" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>\n{texts}'


def _arrow(bottom: float) -> str:
    """From the top to the bottom, beside the boxes."""
    end = bottom - GAP
    turned = f'transform="translate(20 {bottom / 2:g}) rotate(-90)" text-anchor="middle"'
    return (
        f'<path class="arrow" d="M28 {GAP} V{end:g} m-6 -10 l6 10 l6 -10"/>\n'
        f'<text class="imports" {turned}>imports</text>\n'
    )


if __name__ == "__main__":
    DRAWING.write_text(drawing(), encoding="utf-8")
