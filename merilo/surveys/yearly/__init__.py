"""The yearly report in words: proposals from what is known, the document."""
