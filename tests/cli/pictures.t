#!/usr/bin/python3
"""pictures.t - what a record says of ways through gateways, and that each picture shows all that its pattern names."""
import glob
import json
import os
import subprocess
import tempfile
import xml.etree.ElementTree

program = os.path.realpath(os.environ.get("FAULTLINE", "build/faultline"))
root = os.path.realpath(os.path.join(os.environ.get("FAULTLINE_TESTS", "tests"), ".."))
done = 0


def check(good, what):
    global done
    done += 1
    print(f"{'ok' if good else 'not ok'} {done} - {what}")


def draw(pattern, *options):
    """The record and the text of the picture before anything happens."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "render", pattern, "-o", folder, *options], check=True, cwd=root)
        with open(os.path.join(folder, "record.json"), encoding="utf-8") as file:
            record = json.load(file)
        svg = xml.etree.ElementTree.parse(os.path.join(folder, "before.svg"))
    return record, " ".join(svg.getroot().itertext())


def ways(record):
    """What carries each link: {(from, to): [via, ...]}, without copies."""
    names = [component["label"] for component in record["components"]]
    return {(names[link["from"]], names[link["to"]]): [names[via] for via in link["via"]] for link in record["links"]}


air_gap, text = draw("patterns/paas-air-gap.yaml")
carried = ways(air_gap)
check(carried["app", "erp"] == ["hub", "fw", "hub", "vpn"], f"to the data centre: {carried['app', 'erp']}")
check(carried["erp", "app"] == ["vpn", "hub", "fw", "hub"], f"and from there: {carried['erp', 'app']}")
check(carried["web", "jobs"] == ["sqs"], "to the queue by the endpoint")
check(carried["app", "db"] == ["to-data"], "to the database by the peering")
check(carried["lb", "web"] == [], "within a network by nothing")
check("on premises 192.168.0.0/16" in text and "look-up" in text, "the site and what leads there are in the picture")
places = {place["name"]: place for place in air_gap["places"]}
inner = [place["internet"] for place in air_gap["places"] if place["network"] and "public" not in place["name"]]
check(set(inner) == {None}, "only the public subnets have a way to the internet")
public = [place["internet"] for place in air_gap["places"] if "public" in place["name"]]
check(public == ["internet gateway"] * 2, "and theirs is the gateway")
idle = [s for moment in air_gap["moments"] for s in moment["components"] if s["state"] == "idle"]
check(not idle, "what no load enters is not called idle")

loop, _ = draw("patterns/lambda-analytics-loop.yaml")
kinds = {(link["kind"], loop["components"][link["to"]]["label"]) for link in loop["links"]}
check(("image", "worker") in kinds, "the machines' image comes from somewhere")
roles = {component["kind"]: component["role"] for component in loop["components"]}
check(roles["bucket"] == roles["topic"] == roles["function"] == "service", "buckets, topics, functions are services")
check(roles["instances"] == "compute" and roles["gateway_endpoint"] == "gateway", "machines and gateways are not")

hybrid, _ = draw("patterns/azure-hybrid.yaml")
exits = {place["internet"] for place in hybrid["places"] if ".app" in place["name"]}
check(exits == {"private gateway"}, f"a written route hides the provider's: {exits}")

for path in sorted(glob.glob(os.path.join(root, "patterns", "*.yaml"))):
    record, text = draw(path)
    missing = [component["name"] for component in record["components"] if component["label"] not in text]
    name = os.path.basename(path)
    check(not missing, f"{name}: every component is in the picture: {missing}")
print(f"1..{done}")
