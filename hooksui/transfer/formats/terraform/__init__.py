"""Hooks in Terraform's words: its configuration, read and written, and its state, from which hooks are rescued."""
