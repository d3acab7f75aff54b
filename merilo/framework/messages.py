"""Every sentence a person can read about a framework file, by the code of its finding.

Plain English with named placeholders; whoever shows them may translate them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue of translations without translating it here."""
    return sentence


SENTENCES: Mapping[str, str] = {
    # The document as a whole
    "file_missing": gettext_noop("There is no such file."),
    "file_unreadable": gettext_noop("The file cannot be read: %(problem)s"),
    "not_utf8": gettext_noop("The file is not UTF-8 text; save it as UTF-8."),
    "too_big": gettext_noop("The document has %(size)s bytes; at most %(limit)s are taken."),
    "too_deep": gettext_noop("The document is nested more than %(limit)s levels deep."),
    "too_many_parts": gettext_noop("The document has more than %(limit)s parts."),
    "yaml_syntax": gettext_noop("This is not valid YAML (%(problem)s, column %(column)s)."),
    "json_syntax": gettext_noop("This is not valid JSON (%(problem)s)."),
    "empty": gettext_noop("The document is empty."),
    "several_documents": gettext_noop("The file holds several YAML documents; write one."),
    "alias": gettext_noop("Anchors and aliases (&, *) are not taken; write the text out."),
    "tag": gettext_noop("The tag %(tag)s is not taken; write plain texts, numbers and lists."),
    "duplicate_key": gettext_noop("The key “%(key)s” stands here twice."),
    "key_not_text": gettext_noop("The key “%(key)s” is not text; put it in quotes."),
    "more_findings": gettext_noop("There are %(count)s further mistakes."),
    "given_twice": gettext_noop("“%(key)s” is given in two files."),
    "unknown_item": gettext_noop("“%(code)s” is not a sub-criterion of this framework."),
    # Shape
    "missing": gettext_noop("“%(key)s” is missing."),
    "unknown_key": gettext_noop("“%(key)s” is not a key that belongs here; possible are: %(known)s."),
    "not_mapping": gettext_noop("This should be a set of “key: value” lines, not %(found)s."),
    "not_list": gettext_noop("This should be a list, not %(found)s."),
    "not_text": gettext_noop("This should be text, not %(found)s; put it in quotes."),
    "not_whole_number": gettext_noop("This should be a whole number, not %(found)s."),
    "too_large": gettext_noop("The number must lie between -%(limit)s and %(limit)s."),
    "not_one_of": gettext_noop("“%(value)s” is not possible here; possible are: %(known)s."),
    "empty_list": gettext_noop("The list is empty; it needs at least one entry."),
    "blank": gettext_noop("The text is empty."),
    "too_long": gettext_noop("The text has %(length)s characters; at most %(limit)s fit."),
    "control_character": gettext_noop("The text holds a control character (%(character)s)."),
    "bad_code": gettext_noop("“%(code)s” cannot be a code; allowed are %(allowed)s."),
    "duplicate_code": gettext_noop("The code “%(code)s” is used twice; first at %(first)s."),
    # Languages
    "bad_language": gettext_noop("“%(code)s” is not a language code such as “bg” or “pt-BR”."),
    "duplicate_language": gettext_noop("The language “%(code)s” is listed twice."),
    "too_many_languages": gettext_noop("More than %(limit)s languages are not taken."),
    "missing_language": gettext_noop("The text in “%(language)s” is missing."),
    "unknown_language": gettext_noop("“%(language)s” is not among the framework's languages (%(known)s)."),
    # Scales
    "limits_reversed": gettext_noop("The maximum %(maximum)s must be greater than the minimum %(minimum)s."),
    "band_reversed": gettext_noop("The band ends at %(high)s, before it begins at %(low)s."),
    "band_outside": gettext_noop(
        "The band %(low)s–%(high)s lies outside the scale's limits %(minimum)s–%(maximum)s."
    ),
    "band_overlap": gettext_noop("The bands overlap: %(first)s to %(last)s belong to two of them."),
    "band_gap": gettext_noop("No band covers %(first)s to %(last)s."),
    "bands_missing": gettext_noop("The component has no bands, neither of its own nor the scale's."),
    "not_ascending": gettext_noop("This number must be greater than %(before)s; it is %(found)s."),
    # References and order
    "unknown_panel": gettext_noop("There is no panel “%(code)s”; there are: %(known)s."),
    "unknown_scale": gettext_noop("There is no scale “%(code)s”; there are: %(known)s."),
    "panel_without_scale": gettext_noop("The method has no scale for the panel “%(code)s”."),
    "unknown_related": gettext_noop("There is no sub-criterion “%(code)s” to relate to."),
    "related_to_itself": gettext_noop("A sub-criterion cannot be related to itself."),
    "step_number": gettext_noop("The step is number %(found)s; here number %(expected)s is due."),
}

# What was found instead, as a noun inside the sentences above.
FOUND: Mapping[str, str] = {
    "nothing": gettext_noop("nothing"),
    "text": gettext_noop("text"),
    "number": gettext_noop("a number"),
    "truth": gettext_noop("yes or no"),
    "list": gettext_noop("a list"),
    "mapping": gettext_noop("a set of keys"),
    "other": gettext_noop("something else"),
}

# Which characters a code may hold, for the sentence "bad_code".
ALLOWED: Mapping[str, str] = {
    "name": gettext_noop("lower-case Latin letters, digits and hyphens, at most 40"),
    "number": gettext_noop("Latin letters, digits, dots and hyphens, at most 20"),
}

# A place in the document and what is wrong there.
AT_LINE = gettext_noop("%(path)s (line %(line)s): %(sentence)s")
AT_LINE_ALONE = gettext_noop("line %(line)s: %(sentence)s")
AT_PATH = gettext_noop("%(path)s: %(sentence)s")


def sentence(code: str, params: Mapping[str, object], translate: Callable[[str], str] = str) -> str:
    """The sentence for a finding, translated and filled in.

    >>> sentence("missing", {"key": "title"})
    '“title” is missing.'
    """
    filled = dict(params)
    for key, words in (("found", FOUND), ("allowed", ALLOWED)):
        if filled.get(key) in words:
            filled[key] = translate(words[str(filled[key])])
    return translate(SENTENCES[code]) % filled
