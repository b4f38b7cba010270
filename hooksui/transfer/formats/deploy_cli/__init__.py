"""The two formats of the Auth0 Deploy CLI."""
