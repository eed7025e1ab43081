"""Widgets: thin shells around pure renderers."""
