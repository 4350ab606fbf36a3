"""Read what a printed number says, in digits or in Han characters, so that two ways of writing one are told as one."""

from pipelines.fold import fold

DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇○", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}


def value_of(number: str) -> str:
    """Return the value of a number in digits; what cannot be read stays as it is, folded.

    >>> [value_of(one) for one in ("３１２", "1,200", "三百一十二", "六万二千", "二〇二六", "十", "1.50")]
    ['312', '1200', '312', '62000', '2026', '10', '1.50']
    """
    plain = fold(number).replace(",", "")
    if not all(sign in DIGITS or sign in TENS or sign in MYRIADS for sign in plain):
        return plain
    if all(sign in DIGITS for sign in plain):
        return "".join(str(DIGITS[sign]) for sign in plain)
    total = group = digit = 0
    for sign in plain:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in TENS:
            group, digit = group + (digit or 1) * TENS[sign], 0
        else:
            total, group, digit = (total + group + digit) * MYRIADS[sign], 0, 0
    return str(total + group + digit)
