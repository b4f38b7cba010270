"""How static files are named and stored."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed names, compressed copies, and imports between ES modules rewritten to the hashed names."""

    support_js_module_import_aggregation = True
    # A file gets its name after those that it imports, one level in each pass at worst; too few passes are an error.
    max_post_process_passes = 20
