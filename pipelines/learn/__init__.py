"""Learn what stands around the articles of an outlet, so that its further pages are read without it.

`lesson` reads one page with and without the blocks beside its article, and says which of them had no part in what was
read; `school` makes templates of what the lessons of an outlet agree on; `book` keeps them beside the captures, for
every later build; `place` finds the article of a page by them. A learnt page reads as a whole one does, only faster.
"""
