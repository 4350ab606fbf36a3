"""The addresses for tools: JSON with cursors, never cut short silently; docs/api.md says how to use them."""
