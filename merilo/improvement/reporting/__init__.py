"""What is told of a plan outside the application: frozen contents, documents, open data."""
