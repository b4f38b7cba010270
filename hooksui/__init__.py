"""Hooks UI: a dashboard for Auth0 Hooks."""

__version__ = "1.0.0"
