"""Hooks in Terraform's words: `write` a configuration, read a `Configuration`, rescue hooks with `read_state`."""

from hooksui.transfer.terraform_modules import ENDINGS, VALUES
from hooksui.transfer.terraform_read import Configuration
from hooksui.transfer.terraform_state import only_planned, read_state
from hooksui.transfer.terraform_write import write

__all__ = ["ENDINGS", "VALUES", "Configuration", "only_planned", "read_state", "write"]
