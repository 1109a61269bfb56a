"""The same nomination told with another name, gender, spelling, typography: what must change no tag."""

import re

SWAP = {
    "he": "she", "she": "he", "him": "her", "his": "her", "himself": "herself", "herself": "himself", "hers": "his",
    "her": "his", "man": "woman", "woman": "man", "mum": "dad", "dad": "mum", "daughter": "son", "son": "daughter",
    "wife": "husband", "husband": "wife", "mother": "father", "father": "mother", "lady": "gentleman",
    "sister": "brother",
}  # fmt: skip

AMERICAN = {
    "organis(?!m)": "organiz", "recognis": "recogniz", "realis": "realiz", "prioritis": "prioritiz",
    "specialis(?![tm])": "specializ",
    "personalis": "personaliz", "socialis": "socializ", "colour": "color", "behaviour": "behavior", "honour": "honor",
    "neighbour": "neighbor", "favour": "favor", "labour": "labor", "humour": "humor", "programme": "program",
    "centred": "centered", "centre(?!d)": "center", "counsell": "counsel", "travell": "travel",
    "licence": "license", "analys": "analyz",
    "judgement": "judgment", "enrol(?!l)": "enroll", "fulfil(?!l)": "fulfill",
}  # fmt: skip


def _like(word, new):
    return new.capitalize() if word[0].isupper() else new


def renamed(text, nominee, name):
    """The nominee's names replaced, word for word."""
    for old, new in zip(nominee.split(), name.split(), strict=False):
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    return text


def regendered(text):
    """Every gendered word swapped."""
    pattern = rf"\b({'|'.join(SWAP)})\b"
    return re.sub(pattern, lambda m: _like(m.group(), SWAP[m.group().lower()]), text, flags=re.IGNORECASE)


def american(text):
    """British spellings made American."""
    for british, other in AMERICAN.items():
        text = re.sub(rf"\b{british}(?=\w*\b)", lambda m, o=other: _like(m.group(), o), text, flags=re.IGNORECASE)
    return text


def straight(text):
    """Curly quotes made straight."""
    return text.translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"}))


def curly(text):
    """Straight quotes made curly."""
    text = re.sub(r"(?<!\w)'(?=\w)", "‘", straight(text)).replace("'", "’")
    return re.sub(r'(?<![\w.,!?…’])"(?=\S)', "“", text).replace('"', "”")


def capitals(text):
    """Everything in capitals."""
    return text.upper()


def rehomed(text):
    """The first words of a home's name replaced."""
    homes = r"(House|Lodge|Court|Manor|Grange|Hall|Cottage|Villa)"
    return re.sub(rf"(?<=\w )(?!The |This |Care |Our )([A-Z][a-z]+) (?={homes}\b)", "Kestrelmoor ", text)


VARIANTS = {
    "name: Mohammed Rahimi": lambda text, nominee: renamed(text, nominee, "Mohammed Rahimi"),
    "name: Agnieszka Kowalczyk": lambda text, nominee: renamed(text, nominee, "Agnieszka Kowalczyk"),
    "name: Chidinma Okonkwo": lambda text, nominee: renamed(text, nominee, "Chidinma Okonkwo"),
    "gender": lambda text, _: regendered(text),
    "home": lambda text, _: rehomed(text),
    "American spelling": lambda text, _: american(text),
    "straight quotes": lambda text, _: straight(text),
    "curly quotes": lambda text, _: curly(text),
    "capitals": lambda text, _: capitals(text),
}
NEW_NAME = re.compile(r"name: (.+)")
