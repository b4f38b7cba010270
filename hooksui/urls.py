"""All addresses: a line for each room."""

from django.urls import include, path

from hooksui.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("hooksui.accounts.urls")),
    path("t/<slug:slug>/", include("hooksui.dashboard.urls")),
    path("", include("hooksui.embedded.urls")),
]

handler400 = "hooksui.web.views.bad_request"
handler404 = "hooksui.web.views.not_found"
handler500 = "hooksui.web.views.own_fault"
