"""What people do with the hooks of a tenant, and the rules they keep to, without a page: pages and commands call it."""
