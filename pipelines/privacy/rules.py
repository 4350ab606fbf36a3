"""The rules of what is masked, all in one list: a pattern, what else has to hold, and how much of the number stays."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.privacy.checks import is_card, is_identity, is_old_identity
from pipelines.privacy.context import CREDIT_CODE, IDENTITY, ORGANISATION, nearest

# neither the middle of a longer number nor of a word or an address on the web
ALONE = r"(?<![0-9A-Za-z./_%=&?#-])"
END = r"(?![0-9A-Za-z%_]|[.-][0-9])"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of number. `holds` is asked with its digits and the words before it in the sentence.

    Of its group, else of all that the pattern matches, the first `first` and the last `last` digits (or letters) stay.
    """

    name: str
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool]
    first: int
    last: int


def _identity(digits: str, words: str) -> bool:
    return is_identity(digits) and not CREDIT_CODE.search(words)


def _old_identity(digits: str, words: str) -> bool:
    return is_old_identity(digits) and bool(IDENTITY.search(words))


def _card(digits: str, words: str) -> bool:
    return is_card(digits) and not ORGANISATION.search(words) and not CREDIT_CODE.search(words)


def _mobile(_: str, words: str) -> bool:
    """Mask a mobile number unless an office gives it as its own: the label that stands nearest decides."""
    return nearest(words) != "office"


def _landline(_: str, words: str) -> bool:
    """Keep a landline, which is an office's as a rule, unless it is said to be a person's."""
    return nearest(words) == "person"


def _mailbox(_: str, words: str) -> bool:
    return nearest(words) == "person"


# in this order: what one rule masked the next does not see
RULES: tuple[Rule, ...] = (
    Rule("identity", re.compile(ALONE + r"[1-8]\d{5}[ -]?\d{8}[ -]?\d{3}[0-9Xx]" + END), _identity, 6, 0),
    Rule("old_identity", re.compile(ALONE + r"[1-8]\d{5}[ -]?\d{6}[ -]?\d{3}" + END), _old_identity, 6, 0),
    Rule("bank_card", re.compile(ALONE + r"\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?" + END), _card, 0, 4),
    Rule("mobile", re.compile(ALONE + r"(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})" + END), _mobile, 3, 2),
    Rule("landline", re.compile(ALONE + r"[(（]?0\d{2,3}[)）]?[ -]?\d{7,8}" + END), _landline, 4, 0),
    Rule("mailbox", re.compile(r"(?<![\w.+-])[\w.+-]{3,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII), _mailbox, 1, 0),
)
