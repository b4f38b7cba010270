"""Sign in and sign out."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from hooksui.accounts.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; leads back to the page that asked for it, and on when someone is signed in already."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Ends the session, by POST only, and shows the sign-in page. Whoever is signed out already gets there too."""

    http_method_names = ["post", "get", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ends nothing: an address that someone opens or goes back to leads to the list."""
        return redirect("home")
