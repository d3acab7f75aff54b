"""One description of a document, drawn as a page, PDF, Word and Excel: all say the same."""
