"""Pages of the desk, one file per noun."""
