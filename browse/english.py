"""Hold the English wording where it is not the key itself: for one of a kind, and of what only a code names."""

ONE = {
    "{n} looks": "1 look",
    "{n} articles": "1 article",
    "{n} pages": "1 page",
    "{n} parts without articles": "1 part without articles",
    "{n} captures of this address": "1 capture of this address",
    "{n} copies": "1 copy",
    "{n} lines of the page are not part of the article": "1 line of the page is not part of the article",
    "{n} repairs were made": "1 repair was made",
    "{n} undecodable bytes": "1 undecodable byte",
    "{n} versions": "1 version",
}

# what only a code names in English too
ENGLISH = {
    "rule": "What decides",
    "named_as_source": "Copies of others that name it as their source",
    "linked_as_original": "Copies of others whose links lead to it",
    "kind_of_outlet": "Place of its kind of outlet, from who writes (0) to who copies",
    "printed_time": "Printed time",
    "first_sight": "First seen",
    "damage": "Repairs it needed",
    "problem empty": "Type a word to search for.",
    "problem no-word": "There are only punctuation marks or symbols here, and no word to search for.",
    "problem only-excluded": "There are only excluded words here; add one to search for.",
    "problem too-long": "There are too many words here; use fewer.",
    "edit headline": "headline",
    "edit correction": "correction",
    "edit figure": "figure",
    "edit name": "name taken out",
    "edit cut": "paragraph cut",
    "edit added": "paragraph added",
    "edit moved": "paragraph moved",
    "edit wording": "wording",
    "address rule": "by a rule of the outlet",
    "address redirect": "redirect",
    "address page": "another page of the article",
    "address moved": "moved",
}
