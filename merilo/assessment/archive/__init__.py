"""A whole self-assessment as one file, taken over by another installation and written again byte for byte.

A ZIP file with `record.json`, `files/<sha256>` and `manifest.json`: docs/reference/archive.md. Individual
sheets, votes, accounts and addresses are never in it.
"""
