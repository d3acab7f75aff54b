"""Writes: permission, rule, one transaction, audit; keyword-only, without request and clock."""
