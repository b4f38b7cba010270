"""Keys and first start."""
