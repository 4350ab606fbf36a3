"""The pages people read: one module a page, with its own SQL."""
