"""A random walk over the pools of one account: what clients are told to do, valid and invalid.

An operation is {"call": ..., "pool": ..., "node": ..., "user": ..., "body": ..., "query": {...}, "ifMatch": ...}.
`node` is the place in the pool's node list as the client last saw it; `ifMatch` is "known", the etag that the client
last saw, or "stale". {"advance": "7s"} moves the clock. The same seed gives the same walk everywhere.
"""
import random

POOLS = ["alpha", "beta", "Gamma", "gamma"]  # the last two are one
FORMULAS = ["$TargetDedicatedNodes = 2;", "$TargetDedicatedNodes = min(3, $CurrentDedicatedNodes + 1);",
            "$TargetDedicatedNodes = 1; $NodeDeallocationOption = requeue;",
            "$TargetDedicatedNodes = ;", "$Unknown = 1;", "", "$TargetDedicatedNodes = 1 / 0;"]
TIMES = ["PT5M", "PT15M", "P1D", "PT1M", "P30D"]
START_TASKS = [{"commandLine": "true"}, {"commandLine": "setup", "maxTaskRetryCount": 3, "waitForSuccess": False},
               {"commandLine": "setup", "userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "admin"}},
                "environmentSettings": [{"name": "A", "value": "1"}]},
               {"commandLine": "setup", "resourceFiles": [{"httpUrl": "https://example.test/f", "filePath": "f"}]}]
METADATA = [[], [{"name": "a", "value": "1"}], [{"name": "a", "value": "2"}, {"name": "b", "value": ""}]]
IMAGES = [("canonical", "ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04"),
          ("Canonical", "UbuntuServer", "18.04-LTS", "batch.node.ubuntu 18.04"),
          ("canonical", "ubuntuserver", "18.04-lts", "batch.node.windows amd64"),
          ("canonical", "ubuntuserver", "99.04-lts", "batch.node.ubuntu 18.04")]
FILTERS = ["state eq 'active'", "allocationState eq 'steady'", "id eq 'alpha'", "startswith(id,'b')",
           "vmSize eq 'standard_d2s_v3'", "nothing eq 1", "state eq", "state eq 'active' and allocationState ne 'steady'"]
PUBLIC_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 a"
SELECTS = ["id", "id,state,allocationState", "id,metadata,startTask", "id,nothing"]


class Walk:
    def __init__(self, seed):
        self._random = random.Random(seed)

    def next(self):
        makers, weights = zip(*self._makers().items())
        return self._random.choices(makers, weights)[0]()

    def _makers(self):
        return {self._advance: 14, self._create: 8, self._get: 12, self._exists: 2, self._list: 6, self._resize: 10,
                self._plain: 10, self._autoscale: 8, self._patch: 6, self._replace: 4, self._delete: 2, self._nodes: 8,
                self._node: 10, self._remove: 4, self._user: 8, self._account: 2}

    def _pick(self, items):
        return self._random.choice(items)

    def _seldom(self, share=0.15):
        return self._random.random() < share

    def _on_pool(self, call, **more):
        pool = "nobody" if self._seldom(0.04) else self._pick(POOLS)
        return {"call": call, "pool": pool, **more}

    def _conditional(self, operation):
        if self._seldom():
            operation["ifMatch"] = self._pick(["known", "known", "stale"])
        return operation

    def _on_node(self, call, **more):
        return self._on_pool(call, node=self._pick([0, 0, 1, 2]), **more)

    def _advance(self):
        return {"advance": self._pick(["500ms", "1s", "3s", "10s", "40s", "10m"])}

    def _create(self):
        publisher, offer, sku, agent = self._pick(IMAGES) if self._seldom(0.3) else IMAGES[0]
        body = {"id": self._pick(POOLS + ["a b", "x" * 65] if self._seldom() else POOLS),
                "vmSize": self._pick(["nonsense", "Standard_D4s_v3"] if self._seldom() else ["STANDARD_D2S_V3"]),
                "virtualMachineConfiguration": {
                    "imageReference": {"publisher": publisher, "offer": offer, "sku": sku}, "nodeAgentSKUId": agent}}
        if self._seldom(0.3):
            body.update(enableAutoScale=True, autoScaleFormula=self._pick(FORMULAS[:4]),
                        autoScaleEvaluationInterval=self._pick(TIMES))
        if not self._seldom(0.2):
            body.update(targetDedicatedNodes=self._pick([0, 1, 2, 3, -1] if self._seldom() else [0, 1, 2, 3]),
                        targetLowPriorityNodes=self._pick([0, 0, 1]))
        if self._seldom(0.4):
            body["startTask"] = self._pick(START_TASKS)
        if self._seldom(0.4):
            body["metadata"] = self._pick(METADATA)
        if self._seldom():
            body.update(taskSlotsPerNode=self._pick([1, 4, 257]), resizeTimeout=self._pick(TIMES))
        if self._seldom(0.7):
            body["networkConfiguration"] = {"endpointConfiguration": {"inboundNATPools": [{
                "name": "ssh", "protocol": "tcp", "backendPort": 22, "frontendPortRangeStart": 1000,
                "frontendPortRangeEnd": self._pick([1099, 1099, 1099, 1010])}]}}
        return {"call": "createPool", "body": body}

    def _get(self):
        query = {"$select": self._pick(SELECTS)} if self._seldom(0.2) else {}
        return self._on_pool("getPool", query=query)

    def _exists(self):
        return self._on_pool("poolExists")

    def _list(self):
        query = {}
        if self._seldom(0.5):
            query["$filter"] = self._pick(FILTERS)
        if self._seldom(0.5):
            query["$select"] = self._pick(SELECTS)
        if self._seldom(0.3):
            query["maxresults"] = self._pick([1, 2, 1000])  # clients refuse more
        return {"call": "listPools", "query": query}

    def _resize(self):
        body = {}
        if not self._seldom(0.1):
            body["targetDedicatedNodes"] = self._pick([0, 1, 2, 3, 4, -1])
        if self._seldom(0.5):
            body["targetLowPriorityNodes"] = self._pick([0, 1])
        if self._seldom():
            body["resizeTimeout"] = self._pick(TIMES)
        if self._seldom():
            body["nodeDeallocationOption"] = self._pick(["requeue", "terminate", "taskcompletion"])
        return self._conditional(self._on_pool("resizePool", body=body))

    def _plain(self):
        return self._on_pool(self._pick(["stopResize", "stopResize", "disableAutoScale"]))

    def _autoscale(self):
        if self._seldom(0.5):
            return self._on_pool("evaluateAutoScale", body={"autoScaleFormula": self._pick(FORMULAS)})
        body = {"autoScaleFormula": self._pick(FORMULAS), "autoScaleEvaluationInterval": self._pick(TIMES)}
        return self._conditional(self._on_pool("enableAutoScale", body={
            name: value for name, value in body.items() if not self._seldom()}))

    def _patch(self):
        body = self._pick([{"metadata": self._pick(METADATA)}, {"startTask": self._pick(START_TASKS)}, {},
                           {"metadata": [{"name": "long", "value": "x" * 5000}]}])
        return self._conditional(self._on_pool("patchPool", body=body))

    def _replace(self):
        body = {"certificateReferences": [], "applicationPackageReferences": [], "metadata": self._pick(METADATA)}
        if self._seldom(0.5):
            body["startTask"] = self._pick(START_TASKS)
        return self._on_pool("updateProperties", body=body)

    def _delete(self):
        return self._conditional(self._on_pool("deletePool"))

    def _nodes(self):
        query = {"$filter": self._pick(["state eq 'idle'", "nothing eq 1"])} if self._seldom() else {}
        return self._on_pool("listNodes", query=query)

    def _node(self):
        call = self._pick(["getNode", "getRemoteLogin", "rebootNode", "reimageNode", "disableScheduling", "enableScheduling"])
        return self._on_node(call)

    def _remove(self):
        return self._conditional(self._on_node("removeNodes"))

    def _user(self):
        user = self._pick(["anna", "ben"])
        call = self._pick(["addNodeUser", "addNodeUser", "replaceNodeUser", "deleteNodeUser"])
        if call == "deleteNodeUser":
            return self._on_node(call, user=user)
        body = self._pick([{"password": "Secret-1!"}, {"sshPublicKey": PUBLIC_KEY},
                           {"password": "Secret-1!", "sshPublicKey": PUBLIC_KEY}, {}])
        if call == "addNodeUser":
            body = dict(body, name=user)
        return self._on_node(call, user=user, body=body)

    def _account(self):
        return {"call": self._pick(["listNodeCounts", "listSupportedImages"]), "query": {}}
