"""What the document cannot say of a parameter: refusing it is right although its form is."""

import schemathesis
from schemathesis.core.failures import Failure

# Which revisions, cursors and lengths there are depends on the store; that two parameters must fit each other, or that a
# text must hold a word, is more than a schema can tell.
MEANINGS = {
    ("after", "out-of-range"),
    ("asOf", "invalid-value"),
    ("asOf", "out-of-range"),
    ("cursor", "cursor-mismatch"),
    ("cursor", "invalid-cursor"),
    ("end", "out-of-range"),
    ("q", "invalid-value"),
    ("start", "out-of-range"),
    ("to", "out-of-range"),
    ("url", "invalid-value"),
}


@schemathesis.hook
def filter_failure(context, failure: Failure, case, response) -> bool:
    """Keeps a failure, unless a well-formed request was refused for its meaning alone."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 400:
        return True
    errors = response.json().get("errors") or [{}]
    return any((error.get("parameter"), error.get("code")) not in MEANINGS for error in errors)
