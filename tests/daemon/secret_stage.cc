#include "tests/daemon/secret_stage.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "daemon/endpoint.h"
#include "daemon/system_clock.h"
#include "reconciler/batch/curl_transport.h"
#include "tests/daemon/process_memory.h"

namespace reconciler::daemon {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kDigestKey = "digest-key";
/// The account's key as it stands in its file; in memory it is decoded.
constexpr const char* kAccountKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

bool AnyShows(const std::vector<std::string>& texts, const std::string& mark) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return ShowsMark(text, mark); });
}

}  // namespace

SecretStage::SecretStage(Wire wire, const std::string& emulator_config)
    : Stage(emulator_config, wire, {"--admin"}), marks_{kAccountKey} {
  PlantOwn(kDigestKey);
  config_ = "secretDigestKey: {file: secrets/" + std::string(kDigestKey) + "}\n" +
            (wire == Wire::kTls ? "http: {caFile: ca.pem}\n" : "") + "secrets:\n";
  for (const SecretMark& mark : SecretMarks()) {
    const std::string where = mark.credential ? "credential: " : "file: secrets/";
    config_ += "  " + mark.name + ": {" + where + mark.name + "}\n";
    Plant(mark, 0);
  }
  WriteConfig(config_);
  folder().Write("specs/marked.yaml",
                 "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: marked}\nspec:\n" +
                     SpecWithSecrets());
  ::setenv("CREDENTIALS_DIRECTORY", (folder() / "secrets").c_str(), 1);
}

SecretStage::~SecretStage() { ::unsetenv("CREDENTIALS_DIRECTORY"); }

void SecretStage::Plant(const SecretMark& mark, int edition) {
  folder().Write("secrets/" + mark.name, SecretOf(mark, edition));
  marks_.push_back(MarkOf(mark.name, edition));
}

void SecretStage::PlantOwn(const std::string& name) {
  folder().Write("secrets/" + name, MarkOf(name, 0));
  marks_.push_back(MarkOf(name, 0));
}

void SecretStage::Forget(std::string_view name) { std::erase(marks_, MarkOf(name, 0)); }

void SecretStage::SetFaults(const std::string& rules) const {
  SystemClock clock;
  const auto transport = batch::CurlTransport::Create({.ca_file = folder() / "ca.pem"}, clock);
  REQUIRE(transport);
  const auto answers =
      (*transport)
          ->SendAll(*ParseEndpoint(endpoint(), true),
                    {{"PUT", "/_emulator/faults", "faults: [" + rules + "]"}}, {}, {});
  REQUIRE_MESSAGE(answers.front().status == 200, answers.front().body);
}

Outcome SecretStage::Look(const std::vector<std::string>& arguments) const {
  const Outcome outcome = Run(arguments);
  Search("output of " + arguments.front(), outcome.out);
  Search("log of " + arguments.front(), outcome.err);
  return outcome;
}

void SecretStage::Search(const std::string& where, std::string_view text) const {
  for (const std::string& mark : marks_) {
    if (ShowsMark(text, mark)) FAIL_CHECK("the mark ", mark, " stands in ", where);
  }
}

void SecretStage::SearchFiles() const {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder().path())) {
    const std::string name = entry.path().lexically_relative(folder().path());
    if (!entry.is_regular_file() || name == "demo.key" || name == "emulator.yaml" ||
        name.rfind("secrets/", 0) == 0) {
      continue;
    }
    ++files;
    Search(name, folder().Read(name));
  }
  CHECK(files >= 3);  // configuration, spec, and what the program has written
}

void SecretStage::SearchMemory(const Process& process) const {
#ifdef POOLKEEPER_SANITIZED
  MESSAGE("a sanitizer has terabytes of its own: the memory of the program is not searched");
  return;
#endif
  const auto end = steady_clock::now() + seconds(20);
  std::string left;
  do {
    const auto maps = WritableMemory(process.pid());
    if (maps.empty()) {
      MESSAGE("this user may not read the memory of another process: it is not searched");
      return;
    }
    REQUIRE(AnyShows(maps, MarkOf(kDigestKey, 0)));  // needed each cycle: the search finds things
    left.clear();
    for (const std::string& mark : marks_) {
      if (mark != MarkOf(kDigestKey, 0) && AnyShows(maps, mark)) left += mark + " ";
    }
  } while (!left.empty() && steady_clock::now() < end);
  CHECK(left == "");
}

}  // namespace reconciler::daemon
