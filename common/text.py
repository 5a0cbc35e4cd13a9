"""Text that people typed, made safe to store and to show."""

import unicodedata

#: Line breaks and tabs are the only control characters that prose needs.
_KEPT = {"\n", "\t"}


def clean_text(text: str, *, length_max: int, length_min: int = 0, is_one_line: bool = True) -> str:
    """``text`` trimmed and in NFC; raises ``ValueError`` that ends the sentence "The value ...".

    Refuses NUL, lone surrogates, other control characters and marks that turn the writing direction.
    """
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("holds half of a character (a lone surrogate)")
    value = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if is_one_line:
        value = " ".join(value.split()) if not any(_is_refused(c) for c in value) else value
    if any(_is_refused(c) for c in value):
        raise ValueError("holds control characters, which can't be stored or shown")
    if len(value) < length_min:
        raise ValueError("is empty" if not value else f"is shorter than {length_min} characters")
    if len(value) > length_max:
        raise ValueError(f"is longer than {length_max} characters")
    return value


def _is_refused(character: str) -> bool:
    is_control = unicodedata.category(character) == "Cc" and character not in _KEPT
    return is_control or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
