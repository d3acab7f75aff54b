"""Template tags of the web room; all are builtins."""
