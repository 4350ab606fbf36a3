"""Undo the pinyin injection of hijacked mirrors: find it, decide whether a page has it, restore the bytes."""
