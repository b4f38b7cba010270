"""A client library for the Management API: `Client` over a `Connection`. It knows neither Django nor tenants."""
