// Whatever comes in: no crash, no endless work, and the same again for the same seed.
#include "reconciler/autoscale/printer.h"
#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

// The address sanitizer takes ten times as long, and sees what it is to see in the first.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::uint64_t kFormulas = 2'000;
#else
constexpr std::uint64_t kFormulas = 20'000;
#endif
#else
constexpr std::uint64_t kFormulas = 20'000;
#endif

constexpr std::string_view kPieces[] = {"$TargetDedicatedNodes",
                                        "$NodeDeallocationOption",
                                        "$PendingTasks",
                                        "$x",
                                        "y",
                                        "requeue",
                                        "TimeInterval_Minute",
                                        "TimeInterval_Year",
                                        "0",
                                        "1",
                                        "70",
                                        "1e300",
                                        "\"2025-07-02\"",
                                        "\"",
                                        "avg",
                                        "max",
                                        "val",
                                        "vec",
                                        "lg",
                                        "percentile",
                                        "stop",
                                        "rand",
                                        "time",
                                        ".GetSample(",
                                        ".GetSamplePercent(",
                                        ".Count()",
                                        ".hour",
                                        ".HistoryBeginTime()",
                                        "(",
                                        ")",
                                        "(",
                                        ")",
                                        ",",
                                        ";",
                                        "=",
                                        "==",
                                        "<",
                                        "&&",
                                        "||",
                                        "!",
                                        "-",
                                        "+",
                                        "*",
                                        "/",
                                        "?",
                                        ":",
                                        "//",
                                        "\n",
                                        " ",
                                        "%",
                                        "\xff"};

std::string Soup(Random& random) {
  std::string text;
  for (std::uint64_t pieces = random.Below(60); pieces > 0; --pieces) {
    text += kPieces[random.Below(std::size(kPieces))];
  }
  return text;
}

/// A formula that parses; its types fit or not.
class Grower {
 public:
  explicit Grower(Random& random) : random_(random) {}

  std::string Formula() {
    std::string text;
    for (std::uint64_t statements = 1 + random_.Below(6); statements > 0; --statements) {
      constexpr std::string_view kTargets[] = {"$TargetDedicatedNodes", "$x", "y", ""};
      const std::string_view target = kTargets[random_.Below(std::size(kTargets))];
      if (!target.empty()) text += std::string(target) + "=";
      text += Expression(0) + ";";
    }
    return text;
  }

 private:
  std::string Expression(int depth) {
    const auto deeper = [&] { return Expression(depth + 1); };
    switch (depth > 5 ? 0 : random_.Below(9)) {
      case 1:
      case 2: {
        constexpr std::string_view kOps[] = {"+", "-", "*", "/", "<", "==", "&&", "||", "!=", ">="};
        return deeper() + std::string(kOps[random_.Below(std::size(kOps))]) + deeper();
      }
      case 3:
        return "(" + deeper() + ")";
      case 4:
        return deeper() + "?" + deeper() + ":" + deeper();
      case 5:
        return (random_.Below(2) == 0 ? "-" : "!") + deeper();
      case 6: {
        constexpr std::string_view kCalls[] = {"avg", "max", "vec", "lg", "time", "val", "nothing"};
        return std::string(kCalls[random_.Below(std::size(kCalls))]) + "(" + deeper() + "," +
               deeper() + ")";
      }
      case 7:
        return "$PendingTasks.GetSample(" + deeper() + ")";
      case 8:
        return "(" + deeper() + ").hour";
      default:
        break;
    }
    constexpr std::string_view kLeaves[] = {
        "1",        "2.5",      "$x",    "y", "$PendingTasks", "time()", "TimeInterval_Hour",
        "\"2025\"", "vec(1,2)", "rand()"};
    return std::string(kLeaves[random_.Below(std::size(kLeaves))]);
  }

  Random& random_;
};

World SomeWorld() {
  World world;
  world.samples.AddSeries("$PendingTasks", world.now, {1, 2, 3, 4, 5, 6});
  return world;
}

std::string RunToText(const Formula& formula, const World& world) {
  SeededRandom random(world.seed);
  const Evaluation evaluation =
      Evaluate(formula, world.samples, {world.now, random, world.current});
  return evaluation.error ? evaluation.error->detail : ResultsText(evaluation);
}

TEST_CASE("no text harms") {
  const World world = SomeWorld();
  int parsed_count = 0;
  for (std::uint64_t seed = 1; seed <= kFormulas; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::string text = Soup(random);
    CAPTURE(text);
    const Parsed parsed = Parse(text);
    for (const Problem& problem : parsed.problems) CHECK(problem.place.line >= 1);
    if (HasError(parsed.problems)) continue;
    ++parsed_count;
    (void)Check(parsed.formula);
    CHECK_FALSE(RunToText(parsed.formula, world).empty());
  }
  CHECK(parsed_count > kFormulas / 200);
}

TEST_CASE("what is printed reads as the same formula") {
  const World world = SomeWorld();
  for (std::uint64_t seed = 1; seed <= kFormulas / 4; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::string text = Grower(random).Formula();
    CAPTURE(text);
    const Parsed parsed = Parse(text);
    REQUIRE(parsed.problems.empty());
    const std::string printed = Print(parsed.formula);
    const Parsed again = Parse(printed);
    REQUIRE(again.problems.empty());
    CHECK(Print(again.formula) == printed);
    const std::string result = RunToText(parsed.formula, world);
    CHECK(result == RunToText(parsed.formula, world));
    // Places move with the layout; what was computed does not.
    const std::string result_again = RunToText(again.formula, world);
    CHECK(result_again.substr(std::min(result_again.find(": "), result_again.size())) ==
          result.substr(std::min(result.find(": "), result.size())));
  }
}

// The check is for what the evaluation would say: a formula without an error in it fails for its
// values only.
TEST_CASE("what the check lets pass has no mistake of names or types") {
  const World world = SomeWorld();
  int clean = 0;
  for (std::uint64_t seed = 1; seed <= kFormulas; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::string text = Grower(random).Formula();
    CAPTURE(text);
    const Parsed parsed = Parse(text);
    REQUIRE(parsed.problems.empty());
    // A choice of two types is known at evaluation only.
    if (HasError(Check(parsed.formula)) || text.find('?') != std::string::npos) continue;
    ++clean;
    const std::string result = RunToText(parsed.formula, world);
    for (const char* const mistake : {"Undefined symbol", "No operator", "No member", "No method",
                                      "Wrong arguments", "is a double, not a"}) {
      CAPTURE(result);
      CHECK(result.find(mistake) == std::string::npos);
    }
  }
  CHECK(clean > kFormulas / 100);
}

}  // namespace
}  // namespace reconciler::autoscale
