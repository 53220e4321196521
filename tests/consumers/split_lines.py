"""Parses each line of NDJSON, split by Python's own rules, and prints the values as JSON."""

import json
import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1]) as response:
    text = response.read().decode("utf-8")
json.dump([json.loads(line) for line in text.splitlines()], sys.stdout)
