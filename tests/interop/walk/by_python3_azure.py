"""Carries out a walk's operations with Debian's python3-azure. One operation a line in, one outcome a line out."""
import json
import os
import sys

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials

client = BatchServiceClient(SharedKeyCredentials(os.environ["BATCH_ACCOUNT"], os.environ["BATCH_KEY"]),
                            batch_url=os.environ["BATCH_ENDPOINT"])
client.config.retry_policy.policy.status_forcelist = []  # a 503 is an outcome, too
pools, nodes, account = client.pool, client.compute_node, client.account
etags, node_ids = {}, {}


def options(name, operation):
    """The query and the condition as the client's option type `name` takes them."""
    query, known = operation.get("query", {}), {}
    for key, member in (("$select", "select"), ("$filter", "filter"), ("maxresults", "max_results")):
        if key in query:
            known[member] = query[key]
    if "ifMatch" in operation:
        known["if_match"] = etags.get(operation["pool"].lower(), "0x0") if operation["ifMatch"] == "known" else "0x1"
    return getattr(models, name)(**known)


def body(name, operation):
    return getattr(models, name).deserialize(operation["body"], "application/json")


def node_of(operation):
    ids = node_ids.get(operation["pool"].lower(), [])
    return ids[operation["node"]] if operation["node"] < len(ids) else "tvm-none"


def at(operation):
    return operation["pool"], node_of(operation)


def enable(o, raw):
    formula = body("PoolEnableAutoScaleParameter", o)
    return pools.enable_auto_scale(o["pool"], formula.auto_scale_formula, formula.auto_scale_evaluation_interval,
                                   options("PoolEnableAutoScaleOptions", o), raw=raw)


CALLS = {
    "createPool": lambda o: pools.add(body("PoolAddParameter", o), raw=True),
    "listPools": lambda o: list(pools.list(options("PoolListOptions", o))),
    "getPool": lambda o: pools.get(o["pool"], options("PoolGetOptions", o), raw=True),
    "poolExists": lambda o: pools.exists(o["pool"], raw=True),
    "patchPool": lambda o: pools.patch(o["pool"], body("PoolPatchParameter", o), options("PoolPatchOptions", o), raw=True),
    "deletePool": lambda o: pools.delete(o["pool"], options("PoolDeleteOptions", o), raw=True),
    "resizePool": lambda o: pools.resize(
        o["pool"], body("PoolResizeParameter", o), options("PoolResizeOptions", o), raw=True),
    "stopResize": lambda o: pools.stop_resize(o["pool"], raw=True),
    "enableAutoScale": lambda o: enable(o, True),
    "disableAutoScale": lambda o: pools.disable_auto_scale(o["pool"], raw=True),
    "evaluateAutoScale": lambda o: pools.evaluate_auto_scale(o["pool"], o["body"]["autoScaleFormula"], raw=True),
    "updateProperties": lambda o: pools.update_properties(
        o["pool"], body("PoolUpdatePropertiesParameter", o), raw=True),
    "removeNodes": lambda o: pools.remove_nodes(
        o["pool"], models.NodeRemoveParameter(node_list=[node_of(o)]), options("PoolRemoveNodesOptions", o), raw=True),
    "listNodes": lambda o: list(nodes.list(o["pool"], options("ComputeNodeListOptions", o))),
    "getNode": lambda o: nodes.get(*at(o), raw=True),
    "getRemoteLogin": lambda o: nodes.get_remote_login_settings(*at(o), raw=True),
    "rebootNode": lambda o: nodes.reboot(*at(o), raw=True),
    "reimageNode": lambda o: nodes.reimage(*at(o), raw=True),
    "disableScheduling": lambda o: nodes.disable_scheduling(*at(o), raw=True),
    "enableScheduling": lambda o: nodes.enable_scheduling(*at(o), raw=True),
    "addNodeUser": lambda o: nodes.add_user(*at(o), body("ComputeNodeUser", o), raw=True),
    "replaceNodeUser": lambda o: nodes.update_user(*at(o), o["user"], body("NodeUpdateUserParameter", o), raw=True),
    "deleteNodeUser": lambda o: nodes.delete_user(*at(o), o["user"], raw=True),
    "listNodeCounts": lambda o: list(account.list_pool_node_counts()),
    "listSupportedImages": lambda o: list(account.list_supported_images()),
}


def plain(parsed):
    """What the client parsed, spelled as the service does."""
    if isinstance(parsed, list):
        return [plain(item) for item in parsed]
    return parsed.serialize(keep_readonly=True) if hasattr(parsed, "serialize") else None


def carry_out(operation):
    try:
        answer = CALLS[operation["call"]](operation)
    except models.BatchErrorException as error:
        code = error.error.code if error.error else None
        return {"status": error.response.status_code, "code": code}
    if isinstance(answer, list):
        if operation["call"] == "listNodes":
            node_ids[operation["pool"].lower()] = [node.id for node in answer]
        return {"status": 200, "answer": plain(answer)}
    status = answer.response.status_code
    if status >= 400:
        return {"status": status, "code": None}  # of a HEAD
    if operation["call"] == "getPool" and answer.output.e_tag:
        etags[operation["pool"].lower()] = answer.output.e_tag
    return {"status": status, "answer": plain(answer.output)}


for line in sys.stdin:
    print(json.dumps(carry_out(json.loads(line))), flush=True)
