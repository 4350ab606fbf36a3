"""Resolve the charset labels that servers and pages use to the codecs that browsers mean by them."""

import codecs

# what browsers do (WHATWG Encoding Standard): a label names a family, and its widest member is meant
_BROWSER = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "gb_2312", "x-gbk", "chinese", "csgb2312"), "gb18030"),
    **dict.fromkeys(("iso-ir-58", "csiso58gb231280", "cp936", "ms936", "windows-936", "euc-cn", "gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5", "cp950", "big-5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "l1", "ascii", "us-ascii", "iso8859-1", "windows-1252"), "cp1252"),
    **dict.fromkeys(("utf8", "utf-8", "unicode-1-1-utf-8", "x-unicode20utf8", "uft-8", "utf_8", "unicode"), "utf-8"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis", "shift-jis", "windows-31j", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "windows-949"), "cp949"),
    **dict.fromkeys(("utf-16", "utf-16le", "ucs-2"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
}
# transforms and toys that codecs.lookup knows and no page is written in
_NO_PAGE = frozenset({"utf-7", "idna", "punycode", "mbcs", "oem", "undefined", "raw-unicode-escape", "unicode-escape"})


def codec_of(label: str | None) -> str | None:
    """Return the Python codec that a browser would use for a label, or None where it means nothing.

    >>> codec_of("GB2312"), codec_of(" ISO-8859-1 "), codec_of("big5"), codec_of("no-such-thing")
    ('gb18030', 'cp1252', 'big5hkscs', None)
    """
    name = (label or "").strip().strip("\"'").lower()
    if name in _BROWSER:
        return _BROWSER[name]
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_PAGE:
        return None
    return _BROWSER.get(found.name, found.name)
