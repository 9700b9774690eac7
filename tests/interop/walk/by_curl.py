"""Carries out a walk's operations with curl, signed here. One operation a line in, one outcome a line out."""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from email.utils import formatdate
from urllib.parse import quote, unquote, urlsplit

VERSION = "2022-10-01.16.0"
POOL, NODE = "/pools/{pool}", "/pools/{pool}/nodes/{node}"
ROUTES = {
    "createPool": ("POST", "/pools"), "listPools": ("GET", "/pools"), "getPool": ("GET", POOL),
    "poolExists": ("HEAD", POOL), "patchPool": ("PATCH", POOL), "deletePool": ("DELETE", POOL),
    "resizePool": ("POST", POOL + "/resize"), "stopResize": ("POST", POOL + "/stopresize"),
    "enableAutoScale": ("POST", POOL + "/enableautoscale"), "disableAutoScale": ("POST", POOL + "/disableautoscale"),
    "evaluateAutoScale": ("POST", POOL + "/evaluateautoscale"), "updateProperties": ("POST", POOL + "/updateproperties"),
    "removeNodes": ("POST", POOL + "/removenodes"), "listNodes": ("GET", POOL + "/nodes"), "getNode": ("GET", NODE),
    "getRemoteLogin": ("GET", NODE + "/remoteloginsettings"), "rebootNode": ("POST", NODE + "/reboot"),
    "reimageNode": ("POST", NODE + "/reimage"), "disableScheduling": ("POST", NODE + "/disablescheduling"),
    "enableScheduling": ("POST", NODE + "/enablescheduling"), "addNodeUser": ("POST", NODE + "/users"),
    "replaceNodeUser": ("PUT", NODE + "/users/{user}"), "deleteNodeUser": ("DELETE", NODE + "/users/{user}"),
    "listNodeCounts": ("GET", "/nodecounts"), "listSupportedImages": ("GET", "/supportedimages"),
}
ENDPOINT, ACCOUNT, KEY = (os.environ["BATCH_" + name] for name in ("ENDPOINT", "ACCOUNT", "KEY"))
SIGNED = ["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
          "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"]


def signature(method, path, query, headers):
    lines = [method, *(headers.get(name, "") for name in SIGNED)]
    lines += [f"ocp-date:{headers['ocp-date']}", f"/{ACCOUNT}{path}"]
    lines += [f"{name.lower()}:{value}" for name, value in sorted(query.items())]
    digest = hmac.new(base64.b64decode(KEY), "\n".join(lines).encode(), hashlib.sha256).digest()
    return f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"


def exchange(method, path, query, headers, body):
    """The status and the parsed body."""
    headers = dict(headers, **{"ocp-date": formatdate(usegmt=True)})
    if method in ("POST", "PATCH", "PUT"):
        headers["content-length"] = str(len(body or b""))
    if body is not None:
        headers["content-type"] = "application/json; odata=minimalmetadata"
    headers["authorization"] = signature(method, path, query, headers)
    target = ENDPOINT + path + "?" + "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
    command = ["curl", "-sS", "--max-time", "30", "-w", "\n%{http_code}", "-H", "content-type:", target]
    command += ["--head", "-o", "/dev/null"] if method == "HEAD" else ["-X", method]
    if method in ("POST", "PATCH", "PUT"):
        command += ["--data-binary", "@-"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    output = subprocess.run(command, input=body or b"", capture_output=True, check=True).stdout
    text, _, status = output.rpartition(b"\n")
    return int(status), json.loads(text) if text else None


class Client:
    def __init__(self):
        self._etags, self._nodes = {}, {}

    def carry_out(self, operation):
        call, pool = operation["call"], operation.get("pool", "")
        method, route = ROUTES[call]
        nodes = self._nodes.get(pool.lower(), [])
        node = nodes[operation["node"]] if operation.get("node", 99) < len(nodes) else "tvm-none"
        path = route.format(pool=pool, node=node, user=operation.get("user"))
        body = {"nodeList": [node]} if call == "removeNodes" else operation.get("body")
        headers = {}
        if "ifMatch" in operation:
            headers["if-match"] = self._etags.get(pool.lower(), "0x0") if operation["ifMatch"] == "known" else "0x1"
        query = dict(operation.get("query", {}), **{"api-version": VERSION})
        status, answer = exchange(method, path, query, headers, None if body is None else json.dumps(body).encode())
        if status >= 400:
            return {"status": status, "code": answer and answer["code"]}
        return {"status": status, "answer": self._remember(call, pool.lower(), self._all_pages(answer))}

    def _all_pages(self, answer):
        rows = answer and answer.get("value")
        if not isinstance(rows, list):
            return answer
        link = answer.get("odata.nextLink")
        while link:
            parts = urlsplit(link)
            query = dict(item.split("=", 1) for item in parts.query.split("&"))
            query = {name.replace("%24", "$"): unquote(value) for name, value in query.items()}
            page = exchange("GET", parts.path, query, {}, None)[1]
            rows, link = rows + page["value"], page.get("odata.nextLink")
        return rows

    def _remember(self, call, pool, answer):
        if call == "getPool" and "eTag" in answer:
            self._etags[pool] = answer["eTag"]
        if call == "listNodes":
            self._nodes[pool] = [node["id"] for node in answer]
        return answer


client = Client()
for line in sys.stdin:
    print(json.dumps(client.carry_out(json.loads(line))), flush=True)
