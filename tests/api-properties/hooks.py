"""What the API tester does beside what the document says.

Names that are made up find nothing. Every second one is therefore one of those that exist, from the file that
`KNOWN_THINGS` names: `{"receipt_no": ["LY-…"], "/staff/orders/": ["38…"]}`, by the name of a parameter or of a field of
the body, or by a part of the path.
"""

import json
import os
import zlib

import schemathesis

with open(os.environ["KNOWN_THINGS"], encoding="utf-8") as file:
    KNOWN = json.load(file)


def one_that_exists(name, made_up, path):
    """Chosen by what was made up, so that a run can be repeated."""
    of_path = [values for part, values in KNOWN.items() if part.startswith("/") and part in path]
    values = KNOWN.get(name) or (of_path[0] if of_path and name == "id" else [])
    draw = zlib.crc32(repr(made_up).encode("utf-8", "surrogatepass"))
    return values[draw // 2 % len(values)] if values and draw % 2 else made_up


def with_known(context, fields):
    """The same fields, some with a value that exists."""
    if not isinstance(fields, dict):
        return fields
    return {name: one_that_exists(name, value, context.operation.path) for name, value in fields.items()}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Parts of the path."""
    return with_known(context, path_parameters)


@schemathesis.hook
def map_query(context, query):
    """The query's fields."""
    return with_known(context, query)


@schemathesis.hook
def map_body(context, body):
    """The body's own fields."""
    return with_known(context, body)
