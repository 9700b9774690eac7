#include "daemon/log_format.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/core/json.h"
#include "reconciler/core/utf8.h"

namespace reconciler::daemon {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// syslog(3): 3 error, 4 warning, 6 info, 7 debug.
int PriorityOf(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return 7;
    case Severity::kInfo:
      return 6;
    case Severity::kWarning:
      return 4;
    case Severity::kError:
      return 3;
  }
  return 6;
}

Color ColorOf(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return Color::kFaint;
    case Severity::kInfo:
      return Color::kGreen;
    case Severity::kWarning:
      return Color::kYellow;
    case Severity::kError:
      return Color::kRed;
  }
  return Color::kNone;
}

/// A key that a field brings along must not break the line.
std::string KeyOf(std::string_view name) {
  std::string key;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '.';
    key += plain ? c : '_';
  }
  return key.empty() ? "_" : key;
}

Pairs PairsOf(const Event& event, Instant wall, const LineStyle& style) {
  Pairs pairs;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) pairs.emplace_back(key, value);
  };
  if (!style.journal) add("ts", FormatTime(wall));
  add("level", SeverityName(event.severity));
  add("msg", TextOf(event.kind).message);
  add("cycle", event.cycle);
  add("account", event.account);
  add("pool", event.pool);
  add("property", event.property);
  add("action", event.action);
  add("reason", ReasonName(event.reason));
  add("cause", CauseName(event.cause));
  add("request_id", event.request_id);
  add("revision", event.revision);
  for (const auto& [name, value] : event.fields) pairs.emplace_back(KeyOf(name), value);
  add("detail", event.detail);
  return pairs;
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '=' || c == '"' || c == '\\') return true;
  }
  return false;
}

std::string Escaped(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const char c = value.front();
    const std::size_t size = std::max<std::size_t>(DecodeUtf8(value).bytes, 1);
    if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (c == '\r') {
      text += "\\r";
    } else {
      text += Harmless(value.substr(0, size));
    }
    value.remove_prefix(size);
  }
  return text;
}

std::string Logfmt(const Pairs& pairs, Severity severity, const LineStyle& style) {
  std::string line;
  const Screen screen{.terminal = style.color, .color = style.color, .width = 0};
  for (const auto& [key, value] : pairs) {
    if (!line.empty()) line += ' ';
    line += key;
    line += '=';
    if (key == "level") {
      line += Paint(screen, ColorOf(severity), value);
    } else if (NeedsQuotes(value)) {
      line += '"' + Escaped(value) + '"';
    } else {
      line += value;
    }
  }
  return line;
}

/// JSON must be UTF-8, and escapes ASCII alone: what else no terminal should see is "\x.." here.
std::string ValidUtf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t size = std::max<std::size_t>(DecodeUtf8(text).bytes, 1);
    valid += byte < 0x80 ? std::string(1, text.front()) : Harmless(text.substr(0, size));
    text.remove_prefix(size);
  }
  return valid;
}

/// A key has one type in all lines: what counts is a number, all else is text. `live` and `desired`
/// hold any value of a property, so they are its text.
Value JsonValueOf(std::string_view key, std::string_view text) {
  constexpr std::string_view kNumbers[] = {"accounts", "files", "findings", "pid",
                                           "pools",    "ready", "signal",   "writes"};
  if (std::find(std::begin(kNumbers), std::end(kNumbers), key) != std::end(kNumbers)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  if (key == "complete" && (text == "true" || text == "false")) return text == "true";
  return ValidUtf8(text);
}

std::string Json(const Pairs& pairs) {
  Value line = Object{};
  for (const auto& [key, value] : pairs) line.Set(key, JsonValueOf(key, value));
  return WriteJson(line);
}

}  // namespace

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "debug";
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "info";
}

std::string JournalMark(Severity severity) {
  return "<" + std::to_string(PriorityOf(severity)) + ">";
}

std::string FormatEvent(const Event& event, Instant wall, const LineStyle& style) {
  const Pairs pairs = PairsOf(event, wall, style);
  std::string line;
  if (style.journal) line = JournalMark(event.severity);
  return line +
         (style.format == LogFormat::kJson ? Json(pairs) : Logfmt(pairs, event.severity, style));
}

}  // namespace reconciler::daemon
