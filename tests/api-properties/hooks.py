"""What the API tester does beside what the document says.

Identifiers that are made up find nothing. Every second one is therefore one of those that exist, from the file that
`SHOUFA_KNOWN` names: `{"receipt_no": ["LY-…"], "/staff/orders/": ["38…"]}`, by a parameter's name or a part of the path.
"""

import json
import os
import zlib

import schemathesis

with open(os.environ["SHOUFA_KNOWN"], encoding="utf-8") as file:
    KNOWN = json.load(file)


def known_values(path, name):
    """The things that exist for a parameter of a path."""
    of_path = next((values for part, values in KNOWN.items() if part.startswith("/") and part in path), [])
    return KNOWN.get(name, of_path)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Chosen by what was made up, so that a run can be repeated."""
    if not path_parameters:
        return path_parameters
    chosen = {}
    for name, made_up in path_parameters.items():
        values = known_values(context.operation.path, name)
        draw = zlib.crc32(repr(made_up).encode("utf-8", "surrogatepass"))
        chosen[name] = values[draw // 2 % len(values)] if values and draw % 2 else made_up
    return chosen
