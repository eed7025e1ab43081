"""Cleaning: rules that take from a text what a model had better not read, and a pipeline that runs them and keeps account."""
