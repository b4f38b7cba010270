"""Hooks in and out of a tenant: files, the plan of an import, and what carries it out."""
