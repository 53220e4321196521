"""Filter for failures: the server may reject well-formed values for reasons that no schema can express."""

import schemathesis
from schemathesis.core.failures import Failure

# Valid revisions, cursors and lengths depend on the database. A schema cannot express that two parameters
# depend on each other, or that a text must contain a word.
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
    """Returns False for a well-formed request that was rejected only because of such a parameter."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 400:
        return True
    errors = response.json().get("errors") or [{}]
    return any((error.get("parameter"), error.get("code")) not in MEANINGS for error in errors)
