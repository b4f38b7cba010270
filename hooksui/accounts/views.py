"""Sign in and sign out."""

from django.contrib.auth.views import LoginView, LogoutView

from hooksui.accounts.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; leads back to the page that asked for it, and on when someone is signed in already."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session (by POST only) and shows the sign-in page."""
