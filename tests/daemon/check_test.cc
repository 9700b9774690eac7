#include "daemon/check.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "daemon/check_program.h"
#include "daemon/check_text.h"
#include "daemon/install_place.h"
#include "daemon/state_look.h"
#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

using enum CheckSubject;

Finding FindingAt(int line, Finding::Level level, const std::string& message) {
  Finding finding;
  finding.level = level;
  finding.position = {std::make_shared<const std::string>("a.yaml"), line, 3};
  finding.message = message;
  return finding;
}

ProgramLook GoodLook() {
  ProgramLook look;
  look.config_file = "poolkeeper.yaml";
  look.accounts = 2;
  look.daemon.places = "/run/status.sock";
  look.state = {.folder = "/state", .free_bytes = std::uint64_t{3} << 30U};
  SpecSnapshot snapshot;
  snapshot.complete = true;
  snapshot.files = 1;
  look.specs.root = "/specs";
  look.specs.snapshot = std::make_shared<const SpecSnapshot>(std::move(snapshot));
  return look;
}

void SetFindings(ProgramLook& look, std::vector<Finding> findings) {
  SpecSnapshot snapshot = *look.specs.snapshot;
  snapshot.findings = std::move(findings);
  look.specs.snapshot = std::make_shared<const SpecSnapshot>(std::move(snapshot));
}

std::string Shown(const ProgramLook& look) {
  std::string text;
  for (const CheckLine& line : LinesOf(look)) {
    text += std::string(SubjectName(line.subject)) + " " + std::string(OutcomeName(line.outcome)) +
            ": " + line.detail + (line.fix.empty() ? "" : " -> " + line.fix) + "\n";
  }
  return text;
}
bool Shows(const ProgramLook& look, const std::string& part) {
  const std::string text = Shown(look);
  CAPTURE(text);
  CAPTURE(part);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}
ExitCode CodeOf(const ProgramLook& look) { return ExitCodeOf(FactsOfChecks(LinesOf(look))); }

TEST_CASE("check: a program in order") {
  CHECK(Shown(GoodLook()) ==
        "configuration ok: poolkeeper.yaml, 2 accounts\n"
        "state folder ok: /state can be written, 3.0 GiB free\n"
        "freeze ok: none, pools may be written\n"
        "spec tree ok: /specs, 1 file, 0 pools\n"
        "daemon ok: none runs here, only `apply` acts (/run/status.sock)\n");
  CHECK(CodeOf(GoodLook()) == kExitDone);
}

TEST_CASE("check: behind a configuration with errors nothing is tried") {
  ProgramLook look;
  look.config_file = "poolkeeper.yaml";
  look.findings = {FindingAt(2, Finding::Level::kWarning, "so so"),
                   FindingAt(4, Finding::Level::kError, "bad")};
  CHECK(Shown(look) ==
        "configuration failed: poolkeeper.yaml: 1 error, 1 warning -> mend what is shown, or name "
        "another file with --config FILE; " +
            ExampleConfigFile() +
            " is an example\n"
            "state folder not tried: configuration failed\n"
            "freeze not tried: configuration failed\n"
            "spec tree not tried: configuration failed\n"
            "daemon not tried: configuration failed\n");
  CHECK(CodeOf(look) == kExitInvalid);
  ProgramLook warned = GoodLook();
  warned.findings = {FindingAt(2, Finding::Level::kWarning, "so so")};
  Shows(warned,
        "configuration warning: poolkeeper.yaml, 2 accounts, 1 warning -> mend what is shown");
  CHECK(CodeOf(warned) == kExitDone);
}

TEST_CASE("check: a state folder that is full, near to it, closed, or not there yet") {
  ProgramLook look = GoodLook();
  look.state.free_bytes = (std::uint64_t{64} << 20U) - 1;
  Shows(look, "state folder warning: /state can be written, 64.0 MiB free -> make room");
  CHECK(CodeOf(look) == kExitDone);
  look.state.free_bytes = 0;
  look.state.problem =
      Error{ErrorKind::kTransient, "cannot write /state/check-probe: no space left on device"};
  Shows(look,
        "state folder failed: /state: cannot write /state/check-probe: no space left on "
        "device, 0 bytes free -> make room on the disk of /state (`df -h -i /state`)");
  CHECK(CodeOf(look) == kExitError);
  look.state.problem =
      Error{ErrorKind::kTerminal, "cannot write /state/check-probe: permission denied"};
  Shows(look,
        "permission denied, 0 bytes free -> run the command as root or as the user of the service, "
        "to whom the folder belongs\n");
  look.state.problem = Error{ErrorKind::kTerminal, "cannot write /state/x: not a directory"};
  Shows(look, "-> give /state to the user of the service, with mode 700");
  look = GoodLook();
  look.state.exists = false;
  Shows(look, "state folder ok: /state will be made, 3.0 GiB free");
  look.state.freeze_files = {"/state/freeze"};
  Shows(look,
        "freeze warning: no pool is written: /state/freeze -> when pools may be written "
        "again: `rm /state/freeze`");
  look.state.freeze_hidden = true;
  Shows(look,
        "freeze warning: cannot be looked for, which counts as frozen: /state/freeze -> ask as "
        "root, or as the user of the service");
}

TEST_CASE("check: specs with findings, and secrets that cannot be read") {
  ProgramLook look = GoodLook();
  SetFindings(look, {FindingAt(1, Finding::Level::kWarning, "so so")});
  Shows(look,
        "spec tree warning: /specs, 1 file, 0 pools, 1 warning: a.yaml:1:3: so so -> "
        "`poolkeeper --config poolkeeper.yaml validate /specs` shows all");
  CHECK(CodeOf(look) == kExitDone);
  SetFindings(look, {FindingAt(1, Finding::Level::kError, "bad"),
                     FindingAt(2, Finding::Level::kError, "worse")});
  Shows(look, "spec tree failed: /specs, 1 file, 0 pools, 2 errors, the first: a.yaml:1:3: bad");
  CHECK(CodeOf(look) == kExitInvalid);

  look = GoodLook();
  look.secrets = {{"secretDigestKey", "", {"/d.key", ""}}};
  Shows(look, "secrets ok: 1 secret can be read\n");
  look.secrets.push_back({"secrets.registry", "/r.key is empty", {"/r.key", ""}});
  Shows(
      look,
      "secrets failed: 1 of 2 secrets cannot be read, the first: secrets.registry: /r.key is empty "
      "-> put the secret into /r.key, ");
  CHECK(CodeOf(look) == kExitInvalid);
}

TEST_CASE("check: what root reads and the service does not is a warning") {
  ProgramLook look = GoodLook();
  look.specs.service = ServiceTrouble{"the service does not see it", "move it"};
  look.state_service = ServiceTrouble{"the service cannot write it", "leave it"};
  Shows(look,
        "spec tree warning: /specs, 1 file, 0 pools; the service does not see it -> move it\n");
  Shows(look, "state folder warning: the service cannot write it -> leave it\n");
  look.config_service = ServiceTrouble{"the service cannot read it", "chmod it"};
  Shows(look, "configuration warning: the service cannot read it -> chmod it\n");
  look.secrets = {{"secrets.a", "", {"/a.key", ""}, {}},
                  {"secrets.b", "", {"/b.key", ""}, ServiceTrouble{"not /b.key", "load it"}}};
  Shows(look, "secrets warning: not /b.key -> load it\n");
  CHECK(CodeOf(look) == kExitDone);
}

TEST_CASE("check: a daemon that runs, is of another version, or does not say") {
  ProgramLook look = GoodLook();
  look.daemon.pid = 812;
  look.daemon.up = std::chrono::hours{4};
  look.daemon.version = "0.0.1";
  Shows(look, "daemon warning: process 812, up 4 h, is version 0.0.1, this is ");
  look.daemon = {.refusal = "status.sock: permission denied", .refusal_fix = "ask as root"};
  Shows(look, "daemon warning: status.sock: permission denied -> ask as root");
  CHECK(CodeOf(look) == kExitDone);
}

TEST_CASE("check: the state folder is tried by writing, and left as it was") {
  const TempFolder folder;
  DiskStateStore state({.folder = folder / "state", .run_folder = folder / "run"});
  StateLook look = LookAtState(state);
  CHECK_FALSE(look.exists);
  CHECK_FALSE(look.problem);
  CHECK_FALSE(look.free_bytes.value_or(0) == 0);
  REQUIRE(state.Prepare());
  look = LookAtState(state);
  CHECK(look.exists);
  CHECK_FALSE(look.problem);
  CHECK_FALSE(state.Get("check-probe")->has_value());
  folder.Write("run/freeze", "");
  CHECK(LookAtState(state).freeze_files == std::vector<std::string>{folder / "run/freeze"});
  folder.Write("file", "");
  DiskStateStore no_folder({.folder = folder / "file"});
  CHECK(LookAtState(no_folder).problem->message.find("not a directory") != std::string::npos);
  DiskStateStore no_parent({.folder = folder / "none/state"});
  CHECK(LookAtState(no_parent).problem->message ==
        "does not exist and cannot be made: " + folder / "none" + ": no such file or directory");
}

std::vector<CheckBlock> SomeBlocks() {
  CheckLines program;
  program.Ok(kConfiguration, "poolkeeper.yaml");
  program.Warn(kFreeze, "no pool is written", "rm it");
  CheckLines demo("demo");
  demo.Stop(kKey, "bad\x1b[2J", "mend the key of the account and try it again", {.invalid = true});
  demo.Tries(kApiVersion);
  return {{"", program.Take()}, {"account demo", demo.Take()}};
}

TEST_CASE("check: lines align, long ones wrap in their column, escapes of others are shown") {
  CHECK(RenderChecks(SomeBlocks(), {}) ==
        "configuration   ok         poolkeeper.yaml\n"
        "freeze          warning    no pool is written\n"
        "                           fix: rm it\n"
        "\naccount demo\n"
        "key             failed     bad\\x1b[2J\n"
        "                           fix: mend the key of the account and try it again\n"
        "api-version     not tried  key failed\n"
        "\n1 ok, 1 warning, 1 failed, 1 not tried.\n");
  const std::string narrow = RenderChecks(SomeBlocks(), {.terminal = true, .width = 54});
  CHECK(narrow.find("                           fix: mend the key of the\n"
                    "                                account and try it\n"
                    "                                again\n") != std::string::npos);
  for (int width = 1; width < 60; ++width) {
    const std::string text = RenderChecks(SomeBlocks(), {.terminal = true, .width = width});
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         begin = end + 1, end = text.find('\n', begin)) {
      CHECK(DisplayWidth(text.substr(begin, end - begin)) <= width);
    }
  }
}

TEST_CASE("check: colours by what they mean, where there is room") {
  const std::string text =
      RenderChecks(SomeBlocks(), {.terminal = true, .color = true, .width = 80});
  CHECK(text.find("\x1b[32mok\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[33mwarning\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[31mfailed\x1b[0m     bad") != std::string::npos);
  CHECK(RenderChecks(SomeBlocks(), {.terminal = true, .color = true, .width = 30}).find("[31m") ==
        std::string::npos);
}

TEST_CASE("check: the same for machines") {
  const Value json = ChecksToJson(SomeBlocks(), {});
  CHECK(SchemaProblem("check.output.schema.json", json) == "");
  CHECK(
      WriteJson(json.Find("lines")->AsArray().back()) ==
      R"({"account":"demo","detail":"key failed","fix":null,"outcome":"notTried","subject":"apiVersion"})");
  CHECK(WriteJson(*json.Find("counts")) == R"({"failed":1,"notTried":1,"ok":1,"warnings":1})");
}

}  // namespace
}  // namespace reconciler::daemon
