"""Hooks in Terraform's words: `write` a configuration, read a `Configuration`, rescue hooks with `read_state`."""

from hooksui.transfer.formats.terraform.modules import ENDINGS, VALUES
from hooksui.transfer.formats.terraform.reading import Configuration
from hooksui.transfer.formats.terraform.state import only_planned, read_state
from hooksui.transfer.formats.terraform.writing import write

__all__ = ["ENDINGS", "VALUES", "Configuration", "only_planned", "read_state", "write"]
