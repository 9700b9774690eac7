"""The provisioning guide through azure-batch 13.0.1 of Debian's python3-azure (msrest, api-version 2022-10-01.16.0)."""
import os
from datetime import datetime, timedelta, timezone

import azure.batch
from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials

from emulator import KEY, advance
from expect import expect, expect_failure, only, summary

FORMULA = "$TargetDedicatedNodes = 2; $NodeDeallocationOption = taskcompletion;"


def connect(key):
    credentials = SharedKeyCredentials(os.environ["BATCH_ACCOUNT"], key)
    return BatchServiceClient(credentials, batch_url=os.environ["BATCH_ENDPOINT"])


client = connect(os.environ["BATCH_KEY"])


def refused(what, code, call):
    expect_failure(what, models.BatchErrorException, lambda error: error.error.code, code, call)


def reach(state):
    """Lets the pool's work end."""
    advance("30s")
    pool = client.pool.get("guide")
    expect("allocation state", pool.allocation_state, state)
    return pool


def choose_image():
    image = only("images", client.account.list_supported_images(), lambda row: (
        row.image_reference.publisher, row.image_reference.offer, row.image_reference.sku,
    ) == ("canonical", "ubuntuserver", "18.04-lts"))
    expect("node agent of 18.04-lts", image.node_agent_sku_id, "batch.node.ubuntu 18.04")
    expect("system of 18.04-lts", image.os_type, models.OSType.linux)
    expect("verification of 18.04-lts", image.verification_type, models.VerificationType.verified)
    return image


def create(image):
    client.pool.add(models.PoolAddParameter(
        id="guide", vm_size="STANDARD_D2S_V3", display_name="the guide's",
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id),
        target_dedicated_nodes=2, target_low_priority_nodes=1,
        network_configuration=models.NetworkConfiguration(endpoint_configuration=models.PoolEndpointConfiguration(
            inbound_nat_pools=[models.InboundNATPool(name="ssh", protocol=models.InboundEndpointProtocol.tcp,
                               backend_port=22, frontend_port_range_start=1000, frontend_port_range_end=1099)])),
        metadata=[models.MetadataItem(name="owner", value="interop")],
        user_accounts=[models.UserAccount(name="runner", password="Secret-1!")],
        start_task=models.StartTask(
            command_line="/bin/sh -c 'echo ready'", wait_for_success=True, max_task_retry_count=2,
            environment_settings=[models.EnvironmentSetting(name="LEVEL", value="3")],
            resource_files=[models.ResourceFile(http_url="https://example.test/setup.sh", file_path="setup.sh")],
            user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(
                scope=models.AutoUserScope.pool, elevation_level=models.ElevationLevel.admin)))))
    refused("a second create", "PoolExists", lambda: client.pool.add(models.PoolAddParameter(
        id="guide", vm_size="standard_d2s_v3",
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id))))
    pool = client.pool.get("guide")
    expect("state", pool.state, models.PoolState.active)
    expect("allocation state", pool.allocation_state, models.AllocationState.resizing)
    expect("size", pool.vm_size, "standard_d2s_v3")
    expect("resize timeout", pool.resize_timeout, timedelta(minutes=15))
    expect("password of the account", pool.user_accounts[0].password, None)
    expect("start task's user", pool.start_task.user_identity.auto_user.elevation_level, models.ElevationLevel.admin)
    expect("start task's file", pool.start_task.resource_files[0].file_path, "setup.sh")
    expect("age below an hour", datetime.now(timezone.utc) - pool.creation_time < timedelta(hours=1), True)


def find():
    pool = reach(models.AllocationState.steady)
    expect("dedicated nodes", pool.current_dedicated_nodes, 2)
    expect("spot nodes", pool.current_low_priority_nodes, 1)
    expect("exists", client.pool.exists("guide"), True)
    expect("exists, of another", client.pool.exists("other"), False)
    options = models.PoolListOptions(filter="state eq 'active'", select="id,state")
    row = only("pools", client.pool.list(options), lambda row: row.id == "guide")
    expect("members selected", (row.state, row.vm_size), (models.PoolState.active, None))
    counts = only("node counts", client.account.list_pool_node_counts(), lambda row: row.pool_id == "guide")
    expect("idle nodes", (counts.dedicated.idle, counts.low_priority.idle), (2, 1))


def resize_and_stop():
    client.pool.resize("guide", models.PoolResizeParameter(
        target_dedicated_nodes=3, target_low_priority_nodes=0, resize_timeout=timedelta(minutes=10),
        node_deallocation_option=models.ComputeNodeDeallocationOption.requeue))
    refused("a resize of a resizing pool", "PoolBeingResized", lambda: client.pool.resize(
        "guide", models.PoolResizeParameter(target_dedicated_nodes=1)))
    pool = reach(models.AllocationState.steady)
    expect("nodes after the resize", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (3, 0))
    expect("resize timeout", pool.resize_timeout, timedelta(minutes=10))
    client.pool.resize("guide", models.PoolResizeParameter(target_dedicated_nodes=5, target_low_priority_nodes=0))
    client.pool.stop_resize("guide")
    expect("allocation state", client.pool.get("guide").allocation_state, models.AllocationState.stopping)
    pool = reach(models.AllocationState.steady)
    expect("resize error", pool.resize_errors[0].code, "ResizeStopped")
    expect("target and nodes", (pool.target_dedicated_nodes, pool.current_dedicated_nodes), (5, 3))


def autoscale():
    client.pool.enable_auto_scale("guide", auto_scale_formula=FORMULA, auto_scale_evaluation_interval=timedelta(minutes=6))
    pool = client.pool.get("guide")
    expect("autoscale", (pool.enable_auto_scale, pool.auto_scale_formula), (True, FORMULA))
    expect("interval", pool.auto_scale_evaluation_interval, timedelta(minutes=6))
    expect("nodes as the formula says", reach(models.AllocationState.steady).current_dedicated_nodes, 2)
    run = client.pool.evaluate_auto_scale("guide", "$TargetDedicatedNodes = 7;")
    expect("evaluation", run.results.split(";")[0], "$TargetDedicatedNodes=7")
    run = client.pool.evaluate_auto_scale("guide", "$TargetDedicatedNodes = nothing;")
    expect("evaluation's error", run.error.code, "AutoScalingFormulaEvaluationError")
    client.pool.disable_auto_scale("guide")
    expect("autoscale", reach(models.AllocationState.steady).enable_auto_scale, False)


def update():
    before = client.pool.get("guide")
    client.pool.patch("guide", models.PoolPatchParameter(metadata=[models.MetadataItem(name="stage", value="two")]))
    pool = client.pool.get("guide")
    expect("metadata", [(item.name, item.value) for item in pool.metadata], [("stage", "two")])
    expect("start task, not patched", pool.start_task.max_task_retry_count, 2)
    expect("another etag", pool.e_tag != before.e_tag, True)
    refused("a patch with the old etag", "ConditionNotMet", lambda: client.pool.patch(
        "guide", models.PoolPatchParameter(metadata=[]), models.PoolPatchOptions(if_match=before.e_tag)))
    client.pool.update_properties("guide", models.PoolUpdatePropertiesParameter(
        start_task=models.StartTask(command_line="/bin/true"),
        certificate_references=[], application_package_references=[], metadata=[]))
    pool = client.pool.get("guide")
    expect("start task, replaced", (pool.start_task.command_line, pool.start_task.resource_files), ("/bin/true", None))
    expect("metadata, cleared", pool.metadata, None)


def users(node):
    client.compute_node.add_user("guide", node, models.ComputeNodeUser(
        name="anna", password="Secret-1!", is_admin=True, expiry_time=datetime.now(timezone.utc) + timedelta(days=1)))
    client.compute_node.add_user("guide", node, models.ComputeNodeUser(name="ben", ssh_public_key="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 ben"))
    refused("a user twice", "NodeUserExists", lambda: client.compute_node.add_user(
        "guide", node, models.ComputeNodeUser(name="anna", password="Secret-1!")))
    client.compute_node.update_user("guide", node, "anna", models.NodeUpdateUserParameter(password="Secret-2!"))
    client.compute_node.delete_user("guide", node, "ben")
    refused("a user who is gone", "NodeUserNotFound", lambda: client.compute_node.delete_user("guide", node, "ben"))
    login = client.compute_node.get_remote_login_settings("guide", node)
    expect("login address and port", (bool(login.remote_login_ip_address), login.remote_login_port > 0), (True, True))


def nodes():
    found = list(client.compute_node.list("guide"))
    expect("states of nodes", [node.state for node in found], [models.ComputeNodeState.idle] * 2)
    first = client.compute_node.get("guide", found[0].id)
    expect("start task of a node", first.start_task_info.result, models.TaskExecutionResult.success)
    users(first.id)
    client.compute_node.reboot("guide", first.id, node_reboot_option=models.ComputeNodeRebootOption.terminate)
    expect("rebooting", client.compute_node.get("guide", first.id).state, models.ComputeNodeState.rebooting)
    advance("30s")
    expect("rebooted", client.compute_node.get("guide", first.id).state, models.ComputeNodeState.idle)
    client.pool.remove_nodes("guide", models.NodeRemoveParameter(node_list=[first.id]))
    pool = reach(models.AllocationState.steady)
    expect("nodes after one was removed", (pool.current_dedicated_nodes, pool.target_dedicated_nodes), (1, 1))
    refused("the removed node", "NodeNotFound", lambda: client.compute_node.get("guide", first.id))


def delete():
    client.pool.delete("guide")
    expect("state", client.pool.get("guide").state, models.PoolState.deleting)
    advance("30s")
    refused("the deleted pool", "PoolNotFound", lambda: client.pool.get("guide"))
    expect("exists", client.pool.exists("guide"), False)


expect("version", azure.batch.__version__, "13.0.1")
refused("a wrong key", "AuthenticationFailed", lambda: list(connect(KEY[::-1].strip("=") + "==").pool.list()))
create(choose_image())
find()
resize_and_stop()
autoscale()
update()
nodes()
delete()
print(summary())
