"""What an import would do, and in what two tenants differ: found and told before anything is written."""
