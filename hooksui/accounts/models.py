"""People who sign in. A model of our own from the first migration on, since Django cannot swap it in later."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """One person with a username and a password."""
