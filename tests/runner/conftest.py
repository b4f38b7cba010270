"""What is common to all that runs in Deno."""

from tests.deno.conftest import _warm, nothing_left, registry

__all__ = ["_warm", "nothing_left", "registry"]
