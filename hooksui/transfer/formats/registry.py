"""All formats, in the order in which people see them; a new one is a module, and a line here."""

from hooksui.transfer.files.texts import SCRIPTS
from hooksui.transfer.formats import api_list
from hooksui.transfer.formats.base import Export, Format, Syntax
from hooksui.transfer.formats.deploy_cli import directory, tenant_yaml
from hooksui.transfer.formats.terraform import configuration, state

FORMATS: tuple[Format, ...] = (
    directory.FORMAT,
    tenant_yaml.FORMAT,
    api_list.FORMAT,
    state.FORMAT,
    configuration.FORMAT,
)
EXPORTS: dict[str, Export] = {form.name: form.export for form in FORMATS if form.export}
# Of files that describe hooks.
READ = tuple(dict.fromkeys(ending for form in FORMATS for ending in form.endings))
# What is not read, and may have hooks all the same: it is then named.
_UNREAD = (".jsonl", ".ndjson", ".json5", ".hcl", ".toml", ".xml", ".csv", ".bak", ".old", ".orig", ".dist")
# Of files that are taken in; beside them there are zips of such files.
TAKEN = tuple(dict.fromkeys((*READ, *SCRIPTS, *(ending for form in FORMATS for ending in form.beside), *_UNREAD)))
# What a file dialog offers, and what is taken of files that are dropped.
CHOSEN = (".zip", *(ending for ending in TAKEN if not ending.endswith(tuple({*TAKEN} - {ending}))))
# What can be chosen, for people.
GIVEN = f"{', '.join(form.given for form in FORMATS[:-1])} or {FORMATS[-1].given}"


def syntax_of(path: str) -> Syntax | None:
    """How a file is to be read, by its name: the longest ending says it. None where it describes no hooks."""
    name = path.lower()
    own = [(ending, form.syntax) for form in FORMATS for ending in form.endings]
    # What a format's files name is that format's, too, though it may end as others do.
    own += [(ending, Syntax.OWN) for form in FORMATS if form.syntax == Syntax.OWN for ending in form.beside]
    fitting = [pair for pair in own if name.endswith(pair[0])]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def beside(path: str) -> tuple[str, ...]:
    """The endings of files that the one at `path` may name, by its own name."""
    return tuple(ending for form in FORMATS if path.lower().endswith(form.endings) for ending in form.beside)
