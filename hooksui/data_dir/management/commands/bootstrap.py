"""`python manage.py bootstrap`: make DATA_DIR ready to serve from."""

import os
import secrets
import sqlite3
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from hooksui.data_dir import keys


class Command(BaseCommand):
    """Makes the folder, its keys, the database and the first admin; what is there already stays as it is."""

    help = "Make DATA_DIR ready: keys, database, first admin. Running it again changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps. Raises CommandError in one line where the folder or the database cannot be used."""
        # What is made from here on, the database with its side files included, is its owner's alone.
        os.umask(0o077)
        try:
            keys.write_missing(settings.DATA_DIR)
            with keys.alone(settings.DATA_DIR):
                self._migrate()
                self._make_first_admin()
                call_command("clearsessions")
        except keys.UnusableKeyError as error:
            raise CommandError(f"DATA_DIR: {error}") from error
        except OSError as error:
            raise CommandError(f"DATA_DIR: {settings.DATA_DIR} cannot be used: {error.strerror}.") from error
        except (DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"DATA_DIR: the database in {settings.DATA_DIR} cannot be used: {error}.") from error

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)

    def _make_first_admin(self) -> None:
        users = get_user_model().objects
        if users.exists():
            return
        try:
            users.model(username=settings.ADMIN_USERNAME).clean_fields(exclude=["password"])
        except ValidationError as error:
            raise CommandError(f"ADMIN_USERNAME: {' '.join(error.messages)}") from error
        try:
            if settings.ADMIN_PASSWORD:
                validate_password(settings.ADMIN_PASSWORD)
        except ValidationError as error:
            raise CommandError(f"ADMIN_PASSWORD: {' '.join(error.messages)}") from error
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
        users.create_superuser(username=settings.ADMIN_USERNAME, password=password)
        if settings.ADMIN_PASSWORD:
            self.stdout.write(f"Made the first admin, {settings.ADMIN_USERNAME}, with the password of ADMIN_PASSWORD.")
        else:
            self.stdout.write(
                f"Made the first admin. Sign in at {settings.SITE_URL}\n"
                f"  username  {settings.ADMIN_USERNAME}\n"
                f"  password  {password}\n"
                "The password is shown only this once."
            )
