// The provisioning guide through @azure/batch of npm (api-version 2022-10-01.16.0).
"use strict";
const { BatchServiceClient, BatchSharedKeyCredentials } = require("@azure/batch");
const { advance, expect, expectFailure, only, summary } = require("./expect.js");

const FORMULA = "$TargetDedicatedNodes = 2; $NodeDeallocationOption = taskcompletion;";
const { BATCH_ENDPOINT, BATCH_ACCOUNT, BATCH_KEY } = process.env;

const connect = (key) =>
  new BatchServiceClient(new BatchSharedKeyCredentials(BATCH_ACCOUNT, key), BATCH_ENDPOINT, { noRetryPolicy: true });
const client = connect(BATCH_KEY);

const refused = (what, code, call) => expectFailure(what, (error) => error.code, code, call);

async function steady() {
  await advance("30s");
  const pool = await client.pool.get("guide");
  expect("allocation state", pool.allocationState, "steady");
  return pool;
}

async function chooseImage() {
  const image = only("images", await client.account.listSupportedImages(), ({ imageReference: it }) =>
    it.publisher === "canonical" && it.offer === "ubuntuserver" && it.sku === "18.04-lts");
  expect("node agent of 18.04-lts", image.nodeAgentSKUId, "batch.node.ubuntu 18.04");
  expect("system and verification", [image.osType, image.verificationType], ["linux", "verified"]);
  return { imageReference: image.imageReference, nodeAgentSKUId: image.nodeAgentSKUId };
}

async function create(machine) {
  await client.pool.add({
    id: "guide", vmSize: "STANDARD_D2S_V3", virtualMachineConfiguration: machine,
    targetDedicatedNodes: 2, targetLowPriorityNodes: 1,
    networkConfiguration: { endpointConfiguration: { inboundNATPools: [{
      name: "ssh", protocol: "tcp", backendPort: 22, frontendPortRangeStart: 1000, frontendPortRangeEnd: 1099,
    }] } },
    metadata: [{ name: "owner", value: "interop" }],
    userAccounts: [{ name: "runner", password: "Secret-1!" }],
    startTask: {
      commandLine: "/bin/sh -c 'echo ready'", waitForSuccess: true, maxTaskRetryCount: 2,
      resourceFiles: [{ httpUrl: "https://example.test/setup.sh", filePath: "setup.sh" }],
      userIdentity: { autoUser: { scope: "pool", elevationLevel: "admin" } },
    },
  });
  await refused("a second create", "PoolExists", () =>
    client.pool.add({ id: "guide", vmSize: "standard_d2s_v3", virtualMachineConfiguration: machine }));
  const pool = await client.pool.get("guide");
  expect("state", [pool.state, pool.allocationState], ["active", "resizing"]);
  expect("size", pool.vmSize, "standard_d2s_v3");
  expect("resize timeout", pool.resizeTimeout, "PT15M");
  expect("password of the account", pool.userAccounts[0].password, undefined);
  expect("start task's user", pool.startTask.userIdentity.autoUser.elevationLevel, "admin");
  expect("age below an hour", Date.now() - pool.creationTime.getTime() < 3600e3, true);
}

async function find() {
  const pool = await steady();
  expect("nodes", [pool.currentDedicatedNodes, pool.currentLowPriorityNodes], [2, 1]);
  expect("exists", (await client.pool.exists("guide")).body, true);
  expect("exists, of another", (await client.pool.exists("other")).body, false);
  const rows = await client.pool.list({ poolListOptions: { filter: "state eq 'active'", select: "id,state" } });
  const row = only("pools", rows, ({ id }) => id === "guide");
  expect("members selected", [row.state, row.vmSize], ["active", undefined]);
  const counts = only("node counts", await client.account.listPoolNodeCounts(), ({ poolId }) => poolId === "guide");
  expect("idle nodes", [counts.dedicated.idle, counts.lowPriority.idle], [2, 1]);
}

async function resizeAndStop() {
  await client.pool.resize("guide", { targetDedicatedNodes: 3, targetLowPriorityNodes: 0, resizeTimeout: "PT10M" });
  await refused("a resize of a resizing pool", "PoolBeingResized", () =>
    client.pool.resize("guide", { targetDedicatedNodes: 1 }));
  let pool = await steady();
  expect("nodes after the resize", [pool.currentDedicatedNodes, pool.currentLowPriorityNodes], [3, 0]);
  expect("resize timeout", pool.resizeTimeout, "PT10M");
  await client.pool.resize("guide", { targetDedicatedNodes: 5 });
  await client.pool.stopResize("guide");
  expect("allocation state", (await client.pool.get("guide")).allocationState, "stopping");
  pool = await steady();
  expect("resize error", pool.resizeErrors[0].code, "ResizeStopped");
  expect("target and nodes", [pool.targetDedicatedNodes, pool.currentDedicatedNodes], [5, 3]);
}

async function autoscale() {
  await client.pool.enableAutoScale("guide", { autoScaleFormula: FORMULA, autoScaleEvaluationInterval: "PT6M" });
  let pool = await steady();
  expect("autoscale", [pool.enableAutoScale, pool.autoScaleFormula], [true, FORMULA]);
  expect("interval", pool.autoScaleEvaluationInterval, "PT6M");
  expect("nodes as the formula says", pool.currentDedicatedNodes, 2);
  const run = await client.pool.evaluateAutoScale("guide", "$TargetDedicatedNodes = 7;");
  expect("evaluation", run.results.split(";")[0], "$TargetDedicatedNodes=7");
  await client.pool.disableAutoScale("guide");
  expect("autoscale", (await steady()).enableAutoScale, false);
}

async function update() {
  const before = await client.pool.get("guide");
  await client.pool.patch("guide", { metadata: [{ name: "stage", value: "two" }] });
  let pool = await client.pool.get("guide");
  expect("metadata", pool.metadata.map(({ name, value }) => [name, value]), [["stage", "two"]]);
  expect("start task, not patched", pool.startTask.maxTaskRetryCount, 2);
  await refused("a patch with the old etag", "ConditionNotMet", () =>
    client.pool.patch("guide", { metadata: [] }, { poolPatchOptions: { ifMatch: before.eTag } }));
  await client.pool.updateProperties("guide", {
    startTask: { commandLine: "/bin/true" }, certificateReferences: [], applicationPackageReferences: [], metadata: [],
  });
  pool = await client.pool.get("guide");
  expect("start task, replaced", [pool.startTask.commandLine, pool.startTask.resourceFiles], ["/bin/true", undefined]);
  expect("metadata, cleared", pool.metadata, undefined);
}

async function users(node) {
  const nodes = client.computeNode;
  await nodes.addUser("guide", node, {
    name: "anna", password: "Secret-1!", isAdmin: true, expiryTime: new Date(Date.now() + 86400e3) });
  await nodes.addUser("guide", node, { name: "ben", sshPublicKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 ben" });
  await refused("a user twice", "NodeUserExists", () =>
    nodes.addUser("guide", node, { name: "anna", password: "Secret-1!" }));
  await nodes.updateUser("guide", node, "anna", { password: "Secret-2!" });
  await nodes.deleteUser("guide", node, "ben");
  await refused("a user who is gone", "NodeUserNotFound", () => nodes.deleteUser("guide", node, "ben"));
  const login = await nodes.getRemoteLoginSettings("guide", node);
  expect("login address and port", [login.remoteLoginIPAddress !== "", login.remoteLoginPort > 0], [true, true]);
}

async function useNodes() {
  const found = await client.computeNode.list("guide");
  expect("states of nodes", found.map(({ state }) => state), ["idle", "idle"]);
  const first = await client.computeNode.get("guide", found[0].id);
  expect("start task of a node", first.startTaskInfo.result, "success");
  await users(first.id);
  await client.computeNode.reboot("guide", first.id, { nodeRebootOption: "terminate" });
  expect("rebooting", (await client.computeNode.get("guide", first.id)).state, "rebooting");
  await advance("30s");
  expect("rebooted", (await client.computeNode.get("guide", first.id)).state, "idle");
  await client.pool.removeNodes("guide", { nodeList: [first.id] });
  const pool = await steady();
  expect("nodes after one was removed", [pool.currentDedicatedNodes, pool.targetDedicatedNodes], [1, 1]);
  await refused("the removed node", "NodeNotFound", () => client.computeNode.get("guide", first.id));
}

async function remove() {
  await client.pool.deleteMethod("guide");
  expect("state", (await client.pool.get("guide")).state, "deleting");
  await advance("30s");
  await refused("the deleted pool", "PoolNotFound", () => client.pool.get("guide"));
  expect("exists", (await client.pool.exists("guide")).body, false);
}

async function main() {
  expect("version", require("@azure/batch/package.json").version, "10.2.0");
  const wrongKey = Buffer.from("another key").toString("base64");
  await refused("a wrong key", "AuthenticationFailed", () => connect(wrongKey).pool.list());
  await create(await chooseImage());
  await find();
  await resizeAndStop();
  await autoscale();
  await update();
  await useNodes();
  await remove();
  console.log(summary());
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
