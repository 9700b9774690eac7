// poolkeeper autoscale check POOL: no account answers, no key is there.
#include "daemon/pool_formula.h"

#include <doctest/doctest.h>

#include "tests/daemon/process.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

struct Tree {
  TempFolder folder;

  Tree() {
    const auto account = [](const std::string& name, const std::string& port) {
      return "  - name: " + name + "\n    endpoint: http://127.0.0.1:" + port +
             "\n    allowCustomEndpoint: true\n    mode: observe\n"
             "    auth: {sharedKey: {file: absent.key}}\n";
    };
    folder.Write("c.yaml",
                 "apiVersion: poolkeeper/v1\nkind: Config\nowner: test\n"
                 "source: {path: specs, id: test}\nstate: state\naccounts:\n" +
                     account("east", "9") + account("west", "10"));
    Pool("render", "east",
         "  enableAutoScale: true\n  autoScaleFormula: |\n"
         "    $TargetDedicatedNodes = 2;\n    $TargetLowPriorityNodes = 1 + 1;\n");
    Pool("fixed", "east", "  targetDedicatedNodes: 1\n");
  }
  void Pool(const std::string& name, const std::string& account, const std::string& scale) const {
    folder.Write("specs/" + account + "/" + name + ".yaml",
                 "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: " + name +
                     ", account: " + account +
                     "}\nspec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
                     "    imageReference: {publisher: canonical, offer: ubuntu, sku: 22_04-lts}\n" +
                     scale);
  }
  /// Exit code, then what was printed.
  std::string Check(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--config", "c.yaml", "autoscale", "check"});
    return Run(std::move(more));
  }
  std::string Run(std::vector<std::string> arguments) const {
    Process process(std::move(arguments), folder.path());
    const int code = process.Wait();
    return std::to_string(code) + '\n' + process.out() + process.err();
  }
};

TEST_CASE("autoscale check: a pool's formula is checked and evaluated as its spec has it") {
  const Tree tree;
  CHECK(tree.Check({"render"}) == "0\nthe formula of pool 'east/render' is valid\n");
  CHECK(tree.Check({"East/Render", "--evaluate"}) ==
        "0\n$TargetDedicatedNodes = 2\n$TargetLowPriorityNodes = 2\n"
        "$NodeDeallocationOption = requeue\n");
  const std::string json = tree.Check({"render", "--format", "json"});
  CHECK(json.find("\"file\": \"east/render.yaml\"") != std::string::npos);
  CHECK(json.find("\"pool\": \"east/render\"") != std::string::npos);
}

TEST_CASE("autoscale check: errors of a pool's formula have the line of the spec") {
  const Tree tree;
  tree.Pool("wrong", "west",
            "  enableAutoScale: true\n  autoScaleFormula: |\n    n = 1;\n"
            "    $TargetDedicatedNodes = $PendingTask;\n");
  const std::string seen = tree.Check({"wrong"});
  CHECK(seen.find("65\nwest/wrong.yaml:11:29: spec.autoScaleFormula: Undefined symbol: "
                  "$PendingTask (did you mean '$PendingTasks'?)\n") == 0);
  CHECK(seen.find("render") == std::string::npos);
}

TEST_CASE("autoscale check: warnings are those of the one formula") {
  const Tree tree;
  const char* const unused = "  enableAutoScale: true\n  autoScaleFormula: n = 1;\n";
  tree.Pool("odd", "west", unused);
  tree.Pool("other", "west", unused);
  const std::string seen = tree.Check({"odd"});
  CHECK(seen.find("0\nwest/odd.yaml:9:21: warning: ") == 0);
  CHECK(seen.find("the formula of pool 'west/odd' is valid, 1 warning\n") != std::string::npos);
  CHECK(seen.find("other") == std::string::npos);
}

TEST_CASE("autoscale check: a name that leads to no formula says what to do") {
  const Tree tree;
  CHECK(tree.Check({"rendr"}) ==
        "65\nerror: 'rendr' is neither a file nor a pool that a spec names (did you mean "
        "'render'?)\n");
  CHECK(tree.Check({"fixed"}) ==
        "65\nerror: east/fixed.yaml:3: pool 'east/fixed' has no autoScaleFormula\n");
  tree.Pool("render", "west", "  targetDedicatedNodes: 1\n");
  CHECK(tree.Check({"render"}) ==
        "65\nerror: several pools are called 'render'; name 'east/render' or 'west/render'\n");
  CHECK(tree.Check({"render", "--account", "east"}) ==
        "0\nthe formula of pool 'east/render' is valid\n");
  CHECK(tree.Run({"autoscale", "check", "nowhere.txt"}) ==
        "65\nerror: cannot open 'nowhere.txt': no such file\n"
        "hint: a pool's formula is found through a configuration, --config FILE\n");
}

TEST_CASE("autoscale check: a file comes before a pool of that name") {
  const Tree tree;
  tree.folder.Write("render", "$TargetDedicatedNodes = 7;");
  CHECK(tree.Check({"render"}) == "0\nrender is valid\n");
}

}  // namespace
}  // namespace reconciler::daemon
