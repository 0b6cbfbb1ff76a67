"""The JSON API: one route for each operation, which calls one function of the application."""
