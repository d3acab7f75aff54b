"""Backups: one archive of database and files that any of our databases can be made from again.

An archive is a ZIP file with `tables/<label>.jsonl` (a row a line, canonical JSON), `files/<sha256>` and
`manifest.json`; encrypted it is the same inside an age file. Keys of the installation are not in it.
"""
