"""Passwords that are guessed first, whatever their length (OWASP ASVS 6.2.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What lists of leaked passwords begin with, without the digits and signs that people add.
_WORDS = frozenset(
    [
        "password",
        "passwort",
        "passw0rd",
        "p@ssword",
        "p@ssw0rd",
        "pass1234",
        "qwerty",
        "qwertyuiop",
        "qwerty123",
        "azerty",
        "qazwsx",
        "qazwsxedc",
        "zaqxsw",
        "1qaz2wsx",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "q1w2e3r4",
        "asdfghjk",
        "asdfghjkl",
        "asdfasdf",
        "zxcvbnm",
        "zxcvbnmn",
        "iloveyou",
        "iloveu",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "basketball",
        "superman",
        "batman",
        "trustno",
        "welcome",
        "letmein",
        "letmeinnow",
        "monkey",
        "dragon",
        "master",
        "shadow",
        "michael",
        "jennifer",
        "jordan",
        "hunter",
        "harley",
        "ranger",
        "computer",
        "internet",
        "starwars",
        "whatever",
        "freedom",
        "charlie",
        "secret",
        "secretsecret",
        "changeme",
        "default",
        "admin",
        "administrator",
        "root",
        "toor",
        "guest",
        "test",
        "testtest",
        "tester",
        "login",
        "user",
        "username",
        "organiser",
        "organizer",
        "judge",
        "review",
        "competition",
        "event",
        "woaini",
        "woaini1314",
        "wang1234",
        "zhang123",
        "li123456",
        "aini1314",
        "a1b2c3d4",
        "abcd",
        "abcdef",
        "abcdefg",
        "abcdefgh",
        "abc",
        "aa",
        "aaa",
        "abcabc",
        "samsung",
        "google",
        "facebook",
        "linkedin",
        "myspace",
        "liverpool",
        "chelsea",
        "arsenal",
        "barcelona",
        "juventus",
        "cheese",
        "chocolate",
        "butterfly",
        "flower",
        "purple",
        "orange",
        "cookie",
        "summer",
        "winter",
        "spring",
        "autumn",
        "january",
        "december",
        "monday",
        "friday",
        "hello",
        "hellohello",
        "helloworld",
        "goodluck",
        "family",
        "mother",
        "father",
        "daniel",
        "jessica",
        "ashley",
        "matthew",
        "andrew",
        "joshua",
        "thomas",
        "robert",
    ]
)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SIGNS = re.compile(r"[\W_]+")
_AROUND = re.compile(r"^[\d\W_]+|[\d\W_]+$")
#: Fewer different characters than that are no password.
_DIFFERENT = 4


#: A password of known words needs so many characters besides.
_BESIDES = 4


def is_common(password: str, words: Iterable[str] = ()) -> bool:
    """Whether a password is a well-known one, a run of keys, or a few characters over and over.

    Digits and signs before and after a well-known word do not make it another, nor does a little
    around `words`, which whoever knows the event tries first: its name, the login.
    """
    plain = password.casefold()
    return (
        len(set(plain)) < _DIFFERENT
        or plain in _WORDS
        or _AROUND.sub("", plain) in _WORDS
        or any(plain in run or plain in run[::-1] for run in _RUNS)
        or _is_date(plain)
        or any(_is_little_more_than(plain, word) for word in words)
    )


def _is_little_more_than(plain: str, word: str) -> bool:
    said, known = (_SIGNS.sub("", text.casefold()) for text in (plain, word))
    return bool(known) and known in said and len(said.replace(known, "", 1)) < _BESIDES


def _is_date(plain: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d[-./]?(0\d|1[0-2])[-./]?([0-2]\d|3[01])", plain) is not None
