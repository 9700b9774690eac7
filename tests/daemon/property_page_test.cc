// poolkeeper explain: text, tree, JSON, and the page as committed.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "daemon/property_json.h"
#include "daemon/property_markdown.h"
#include "daemon/property_text.h"
#include "daemon/property_words.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/process.h"

namespace reconciler::daemon {
namespace {

std::string Committed() {
  std::ifstream file(POOLKEEPER_SOURCE_DIR "/deploy/pool-reference.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

PropertyPlace PlaceOf(const std::string& path) { return FindProperty("Pool", path).found.front(); }

std::string Explain(const std::string& path, int width = 80) {
  Screen screen;
  screen.width = width;
  return RenderProperty("Pool", PlaceOf(path), screen);
}

TEST_CASE("explain: the committed page is what the table says") {
  // To mend: build/dev/bin/poolkeeper explain --format markdown > deploy/pool-reference.md
  CHECK(Committed() == PropertiesMarkdown());
}

TEST_CASE("explain: one member with all that the table says of it") {
  CHECK(Explain("autoScaleEvaluationInterval") ==
        "spec.autoScaleEvaluationInterval\n"
        "  Time between two evaluations of the formula, 5 minutes to 7 days; only with\n"
        "  enableAutoScale true.\n"
        "\n"
        "  type      duration\n"
        "  limits    PT5M to P7D\n"
        "  required  no\n"
        "  default   PT15M\n"
        "  compared  by length: PT60M is PT1H\n"
        "  change    scale: changed by a resize or autoscale call; nodes may come and go\n"
        "  example   spec:\n"
        "              enableAutoScale: true\n"
        "              autoScaleFormula: $TargetDedicatedNodes = 4;\n"
        "              autoScaleEvaluationInterval: PT10M\n");
  CHECK(Explain("userAccounts.password") ==
        "spec.userAccounts[].password\n"
        "  Password of the user, as a reference to a secret.\n"
        "\n"
        "  type      {secretRef: name}\n"
        "  required  yes\n"
        "  secret    yes: never written in a spec, never returned by the service\n"
        "  compared  by a keyed digest that is kept with the pool, since it is not\n"
        "            returned\n"
        "  change    empty: only while the pool has no nodes; this version shows it as\n"
        "            blocked\n"
        "            before api-version 2024-07-01.20.0, replace: only on a new pool;\n"
        "            this version shows it as blocked\n"
        "  example   spec:\n"
        "              userAccounts:\n"
        "                - {name: render, password: {secretRef: name-in-configuration}}\n");
}

TEST_CASE("explain: an object names its alternatives and its members, a list those of an item") {
  CHECK(Explain("startTask.userIdentity") ==
        "spec.startTask.userIdentity\n"
        "  The user that the task runs as; a user without administrative rights if left\n"
        "  out.\n"
        "\n"
        "  type      object\n"
        "  required  no\n"
        "  default   {autoUser: {scope: pool, elevationLevel: nonadmin}}\n"
        "  compared  member by member\n"
        "  change    reboot: changed at any time, reaches nodes when they restart\n"
        "  one of    named user: username\n"
        "            automatic user: autoUser\n"
        "  example   spec:\n"
        "              startTask:\n"
        "                commandLine: /bin/bash -c 'apt-get update'\n"
        "                userIdentity: {autoUser: {scope: pool, elevationLevel: admin}}\n"
        "\n"
        "Members\n"
        "  username  text    Name of a user of userAccounts.\n"
        "  autoUser  object  A user that the service makes.\n");
  CHECK(Explain("metadata").find("\nMembers (* required)\n  name *   text  The pool id: ") !=
        std::string::npos);
  CHECK(Explain("spec.metadata").find("\nMembers of an item (* required)\n  name *   text  ") !=
        std::string::npos);
}

TEST_CASE("explain: what is narrow has descriptions below, what is no terminal has long lines") {
  const std::string narrow = Explain("upgradePolicy.rollingUpgradePolicy", 60);
  CHECK(narrow.find("  prioritizeUnhealthyInstances           boolean\n"
                    "      Whether unhealthy nodes are upgraded first.\n") != std::string::npos);
  const std::string wide = Explain("upgradePolicy.rollingUpgradePolicy", 0);
  CHECK(wide.find("  prioritizeUnhealthyInstances           boolean   Whether unhealthy nodes are "
                  "upgraded first.\n") != std::string::npos);
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    Screen screen;
    screen.width = 80;
    const std::string text = RenderProperty("Pool", place, screen);
    const std::string head = text.substr(0, text.find("\n  example"));
    for (const std::string_view line : SplitText(head, '\n')) {
      if (line != place.path) CHECK_MESSAGE(line.size() <= 80, std::string(line));
    }
  }
}

TEST_CASE("explain: words for versions, values, limits, alternatives") {
  CHECK(ValueWords(*PlaceOf("virtualMachineConfiguration.securityProfile.securityType").row) ==
        "trustedLaunch, confidentialvm (from api-version 2024-07-01.20.0 on); case does not "
        "matter");
  CHECK(
      ValueWords(*PlaceOf("virtualMachineConfiguration.diskEncryptionConfiguration.targets").row) ==
      "osdisk, temporarydisk; case does not matter");
  CHECK(LimitWords(*PlaceOf("metadata.name").row) ==
        "1 to 64 characters, matches `^[A-Za-z0-9_-]+$`");
  CHECK(LimitWords(*PlaceOf("virtualMachineConfiguration.dataDisks.lun").row) == "0 to 63");
  CHECK(LimitWords(*PlaceOf("targetDedicatedNodes").row) == "at least 0");
  CHECK(RequiredWords(PlaceOf("startTask.resourceFiles.filePath")) == "with httpUrl");
  CHECK(RequiredWords(PlaceOf("startTask.userIdentity.autoUser")) ==
        "exactly one of username, autoUser");
  CHECK(DefaultWords(PlaceOf("taskSchedulingPolicy")) ==
        "{nodeFillType: spread, jobDefaultOrder: none} from api-version 2025-06-01 on; "
        "{nodeFillType: spread} before");
  CHECK(DefaultWords(PlaceOf("virtualMachineConfiguration.osDisk.caching")) ==
        "left to the service (it has filled in none): where it is absent it is not compared");
  CHECK(CompareWords(*PlaceOf("startTask.containerSettings.containerHostBatchBindMounts").row) ==
        "items in any order, matched by source; an empty list is not an absent one");
}

TEST_CASE("explain: the tree has a line for each member, indented, with its versions") {
  CHECK(RenderPropertyTree(PlaceOf("startTask.containerSettings"), Screen{}) ==
        "spec.startTask.containerSettings  object\n"
        "  containerRunOptions             text\n"
        "  imageName *                     text\n"
        "  registry                        object\n"
        "    username                      text\n"
        "    password                      secret\n"
        "    registryServer                text\n"
        "    identityReference             object\n"
        "      resourceId                  text\n"
        "  workingDirectory                text\n"
        "  containerHostBatchBindMounts    list of objects (since 2024-07-01.20.0)\n"
        "    source                        text\n"
        "    isReadOnly                    boolean\n");
}

struct Answer {
  int code;
  std::string text;
};

Answer Run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "explain");
  Process process(std::move(arguments), "/");
  const int code = process.Wait();
  return {code, process.out() + process.err()};
}

TEST_CASE("explain: the verb answers without a configuration, and holds to its schema") {
  CHECK(Run({"vmSize"}).code == 0);
  CHECK(Run({"vmsize"}).text == Explain("vmSize", 0));
  CHECK(Run({}).text.starts_with("Pool\n  The desired state of one Azure Batch pool.\n"));
  CHECK(Run({"--kind", "Config", "interval"}).text.starts_with("interval\n  Time between "));
  CHECK(Run({"--format", "markdown"}).text == Committed());
  for (const std::vector<std::string>& what : {std::vector<std::string>{},
                                               {"startTask"},
                                               {"--recursive"},
                                               {"metadata"},
                                               {"--kind", "Config", "--recursive"}}) {
    std::vector<std::string> arguments = what;
    arguments.insert(arguments.end(), {"--format", "json"});
    const Answer answer = Run(arguments);
    CHECK(answer.code == 0);
    CHECK(SchemaProblem("explain.output.schema.json", ParseJson(answer.text).value()).empty());
  }
}

TEST_CASE("explain: a path that does not exist is an error of the command line") {
  const Answer slip = Run({"startTask.resourceFile"});
  CHECK(slip.code == 64);
  CHECK(slip.text ==
        "error: 'resourceFile' is not a member of spec.startTask (did you mean "
        "'spec.startTask.resourceFiles'?)\n"
        "hint: `poolkeeper explain spec.startTask` lists what can be written there\n");
  CHECK(Run({"httpUrl"}).text ==
        "error: 'httpUrl' is not a member of Pool or its spec\n"
        "hint: `poolkeeper explain spec.startTask.resourceFiles[].httpUrl`\n");
  CHECK(Run({"id"}).text ==
        "error: spec.id: the id of the pool is metadata.name\n"
        "hint: `poolkeeper explain spec` lists what can be written there\n");
}

TEST_CASE("explain: a hint stays with the kind of document that was asked about") {
  CHECK(Run({"--kind", "Config", "vmSize"}).text ==
        "error: 'vmSize' is not a member of Config\n"
        "hint: `poolkeeper explain --kind Config` lists what can be written there\n");
  CHECK(Run({"--kind", "Config", "sharedKey"})
            .text.find("hint: `poolkeeper explain --kind Config accounts[].auth.sharedKey`\n") !=
        std::string::npos);
  CHECK(Run({"startTask."}).text ==
        "error: 'startTask.' is not a path: a name is missing; there is one before and behind each "
        "dot\n"
        "hint: `poolkeeper explain` lists what can be written there\n");
}

TEST_CASE("explain: what is to be known beside a cost stands below it") {
  const std::string note =
      "as blocked\n            data disks are documented as not changeable even while the pool has "
      "no "
      "nodes; whether the service refuses it is not confirmed\n";
  for (const std::string path : {"dataDisks", "dataDisks.diskSizeGB", "dataDisks.managedDisk",
                                 "dataDisks.managedDisk.storageAccountType"}) {
    CHECK_MESSAGE(Explain("virtualMachineConfiguration." + path, 0).find(note) != std::string::npos,
                  path);
  }
  CHECK(Explain("virtualMachineConfiguration.osDisk").find("data disks") == std::string::npos);
}

TEST_CASE("explain: the page tells the cost of each property of the spec") {
  const std::string page = PropertiesMarkdown();
  const std::string spec = page.substr(page.find("\n## spec\n"));
  const std::string table = spec.substr(0, spec.find("\n## ", 1));
  for (const PropertyPlace& place : MembersOf(PlaceOf("spec"))) {
    CAPTURE(place.path);
    const std::size_t row = table.find("| " + place.row->name + " | ") != std::string::npos
                                ? table.find("| " + place.row->name + " | ")
                                : table.find("| **" + place.row->name + "** | ");
    REQUIRE(row != std::string::npos);
    const std::string line = table.substr(row, table.find('\n', row) - row);
    const std::string cost(CostName(place.row->costs.entries.back().second));
    CHECK_MESSAGE(line.find(" | " + cost) != std::string::npos, line);
  }
  CHECK(table.find("| targetDedicatedNodes | integer, at least 0 | `0` | scale | ") !=
        std::string::npos);
  CHECK(table.find("| displayName | text, at most 1024 characters | - | empty; before "
                   "2024-07-01.20.0 replace | ") != std::string::npos);
}

TEST_CASE("explain: PoolDefaults is as Pool, and says what it is not") {
  const Answer answer = Run({"vmSize", "--kind", "PoolDefaults"});
  CHECK(answer.code == 0);
  CHECK(answer.text ==
        Run({"vmSize"}).text +
            "hint: PoolDefaults has the members of Pool; none is required, and there is no "
            "metadata.name\n");
}

}  // namespace
}  // namespace reconciler::daemon
