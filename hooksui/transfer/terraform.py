"""Hooks in Terraform's words: `write` a configuration, read one with `read_hcl`, rescue hooks with `read_state`."""

from hooksui.transfer.terraform_read import read_hcl
from hooksui.transfer.terraform_state import read_state
from hooksui.transfer.terraform_write import write

__all__ = ["read_hcl", "read_state", "write"]
