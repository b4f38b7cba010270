"""What a call wrote, for whoever follows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HookWritten:
    """A write of one hook: as the API shows it `before` and `after`, None where it was not or is not there."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class SecretsWritten:
    """A write of secrets of `hook`, as the API shows it, by `method`; `names` are those of the secrets."""

    hook: Mapping[str, Any]
    method: str
    names: tuple[str, ...]
