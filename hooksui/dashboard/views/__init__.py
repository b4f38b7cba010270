"""Views, a module for each kind of page."""
