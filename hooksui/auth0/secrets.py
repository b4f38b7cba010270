"""Secrets of one hook: names, add, update, remove. Source: docs/management-api.md, "Hook secrets"."""

from hooksui.auth0.errors import (
    HookNotFoundError,
    MaskSentError,
    NameTakenError,
    OddAnswerError,
    SecretExistsError,
    SecretNotFoundError,
)
from hooksui.auth0.hook_resource import HookResource, path_of
from hooksui.auth0.resource import expect_nothing, expect_object
from hooksui.auth0.shapes import is_mask, text_of


class Secrets(HookResource):
    """The secrets of the hooks behind one connection. Their values go to the API and never come back."""

    def names(self, hook_id: str) -> list[str]:
        """The names of the hook's secrets, in the API's order. Raises HookNotFoundError."""
        answer = self._read(_path_of(hook_id))
        if not isinstance(answer, dict):
            raise OddAnswerError(status=200, remote="not an object of secrets")
        if not all(isinstance(mask, str) for mask in answer.values()):
            raise OddAnswerError(status=200, remote="not the masks of secrets")
        return list(dict.fromkeys(text_of(name) for name in answer if name))

    def add(self, hook_id: str, values: dict[str, str]) -> None:
        """Add secrets beside those that there are. Raises HookNotFoundError, MaskSentError, SecretExistsError."""
        try:
            expect_object(self._write("POST", _path_of(hook_id), "update:hooks", _without_mask(values)))
        except NameTakenError as error:
            raise SecretExistsError(status=error.status, remote=error.remote) from error

    def update(self, hook_id: str, values: dict[str, str]) -> None:
        """Give new values to secrets that there are. Raises HookNotFoundError, MaskSentError, SecretNotFoundError."""
        try:
            expect_object(self._write("PATCH", _path_of(hook_id), "update:hooks", _without_mask(values)))
        except HookNotFoundError as error:
            if "secret" not in error.remote.lower():
                raise
            raise SecretNotFoundError(status=error.status, remote=error.remote) from error

    def remove(self, hook_id: str, names: list[str]) -> None:
        """Remove the secrets of these names; those that there are not are no error. Raises HookNotFoundError."""
        expect_nothing(self._write("DELETE", _path_of(hook_id), "delete:hooks", names))


def _path_of(hook_id: str) -> str:
    return f"{path_of(hook_id)}/secrets"


def _without_mask(values: dict[str, str]) -> dict[str, str]:
    """`values` as they are. Raises MaskSentError where one is the mask, since the API would store it as the value."""
    if any(is_mask(value) for value in values.values()):
        raise MaskSentError
    return values
