// Carries out a walk's operations with @azure/batch of npm. One operation a line in, one outcome a line out.
"use strict";
const { BatchServiceClient, BatchSharedKeyCredentials } = require("@azure/batch");

const { BATCH_ENDPOINT, BATCH_ACCOUNT, BATCH_KEY } = process.env;
const { pool: pools, computeNode: nodes, account } = new BatchServiceClient(
  new BatchSharedKeyCredentials(BATCH_ACCOUNT, BATCH_KEY), BATCH_ENDPOINT, { noRetryPolicy: true });
const etags = new Map();
const nodeIds = new Map();

/// The query and the condition under the name that this call's options have.
function options(name, { pool, query = {}, ifMatch }) {
  const known = { select: query.$select, filter: query.$filter, maxResults: query.maxresults };
  if (ifMatch) known.ifMatch = ifMatch === "known" ? etags.get(pool.toLowerCase()) ?? "0x0" : "0x1";
  return { [name]: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}

const nodeOf = ({ pool, node }) => nodeIds.get(pool.toLowerCase())?.[node] ?? "tvm-none";

async function allPages(list, next, first) {
  const rows = [...first];
  for (let page = first; page.odatanextLink; ) {
    page = await next.call(list, page.odatanextLink);
    rows.push(...page);
  }
  return Object.assign(rows, { _response: first._response });
}

const calls = {
  createPool: (o) => pools.add(o.body),
  listPools: async (o) => allPages(pools, pools.listNext, await pools.list(options("poolListOptions", o))),
  getPool: (o) => pools.get(o.pool, options("poolGetOptions", o)),
  poolExists: (o) => pools.exists(o.pool),
  patchPool: (o) => pools.patch(o.pool, o.body, options("poolPatchOptions", o)),
  deletePool: (o) => pools.deleteMethod(o.pool, options("poolDeleteMethodOptions", o)),
  resizePool: (o) => pools.resize(o.pool, o.body, options("poolResizeOptions", o)),
  stopResize: (o) => pools.stopResize(o.pool),
  enableAutoScale: (o) => pools.enableAutoScale(o.pool, o.body, options("poolEnableAutoScaleOptions", o)),
  disableAutoScale: (o) => pools.disableAutoScale(o.pool),
  evaluateAutoScale: (o) => pools.evaluateAutoScale(o.pool, o.body.autoScaleFormula),
  updateProperties: (o) => pools.updateProperties(o.pool, o.body),
  removeNodes: (o) => pools.removeNodes(o.pool, { nodeList: [nodeOf(o)] }, options("poolRemoveNodesOptions", o)),
  listNodes: async (o) =>
    allPages(nodes, nodes.listNext, await nodes.list(o.pool, options("computeNodeListOptions", o))),
  getNode: (o) => nodes.get(o.pool, nodeOf(o)),
  getRemoteLogin: (o) => nodes.getRemoteLoginSettings(o.pool, nodeOf(o)),
  rebootNode: (o) => nodes.reboot(o.pool, nodeOf(o)),
  reimageNode: (o) => nodes.reimage(o.pool, nodeOf(o)),
  disableScheduling: (o) => nodes.disableScheduling(o.pool, nodeOf(o)),
  enableScheduling: (o) => nodes.enableScheduling(o.pool, nodeOf(o)),
  addNodeUser: (o) => nodes.addUser(o.pool, nodeOf(o), o.body),
  replaceNodeUser: (o) => nodes.updateUser(o.pool, nodeOf(o), o.user, o.body),
  deleteNodeUser: (o) => nodes.deleteUser(o.pool, nodeOf(o), o.user),
  listNodeCounts: () => account.listPoolNodeCounts(),
  listSupportedImages: () => account.listSupportedImages(),
};

function remember({ call, pool }, answer) {
  if (call === "getPool" && answer.eTag) etags.set(pool.toLowerCase(), answer.eTag);
  if (call === "listNodes") nodeIds.set(pool.toLowerCase(), answer.map(({ id }) => id));
}

async function carryOut(operation) {
  try {
    const answer = await calls[operation.call](operation);
    const { status } = answer._response;
    if (status >= 400) return { status, code: null }; // of a HEAD
    remember(operation, answer);
    const parsed = Array.isArray(answer) ? answer : answer._response.parsedBody; // without the headers
    return { status, answer: typeof parsed === "object" ? parsed : null };
  } catch (error) {
    if (error.statusCode === undefined) throw error; // nothing was sent
    return { status: error.statusCode, code: error.code ?? null };
  }
}

async function main() {
  for await (const line of require("node:readline").createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await carryOut(JSON.parse(line))));
  }
}

main();
