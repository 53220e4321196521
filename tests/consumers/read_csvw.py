"""Reads CSVs by their descriptions, which it finds by the Link header, and prints the rows and all warnings as JSON."""

import json
import sys
import warnings

from csvw import CSVW

tables = {}
for url in sys.argv[1:]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = CSVW(url, validate=True)
        rows = [each for row in table.to_json()["tables"][0]["row"] for each in row["describes"]]
    tables[url] = {"valid": table.is_valid, "warnings": [str(each.message) for each in caught], "rows": rows}
json.dump(tables, sys.stdout, default=str)
