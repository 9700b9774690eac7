"""The provisioning guide through `az batch` of Debian's azure-cli.

Nobody logs in: with a name, a key and an endpoint `az batch` asks no other service.
"""
import json
import os
import subprocess
import tempfile

from emulator import KEY, advance
from expect import expect, expect_failure, only, summary

FORMULA = "$TargetDedicatedNodes = 2; $NodeDeallocationOption = taskcompletion;"
folder = tempfile.TemporaryDirectory(prefix="interop-az-")
environment = dict(
    os.environ, AZURE_CONFIG_DIR=folder.name, AZURE_CORE_COLLECT_TELEMETRY="no", AZURE_CORE_ONLY_SHOW_ERRORS="yes",
    AZURE_BATCH_ENDPOINT=os.environ["BATCH_ENDPOINT"], AZURE_BATCH_ACCOUNT=os.environ["BATCH_ACCOUNT"],
    AZURE_BATCH_ACCESS_KEY=os.environ["BATCH_KEY"])


class Refused(Exception):
    """What az says when it does not exit with 0."""


def az(command, *arguments, **variables):
    """`az batch COMMAND ARGUMENTS`, its output parsed."""
    result = subprocess.run(["az", "batch", *command.split(), *arguments, "--output", "json"], text=True,
                            capture_output=True, stdin=subprocess.DEVNULL, env=dict(environment, **variables))
    if result.returncode != 0:
        raise Refused(result.stderr)
    return json.loads(result.stdout) if result.stdout else None


def refused(what, message, call):
    """az shows the message of an error, not its code."""
    expect_failure(what, Refused, lambda error: str(error).splitlines()[0], "ERROR: " + message, call)


def show():
    return az("pool show --pool-id guide")


def steady():
    advance("30s")
    pool = show()
    expect("allocation state", pool["allocationState"], "steady")
    return pool


def choose_image():
    image = only("images", az("pool supported-images list"), lambda row: [
        row["imageReference"][name] for name in ("publisher", "offer", "sku")] == ["canonical", "ubuntuserver", "18.04-lts"])
    expect("node agent of 18.04-lts", image["nodeAgentSkuId"], "batch.node.ubuntu 18.04")
    expect("system and verification", (image["osType"], image["verificationType"]), ("linux", "verified"))
    return image


def create(image):
    """With a file: az has no options for NAT pools, without which nobody can log in to nodes."""
    path = os.path.join(folder.name, "pool.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({
            "id": "guide", "vmSize": "STANDARD_D2S_V3", "targetDedicatedNodes": 2, "targetLowPriorityNodes": 1,
            "virtualMachineConfiguration": {
                "nodeAgentSKUId": image["nodeAgentSkuId"],
                "imageReference": {name: image["imageReference"][name] for name in ("publisher", "offer", "sku")}},
            "networkConfiguration": {"endpointConfiguration": {"inboundNATPools": [{
                "name": "ssh", "protocol": "tcp", "backendPort": 22,
                "frontendPortRangeStart": 1000, "frontendPortRangeEnd": 1099}]}},
            "metadata": [{"name": "owner", "value": "interop"}],
            "startTask": {"commandLine": "/bin/sh -c 'echo ready'", "maxTaskRetryCount": 2, "waitForSuccess": True}}, file)
    az("pool create --json-file", path)
    refused("a second create", "The specified pool already exists.", lambda: az("pool create --json-file", path))
    pool = show()
    expect("state", (pool["state"], pool["allocationState"]), ("active", "resizing"))
    expect("size", pool["vmSize"], "standard_d2s_v3")
    expect("start task", pool["startTask"]["maxTaskRetryCount"], 2)


def create_by_options():
    az("pool create --id plain --vm-size standard_d2s_v3 --image canonical:ubuntuserver:18.04-lts "
       "--target-dedicated-nodes 1 --start-task-command-line true --metadata owner=interop",
       "--node-agent-sku-id", "batch.node.ubuntu 18.04")
    pool = az("pool show --pool-id plain")
    expect("start task by options", pool["startTask"]["commandLine"], "true")
    expect("metadata by options", pool["metadata"], [{"name": "owner", "value": "interop"}])


def find():
    pool = steady()
    expect("nodes", (pool["currentDedicatedNodes"], pool["currentLowPriorityNodes"]), (2, 1))
    rows = az("pool list --select id,state --filter", "startswith(id,'gui')")
    expect("members selected", [(row["id"], row["state"], row["vmSize"]) for row in rows], [("guide", "active", None)])
    counts = only("node counts", az("pool node-counts list"), lambda row: row["poolId"] == "guide")
    expect("idle nodes", (counts["dedicated"]["idle"], counts["lowPriority"]["idle"]), (2, 1))


def resize_and_stop():
    az("pool resize --pool-id guide --target-dedicated-nodes 3 --target-low-priority-nodes 0 --resize-timeout PT10M")
    refused("a resize of a resizing pool", "The specified pool has an ongoing resize operation.",
            lambda: az("pool resize --pool-id guide --target-dedicated-nodes 1"))
    pool = steady()
    expect("nodes after the resize", (pool["currentDedicatedNodes"], pool["currentLowPriorityNodes"]), (3, 0))
    expect("resize timeout", pool["resizeTimeout"], "0:10:00")
    az("pool resize --pool-id guide --target-dedicated-nodes 5")
    az("pool resize --pool-id guide --abort")
    expect("allocation state", show()["allocationState"], "stopping")
    pool = steady()
    expect("resize error", pool["resizeErrors"][0]["code"], "ResizeStopped")
    expect("target and nodes", (pool["targetDedicatedNodes"], pool["currentDedicatedNodes"]), (5, 3))


def autoscale():
    """Not with `pool create --auto-scale-formula`: az sends the formula without enableAutoScale, a 400 by the reference."""
    az("pool autoscale enable --pool-id guide --auto-scale-evaluation-interval PT6M --auto-scale-formula", FORMULA)
    pool = steady()
    expect("autoscale", (pool["enableAutoScale"], pool["autoScaleFormula"]), (True, FORMULA))
    expect("nodes as the formula says", pool["currentDedicatedNodes"], 2)
    run = az("pool autoscale evaluate --pool-id guide --auto-scale-formula", "$TargetDedicatedNodes = 7;")
    expect("evaluation", run["results"].split(";")[0], "$TargetDedicatedNodes=7")
    az("pool autoscale disable --pool-id guide")
    expect("autoscale", steady()["enableAutoScale"], False)


def update():
    before = show()
    az("pool set --pool-id guide --metadata stage=two")
    pool = show()
    expect("metadata", pool["metadata"], [{"name": "stage", "value": "two"}])
    expect("start task, not patched", pool["startTask"]["maxTaskRetryCount"], 2)
    refused("a patch with the old etag", "The condition specified in the conditional header(s) was not met.",
            lambda: az("pool set --pool-id guide --metadata stage=three --if-match", before["eTag"]))
    az("pool reset --pool-id guide --start-task-command-line /bin/true --metadata stage=four")
    pool = show()
    expect("start task, replaced", (pool["startTask"]["commandLine"], pool["startTask"]["maxTaskRetryCount"]), ("/bin/true", 0))
    expect("metadata, replaced", pool["metadata"], [{"name": "stage", "value": "four"}])


def users(at_node):
    az("node user create --name anna --password Secret-1! --is-admin", *at_node)
    az("node user create --name ben --ssh-public-key", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 ben", *at_node)
    refused("a user twice", "The specified node user already exists.", lambda: az("node user create --name anna --password Secret-1!", *at_node))
    az("node user reset --user-name anna --password Secret-2!", *at_node)
    az("node user delete --user-name ben --yes", *at_node)
    login = az("node remote-login-settings show", *at_node)
    expect("login address and port", (bool(login["remoteLoginIpAddress"]), login["remoteLoginPort"] > 0), (True, True))


def nodes():
    found = az("node list --pool-id guide")
    expect("states of nodes", [node["state"] for node in found], ["idle"] * 2)
    at_node = ["--pool-id", "guide", "--node-id", found[0]["id"]]
    expect("start task of a node", az("node show", *at_node)["startTaskInfo"]["result"], "success")
    users(at_node)
    az("node reboot --node-reboot-option terminate", *at_node)
    expect("rebooting", az("node show", *at_node)["state"], "rebooting")
    advance("30s")
    expect("rebooted", az("node show", *at_node)["state"], "idle")
    az("node delete --pool-id guide --node-list", found[0]["id"])
    expect("nodes after one was removed", steady()["currentDedicatedNodes"], 1)
    refused("the removed node", "The specified node does not exist.", lambda: az("node show", *at_node))


def delete():
    az("pool delete --pool-id guide --yes")
    expect("state", show()["state"], "deleting")
    advance("30s")
    refused("the deleted pool", "The specified pool does not exist.", show)


refused("a wrong key", "Server failed to authenticate the request. Make sure the value of Authorization header is formed "
        "correctly including the signature.", lambda: az(
            "pool list", AZURE_BATCH_ACCESS_KEY=KEY[::-1].strip("=") + "=="))
create(choose_image())
create_by_options()
find()
resize_and_stop()
autoscale()
update()
nodes()
delete()
print(summary())
