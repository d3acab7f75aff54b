"""Assessment models as versioned data, read into a pure catalogue."""
