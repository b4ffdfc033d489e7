#!/usr/bin/python3
"""schema.t - docs/schema/record.schema.json is sound, accepts a record of every table, and notices what is wrong."""
import copy
import json
import os

import jsonschema

tests = os.environ.get("FAULTLINE_TESTS", "tests")
with open(os.path.join(tests, "..", "docs", "schema", "record.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
with open(os.path.join(tests, "unit", "record", "golden.json"), encoding="utf-8") as file:
    golden = json.load(file)

done = 0


def check(good, what):
    global done
    done += 1
    print(f"{'ok' if good else 'not ok'} {done} - {what}")


jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
check(True, "the schema is a draft-07 schema")
check(validator.is_valid(golden), "it accepts a record")


def paths(schema, instance, at=()):
    """Every member of the record that the schema requires, as a path."""
    for key in schema.get("required", ()):
        if isinstance(instance, dict):
            yield at + (key,)
            yield from paths(schema["properties"][key], instance[key], at + (key,))
    if isinstance(instance, list) and "items" in schema:
        for number, item in enumerate(instance[:1]):
            yield from paths(schema["items"], item, at + (number,))


def spoiled(path, spoil):
    record = copy.deepcopy(golden)
    parent = record
    for step in path[:-1]:
        parent = parent[step]
    spoil(parent, path[-1])
    return record


every = list(paths(schema, golden))
unnoticed = [path for path in every if validator.is_valid(spoiled(path, lambda parent, key: parent.pop(key)))]
check(len(every) > 120 and not unnoticed, f"it misses each of {len(every)} members: {unnoticed}")
odd = {"odd": 1}
unnoticed = [path for path in every if validator.is_valid(spoiled(path, lambda parent, key: parent.update({key: odd})))]
check(not unnoticed, f"it notices a wrong type at each of them: {unnoticed}")


def keys(schema, instance, at=()):
    """Every key of the record that the schema does not know."""
    if isinstance(instance, dict):
        for key, value in instance.items():
            if key not in schema.get("properties", {}):
                yield at + (key,)
            else:
                yield from keys(schema["properties"][key], value, at + (key,))
    elif isinstance(instance, list):
        for number, item in enumerate(instance):
            yield from keys(schema.get("items", {}), item, at + (number,))


unknown = list(keys(schema, golden))
check(not unknown, f"it knows every key of a record: {unknown}")
unknown_words = [
    ("components", 0, "role"),
    ("places", 0, "level"),
    ("links", 0, "kind"),
    ("moments", 0, "components", 0, "state"),
    ("moments", 0, "places", 0, "trouble"),
    ("expectations", 0, "verdict"),
    ("format",),
]
unnoticed = [path for path in unknown_words if validator.is_valid(spoiled(path, lambda p, k: p.update({k: "odd"})))]
check(not unnoticed, f"it knows the words of closed lists: {unnoticed}")
print(f"1..{done}")
