// Man page and completion: complete, without warnings, and driven in real shells.
#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "daemon/cli.h"
#include "daemon/completion.h"
#include "daemon/man_page.h"
#include "reconciler/core/json.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

Outcome RunProgramAt(const std::string& program, const std::vector<std::string>& arguments,
                     const std::string& folder) {
  Process process(program, arguments, folder);
  const int code = process.Wait();
  return {code, process.out(), process.err()};
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Without the escapes of roff.
std::string Plain(const std::string& page) {
  std::string plain;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i] != '\\') {
      plain += page[i];
    } else if (page[i + 1] == '-') {
      plain += page[++i];
    } else if (page[i + 1] == 'f') {
      i += 2;
    }
  }
  return plain;
}

TEST_CASE("manual: hidden verbs stand in no help, and verbs below verbs are known") {
  const CliVerb program = DescribeProgram();
  std::string verbs;
  for (const CliVerb* verb : AllVerbs(program)) verbs += PathText(*verb) + ";";
  CHECK(Has(verbs, ";user;user add;user remove;"));
  CHECK(Has(verbs, ";events;"));
  for (const std::string hidden : {"man;", "completion;", "names;"}) {
    CHECK_FALSE(Has(verbs, ";" + hidden));
  }
}

TEST_CASE("manual: the man page holds each verb and each flag with its words") {
  const CliVerb program = DescribeProgram();
  const std::string page = Plain(ManPage(program, "1.2.3"));
  CHECK(Has(page, ".TH POOLKEEPER 1 \"\" \"poolkeeper 1.2.3\""));
  for (const CliVerb* verb : AllVerbs(program)) {
    const std::size_t begin =
        verb->path.empty() ? page.find(".SH OPTIONS") : page.find(".SS " + PathText(*verb) + "\n");
    CAPTURE(PathText(*verb));
    REQUIRE(begin != std::string::npos);
    const std::string section = page.substr(begin, page.find("\n.S", begin + 1) - begin);
    for (const CliOption& option : verb->options) {
      for (const std::string& name : option.names) CHECK_MESSAGE(Has(section, name), name);
    }
  }
}

TEST_CASE("manual: groff formats the man page without a warning") {
  if (::access("/usr/bin/groff", X_OK) != 0) {
    MESSAGE("no groff here");
    return;
  }
  const TempFolder folder;
  folder.Write("poolkeeper.1", ManPage(DescribeProgram(), "1.2.3"));
  const Outcome formatted = RunProgramAt(
      "/usr/bin/groff", {"-man", "-Tutf8", "-ww", "-rLL=80n", "poolkeeper.1"}, folder.path());
  CHECK(formatted.code == 0);
  CHECK(formatted.err.empty());
  CHECK(Has(formatted.out, "POOLKEEPER(1)"));
}

/// What bash offers for a line; the last word is the one that is completed.
std::string InBash(const Stage& stage, const std::vector<std::string>& words) {
  stage.folder().Write("poolkeeper.bash", BashCompletion(DescribeProgram()));
  std::string line;
  for (const std::string& word : words) line += " '" + word + "'";
  const Outcome answer =
      RunProgramAt("/bin/bash",
                   {"--norc", "-uec",
                    "source ./poolkeeper.bash; COMP_WORDS=('" POOLKEEPER_BINARY "'" + line +
                        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _poolkeeper; "
                        "IFS=' '; echo \"${COMPREPLY[*]}\""},
                   stage.folder().path());
  CHECK(answer.err.empty());
  return answer.out.substr(0, answer.out.find('\n'));
}

TEST_CASE("manual: bash completes verbs, flags, values, files, and the names of live pools") {
  const Stage stage;
  stage.WritePool("render", 0);
  stage.WritePool("simulation", 0);
  CHECK(InBash(stage, {"pl"}) == "plan");
  CHECK(InBash(stage, {"user", ""}) == "add remove");
  CHECK(InBash(stage, {"user", "add", "--ss"}) == "--ssh-key");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ap"}) == "apply");
  CHECK(InBash(stage, {"plan", "--format", ""}) == "text json");
  CHECK(InBash(stage, {"plan", "--format", "=", "j"}) == "json");
  CHECK(InBash(stage, {"plan", "--format", "="}) == "text json");
  CHECK(InBash(stage, {"plan", "--log-f"}) == "--log-format");
  CHECK(InBash(stage, {"plan", "--hel"}) == "--help");  // of the program and of the verb: once
  CHECK(InBash(stage, {"--config", "poolk"}).starts_with("poolkeeper."));
  CHECK(InBash(stage, {"validate", "poolk"}).starts_with("poolkeeper."));
  CHECK(InBash(stage, {"--specs", "sp"}) == "specs");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "plan", "--account", ""}) == "demo");
  // The service has none of them yet, and completion is about live pools.
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "nodes", ""}).empty());
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "nodes", ""}) == "render simulation");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "nodes", "render", "si"}) == "simulation");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "--account", "none", "nodes", ""}).empty());
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "user", "add", "r"}) == "render");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "user", "add", "render", "r"}).empty());
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "r"}) == "render");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "apply", "--yes", "r"}) == "render");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "render", "--", ""}).empty());
  CHECK(InBash(stage, {"--config", "no-such.yaml", "nodes", ""}).empty());  // quietly
}

/// The ids of a pool's nodes, with blanks between them.
std::string NodesOf(const Stage& stage, const std::string& pool) {
  const Outcome listed = stage.Run({"nodes", pool, "--format", "json"});
  REQUIRE(listed.code == 0);
  const auto json = ParseJson(listed.out);
  REQUIRE(json);
  std::string ids;
  for (const Value& node : json->Find("pools")->AsArray().front().Find("nodes")->AsArray()) {
    ids += (ids.empty() ? "" : " ") + std::string(node.StringOr("id"));
  }
  return ids;
}

TEST_CASE("manual: bash completes nodes of the pool that is named, and known words") {
  const Stage stage;
  stage.WritePool("render", 2);
  stage.WritePool("other", 1);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  const std::string nodes = NodesOf(stage, "render");
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "render", ""}) == nodes);
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "--any", "render", "tv"}) == nodes);
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "render", "tvmps", ""}).empty());
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "ssh", "none", ""}).empty());
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "user", "add", "render", ""}).empty());
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "user", "add", "render", "ada", "--node",
                       ""}) == nodes);
  CHECK(InBash(stage, {"--config", "poolkeeper.yaml", "user", "add", "--node", ""}).empty());
  CHECK(InBash(stage, {"images", "--capability", "Nvidia"}) ==
        "NvidiaGridDriverInstalled NvidiaTeslaDriverInstalled");
  CHECK(InBash(stage, {"events", "plan_"}) == "plan_parked plan_released");
  CHECK(InBash(stage, {"events", "AutoScaleF"}) == "AutoScaleFailed");
  CHECK(InBash(stage, {"events", "plan_parked", ""}).empty());
  CHECK(InBash(stage, {"explain", "startTask.resourceFiles.http"}) ==
        "startTask.resourceFiles.httpUrl");
  CHECK(InBash(stage, {"explain", "policy.r"}) ==
        "policy.resize policy.resize.nodeDeallocationOption policy.resize.onPending");
}

/// What zsh offers for a line; the last word is the one that is completed. The builtins that work
/// only within its line editor are replaced.
std::string InZsh(const Stage& stage, const std::vector<std::string>& words) {
  stage.folder().Write("_poolkeeper", ZshCompletion(DescribeProgram()));
  std::string line;
  for (const std::string& word : words) line += " '" + word + "'";
  const std::string script =
      "compdef() { : }; compadd() { print -r -- ${(P)2} }; _files() { print files $* }\n"
      "compset() { : }\nsource ./_poolkeeper\nwords=('" POOLKEEPER_BINARY "'" +
      line + "); CURRENT=${#words}\n_poolkeeper\n";
  const Outcome answer = RunProgramAt("/usr/bin/zsh", {"-f", "-c", script}, stage.folder().path());
  CHECK(answer.err.empty());
  return answer.out.substr(0, answer.out.find('\n'));
}

TEST_CASE("manual: zsh completes verbs, flags, values, files, and the names of live pools") {
  if (::access("/usr/bin/zsh", X_OK) != 0) {
    MESSAGE("no zsh here");
    return;
  }
  const Stage stage;
  stage.WritePool("render", 0);
  CHECK(InZsh(stage, {"user", ""}) == "add remove");
  CHECK(Has(InZsh(stage, {""}), "plan diff apply"));
  CHECK(Has(InZsh(stage, {"user", "add", "-"}), "--ssh-key"));
  CHECK(InZsh(stage, {"plan", "--format", ""}) == "text json");
  CHECK(InZsh(stage, {"plan", "--format=j"}) == "text json");  // zsh itself takes the prefix
  CHECK(InZsh(stage, {"validate", ""}) == "files");
  CHECK(InZsh(stage, {"--specs", ""}) == "files -/");
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  CHECK(InZsh(stage, {"--config", "poolkeeper.yaml", "nodes", ""}) == "render");
  CHECK(InZsh(stage, {"--config=poolkeeper.yaml", "nodes", ""}) == "render");
  CHECK(InZsh(stage, {"--config", "poolkeeper.yaml", "plan", "--account", ""}) == "demo");
  CHECK(InZsh(stage, {"--config", "no-such.yaml", "nodes", ""}).empty());
  CHECK(InZsh(stage, {"--config", "poolkeeper.yaml", "user", "add", "render", ""}).empty());
  CHECK(Has(InZsh(stage, {"events", ""}), " not_sent "));
  CHECK(Has(InZsh(stage, {"explain", ""}), " vmSize"));
  CHECK(Has(InZsh(stage, {"images", "--capability", ""}), "DockerCompatible"));
  stage.WritePool("render", 2);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  const std::string nodes = NodesOf(stage, "render");
  CHECK(InZsh(stage, {"--config", "poolkeeper.yaml", "ssh", "render", ""}) == nodes);
  CHECK(InZsh(stage, {"--config", "poolkeeper.yaml", "user", "add", "render", "ada", "--node",
                      ""}) == nodes);
}

TEST_CASE("manual: zsh finds no error in its completion") {
  if (::access("/usr/bin/zsh", X_OK) != 0) {
    MESSAGE("no zsh here");
    return;
  }
  const TempFolder folder;
  folder.Write("_poolkeeper", ZshCompletion(DescribeProgram()));
  const Outcome syntax = RunProgramAt("/usr/bin/zsh", {"-n", "_poolkeeper"}, folder.path());
  CHECK(syntax.code == 0);
  CHECK(syntax.err.empty());
}

}  // namespace
}  // namespace reconciler::daemon
