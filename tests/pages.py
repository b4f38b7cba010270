"""Pages as tests read them: by their parts, not as one long text."""

from typing import Any

from bs4 import BeautifulSoup, Tag

# What says something of its own: a sentence, a row, a heading, something to press or to fill in.
_PARTS = "title, h1, h2, h3, p, li, dd, dt, td, summary, label, legend, button, a, option"


class Page:
    """The page that a `response` of Django's test client has.

    `text in page` is whether one of its parts says so: words of two neighbours are not one text.
    """

    def __init__(self, response: Any) -> None:
        self._soup = BeautifulSoup(response.content, "html.parser")

    def __contains__(self, text: str) -> bool:
        return any(text in said for said in self.parts(_PARTS))

    def __repr__(self) -> str:
        return "\n".join(self.parts(_PARTS))

    def parts(self, selector: str) -> list[str]:
        """What the elements say that a CSS selector finds."""
        return [words(part) for part in self._soup.select(selector)]

    def part(self, selector: str) -> str:
        """What the one element says that a CSS selector finds."""
        (said,) = self.parts(selector)
        return said

    def section(self, title: str) -> list[str]:
        """What a section has, each row, paragraph and field of it; `title` is its whole heading."""
        (found,) = (part for part in self._soup.select("section") if self._title(part) == title)
        return [words(part) for part in found.select("p, li, .field")]

    @staticmethod
    def _title(section: Tag) -> str:
        heading = section.select_one("h2")
        return words(heading) if heading else ""


def words(part: Tag) -> str:
    """The text of an element, in single blanks."""
    return " ".join(part.get_text(" ").split())
