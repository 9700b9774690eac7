#include "daemon/node_text.h"

#include <doctest/doctest.h>

#include "daemon/login_key.h"
#include "tests/daemon/output_schema.h"

namespace reconciler::daemon {
namespace {

const Instant kNow = *ParseTime("2026-07-01T12:00:00Z");

cycle::NodeRow Row(const std::string& id, const std::string& state) {
  cycle::NodeRow row;
  row.node.id = id;
  row.node.state = state;
  row.node.vm_size = "standard_d2_v3";
  row.node.allocation_time = *ParseTime("2026-07-01T10:57:00Z");
  row.login = batch::RemoteLogin{"20.0.0.1", 50000};
  return row;
}

/// An idle node, one whose start task failed, a Spot node that left meanwhile.
std::vector<NodesOfPool> Sample() {
  NodesOfPool pool{"demo", {"render", {}, {}}};
  pool.nodes.rows = {Row("tvmps_0a1b2c3d4e5f0001_d", "idle"),
                     Row("tvmps_0a1b2c3d4e5f0002_d", "starttaskfailed"),
                     Row("tvmps_9_p", "running")};
  pool.nodes.rows[0].node.start_task = "success";
  pool.nodes.rows[1].node.start_task = "failure";
  pool.nodes.rows[1].node.start_task_exit_code = 2;
  pool.nodes.rows[1].node.start_task_failure =
      "FailureExitCode: it says \"no\", twice (exit code 2)";
  pool.nodes.rows[2].node.dedicated = false;
  pool.nodes.rows[2].login.reset();
  pool.nodes.rows[2].gone = true;
  pool.nodes.rows[2].no_login = "the node has left the pool";
  return {pool};
}

TEST_CASE("nodes: a line each, what is wrong below it, states are counted") {
  CHECK(RenderNodes(Sample(), kNow, {}) ==
        "POOL    NODE                      STATE            IP        PORT   KIND  SIZE            "
        "AGE        START TASK   TASKS\n"
        "render  tvmps_0a1b2c3d4e5f0001_d  idle             20.0.0.1  50000        standard_d2_v3  "
        "1 h 3 min  success      0\n"
        "render  tvmps_0a1b2c3d4e5f0002_d  starttaskfailed  20.0.0.1  50000        standard_d2_v3  "
        "1 h 3 min  failure (2)  0\n"
        "    FailureExitCode: it says \"no\", twice (exit code 2)\n"
        "render  tvmps_9_p                 gone             -         -      spot  standard_d2_v3  "
        "1 h 3 min  -            0\n"
        "    the node has left the pool\n"
        "3 nodes: 1 gone, 1 idle, 1 starttaskfailed.\n");
}

TEST_CASE("nodes: on a terminal ids are cut to what tells them apart") {
  Screen screen;
  screen.width = 200;
  const std::string text = RenderNodes(Sample(), kNow, screen);
  CHECK(text.find("tvmps_0a1b2c3d4e5f0001  idle") != std::string::npos);
  CHECK(text.find("tvmps_0a1b2c3d4e5f0002  start") != std::string::npos);
  CHECK(text.find("0001_d") == std::string::npos);
  screen.width = 60;
  std::size_t begin = 0;
  const std::string narrow = RenderNodes(Sample(), kNow, screen);
  for (std::size_t end = 0; (end = narrow.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    CHECK(end - begin <= 60);
  }
}

TEST_CASE("nodes: of one pool, its name makes room for addresses where there is little") {
  auto pools = Sample();
  pools.resize(1);
  pools.front().nodes.pool = std::string(30, 'p');
  Screen screen;
  screen.width = 60;
  const std::string text = RenderNodes(pools, kNow, screen);
  CAPTURE(text);
  CHECK(text.find("20.0.0.1") != std::string::npos);
  CHECK(text.find("50000") != std::string::npos);
}

TEST_CASE("nodes: what all nodes of a pool lack is said once") {
  auto pools = Sample();
  pools.front().nodes.rows.resize(2);
  for (cycle::NodeRow& row : pools.front().nodes.rows) {
    row.login.reset();
    row.no_login = "409 OperationNotValidOnNode";
  }
  const std::string text = RenderNodes(pools, kNow, {});
  const std::string note =
      "\nPool render has no remote login: 409 OperationNotValidOnNode; its "
      "networkConfiguration.endpointConfiguration names no inbound NAT pool for port 22\n";
  CHECK(text.find(note) != std::string::npos);
  CHECK(text.find(note) == text.rfind("409 Op") - 34);
}

TEST_CASE("nodes: what the others lack is said once beside one that left meanwhile") {
  auto pools = Sample();
  for (cycle::NodeRow& row : pools.front().nodes.rows) {
    if (row.gone) continue;
    row.login.reset();
    row.no_login = "409 OperationNotValidOnNode";
  }
  const std::string text = RenderNodes(pools, kNow, {});
  CAPTURE(text);
  CHECK(text.find("409 Op") == text.rfind("409 Op"));
  CHECK(text.find("names no inbound NAT pool for port 22\n") != std::string::npos);
  CHECK(text.find("    the node has left the pool\n") != std::string::npos);
}

TEST_CASE("nodes: CSV quotes what would break it") {
  const std::string text = NodesToCsv(Sample());
  CHECK(text.find("demo,render,tvmps_0a1b2c3d4e5f0001_d,idle,20.0.0.1,50000,true,standard_d2_v3,"
                  "2026-07-01T10:57:00Z,,success,,0,,\n") != std::string::npos);
  CHECK(text.find(",\"FailureExitCode: it says \"\"no\"\", twice (exit code 2)\"\n") !=
        std::string::npos);
  CHECK(text.find("tvmps_9_p,gone,,,false,") != std::string::npos);
}

TEST_CASE("nodes: JSON is what the schema says") {
  CHECK(SchemaProblem("nodes.output.schema.json", NodesToJson(Sample(), {})).empty());
}

TEST_CASE("login key: one public key of OpenSSH, nothing else") {
  const std::string key =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB ada";
  const auto problem = [](const std::string& text) {
    const auto parsed = ParsePublicKey(text, "k");
    return parsed ? std::string("fine") : parsed.error().message;
  };
  CHECK(*ParsePublicKey("# mine\n\n" + key + "\r\n", "k") == key);
  CHECK(problem("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n") ==
        "k is a private key, which never leaves this host: give k.pub");
  CHECK(problem("\n# nothing\n") == "k is empty, expected a public key");
  CHECK(problem("hello world").find("k is no public key of OpenSSH, expected a line such as") == 0);
  CHECK(problem("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIBBB")
            .find("k: the key behind 'ssh-rsa' is damaged") == 0);
  CHECK(problem("ssh-ed25519").find("k: the key behind 'ssh-ed25519' is damaged") == 0);
  CHECK(problem(key + "\n" + key) == "k holds 2 lines, expected one key: a node user has one");
}

}  // namespace
}  // namespace reconciler::daemon
