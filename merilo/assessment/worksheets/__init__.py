"""Tables that people fill in outside the platform: written for them, and read back."""
