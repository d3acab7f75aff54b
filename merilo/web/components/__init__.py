"""The components, one folder each; see merilo/web/component.py."""
