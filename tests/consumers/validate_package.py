"""Validates a data package with Frictionless and prints, as JSON, the errors and the typed rows by table."""

import json
import sys

from frictionless import Package

package = Package(sys.argv[1])
report = package.validate()
errors = [error.message for error in report.errors]
errors += [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
tables = {resource.name: resource.read_rows() for resource in package.resources}
json.dump({"errors": errors, "tables": {name: [row.to_dict() for row in rows] for name, rows in tables.items()}}, sys.stdout, default=str)
