"""The sign-in form."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from hooksui.accounts import throttle


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
            raise ValidationError(f"Too many tries. Wait {seconds} seconds, then try again.", code="throttled")
        cleaned: dict[str, Any] = super().clean()
        throttle.forget(username, address)
        return cleaned

    def _address(self) -> str:
        if self.request is None:
            return ""
        # Served over TLS there is a proxy in front, which adds the address that it was asked from as the last one.
        hops = str(self.request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SESSION_COOKIE_SECURE else ""
        return hops.rpartition(",")[2].strip() or str(self.request.META.get("REMOTE_ADDR", ""))
