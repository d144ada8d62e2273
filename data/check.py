#!/usr/bin/env python3
"""Checks the data of a jurisdiction: forms, references, positions, capacity; of Rongcheng, what is shipped, counts too.

    python3 data/check.py          Rongcheng: exit code 0 and a summary, or 1 and one line for each error
    python3 data/check.py DIR      another jurisdiction, or a copy of Rongcheng that was changed

Python 3.11 or later, standard library only. What a person must judge (are the figures right?) is not checked
here; what a program can know (does the organisation exist? does the station stand in the sea?) is.
"""

import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent
RONGCHENG = "371082"  # what is shipped: its people are invented, its counts are known
HAZARDS_OF_PLAN = ["eq_geo", "mine", "hazchem", "fire", "traffic", "flood", "forest_fire"]  # Plan 4.2.4
FORCE_KINDS = ["government", "enterprise", "social", "expert"]  # Plan 2.1 to 2.4
FORCE_TYPES = (
    "own_station town_brigade enterprise_brigade micro_station professional machinery medical police "
    "traffic_police utility comms transport environment maritime armed_police military volunteer town_team "
    "mine_rescue expert"
).split()
ORG_KINDS = (
    "brigade bureau government department enterprise social town zone superior military utility neighbour group"
).split()
ROLES = (
    "dispatcher commander bureau shift_leader deputy govt leader post force dept town admin auditor"
).split()
BASES = ["after_approval", "direct", "linkage_notice", "letter_of_request"]
CHANNELS = ("sms", "voice", "mail", "dingtalk", "wecom", "feishu", "siren", "webhook", "push")
POSITIONS = ["duty_officer", "shift_leader", "duty_commander", "deputy_1", "deputy_2"]
QUALITIES = ["point", "town-seat", "estimated", "approximate", "sample"]
STATES = ["routine", "heightened", "emergency"]
# Numbers that nobody can have: see SOURCES.md, "Sample telephone numbers".
SAMPLE_PHONE = re.compile(r"0631-0\d{6}|102-0000-\d{4}")
ANY_PHONE = re.compile(r"(?<![\d.])(?:1[3-9]\d{9}|1[3-9]\d-\d{4}-\d{4}|0\d{2,3}-[1-9]\d{6,7})(?!\d)")
RARE = ["㛃", "𠮷"]  # characters outside GB2312 and outside the BMP, which must survive every path
MAP_BYTES_MAX = 350_000
errors: list[str] = []


def error(where: str, text: str) -> None:
    errors.append(f"{where}: {text}")


# --- reading ---------------------------------------------------------------------------------------------


def read_tsv(path: Path) -> list[dict[str, str]]:
    """Rows by column name, with their line under the key "#" (comment lines stand only at the top)."""
    raw = path.read_bytes()
    name = path.name
    if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw:
        error(f"{name}", "has a byte order mark or carriage returns")
    lines = raw.decode("utf-8").split("\n")
    if lines.pop() != "":
        error(f"{name}", "does not end with a line feed")
    heading: list[str] | None = None
    rows = []
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if heading is None and line.startswith("#"):
            continue
        cells = line.split("\t")
        if heading is None:
            heading = cells
            continue
        if len(cells) != len(heading):
            error(where, f"has {len(cells)} cells, the heading has {len(heading)}")
            continue
        if line.startswith("#") or '"' in line or any(c != c.strip() for c in cells):
            error(where, "has a comment, a quote or a blank at the edge of a cell")
        rows.append(dict(zip(heading, cells)) | {"#": where})
    return rows


def read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        error(path.name, f"is not TOML: {fault}")
        return {}


def unique(rows: list[dict], key: str) -> set[str]:
    seen: set[str] = set()
    for row in rows:
        if not row[key]:
            error(row["#"], f"{key} is empty")
        if row[key] in seen:
            error(row["#"], f"{key} {row[key]} occurs twice")
        seen.add(row[key])
    return seen


def one_of(row: dict, key: str, allowed) -> None:
    if row[key] not in allowed:
        error(row["#"], f"{key} is {row[key]!r}, which is not known")


def whole(row: dict, key: str, least: int = 0, empty: bool = False) -> int | None:
    if row[key] == "" and empty:
        return None
    if not re.fullmatch(r"-?\d+", row[key]) or int(row[key]) < least:
        error(row["#"], f"{key} is {row[key]!r}, not a whole number from {least}")
        return None
    return int(row[key])


# --- geometry --------------------------------------------------------------------------------------------


def in_ring(x: float, y: float, ring: list) -> bool:
    inside, j = False, len(ring) - 1
    for i in range(len(ring)):
        (xi, yi), (xj, yj) = ring[i], ring[j]
        if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
            inside = not inside
        j = i
    return inside


def polygons(geometry: dict) -> list:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def inside(x: float, y: float, geometry: dict) -> bool:
    return any(
        in_ring(x, y, p[0]) and not any(in_ring(x, y, hole) for hole in p[1:]) for p in polygons(geometry)
    )


class Ground:
    """Land and town areas, to ask whether a point lies where its row says."""

    def __init__(self, folder: Path):
        load = lambda name: json.loads((folder / "map" / name).read_text(encoding="utf-8"))["features"]
        self.land = [f["geometry"] for f in load("land.geojson")]
        self.towns = {f["properties"]["code"]: f["geometry"] for f in load("towns.geojson")}

    def check(self, row: dict, town: str) -> None:
        try:
            x, y = float(row["lon"]), float(row["lat"])
        except ValueError:
            error(row["#"], f"position {row['lon']!r}, {row['lat']!r} is not a pair of numbers")
            return
        if not any(inside(x, y, land) for land in self.land):
            error(row["#"], f"({x}, {y}) is not on land")
        if town not in self.towns:
            error(row["#"], f"town {town!r} has no area on the map")
        elif not inside(x, y, self.towns[town]):
            error(row["#"], f"({x}, {y}) is not in town {town}")


# --- one function for each file -----------------------------------------------------------------------------


def check_divisions(folder: Path, ground: Ground) -> dict[str, dict]:
    rows = read_tsv(folder / "divisions.tsv")
    unique(rows, "code")
    by_code = {r["code"]: r for r in rows}
    for row in rows:
        one_of(row, "position_quality", QUALITIES)
        if len(row["pinyin"].split(" ")) != len(row["name"]):
            error(row["#"], "pinyin does not have one syllable for each character")
        if row["level"] == "town":
            ground.check(row, row["code"])
            if not re.fullmatch(r"\d{9}", row["code"]):
                error(row["#"], "a town's code has nine digits")
            if row["zone"] and by_code.get(row["zone"], {}).get("level") != "zone":
                error(row["#"], f"zone {row['zone']} does not exist")
            if bool(row["zone"]) != bool(row["zone_certainty"]):
                error(row["#"], "zone and zone_certainty go together")
    if set(ground.towns) != {r["code"] for r in rows if r["level"] == "town"}:
        error("map/towns.geojson", "does not have exactly the towns of divisions.tsv")
    return by_code


def check_villages(folder: Path, towns: set[str]) -> int:
    rows = read_tsv(folder / "villages.tsv")
    unique(rows, "code")
    for row in rows:
        one_of(row, "town_code", towns)
        if not re.fullmatch(r"\d{12}", row["code"]) or not row["code"].startswith(row["town_code"]):
            error(row["#"], "code does not begin with the code of its town, or has not twelve digits")
        if not row["short"] or not row["name"].startswith(row["short"]):
            error(row["#"], "short is not the beginning of name")
    if {r["town_code"] for r in rows} != towns:
        error("villages.tsv", "some town has no village")
    return len(rows)


def check_places(folder: Path, ground: Ground, towns: set[str]) -> list[dict]:
    rows = read_tsv(folder / "places.tsv")
    unique(rows, "id")
    unique(rows, "name")
    for row in rows:
        one_of(row, "position_quality", QUALITIES)
        one_of(row, "fictitious", ["yes", "no"])
        whole(row, "rank", 1)
        if (row["fictitious"] == "yes") != (row["position_quality"] == "sample"):
            error(row["#"], "a fictitious place has the position quality sample, and no other has")
        if row["fictitious"] == "yes" and "虚构" not in row["note"]:
            error(row["#"], "a fictitious place says so in its note")
        if len(row["pinyin"].split(" ")) != len(row["name"]):
            error(row["#"], "pinyin does not have one syllable for each character")
        if row["town_code"]:  # empty: outside the county, such as the airport
            one_of(row, "town_code", towns)
            ground.check(row, row["town_code"])
    return rows


def check_hazards(folder: Path) -> list[str]:
    hazards = read_toml(folder / "hazards.toml").get("hazard", [])
    codes = [h["code"] for h in hazards]
    if [h["code"] for h in hazards if h["plan"]] != HAZARDS_OF_PLAN:
        error("hazards.toml", "does not have exactly the seven hazards of Plan 4.2.4 marked as the plan's")
    for key in ("code", "letter", "symbol", "colour"):
        for value, n in Counter(h[key] for h in hazards).items():
            if n > 1:
                error("hazards.toml", f"{key} {value} occurs {n} times")
    for h in hazards:
        if not re.fullmatch(r"#[0-9a-f]{6}", h["colour"]) or not re.fullmatch(r"[a-z]", h["letter"]):
            error("hazards.toml", f"{h['code']}: colour or letter is malformed")
        if any(not re.fullmatch(r"\d\d[A-Z](\d\d)?", c) for c in h["cn_ep"]):
            error("hazards.toml", f"{h['code']}: a CN-EP prefix is malformed")
    return codes


def check_capabilities(folder: Path) -> dict[str, dict]:
    found = {}
    for c in read_toml(folder / "capabilities.toml").get("capability", []):
        if c["code"] in found:
            error("capabilities.toml", f"{c['code']} occurs twice")
        if not all(c[k] for k in ("code", "name_zh", "name_en", "unit", "unit_zh", "group")):
            error("capabilities.toml", f"{c['code']}: a text is empty")
        found[c["code"]] = c
    return found


def check_orgs(folder: Path, ground: Ground, towns: set[str]) -> dict[str, dict]:
    rows = read_tsv(folder / "orgs.tsv")
    ids = unique(rows, "id")
    for row in rows:
        one_of(row, "kind", ORG_KINDS)
        if not row["name"] or not row["short"]:
            error(row["#"], "name or short is empty")
        if row["parent"]:
            one_of(row, "parent", ids)
        for force_type in filter(None, row["authority_for"].split(";")):
            if force_type not in FORCE_TYPES:
                error(row["#"], f"authority_for names {force_type}, which is no force type")
        if row["town_code"]:
            ground.check(row, row["town_code"])
        elif row["kind"] not in ("superior", "neighbour"):
            error(row["#"], "has no town")
    by_id = {r["id"]: r for r in rows}
    for row in rows:  # no organisation stands above itself
        seen, at = set(), row["id"]
        while at and at not in seen:
            seen.add(at)
            at = by_id.get(at, {}).get("parent", "")
        if at:
            error(row["#"], "stands above itself")
    if {r["town_code"] for r in rows if r["kind"] == "town"} != towns:
        error("orgs.tsv", "not every town has its organisation")
    return by_id


def amounts(row: dict, key: str) -> list[tuple[str, int]]:
    out = []
    for part in filter(None, row[key].split(";")):
        name, _, quantity = part.rpartition(":")
        if not name or not re.fullmatch(r"[1-9]\d*", quantity):
            error(row["#"], f"{key}: {part!r} is not name:quantity")
            continue
        out.append((name, int(quantity)))
    return out


def check_forces(folder, ground, divisions, orgs, capabilities) -> list[dict]:
    rows = read_tsv(folder / "forces.tsv")
    unique(rows, "id")
    unique(rows, "name")
    unique(rows, "short")
    plates, points = Counter(), Counter()
    for row in rows:
        one_of(row, "kind", FORCE_KINDS)
        one_of(row, "type", FORCE_TYPES)
        one_of(row, "parent", orgs)
        one_of(row, "industry_authority", orgs)
        one_of(row, "duty_mode", ["24h", "day", "on_call"])
        one_of(row, "basis_override", BASES + [""])
        ground.check(row, row["town_code"])
        points[row["lon"], row["lat"]] += 1
        whole(row, "strength", 1)
        whole(row, "mobilisation_s", 30)
        whole(row, "insured_days", -3650, empty=True)
        whole(row, "verified_days", -3650, empty=True)
        for area in row["service_area"].split(";"):
            if area not in divisions:
                error(row["#"], f"service_area {area!r} does not exist")
        can = amounts(row, "capabilities")
        if not can or len({c for c, _ in can}) != len(can):
            error(row["#"], "has no capability, or one twice")
        for code, _ in can:
            if code not in capabilities:
                error(row["#"], f"capability {code} does not exist")
        expert = row["kind"] == "expert"
        if expert != (row["type"] == "expert") or expert and (
            row["strength"] != "1" or len(can) != 1 or not can[0][0].startswith("expert_")
        ):
            error(row["#"], "an expert is one person with one expert capability")
        if (row["type"] == "own_station") != (row["parent"] == "org-xiaofang" and not expert):
            error(row["#"], "the brigade's own stations, and no others, belong to org-xiaofang")
        if not expert and not row["call_sign"]:
            error(row["#"], "has no call sign")
        for name, _ in amounts(row, "vehicles"):
            if "@" in name:
                plates[name.split("@")[1]] += 1
    for plate, n in plates.items():
        if n > 1:
            error("forces.tsv", f"plate {plate} occurs {n} times")
    for point, n in points.items():
        if n > 1:
            error("forces.tsv", f"{n} forces stand at one point {point}")
    for town in {c for c, d in divisions.items() if d["level"] == "town"} - {r["town_code"] for r in rows}:
        error("forces.tsv", f"town {town} has no force at all")
    return rows


def check_compositions(folder, hazards, capabilities, forces) -> tuple[int, int]:
    have: dict[str, int] = defaultdict(int)
    for row in forces:
        for code, quantity in amounts(row, "capabilities"):
            have[code] += quantity
    files = {p.stem for p in (folder / "compositions").glob("*.toml")}
    for code in sorted(set(HAZARDS_OF_PLAN) - files):
        error("compositions", f"has no {code}.toml, a hazard of Plan 4.2.4")
    for code in sorted(files - set(hazards)):
        error("compositions", f"has {code}.toml, but hazards.toml has no {code}: nobody reads it")
    slots, gaps = 0, 0
    for path in sorted((folder / "compositions").glob("*.toml")):
        data = read_toml(path)
        where = f"compositions/{path.name}"
        if data.get("hazard") != path.stem:
            error(where, f"hazard is {data.get('hazard')!r}")
        if [c["grade"] for c in data.get("composition", [])] != [1, 2, 3, 4, 5]:
            error(where, "does not have the grades 1 to 5 in order")
        below: dict[str, dict] = {}
        for composition in data.get("composition", []):
            at = f"{where} grade {composition['grade']}"
            if not composition["source_zh"] or not composition["source_en"]:
                error(at, "has no source")
            if not 3 <= len(composition["slot"]) <= 16:
                error(at, f"has {len(composition['slot'])} slots, not 3 to 16")
            now = {s["id"]: s for s in composition["slot"]}
            if len(now) != len(composition["slot"]):
                error(at, "a slot id occurs twice")
            for slot_id, slot in now.items():
                slots += 1
                code, quantity = slot["capability"], slot["quantity"]
                if code not in capabilities:
                    error(at, f"slot {slot_id}: capability {code} does not exist")
                if quantity < 1 or slot["within_min"] < 1 or slot.get("min_strength", 1) < 1:
                    error(at, f"slot {slot_id}: a quantity is below 1")
                if not slot["why_zh"] or not slot["why_en"]:
                    error(at, f"slot {slot_id} does not say why")
                short = quantity > have[code]
                gaps += short
                if short and not slot["known_gap"]:
                    error(at, f"slot {slot_id}: {quantity} of {code} needed, all forces have {have[code]}, not marked known_gap")
                if slot["known_gap"] and not short:
                    error(at, f"slot {slot_id} is marked known_gap, but all forces have {have[code]} of {code}")
                if slot["own_station_first"] and not any(
                    f["type"] == "own_station" and code in dict(amounts(f, "capabilities")) for f in forces
                ):
                    error(at, f"slot {slot_id}: own stations first, but none has {code}")
            for slot_id, lower in below.items():
                upper = now.get(slot_id)
                if upper is None or upper["quantity"] < lower["quantity"] or upper["capability"] != lower["capability"]:
                    error(at, f"slot {slot_id} needs less than in the grade below")
                elif upper.get("min_strength", 0) < lower.get("min_strength", 0):
                    error(at, f"slot {slot_id} needs fewer people than in the grade below")
            below = now
    return slots, gaps


def check_bases(folder, hazards, orgs, forces) -> None:
    data = read_toml(folder / "bases.toml")
    rules = data.get("base", [])
    used = set()
    for rule in rules:
        at = f"bases.toml {rule['id']}"
        if rule["basis"] not in BASES:
            error(at, f"basis {rule['basis']} is not known")
        if not rule["source_zh"] or not rule["source_en"]:
            error(at, "has no legal source")
        for key, allowed in (("kinds", FORCE_KINDS), ("types", FORCE_TYPES), ("hazards", hazards)):
            if not set(rule[key]) <= set(allowed) | {"any"} or not rule[key]:
                error(at, f"{key} names something unknown")
    last = rules[-1] if rules else {}
    if (last.get("kinds"), last.get("types"), last.get("hazards")) != (["any"], ["any"], ["any"]):
        error("bases.toml", "the last rule does not match everything")
    elif last["basis"] != "after_approval":
        error("bases.toml", "what no rule names must move only after approval (Plan 4.1.4)")
    fits = lambda names, value: "any" in names or value in names
    for force in forces:
        for hazard in hazards:
            rule = next(r for r in rules if fits(r["kinds"], force["kind"]) and fits(r["types"], force["type"]) and fits(r["hazards"], hazard))
            used.add(rule["id"])
            if rule["basis"] == "direct" and force["type"] not in ("own_station", "town_brigade", "enterprise_brigade"):
                error(force["#"], f"would be ordered directly at {hazard}, which neither plan nor fire law allows")
    for rule in rules:
        if rule["id"] not in used:
            error(f"bases.toml {rule['id']}", "is never reached")
    named = {r["id"]: r["linkage"] for r in orgs.values() if r["linkage"]}
    if {l["org"]: l["code"] for l in data.get("linkage", [])} != named:
        error("bases.toml", "the linkages are not those of the column linkage in orgs.tsv")


def check_contacts(folder, orgs, forces) -> list[dict]:
    rows = read_tsv(folder / "contacts.tsv")
    owners = set(orgs) | {f["id"] for f in forces}
    phones = Counter(r["phone"] for r in rows)
    orders: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        one_of(row, "owner", owners)
        orders[row["owner"]].append(whole(row, "order", 1) or 0)
        if not row["phone"] or phones[row["phone"]] > 1:
            error(row["#"], f"phone {row['phone']!r} is empty or occurs twice")
        if not row["name"] or not row["title"]:
            error(row["#"], "a contact has a name and a title")
        for way in filter(None, row["ways"].split(";")):
            channel, _, address = way.partition("=")
            if channel not in CHANNELS:
                error(row["#"], f"way {way!r} names no channel of {' '.join(CHANNELS)}")
            elif not address and channel not in ("sms", "voice"):
                error(row["#"], f"way {way!r} needs an address: {channel}=…")
    for owner in sorted(owners):
        if sorted(orders[owner]) != list(range(1, len(orders[owner]) + 1)) or len(orders[owner]) < 2:
            error("contacts.tsv", f"{owner} does not have contacts 1, 2, …")
    return rows


def check_duty(folder, offices, orgs, forces) -> int:
    rows = read_tsv(folder / "duty.tsv")
    owners = set(orgs) | {f["id"] for f in forces}
    have: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        one_of(row, "owner", owners)
        one_of(row, "position", POSITIONS)
        if row["position"] in have[row["owner"]]:
            error(row["#"], "this position of this owner occurs twice")
        have[row["owner"]].add(row["position"])
        if row["start"] != "08:30" or row["hours"] != "24" or not all(row["officers"].split(";")):
            error(row["#"], "is not a 24-hour shift from 08:30 with officers")
    experts = {f["id"] for f in forces if f["kind"] == "expert"}
    for owner in sorted({f["id"] for f in forces} | {o for o, r in orgs.items() if r["kind"] in ("town", "zone", "department", "utility", "military", "bureau", "brigade")}):
        need = {"duty_officer"} if owner in experts else {"duty_officer", "shift_leader"}
        if not need <= have[owner]:
            error("duty.tsv", f"{owner} lacks {sorted(need - have[owner])}")
    if not {"deputy_1", "deputy_2"} <= have[offices["bureau"]] or "duty_commander" not in have[offices["brigade"]]:
        error("duty.tsv", "the bureau lacks its deputies or the brigade its duty commander")
    return len(rows)


def check_accounts(folder, orgs, forces) -> set[str]:
    rows = read_tsv(folder / "accounts.tsv")
    names = unique(rows, "username")
    force_ids = {f["id"] for f in forces}
    for row in rows:
        one_of(row, "role", ROLES)
        one_of(row, "owner", force_ids if row["role"] == "force" else orgs)
        if row["role"] == "force" and row["username"] != row["owner"]:
            error(row["#"], "a force's account has the force's id as its name")
        if not row["position"]:
            error(row["#"], "position is empty")
    for name in sorted(force_ids):
        if name not in names:
            error("accounts.tsv", f"account {name} is missing")
    signs = {r["owner"] for r in rows if r["role"] in ("dept", "bureau", "dispatcher")}
    for force in forces:
        if force["industry_authority"] not in signs:
            error(force["#"], f"nobody can sign filings for {force['industry_authority']}")
    towns = {o for o, r in orgs.items() if r["kind"] == "town"}
    if {r["owner"] for r in rows if r["role"] == "town"} != towns:
        error("accounts.tsv", "not every town has its account")
    return names


def check_jurisdiction(folder, orgs) -> dict:
    data = read_toml(folder / "jurisdiction.toml")
    offices = data["offices"]
    named = [*offices.values(), *(data["superior"][k] for k in ("bureau", "brigade", "government"))]
    named += [d["issuer"] for d in data["documents"]] + [d["addressee"] for d in data["documents"] if d["addressee"]]
    named += [t["office"] for t in data["titles"] if t["office"]]
    for org in named:
        if org not in orgs:
            error("jurisdiction.toml", f"organisation {org} does not exist")
    if sorted(t["role"] for t in data["titles"]) != sorted(ROLES):
        error("jurisdiction.toml", "does not have exactly one title for each role")
    patterns = Counter(d["number_pattern"] for d in data["documents"])
    for document in data["documents"]:
        pattern = document["number_pattern"]
        if "{year}" not in pattern or "{n}" not in pattern or patterns[pattern] > 1 or document["signer_role"] not in ROLES:
            error("jurisdiction.toml", f"document {document['kind']}: number pattern or signer is wrong")
    if [r["state"] for r in data["readiness"]] != STATES:
        error("jurisdiction.toml", "readiness states are not routine, heightened, emergency")
    for name, limit in data["limits"].items():
        values = [limit[s] for s in STATES]
        if not name.endswith("_s") or any(type(v) is not int or v < 1 for v in values):
            error("jurisdiction.toml", f"limit {name} is not in whole seconds")
        if values != sorted(values, reverse=True):
            error("jurisdiction.toml", f"limit {name} grows when readiness is raised: {values}")
        if not all(limit[k] for k in ("what_zh", "what_en", "source_zh", "source_en")):
            error("jurisdiction.toml", f"limit {name} lacks a text or a source")
    return data


def check_map(folder: Path) -> int:
    west, south, east, north = 73.0, 3.0, 136.0, 54.0  # the country, in degrees
    total = 0
    for name in ("land", "towns", "county", "roads", "labels"):
        path = folder / "map" / f"{name}.geojson"
        total += path.stat().st_size
        if path.stat().st_size >= MAP_BYTES_MAX:
            error(f"map/{path.name}", f"is not under {MAP_BYTES_MAX} bytes")
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        if not features:
            error(f"map/{path.name}", "is empty")
        for feature in features:
            flat = [feature["geometry"]["coordinates"]]
            while flat and isinstance(flat[0][0], list):
                flat = [inner for outer in flat for inner in outer]
            if any(not (west <= x <= east and south <= y <= north) or round(x, 6) != x or round(y, 6) != y for x, y in flat):
                error(f"map/{path.name}", f"{feature['properties']}: a coordinate is far away or longer than 6 decimals")
            if "Polygon" in feature["geometry"]["type"]:
                for ring in (r for p in polygons(feature["geometry"]) for r in p):
                    if ring[0] != ring[-1] or len(ring) < 4:
                        error(f"map/{path.name}", f"{feature['properties']}: a ring is not closed")
    said = {layer for a in read_toml(folder / "map" / "attribution.toml")["attribution"] for layer in a["layers"]}
    if not {"land", "towns", "county", "roads", "labels"} <= said:
        error("map/attribution.toml", "a layer has no attribution")
    return total


def check_rongcheng(divisions, villages, places, orgs, forces, contacts, accounts) -> None:
    """What is known of the shipped data, and no rule for anybody else's."""
    counts = Counter(d["level"] for d in divisions.values())
    if counts != {"county": 1, "zone": 3, "town": 22} or villages != 839:
        error("divisions.tsv", f"has {dict(counts)} and {villages} villages, not 1 county, 3 zones, 22 towns, 839 villages")
    if not any(r["pinyin"] == "shi dao" and r["name"] == "石岛" for r in places):
        error("places.tsv", "the initials sd do not find 石岛")
    if sorted(int(o["annex2"]) for o in orgs.values() if o["annex2"]) != list(range(1, 29)):
        error("orgs.tsv", "annex2 does not run from 1 to 28, the organisations that the plan's annex 2 names")
    if sum(o["kind"] == "zone" for o in orgs.values()) != 3:
        error("orgs.tsv", "does not have the three zones")
    if [f["id"] for f in forces] != [f"force-{n:03}" for n in range(1, len(forces) + 1)]:
        error("forces.tsv", "ids do not run force-001, force-002, …")
    if not 110 <= len(forces) <= 130 or {f["kind"] for f in forces} != set(FORCE_KINDS):
        error("forces.tsv", f"has {len(forces)} forces, not 110 to 130 of all four kinds")
    for key in ("insured_days", "verified_days"):
        if not any(int(f[key] or 0) < 0 for f in forces):
            error("forces.tsv", f"no {key} lies in the past, which must be shown")
    for force in forces:
        for name, _ in amounts(force, "vehicles"):
            if "@" in name and not re.fullmatch(r"示K\d{4}", name.split("@")[1]):
                error(force["#"], f"plate {name} is not of the sample form 示K0000")
    for character in RARE:
        if not any(character in f["name"] for f in forces):
            error("forces.tsv", f"no force has {character} in its name")
    for row in contacts:
        if not SAMPLE_PHONE.fullmatch(row["phone"]) or not re.search(r"\d\d$", row["name"]):
            error(row["#"], "a contact here is a role and a number, with a telephone number of the sample form")
    for name in "dispatcher commander bureau shift-leader deputy govt leader post admin auditor".split():
        if name not in accounts:
            error("accounts.tsv", f"account {name} of the demo is missing")


def check_samples() -> None:
    text = (ROOT / "samples" / "call-sheets.txt").read_text(encoding="utf-8")
    sheets = re.findall(r"^=== sheet \d+: .+$", text, re.M)
    if len(sheets) != 5:
        error("samples/call-sheets.txt", f"has {len(sheets)} sheets, not 5")


def check_sources_and_phones() -> None:
    sources = (ROOT / "SOURCES.md").read_text(encoding="utf-8")
    for path in sorted(p for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        name = path.relative_to(ROOT).as_posix()
        if name not in ("SOURCES.md", "check.py") and f"`{name}`" not in sources:
            error("SOURCES.md", f"says nothing about `{name}`")
        if path.suffix in (".tsv", ".toml", ".txt"):
            for number in ANY_PHONE.findall(path.read_text(encoding="utf-8")):
                error(name, f"holds {number}, which could be somebody's telephone number")


def main(arguments: list[str]) -> int:
    if len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0]).resolve() if arguments else ROOT / "rongcheng"
    ground = Ground(folder)
    divisions = check_divisions(folder, ground)
    towns = {c for c, d in divisions.items() if d["level"] == "town"}
    villages = check_villages(folder, towns)
    places = check_places(folder, ground, towns)
    hazards = check_hazards(folder)
    capabilities = check_capabilities(folder)
    orgs = check_orgs(folder, ground, towns)
    data = check_jurisdiction(folder, orgs)
    forces = check_forces(folder, ground, divisions, orgs, capabilities)
    slots, gaps = check_compositions(folder, hazards, capabilities, forces)
    check_bases(folder, hazards, orgs, forces)
    contacts = check_contacts(folder, orgs, forces)
    duty = check_duty(folder, data["offices"], orgs, forces)
    accounts = check_accounts(folder, orgs, forces)
    size = check_map(folder)
    if data["code"] == RONGCHENG:
        check_rongcheng(divisions, villages, places, orgs, forces, contacts, accounts)
    if not arguments:
        check_samples()
        check_sources_and_phones()
    for line in errors:
        print(line, file=sys.stderr)
    if errors:
        print(f"{len(errors)} errors", file=sys.stderr)
        return 1
    kinds = Counter(f["kind"] for f in forces)
    print(
        f"{folder.name}: {len(towns)} towns, {villages} villages, {len(places)} places, {len(orgs)} organisations, "
        f"{len(forces)} forces ({', '.join(f'{kinds[k]} {k}' for k in FORCE_KINDS)}), {len(capabilities)} capabilities, "
        f"{len(hazards)} hazards, {slots} slots ({gaps} known gaps), {len(contacts)} contacts, {duty} duty lines, "
        f"{len(accounts)} accounts, map {size // 1000} kB: all good"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
