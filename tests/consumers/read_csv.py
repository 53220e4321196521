"""Reads a CSV from a URL with the standard library and prints header and rows as JSON. Rows of unequal length are an error."""

import csv
import io
import json
import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1]) as response:
    # newline='': the csv module must see the original line ends, since cells may contain line breaks.
    rows = list(csv.reader(io.TextIOWrapper(response, encoding="utf-8", newline=""), strict=True))
header, *facts = rows
ragged = [row for row in facts if len(row) != len(header)]
if ragged:
    sys.exit(f"{len(ragged)} rows have not {len(header)} cells, the first is {ragged[0]}")
json.dump({"header": header, "rows": facts}, sys.stdout)
