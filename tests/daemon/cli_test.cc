#include "daemon/cli.h"

#include <doctest/doctest.h>

#include <sstream>

namespace reconciler::daemon {
namespace {

struct Parsed {
  int code;
  bool runs;
  GlobalOptions options;
  std::string out;
  std::string err;
};
Parsed Parse(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const Console console{out, err};
  const ParsedLine line = ParseCommandLine(arguments, console);
  return {line.code, static_cast<bool>(line.command), line.options, out.str(), err.str()};
}

TEST_CASE("command line: global options stand before or behind the verb") {
  const Parsed before = Parse({"--config", "a.yaml", "--account", "demo", "plan", "p1", "p2"});
  CHECK(before.runs);
  CHECK(before.options.config_file == "a.yaml");
  CHECK(before.options.config_given);
  CHECK(before.options.account == "demo");
  const Parsed behind = Parse({"plan", "--config=a.yaml", "--no-color", "--log-format", "json"});
  CHECK(behind.runs);
  CHECK(behind.options.config_file == "a.yaml");
  CHECK(behind.options.no_color);
  CHECK(behind.options.log_format == "json");
  const Parsed none = Parse({"plan"});
  CHECK(none.options.config_file == "/etc/poolkeeper/poolkeeper.yaml");
  CHECK_FALSE(none.options.config_given);
}

TEST_CASE("command line: every option of every verb is taken") {
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"validate", "a", "b"},
                                             {"plan", "--format", "json", "p1"},
                                             {"apply", "p1", "--wait", "--timeout", "30m", "--yes",
                                              "--allow-shrink", "--allow-growth"},
                                             {"apply", "-y"},
                                             {"run"},
                                             {"run", "--show"},
                                             {"run", "--no-show", "--exit-when-ready"},
                                             {"run", "--exit-when-ready=90s"},
                                             {"status", "p1", "--unmanaged"},
                                             {"version"}}) {
    CAPTURE(line.front());
    const Parsed parsed = Parse(line);
    CHECK(parsed.code == 0);
    CHECK(parsed.runs);
    CHECK(parsed.err.empty());
  }
}

TEST_CASE("command line: what is wrong is said with the nearest right word, code 64") {
  const auto error = [](const std::vector<std::string>& arguments) {
    const Parsed parsed = Parse(arguments);
    CHECK(parsed.code == 64);
    CHECK_FALSE(parsed.runs);
    CHECK(parsed.out.empty());
    return parsed.err;
  };
  CHECK(error({"aply"}) ==
        "error: unknown command 'aply' (did you mean 'apply'?)\nhint: see `poolkeeper --help`\n");
  CHECK(error({"xyzzy"}) == "error: unknown command 'xyzzy'\nhint: see `poolkeeper --help`\n");
  CHECK(error({"apply", "--allow-shrnk"}) ==
        "error: unknown option '--allow-shrnk' (did you mean '--allow-shrink'?)\n"
        "hint: see `poolkeeper apply --help`\n");
  CHECK(error({"plan", "--confg=x"}) ==
        "error: unknown option '--confg' (did you mean '--config'?)\n"
        "hint: see `poolkeeper plan --help`\n");
  CHECK(error({"run", "pool"}) ==
        "error: unexpected argument 'pool'\nhint: see `poolkeeper run --help`\n");
  // An option that may be repeated takes one value at a time.
  CHECK(error({"user", "remove", "pool", "ada", "--node", "a", "b"}) ==
        "error: unexpected argument 'b'\nhint: see `poolkeeper user remove --help`\n");
  CHECK(error({"apply", "--timeout", "soon"}) ==
        "error: --timeout: expected a whole number and one of s, m, h, d, such as 30m, found "
        "'soon'\nhint: see `poolkeeper apply --help`\n");
  const auto timeout = [&](const std::string& text) { return error({"apply", "--timeout", text}); };
  const std::string hint = "\nhint: see `poolkeeper apply --help`\n";
  CHECK(timeout("0s") == "error: --timeout: 0s is too short, the least is 1s" + hint);
  CHECK(timeout("0d") == "error: --timeout: 0d is too short, the least is 1s" + hint);
  CHECK(timeout("3651d") == "error: --timeout: 3651d is too long, the most is 3650d" + hint);
  CHECK(error({"run", "--exit-when-ready", "0m"})
            .starts_with("error: --exit-when-ready: 0m is too short, the least is 1s\n"));
  CHECK(error({"user", "add", "p1", "--expires", "0s"})
            .starts_with("error: --expires: 0s is too short, the least is 1s\n"));
  CHECK(error({"plan", "--format", "xml"}).find("error: --format: ") == 0);
  CHECK(error({"plan", "--config"}).find("error: --config") == 0);
  CHECK(error({"validate"}) == "error: PATH is required\nhint: see `poolkeeper validate --help`\n");
  CHECK(error({"plan", "--log-level", "loud"}).find("error: --log-level: ") == 0);
}

TEST_CASE("command line: verbs below verbs are named in hints and searched for near words") {
  CHECK(Parse({"user", "add", "p1"}).err ==
        "error: NAME is required\nhint: see `poolkeeper user add --help`\n");
  CHECK(Parse({"user", "add", "p1", "ada", "--expres", "3d"}).err ==
        "error: unknown option '--expres' (did you mean '--expires'?)\n"
        "hint: see `poolkeeper user add --help`\n");
  CHECK(Parse({"user", "ad"}).err ==
        "error: unknown command 'ad' (did you mean 'add'?)\nhint: see `poolkeeper user --help`\n");
}

TEST_CASE("command line: all behind -- are words, whatever they look like") {
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"user", "add", "p1", "--ssh-key", "id.pub", "--", "ada"},
           {"user", "add", "--", "p1", "ada"},
           {"user", "remove", "p1", "--", "status"},
           {"plan", "--", "p1", "--confg", "apply"},
           {"nodes", "p1", "--", "p2"},
           {"ssh", "p1", "--", "uptime", "--pretty"},
           {"plan", "--"}}) {
    CAPTURE(line.front());
    const Parsed parsed = Parse(line);
    CHECK(parsed.runs);
    CHECK(parsed.err.empty());
  }
  CHECK(Parse({"user", "remove", "p1", "--", "-x"})
            .err.starts_with("error: NAME: '-x' cannot be the name of a user: "));
  CHECK(Parse({"run", "--", "-x"}).err ==
        "error: unexpected argument '-x'\nhint: see `poolkeeper run --help`\n");
  CHECK(Parse({"user", "add", "--expires", "--", "p1", "ada"}).err ==
        "error: --expires: a value is missing before --\n"
        "hint: see `poolkeeper user add --help`\n");
}

TEST_CASE("command line: what cannot be the name of a user is refused before anything is asked") {
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"user", "add", "p1", "../../evil"},
                                             {"user", "remove", "p1", ""},
                                             {"ssh", "p1", "-l", "a b"},
                                             {"ssh", "p1", "-l", ""}}) {
    CAPTURE(line.front());
    const Parsed parsed = Parse(line);
    CHECK(parsed.code == 64);
    CHECK(parsed.err.find("cannot be the name of a user: expected 1 to 32 of ") !=
          std::string::npos);
  }
}

TEST_CASE("command line: the shortest and the longest duration are taken") {
  for (const std::string text : {"1s", "3650d"}) {
    CHECK(Parse({"apply", "--timeout", text}).runs);
  }
}

TEST_CASE("command line: nothing at all prints the help as an error") {
  const Parsed parsed = Parse({});
  CHECK(parsed.code == 64);
  CHECK(parsed.err.find("Usage: poolkeeper") != std::string::npos);
}

TEST_CASE("command line: help goes to standard output and is no error") {
  const Parsed parsed = Parse({"apply", "--help"});
  CHECK(parsed.code == 0);
  CHECK_FALSE(parsed.runs);
  CHECK(parsed.err.empty());
  CHECK(parsed.out.find("Usage: poolkeeper apply") != std::string::npos);
  CHECK(parsed.out.find("--allow-shrink") != std::string::npos);
  CHECK(parsed.out.find("Example:\n  poolkeeper apply") != std::string::npos);
}

TEST_CASE("log options: the level of the command line wins over the verb's own") {
  GlobalOptions options;
  CHECK(LogOptionsOf(options, Severity::kInfo).least == Severity::kInfo);
  options.log_level = "debug";
  CHECK(LogOptionsOf(options, Severity::kInfo).least == Severity::kDebug);
  options.log_format = "json";
  CHECK(LogOptionsOf(options, Severity::kInfo).format == LogFormat::kJson);
}

}  // namespace
}  // namespace reconciler::daemon
