"""The provisioning guide through the newest azure-batch of PyPI (azure-core, newest api-version).

    azure_batch.py key|token

signs with the account's key, or asks the emulator's issuer for tokens by way of azure-identity.
"""
import logging
import os
import sys
from datetime import datetime, timedelta, timezone

import azure.batch
from azure.batch import BatchClient, models
from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceModifiedError
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.identity import ClientSecretCredential

from emulator import KEY, advance
from expect import expect, expect_failure, only, summary

FORMULA = "$TargetDedicatedNodes = 2; $NodeDeallocationOption = taskcompletion;"
AT_ONCE = dict(polling_interval=0)  # of pollers, in seconds
logging.disable(logging.WARNING)  # errors without a body, as a HEAD gets them
ENDPOINT = os.environ["BATCH_ENDPOINT"]


def with_key(key):
    return BatchClient(ENDPOINT, AzureNamedKeyCredential(os.environ["BATCH_ACCOUNT"], key), retry_total=0)


def with_secret(secret):
    return BatchClient(ENDPOINT, ClientSecretCredential(
        "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", secret,
        authority=ENDPOINT, disable_instance_discovery=True), retry_total=0)


def refused(what, error_type, code, call):
    expect_failure(what, error_type, lambda error: error.error.code, code, call)


def absent(what, pool):
    """This client makes an exception of the 404 that it means to return as False."""
    expect_failure(what, ResourceNotFoundError, lambda error: error.status_code, 404, lambda: client.pool_exists(pool))


def finished(poller):
    """Lets the work end that a poller waits for."""
    advance("30s")
    poller.result(timeout=30)
    expect("poller", poller.status(), "Succeeded")
    return client.get_pool("guide")


def choose_image():
    image = only("images", client.list_supported_images(), lambda row: (
        row.image_reference.publisher, row.image_reference.offer, row.image_reference.sku,
    ) == ("canonical", "ubuntuserver", "18.04-lts"))
    expect("node agent of 18.04-lts", image.node_agent_sku_id, "batch.node.ubuntu 18.04")
    expect("system of 18.04-lts", image.os_type, models.OSType.LINUX)
    expect("verification of 18.04-lts", image.verification_type, models.ImageVerificationType.VERIFIED)
    return models.VirtualMachineConfiguration(
        image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id)


def create(machine):
    ssh = models.BatchInboundNatPool(
        name="ssh", protocol=models.InboundEndpointProtocol.TCP, backend_port=22,
        frontend_port_range_start=1000, frontend_port_range_end=1099)
    client.create_pool(models.BatchPoolCreateOptions(
        id="guide", vm_size="STANDARD_D2S_V3", virtual_machine_configuration=machine,
        target_dedicated_nodes=2, target_low_priority_nodes=1,
        network_configuration=models.NetworkConfiguration(
            endpoint_configuration=models.BatchPoolEndpointConfiguration(inbound_nat_pools=[ssh])),
        metadata=[models.BatchMetadataItem(name="owner", value="interop")],
        user_accounts=[models.UserAccount(name="runner", password="Secret-1!")],
        start_task=models.BatchStartTask(
            command_line="/bin/sh -c 'echo ready'", wait_for_success=True, max_task_retry_count=2,
            resource_files=[models.ResourceFile(http_url="https://example.test/setup.sh", file_path="setup.sh")],
            user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(
                scope=models.AutoUserScope.POOL, elevation_level=models.ElevationLevel.ADMIN)))))
    refused("a second create", ResourceExistsError, "PoolExists", lambda: client.create_pool(
        models.BatchPoolCreateOptions(id="guide", vm_size="standard_d2s_v3", virtual_machine_configuration=machine)))
    pool = client.get_pool("guide")
    expect("state", (pool.state, pool.allocation_state), (models.BatchPoolState.ACTIVE, models.AllocationState.RESIZING))
    expect("size", pool.vm_size, "standard_d2s_v3")
    expect("resize timeout", pool.resize_timeout, timedelta(minutes=15))
    expect("password of the account", pool.user_accounts[0].password, None)
    expect("start task's user", pool.start_task.user_identity.auto_user.elevation_level, models.ElevationLevel.ADMIN)
    expect("age below an hour", datetime.now(timezone.utc) - pool.creation_time < timedelta(hours=1), True)
    advance("30s")


def find():
    pool = client.get_pool("guide")
    expect("nodes", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (2, 1))
    expect("exists", client.pool_exists("guide"), True)
    absent("exists, of another", "other")
    row = only("pools", client.list_pools(filter="state eq 'active'", select=["id", "state"]), lambda row: row.id == "guide")
    expect("members selected", (row.state, row.vm_size), (models.BatchPoolState.ACTIVE, None))
    counts = only("node counts", client.list_pool_node_counts(), lambda row: row.pool_id == "guide")
    expect("idle nodes", (counts.dedicated.idle, counts.low_priority.idle), (2, 1))


def resize_and_stop():
    resize = client.begin_resize_pool("guide", models.BatchPoolResizeOptions(
        target_dedicated_nodes=3, target_low_priority_nodes=0, resize_timeout=timedelta(minutes=10)), **AT_ONCE)
    refused("a resize of a resizing pool", ResourceExistsError, "PoolBeingResized", lambda: client.begin_resize_pool(
        "guide", models.BatchPoolResizeOptions(target_dedicated_nodes=1)))
    pool = finished(resize)
    expect("nodes after the resize", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (3, 0))
    expect("resize timeout", pool.resize_timeout, timedelta(minutes=10))
    resize = client.begin_resize_pool("guide", models.BatchPoolResizeOptions(target_dedicated_nodes=5), **AT_ONCE)
    stop = client.begin_stop_pool_resize("guide", **AT_ONCE)
    expect("allocation state", client.get_pool("guide").allocation_state, models.AllocationState.STOPPING)
    pool = finished(stop)
    resize.result(timeout=30)
    expect("resize error", pool.resize_errors[0].code, "ResizeStopped")
    expect("target and nodes", (pool.target_dedicated_nodes, pool.current_dedicated_nodes), (5, 3))


def autoscale():
    client.enable_pool_auto_scale("guide", models.BatchPoolEnableAutoScaleOptions(
        auto_scale_formula=FORMULA, auto_scale_evaluation_interval=timedelta(minutes=6)))
    advance("30s")
    pool = client.get_pool("guide")
    expect("autoscale", (pool.enable_auto_scale, pool.auto_scale_formula), (True, FORMULA))
    expect("interval", pool.auto_scale_evaluation_interval, timedelta(minutes=6))
    expect("nodes as the formula says", pool.current_dedicated_nodes, 2)
    run = client.evaluate_pool_auto_scale("guide", models.BatchPoolEvaluateAutoScaleOptions(
        auto_scale_formula="$TargetDedicatedNodes = 7;"))
    expect("evaluation", run.results.split(";")[0], "$TargetDedicatedNodes=7")
    client.disable_pool_auto_scale("guide")
    advance("30s")
    expect("autoscale", client.get_pool("guide").enable_auto_scale, False)


def update():
    before = client.get_pool("guide")
    patch = models.BatchPoolUpdateOptions(metadata=[models.BatchMetadataItem(name="stage", value="two")])
    client.update_pool("guide", patch, etag=before.etag, match_condition=MatchConditions.IfNotModified)
    pool = client.get_pool("guide")
    expect("metadata", [(item.name, item.value) for item in pool.metadata], [("stage", "two")])
    expect("start task, not patched", pool.start_task.max_task_retry_count, 2)
    refused("a patch with the old etag", ResourceModifiedError, "ConditionNotMet", lambda: client.update_pool(
        "guide", patch, etag=before.etag, match_condition=MatchConditions.IfNotModified))
    client.replace_pool_properties("guide", models.BatchPoolReplaceOptions(
        start_task=models.BatchStartTask(command_line="/bin/true"), application_package_references=[], metadata=[]))
    pool = client.get_pool("guide")
    expect("start task, replaced", (pool.start_task.command_line, pool.start_task.resource_files), ("/bin/true", None))
    expect("metadata, cleared", pool.metadata, None)


def update_empty(machine):
    """An empty pool takes any member."""
    wide = models.BatchPoolUpdateOptions(
        display_name="two", vm_size="Standard_D4s_v3", task_slots_per_node=4, enable_inter_node_communication=True,
        task_scheduling_policy=models.BatchTaskSchedulingPolicy(node_fill_type=models.BatchNodeFillType.PACK),
        virtual_machine_configuration=machine)
    expect_failure("the wide patch of a pool with nodes", ResourceExistsError, lambda error: error.status_code, 409,
                   lambda: client.update_pool("guide", wide))
    client.create_pool(models.BatchPoolCreateOptions(
        id="empty", vm_size="standard_d2s_v3", virtual_machine_configuration=machine))
    advance("30s")
    client.update_pool("empty", wide)
    pool = client.get_pool("empty")
    expect("size and slots", (pool.vm_size, pool.task_slots_per_node), ("standard_d4s_v3", 4))
    expect("fill type, as the service spells it", pool.task_scheduling_policy.node_fill_type, "Pack")
    expect("name", pool.display_name, "two")


def users(node):
    client.create_node_user("guide", node, models.BatchNodeUserCreateOptions(
        name="anna", password="Secret-1!", is_admin=True, expiry_time=datetime.now(timezone.utc) + timedelta(days=1)))
    client.create_node_user("guide", node, models.BatchNodeUserCreateOptions(
        name="ben", ssh_public_key="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 ben"))
    refused("a user twice", ResourceExistsError, "NodeUserExists", lambda: client.create_node_user(
        "guide", node, models.BatchNodeUserCreateOptions(name="anna", password="Secret-1!")))
    client.replace_node_user("guide", node, "anna", models.BatchNodeUserReplaceOptions(password="Secret-2!"))
    client.delete_node_user("guide", node, "ben")
    refused("a user who is gone", ResourceNotFoundError, "NodeUserNotFound",
            lambda: client.delete_node_user("guide", node, "ben"))
    login = client.get_node_remote_login_settings("guide", node)
    expect("login address and port", (bool(login.remote_login_ip_address), login.remote_login_port > 0), (True, True))


def nodes():
    found = list(client.list_nodes("guide"))
    expect("states of nodes", [node.state for node in found], [models.BatchNodeState.IDLE] * 2)
    first = client.get_node("guide", found[0].id)
    expect("start task of a node", first.start_task_info.result, models.BatchTaskExecutionResult.SUCCESS)
    users(first.id)
    # 15.1.0 exports no type for these options, and sends nothing without them.
    reboot = client.begin_reboot_node("guide", first.id, {"nodeRebootOption": "terminate"}, **AT_ONCE)
    expect("rebooting", client.get_node("guide", first.id).state, models.BatchNodeState.REBOOTING)
    finished(reboot)
    expect("rebooted", client.get_node("guide", first.id).state, models.BatchNodeState.IDLE)
    pool = finished(client.begin_remove_nodes("guide", models.BatchNodeRemoveOptions(node_ids=[first.id]), **AT_ONCE))
    expect("nodes after one was removed", (pool.current_dedicated_nodes, pool.target_dedicated_nodes), (1, 1))
    refused("the removed node", ResourceNotFoundError, "NodeNotFound", lambda: client.get_node("guide", first.id))


def delete():
    deletion = client.begin_delete_pool("guide", **AT_ONCE)
    expect("state", client.get_pool("guide").state, models.BatchPoolState.DELETING)
    advance("30s")
    deletion.result(timeout=30)
    refused("the deleted pool", ResourceNotFoundError, "PoolNotFound", lambda: client.get_pool("guide"))
    absent("exists", "guide")


expect("version", azure.batch.__version__, "15.1.0")
if sys.argv[1:] == ["key"]:
    client = with_key(os.environ["BATCH_KEY"])
    wrong_key = KEY[::-1].strip("=") + "=="
    refused("a wrong key", HttpResponseError, "AuthenticationFailed", lambda: list(with_key(wrong_key).list_pools()))
else:
    client = with_secret("public-secret-for-tests-only")
    expect_failure("a wrong secret", ClientAuthenticationError, lambda error: "AADSTS7000215" in str(error), True,
                   lambda: list(with_secret("wrong").list_pools()))
machine = choose_image()
create(machine)
find()
resize_and_stop()
autoscale()
update()
update_empty(machine)
nodes()
delete()
print(summary())
