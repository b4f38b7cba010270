"""What a format is made of: the words and endings that it declares, and the reader that takes its hooks from files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from hooksui.transfer.files.definition import Definition, Gap, UnreadableError, from_object
from hooksui.transfer.files.inputs import Inputs

MAX_HOOKS = 5_000
_MAX_NAMED = 3  # files in one sentence


class Syntax(Enum):
    """How the text of one file is read before it is known which format it has."""

    JSON = "JSON"
    YAML = "YAML"
    # Its files are read together, by the format itself.
    OWN = "own"


class Glance(Enum):
    """What is known of a file before it is read."""

    OWN = "It is of this format, whatever stands in it."
    PERHAPS = "It may be of this format."
    NOT = "It is of another format, or has no hooks."


@dataclass
class Reading:
    """What files say: definitions, in the formats found, by title; files that cannot be used.

    `keywords` are those without a value, each with the files that have it, in the order of the files. `gaps` are signs
    that there are hooks which were not read; `others` counts the files that were left alone. `told` are the files of
    which it says something.
    """

    definitions: list[Definition] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    unreadable: list[UnreadableError] = field(default_factory=list)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    others: int = 0
    told: set[str] = field(default_factory=set, repr=False)

    @property
    def nothing(self) -> str:
        """What is to be said of files that have nothing to plan, "" where there is something."""
        if self.formats or self.unreadable:
            return ""
        return " ".join(["has no hooks in a known format.", *map(str, self.gaps[:_MAX_NAMED])])


class Reader:
    """Reads the hooks of one format from `inputs` into `reading`, once. `format` is what it is the reader of.

    `own` are the files that are of this format at a glance; `alone` says that beside them none is read which may only
    perhaps have hooks.
    """

    alone = False

    def __init__(self, format_: "Format", inputs: Inputs, reading: Reading) -> None:
        self.format = format_
        self.inputs = inputs
        self.reading = reading
        self.own: set[str] = set()

    def glance(self, path: str) -> Glance:
        """What the path, and a look at the text, say of a file that has this format's syntax."""
        return Glance.PERHAPS if path.lower().endswith(self.format.endings) else Glance.NOT

    def read(self, path: str) -> bool:
        """Read a file, if it turns out to be of this format; whether it is. Raises UnreadableError."""
        return False

    def read_rest(self) -> None:
        """Read what cannot be read file by file, and say what only all files together say."""

    def has(self, path: str) -> bool:
        """Whether all that the file at `path`, of whatever kind, has of hooks was read from others already."""
        return False

    def has_place_for(self, path: str) -> bool:
        """Whether the file at `path`, which could not be read, lies where this format keeps hooks."""
        return False

    def folders(self) -> set[str]:
        """The folders in which this format keeps scripts, as far as there are files of its own."""
        return set()

    def found(self, path: str) -> None:
        """Note that the file at `path` is of this format, and that all of it is told."""
        self.reading.told.add(path)
        if self.format.title not in self.reading.formats:
            self.reading.formats.append(self.format.title)

    def take(self, path: str, make: Callable[[], Definition]) -> None:
        """Note the hook that `make` gives, or why the file at `path` has none that can be used."""
        guarded(self.reading, path, lambda: self.reading.definitions.append(make()))

    def take_each(self, path: str, hooks: list[Any], load_script: Callable[[str], str]) -> None:
        """Note each of the `hooks` of a file. Raises UnreadableError where they are too many."""
        if len(hooks) > MAX_HOOKS:
            raise UnreadableError(path, f"It has more than {MAX_HOOKS} hooks.")
        for number, item in enumerate(hooks, 1):
            self.take(path, partial(from_object, f"{path}, hook {number}", item, load_script))


@dataclass(frozen=True)
class Export:
    """How hooks are written in a format: `write` takes pairs of a hook's id and its definition, gives texts by path.

    `description` tells people what comes of it. `described_in` is the glob pattern of the files that describe hooks;
    `has_more` says of what such a file holds whether it has more than hooks, which writing would take away.
    """

    description: str
    described_in: str
    write: Callable[[list[tuple[str, Definition]]], dict[str, str]]
    has_more: Callable[[bytes], bool] = lambda content: False


@dataclass(frozen=True)
class Format:
    """A form that hooks have in files. Pages, forms and commands know of it from here alone.

    `name` is its word in options, `title` that for people. `given` says what is chosen to import it: "a zip, …".
    `endings` are those of files that describe hooks, `beside` those of files that these may name. `reader` reads it.
    """

    name: str
    title: str
    given: str
    endings: tuple[str, ...]
    syntax: Syntax
    reader: type[Reader]
    beside: tuple[str, ...] = ()
    export: Export | None = None


def guarded(reading: Reading, path: str, read: Callable[[], object]) -> None:
    """Do `read`, and note in `reading` why the file at `path` cannot be used where that fails."""
    try:
        read()
    except UnreadableError as error:
        reading.told.add(path)
        reading.unreadable.append(error)
    except RecursionError:
        reading.told.add(path)
        reading.unreadable.append(UnreadableError(path, "It is nested too deeply."))
