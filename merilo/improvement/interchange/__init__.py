"""Plans that come in from tables of others, and our own workbook that goes out and comes back."""
