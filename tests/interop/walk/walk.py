"""The same random walk through three clients, each with an emulator of its own: outcomes and states have to agree.

    walk.py BATCH-EMULATOR [SEED [OPERATIONS]]

After each operation the status, the code of an error and what was parsed of an answer are compared, after every
25th and at the end the state of the account, with all its times. NODE_PATH says where @azure/batch is.
"""
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
from emulator import Emulator, admin
from operations import Walk

CLIENTS = {"python3-azure": [sys.executable, "by_python3_azure.py"], "npm": ["node", "by_npm.js"],
           "curl": [sys.executable, "by_curl.py"]}
# Made anew in each emulator, or added to what was parsed by one client only.
APART = re.compile(r"(eTag|url|odata\..*|.*Time|lastModified|timestamp|.*EndOfLife|clientRequestId|requestId|dataServiceId)$")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def comparable(value):
    if isinstance(value, dict):
        kept = {name: comparable(item) for name, item in value.items() if item is not None and not APART.match(name)}
        if "nodeFillType" in kept:
            kept["nodeFillType"] = kept["nodeFillType"].lower()  # msrest spells enumerations its own way
        return kept
    return [comparable(item) for item in value] if isinstance(value, list) else value


def nanoseconds(stamp):
    """Since 2000; a stamp may have nine digits, or seven with the rest cut off."""
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    return int((datetime.fromisoformat(whole) - datetime(2000, 1, 1)).total_seconds()) * 10**9 + int(fraction.ljust(9, "0"))


class Player:
    """One client, and its emulator."""

    def __init__(self, emulator, command):
        self.endpoint = emulator.endpoint
        self._begun = nanoseconds(admin(self.endpoint, "clock")["now"])
        self._process = subprocess.Popen(command, cwd=here, env=emulator.environment(), text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, operation):
        if "advance" in operation:
            admin(self.endpoint, "clock", operation)
        else:
            self._process.stdin.write(json.dumps(operation) + "\n")
            self._process.stdin.flush()

    def outcome(self):
        return comparable(json.loads(self._process.stdout.readline() or '{"status": "the client ended"}'))

    def state(self):
        """With times in microseconds from the start; without etags, which are made of them, and request ids to come."""
        text = json.dumps(admin(self.endpoint, "state")["state"]["accounts"], sort_keys=True).replace(self.endpoint, "")
        text = STAMP.sub(lambda found: str((nanoseconds(found[0]) - self._begun) // 1000), text)
        return re.sub(r'"(etag|answerRandom)": ("[^"]*"|-?\d+)', r'"\1": ""', text, flags=re.IGNORECASE)

    def end(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)


def agree(what, found):
    """`found`: what each client has."""
    if all(value == found["curl"] for value in found.values()):
        return
    lines = [f"  {name}: {json.dumps(value, sort_keys=True)}" for name, value in found.items()]
    raise SystemExit("\n".join([f"{what}: expected the same of all clients, found", *lines]))


def play(players, seed, operations):
    walk, statuses, succeeded = Walk(seed), Counter(), Counter()
    for place in range(operations):
        operation = walk.next()
        for player in players.values():
            player.send(operation)
        what = f"seed {seed}, operation {place}, {json.dumps(operation)}"
        if "advance" not in operation:
            outcomes = {name: player.outcome() for name, player in players.items()}
            agree(what, outcomes)
            status = outcomes["curl"]["status"]
            statuses[status] += 1
            succeeded[operation["call"]] += status < 300
        if place % 25 == 24 or place == operations - 1:
            agree(f"the state after {what}", {name: player.state() for name, player in players.items()})
    never = [call for call, count in succeeded.items() if count == 0]
    if operations >= 2000 and never:
        raise SystemExit(f"seed {seed}: expected each call to succeed sometimes, found none of {', '.join(never)}")
    return statuses


def main(program, seed=1, operations=2000):
    emulators = {name: Emulator(program) for name in CLIENTS}
    try:
        players = {name: Player(emulators[name], command) for name, command in CLIENTS.items()}
        statuses = play(players, int(seed), int(operations))
        for player in players.values():
            player.end()
    finally:
        for emulator in emulators.values():
            emulator.end()
    print(f"{operations} operations agree:", ", ".join(f"{n} x {status}" for status, n in sorted(statuses.items())))


main(*sys.argv[1:])
