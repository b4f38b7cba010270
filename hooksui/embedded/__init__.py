"""The embedded Management API."""
