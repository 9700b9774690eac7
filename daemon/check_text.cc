#include "daemon/check_text.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>

namespace reconciler::daemon {
namespace {

constexpr std::size_t kOutcomes = 4;
constexpr int kSubjectWidth = 16;
constexpr int kOutcomeWidth = 11;
constexpr int kTextWidthMin = 10;  // beside the columns; where there is less, colours give way
constexpr std::string_view kFixLabel = "fix: ";

using Counts = std::array<std::size_t, kOutcomes>;

Counts CountOutcomes(const std::vector<CheckBlock>& blocks) {
  Counts counts{};
  for (const CheckBlock& block : blocks) {
    for (const CheckLine& line : block.lines) ++counts.at(static_cast<std::size_t>(line.outcome));
  }
  return counts;
}

Color ColorOf(CheckOutcome outcome) {
  constexpr std::array<Color, kOutcomes> kColors = {Color::kGreen, Color::kYellow, Color::kRed,
                                                    Color::kFaint};
  return kColors.at(static_cast<std::size_t>(outcome));
}

/// The words of JSON: "notTried", "apiVersion".
std::string CamelCase(std::string_view words) {
  std::string camel;
  bool word_begins = false;
  for (const char c : words) {
    if (c == ' ' || c == '-') {
      word_begins = true;
      continue;
    }
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    if (word_begins && lower) {
      camel += static_cast<char>(c - 'a' + 'A');
    } else {
      camel += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    word_begins = false;
  }
  return camel;
}

std::string RenderLine(const CheckLine& line, const Screen& screen) {
  const std::string_view outcome = OutcomeName(line.outcome);
  const int front_width = kSubjectWidth + kOutcomeWidth;
  const bool fits = screen.width == 0 || screen.width >= front_width + kTextWidthMin;
  std::string front = fmt::format("{:<{}}", SubjectName(line.subject), kSubjectWidth);
  front += fits ? Paint(screen, ColorOf(line.outcome), outcome) : std::string(outcome);
  front.append(kOutcomeWidth - outcome.size(), ' ');
  std::string text = HangingText(front, Harmless(line.detail), screen);
  if (line.fix.empty()) return text;
  const std::string indent(static_cast<std::size_t>(front_width), ' ');
  return text + HangingText(indent + std::string(kFixLabel), Harmless(line.fix), screen);
}

Value LineToJson(const CheckLine& line) {
  return Object{{"account", line.account.empty() ? Value() : Value(line.account)},
                {"detail", Harmless(line.detail)},
                {"fix", line.fix.empty() ? Value() : Value(Harmless(line.fix))},
                {"outcome", CamelCase(OutcomeName(line.outcome))},
                {"subject", CamelCase(SubjectName(line.subject))}};
}

std::int64_t AsInt(std::size_t count) { return static_cast<std::int64_t>(count); }

}  // namespace

std::string RenderChecks(const std::vector<CheckBlock>& blocks, const Screen& screen) {
  std::string text;
  for (const CheckBlock& block : blocks) {
    if (!block.title.empty()) {
      const std::string title = CutToWidth(Harmless(block.title), screen.width);
      text += "\n" + Paint(screen, Color::kBold, title) + "\n";
    }
    for (const CheckLine& line : block.lines) text += RenderLine(line, screen);
  }
  const auto [ok, warnings, failed, not_tried] = CountOutcomes(blocks);
  const std::string counted = fmt::format("{} ok, {} warning{}, {} failed, {} not tried.", ok,
                                          warnings, warnings == 1 ? "" : "s", failed, not_tried);
  return text + "\n" + HangingText("", counted, screen);
}

Value ChecksToJson(const std::vector<CheckBlock>& blocks, Array findings) {
  Array lines;
  for (const CheckBlock& block : blocks) {
    for (const CheckLine& line : block.lines) lines.push_back(LineToJson(line));
  }
  const auto [ok, warnings, failed, not_tried] = CountOutcomes(blocks);
  return Object{{"counts", Object{{"failed", AsInt(failed)},
                                  {"notTried", AsInt(not_tried)},
                                  {"ok", AsInt(ok)},
                                  {"warnings", AsInt(warnings)}}},
                {"findings", std::move(findings)},
                {"formatVersion", "1"},
                {"lines", std::move(lines)}};
}

}  // namespace reconciler::daemon
