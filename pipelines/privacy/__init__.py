"""Mask what identifies private persons: rules that can be read, and one place where they are applied."""
