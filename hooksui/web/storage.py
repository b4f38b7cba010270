"""How static files are named and stored."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed names, compressed copies, and imports between ES modules rewritten to the hashed names."""

    support_js_module_import_aggregation = True
