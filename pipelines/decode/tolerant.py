"""Decode bytes that are partly damaged: every bad unit becomes U+FFFD and is counted, the rest stays what it was."""

import codecs
import threading

from pipelines.decode.plausible import plausibility, weight
from pipelines.decode.wide import in_step

MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"})
WIDE = frozenset({"utf-16-le", "utf-16-be"})
_CAREFUL = 500  # bad places that are weighed one by one; a page with more is rubble, and read without second thoughts
_WINDOW = 48  # bytes read after a bad place to see which continuation makes sense
_GAIN = 0.3  # more bytes are given up only where that is plainly better: out of step, a character weighs 1 less
_EURO = {"gb18030": (b"\x80", 1), "big5hkscs": (b"\xa3\xe1", 2)}  # browsers read the euro sign here, Python nothing


def tolerant(body: bytes, charset: str) -> tuple[str, int]:
    """Return the text and the number of bytes that were no character; never raises for bad bytes.

    In a double-byte charset a lost byte shifts all that follows up to the next ASCII character. So after a bad byte
    the decoder goes on where what follows reads most like Chinese, which need not be the very next byte.
    """
    slips = 0
    if charset in WIDE:
        body, slips = in_step(body, charset)
    try:
        return body.decode(charset), slips
    except UnicodeDecodeError:
        pass
    mender = _Mender(charset)
    name = f"fangzhi-tolerant-{threading.get_ident()}"  # codecs keeps handlers for ever, by name: one a thread
    codecs.register_error(name, mender)
    return body.decode(charset, name), mender.bad + slips


class _Mender:
    """Answer decoding errors: say what stands for the bad bytes and where to go on, and count them."""

    def __init__(self, charset: str) -> None:
        self.charset = charset
        self.bad = 0
        self.places = 0

    def __call__(self, error: UnicodeError) -> tuple[str, int]:
        """Return the replacement and the place to go on from, as `codecs.register_error` wants it."""
        if not isinstance(error, UnicodeDecodeError):
            raise error
        body, start = error.object, error.start
        euro, length = _EURO.get(self.charset, (b"", 0))
        if length and body.startswith(euro, start) and self._goes_on(body, start + length):
            return "€", start + length
        self.places += 1
        if self.places > _CAREFUL:
            rest = body[start:].decode(self.charset, "replace")
            self.bad += rest.count("\ufffd")
            return rest, len(body)
        end = self._resume(body, start) if self.charset in MULTIBYTE else max(error.end, start + 1)
        self.bad += end - start
        return "\ufffd", end

    def _goes_on(self, body: bytes, place: int) -> bool:
        """Say whether what follows reads as text, so that a byte was meant and is not damage."""
        return plausibility(self._window(body, place, place + _WINDOW)) >= 0

    def _window(self, body: bytes, place: int, stop: int) -> str:
        """Return how a stretch would read from a place, up to the first byte that brings every reading into step."""
        stretch = body[place:stop]
        for number, byte in enumerate(stretch):
            if byte < 0x40:  # never the second byte of a pair: here every reading is in step again
                return stretch[:number].decode(self.charset, "replace")
        # cut in mid-character the window would end in a bad unit of its own: leave that out
        return stretch.decode(self.charset, "replace").rstrip("\ufffd")

    def _resume(self, body: bytes, start: int) -> int:
        """Return where to go on after a bad byte: the place from which the reading is most plausible."""
        best, best_score = start + 1, float("-inf")
        for end in (start + 1, start + 2, start + 3):
            if end > len(body) or (end > start + 1 and body[end - 1] < 0x40):
                break
            score = sum(map(weight, self._window(body, end, start + _WINDOW)))
            if score > best_score + _GAIN:
                best, best_score = end, score
        return best
