"""Addresses of sign-in and sign-out."""

from django.urls import path

from hooksui.accounts import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
]
