"""Markdown documents of the repository, parsed."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

ROOT = Path(__file__).parents[2]


def parsed(path: str) -> SyntaxTreeNode:
    """The document at `path`, below the repository's root."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))


def headings(path: str) -> list[str]:
    """The headings of a document, of all levels, as plain text."""
    return [plain(node) for node in parsed(path).walk() if node.type == "heading"]


def section(path: str, title: str) -> list[SyntaxTreeNode]:
    """What stands below the heading `title`, up to the next heading of its level."""
    blocks = parsed(path).children
    first = next(at for at, node in enumerate(blocks) if node.type == "heading" and plain(node) == title)
    rest = blocks[first + 1 :]
    ends = (at for at, node in enumerate(rest) if node.type == "heading" and node.tag <= blocks[first].tag)
    return rest[: next(ends, len(rest))]


def tables(path: str, title: str) -> list[list[list[SyntaxTreeNode]]]:
    """The tables of a section, each as rows of cells, without their heads."""
    found = [node for node in section(path, title) if node.type == "table"]
    return [[row.children for row in table.walk() if row.type == "tr"][1:] for table in found]


def code_of(cell: SyntaxTreeNode) -> list[str]:
    """What stands in `backquotes` in a cell."""
    return [node.content for node in cell.walk() if node.type == "code_inline"]


def plain(node: SyntaxTreeNode) -> str:
    """The text of a node, without its marks."""
    return "".join(inner.content for inner in node.walk() if inner.type in ("text", "code_inline"))


def links(path: str) -> Iterator[str]:
    """The addresses of links and pictures that lead to files of the repository, as they are written."""
    for node in parsed(path).walk(include_self=False):
        address = str(node.attrs.get("href") or node.attrs.get("src") or "")
        if address and not urlsplit(address).scheme and not address.startswith("#"):
            yield address
