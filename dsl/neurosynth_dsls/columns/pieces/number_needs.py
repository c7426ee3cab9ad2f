"""What texts must contain for each way of reading numbers to be tried."""

from __future__ import annotations

__all__ = ["NEEDED", "ROMAN"]

ROMAN = r"(?<![^\W_])[IVXLCDM]+(?![^\W_])"
"""A Roman number among other words."""
_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    "(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
)
NEEDED = {
    "plain": r"^-?[\d,]+(?:\.\d+)?$",
    "number": r"\d",
    "digits": r"\d",
    "apart": r"\d,\d",
    "fraction": r"\d\s+\d+/\d|[¼-¾⅐-⅞]|^\s*\d+(?:\.\d+)?/\d+(?:\.\d+)?\s*$",
    "letters": r"^[^A-Za-z]*[A-Za-z]{1,2}[^A-Za-z]*$",
    "comma": r"\d,\d|\d\.\d{3}",
    "space": r"\d \d{3}(?!\d)",
    "space-comma": r"\d \d{3},\d|\d \d{3}(?!\d)",
    "apostrophe": r"\d'\d{3}(?!\d)",
    "whole": r"\d[eE][-+]?\d|^\s*-?\.\d|^\s*-",
    "accounting": r"\(",
    "percent": "%",
    "roman": r"^\s*[IVXLCDMivxlcdm]+\s*$",
    "roman part": rf"(?:^.*[\W_]|[\W_].*){ROMAN}|{ROMAN}[\W_]",
    "base": r"^\s*(?:0[xX])?[0-9A-Fa-f]+\s*$",
    "hex marked": r"(?:0[xX]|[uU]\+|\\[ux]|[#%&$]x?)[0-9A-Fa-f]+;?\s*$",
    "hex pair": r"^#?(?:[0-9A-Fa-f]{2}){3}",
    **dict.fromkeys(("spelled", "spelled part"), rf"(?i)\b(?:{_SMALL}|hundred)\b"),
    **dict.fromkeys(
        ("spelled ordinal", "spelled ordinal part"),
        r"(?i)(?:first|second|third|fifth|ninth|twelfth|(?:r|x|en|gh|ti?e|d)th)\b",
    ),
    "address": r"^\s*\d+\.\d+\.\d+\.\d+\s*$",
    "angle": r"\d\s*[°º]",
    "code": r"^.$",
    "expression": r"^\s*(?=.*(?:[+*×x÷−(=]|[-/]\s|\s[-/]))[\d(][\d.\s()]*[-+*/×x÷−][-+*/×x÷−\d.\s()]*[\d)]\s*=?\s*$",
    "product": r"\d\s*[x×*]\s*\d",
    "compact": r"(?i)\d\s*(?:k|m|mn|b|bn|t|tn|thousand|[mbt]r?illion)\s*$",
    "bytes": r"(?i)\d\s*(?:[kmgt]i?)?b?$",
    "length": "",
    "words": " ",
}
"""The text that at least one of the example texts must contain for a way of reading to be tried."""
