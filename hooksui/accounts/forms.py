"""The sign-in form."""

import json
import logging
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from hooksui.accounts import throttle

log = logging.getLogger(__name__)

_MAX_LENGTH = 150  # characters of a username, as the database has it


class SignInForm(AuthenticationForm):
    """Username and password, with a limit on tries. Valid when the person, `get_user()`, may come in."""

    error_messages = {
        "invalid_login": "The username or the password is wrong. Check both and try again.",
        "inactive": "The username or the password is wrong. Check both and try again.",
    }

    def clean(self) -> dict[str, Any]:
        """Check the password, unless there have been too many tries."""
        username, address = self.cleaned_data.get("username", ""), self._address()
        if not username or "password" not in self.cleaned_data:
            return self.cleaned_data
        if seconds := throttle.seconds_to_wait(username, address):
            self._note("too many tries")
            raise ValidationError(f"Too many attempts. Wait {seconds} seconds, then try again.", code="throttled")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            self._note("wrong username or password")
            raise
        throttle.forget(username, address)
        return cleaned

    def _note(self, reason: str) -> None:
        # What somebody typed for a name may be anything: as a JSON text it cannot break the line.
        name = json.dumps(self.cleaned_data["username"][:_MAX_LENGTH])
        log.warning("sign-in failed by=%s from=%s: %s", name, json.dumps(self._address()), reason)

    def _address(self) -> str:
        return throttle.address_of(self.request) if self.request else ""
