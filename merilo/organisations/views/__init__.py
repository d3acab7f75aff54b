"""Pages of the organisation, and the pages by which one comes into it."""
