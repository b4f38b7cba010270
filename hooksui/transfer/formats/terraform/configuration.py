"""Terraform's configuration: resources `auth0_hook`, in all files of a folder and of the modules that these call.

Source: the resource `auth0_hook` of the provider auth0/auth0.
"""

from hooksui.transfer.files.texts import SCRIPTS
from hooksui.transfer.formats.base import Export, Format, Reader, Syntax
from hooksui.transfer.formats.terraform import state, writing
from hooksui.transfer.formats.terraform.json_syntax import is_json
from hooksui.transfer.formats.terraform.modules import ENDINGS, VALUES
from hooksui.transfer.formats.terraform.reading import Configuration

_TEMPLATES = (".tftpl", ".tpl", ".tmpl")


class _Configuration(Reader):
    """Reads all files together, unless there is a state: that has what was deployed, with the values of secrets."""

    def read_rest(self) -> None:
        """The hooks of all files that are of a configuration, or have values of its variables."""
        if state.TITLE in self.reading.formats:
            return
        texts = self.inputs.texts
        read = Configuration(texts)
        self.inputs.scripts.taken |= read.used
        self.reading.definitions += read.definitions
        self.reading.unreadable += read.unreadable
        used = read.used | {error.source for error in read.unreadable}
        for path in (path for path in texts if path.lower().endswith((*ENDINGS, *VALUES))):
            if path in used:
                self.found(path)
            elif not is_json(path) and path.lower().endswith(ENDINGS):
                # What it has of hooks was read: it may name one that another file describes.
                self.reading.told.add(path)
                self.reading.others += 1


FORMAT = Format(
    name="terraform",
    title="Terraform configuration",
    given="a Terraform configuration",
    endings=ENDINGS,
    syntax=Syntax.OWN,
    reader=_Configuration,
    beside=(*SCRIPTS, *VALUES, *_TEMPLATES),
    export=Export("Resources of `auth0_hook` with import blocks", writing.FILE, writing.write),
)
