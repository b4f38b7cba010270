"""Every fault of a Management API crossed with everything that people do with hooks: `make weather`."""
