"""Say what was edited between two versions of an article: which words, of which kind, how much of it."""
