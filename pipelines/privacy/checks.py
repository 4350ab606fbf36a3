"""Check the digits of numbers that carry a check digit or a date, so that not every long number is taken for one."""

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, ISO 7064 MOD 11-2
CHECKS = "10X98765432"
# GB/T 2260: the first two digits of every division at the level of a province
PROVINCES = frozenset(map(str, (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82
)))  # fmt: skip
# ISO/IEC 7812: beginnings that Chinese banks and the card schemes issue under, with the lengths of their numbers
UNIONPAY, SCHEMES = range(16, 20), range(16, 17)
ISSUERS = {"62": UNIONPAY, "60": UNIONPAY, "9558": UNIONPAY, "4": SCHEMES, "5": SCHEMES, "35": SCHEMES}


def is_identity(digits: str) -> bool:
    """Say whether 18 characters are a citizen's number: province, date of birth and check digit are right.

    >>> is_identity("11010519491231002X"), is_identity("110105194912310021")
    (True, False)
    """
    if digits[:2] not in PROVINCES or not _is_day(digits[6:10], digits[10:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits[:17], strict=True))
    return digits[17].upper() == CHECKS[total % 11]


def is_old_identity(digits: str) -> bool:
    """Say whether 15 digits can be a citizen's number of before 1999, which has no check digit.

    >>> is_old_identity("110105491231002"), is_old_identity("110105491331002")
    (True, False)
    """
    return digits[:2] in PROVINCES and _is_day(f"19{digits[6:8]}", digits[8:12])


def is_card(digits: str) -> bool:
    """Say whether digits are the number of a bank card: a known issuer, a usual length, the check digit of Luhn.

    >>> is_card("6222021234567890128"), is_card("6222021234567890127"), is_card("1234567812345670")
    (True, False, False)
    """
    if not any(digits.startswith(issuer) and len(digits) in lengths for issuer, lengths in ISSUERS.items()):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_day(year: str, rest: str) -> bool:
    try:
        return 1880 <= date(int(year), int(rest[:2]), int(rest[2:])).year <= 2100
    except ValueError:
        return False
