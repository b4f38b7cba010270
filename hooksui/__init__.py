"""Hooks UI: a dashboard for Auth0 Hooks."""
