"""A sheet as a file or on the screen: one module a format."""
