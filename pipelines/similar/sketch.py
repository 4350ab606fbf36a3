"""Sketch a text in a few numbers, of which two texts share about as many as they share text.

Min-wise hashing (A. Broder, 1997; Broder, Charikar, Frieze and Mitzenmacher, 1998). One hash makes a band, so that a
copy that shares a third of its text is found as surely as a whole one; long shingles keep such bands selective: two
notices on one form share few pieces of sixteen characters, since a figure or a name stands in most of them.
"""

from rensa import RMinHash

from pipelines.similar.normal import Normal, pieces

SIZE = 32  # numbers in a sketch: at a third of the text shared, fewer than SHARED in common once in 25,000 pairs
SHARED = 2  # numbers in common that make a pair worth comparing
LONG = 16  # characters of a shingle
SHORTEST = (
    40  # characters of a text that is sketched; shorter ones (图片新闻, an attachment's name) are equal by chance
)

_SEED = 1997


def signature(text: str | Normal) -> tuple[int, ...]:
    """Return SIZE numbers of 32 bits, signed, each marked with its place; none of a text shorter than SHORTEST.

    >>> from pipelines.fold import fold
    >>> text = "方志，記錄各地的歷史與現狀：山川、物產、人口、賦稅、學校、橋梁，一縣之事無所不載，歷代相承，"
    >>> text += "官修私纂，至今不絕。"
    >>> numbers = signature(text)
    >>> len(numbers), numbers == signature(fold(text)), signature("方志")
    (32, True, ())
    """
    normal = text if isinstance(text, Normal) else Normal.of(text)
    if len(normal.plain) < SHORTEST:
        return ()
    sketch = RMinHash(num_perm=SIZE, seed=_SEED)
    sketch.update(list(pieces(normal.plain, LONG)))
    return tuple(_marked(place, value) for place, value in enumerate(sketch.digest()))


def _marked(place: int, value: int) -> int:
    """Mix the place into the value (Knuth's multiplicative hash), so that the rows of all places make one index."""
    return ((value ^ (place * 2654435761)) & 0xFFFFFFFF) - 0x80000000
