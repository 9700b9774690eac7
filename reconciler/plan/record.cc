#include "reconciler/plan/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "reconciler/core/text.h"
#include "reconciler/plan/secret_places.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kReducedText = "0";
constexpr int kMinuteBase = 36;

bool IsDigestChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_';
}
bool IsDigest(std::string_view text, std::size_t characters) {
  return text.size() == characters && std::all_of(text.begin(), text.end(), IsDigestChar);
}
constexpr std::size_t kDigestCharacters = 8;
constexpr std::size_t kKeyIdCharacters = 4;

bool AreTags(std::string_view text) {
  return text.size() % kTagCharacters == 0 && text.size() <= kTagsMax * kTagCharacters &&
         std::all_of(text.begin(), text.end(), IsDigestChar);
}

/// Stricter than a URL: '~' has a meaning of its own in the record.
std::string EncodeName(std::string_view name) {
  std::string encoded;
  for (const char c : PercentEncode(name)) {
    if (c == '~') {
      encoded += "%7E";
    } else {
      encoded += c;
    }
  }
  return encoded;
}

template <class Number>
std::optional<Number> ReadNumber(std::string_view text, int base, Number least) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number, base);
  if (failed != std::errc{} || stop != end || number < least) return std::nullopt;
  return number;
}

std::string WriteMinute(std::int64_t minute) {
  std::array<char, 16> digits{};
  const auto [end, failed] =
      std::to_chars(digits.data(), digits.data() + digits.size(), minute, kMinuteBase);
  return failed == std::errc{} ? std::string(digits.data(), end) : std::string();
}

std::string WriteEntry(const AppliedEntry& entry) {
  std::string text = std::to_string(entry.row) + ":" + entry.digest;
  if (!entry.kept.empty()) text += "~" + entry.kept;
  if (IsDigest(entry.secret_key_id, kKeyIdCharacters) &&
      IsDigest(entry.secret_digest, kDigestCharacters)) {
    text += "!" + entry.secret_key_id + "." + entry.secret_digest;
    if (AreTags(entry.secret_tags)) text += entry.secret_tags;
  }
  if (entry.changed_minute) text += "@" + WriteMinute(*entry.changed_minute);
  return text;
}

/// One of "~kept", "!keyid.secrets", "@minute"; each at most once.
bool ReadSuffix(std::string_view suffix, AppliedEntry& entry) {
  const char mark = suffix.front();
  suffix.remove_prefix(1);
  if (mark == '~') {
    if (!entry.kept.empty() || !IsDigest(suffix, kDigestCharacters)) return false;
    entry.kept = suffix;
    return true;
  }
  if (mark == '!') {
    const std::size_t dot = suffix.find('.');
    if (!entry.secret_key_id.empty() || dot == std::string_view::npos) return false;
    const std::string_view digests = suffix.substr(dot + 1);
    if (!IsDigest(suffix.substr(0, dot), kKeyIdCharacters) ||
        !IsDigest(digests.substr(0, kDigestCharacters), kDigestCharacters) ||
        !AreTags(digests.substr(kDigestCharacters))) {
      return false;
    }
    entry.secret_key_id = suffix.substr(0, dot);
    entry.secret_digest = digests.substr(0, kDigestCharacters);
    entry.secret_tags = digests.substr(kDigestCharacters);
    return true;
  }
  if (entry.changed_minute) return false;
  entry.changed_minute = ReadNumber<std::int64_t>(suffix, kMinuteBase, 0);
  return entry.changed_minute.has_value();
}

std::optional<AppliedEntry> ReadEntry(std::string_view text) {
  constexpr std::string_view kMarks = "~!@";
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<int> row = ReadNumber<int>(text.substr(0, colon), 10, 1);
  if (!row) return std::nullopt;
  text.remove_prefix(colon + 1);
  AppliedEntry entry;
  entry.row = *row;
  entry.digest = text.substr(0, text.find_first_of(kMarks));
  if (!IsDigest(entry.digest, kDigestCharacters)) return std::nullopt;
  text.remove_prefix(entry.digest.size());
  while (!text.empty()) {
    const std::size_t next = text.find_first_of(kMarks, 1);
    if (!ReadSuffix(text.substr(0, next), entry)) return std::nullopt;
    text.remove_prefix(std::min(next, text.size()));
  }
  return entry;
}

}  // namespace

bool AppliedEntry::HasSecrets() const {
  return !secret_key_id.empty() && secret_key_id != kQueriesOnly;
}

const AppliedEntry* Record::Find(std::string_view name) const {
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : &found->second;
}

std::string WriteRecord(const Record& record) {
  if (record.reduced) return std::string(kReducedText);
  std::string text(kVersion);
  for (const auto& [name, entry] : record.entries) {
    text += ";" + EncodeName(name) + "=" + WriteEntry(entry);
  }
  return text;
}

namespace {

bool ReadEntries(std::string_view text, Record& record) {
  for (const std::string_view part : SplitText(text, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    const std::optional<std::string> name = PercentDecode(part.substr(0, equals));
    std::optional<AppliedEntry> entry = ReadEntry(part.substr(equals + 1));
    if (!name || !entry) return false;
    if (!record.entries.emplace(*name, std::move(*entry)).second) return false;
  }
  return true;
}

/// "2" of "2;..."; empty for what is no version.
std::string_view VersionOf(std::string_view text) {
  constexpr std::size_t kDigitsMax = 4;
  const std::string_view version = text.substr(0, text.find(';'));
  const bool is_number = !version.empty() && version.size() <= kDigitsMax &&
                         version.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? version : std::string_view();
}

/// Empty: the record was read.
std::string ReadInto(std::string_view text, Record& record) {
  if (text == kReducedText) {
    record.reduced = true;
    return {};
  }
  if (text.empty()) return "is empty";
  if (text.size() > kRecordBytesMax) {
    return "has " + std::to_string(text.size()) + " bytes, more than poolkeeper writes";
  }
  const std::string_view version = VersionOf(text);
  if (version.empty()) return "is not what poolkeeper writes";
  if (version != kVersion) {
    return "is of version " + std::string(version) + ", this poolkeeper reads version " +
           std::string(kVersion);
  }
  if (version.size() == text.size()) return {};
  const bool whole = ReadEntries(text.substr(version.size() + 1), record);
  return whole ? std::string() : "is damaged";
}

}  // namespace

std::optional<Record> ReadRecord(std::string_view text, std::string* problem) {
  Record record;
  std::string found = ReadInto(text, record);
  if (found.empty()) return record;
  if (problem != nullptr) *problem = std::move(found);
  return std::nullopt;
}

namespace {

/// Our items in the order in which they are written.
std::vector<MetadataItem> ItemsOf(const Stamp& stamp) {
  std::vector<MetadataItem> items;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) items.push_back({std::string(kReservedPrefix) + std::string(name), value});
  };
  add("owner", stamp.owner);
  add("source", stamp.source);
  add("pool", stamp.pool);
  add("incarnation", stamp.incarnation);
  add("revision", stamp.revision);
  if (stamp.record) add("applied", WriteRecord(*stamp.record));
  return items;
}

bool IsStampItem(std::string_view name) {
  constexpr std::string_view kNames[] = {"owner",       "source",   "pool",
                                         "incarnation", "revision", "applied"};
  if (!name.starts_with(kReservedPrefix)) return false;
  name.remove_prefix(kReservedPrefix.size());
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

Stamp ReadStamp(const std::vector<MetadataItem>& items) {
  Stamp stamp;
  const auto find = [&](std::string_view name) -> const std::string* {
    const auto is_it = [&](const MetadataItem& item) {
      return item.name.size() == kReservedPrefix.size() + name.size() &&
             item.name.starts_with(kReservedPrefix) && item.name.ends_with(name);
    };
    const auto found = std::find_if(items.begin(), items.end(), is_it);
    return found == items.end() ? nullptr : &found->value;
  };
  const auto value_of = [&](std::string_view name) {
    const std::string* value = find(name);
    return value == nullptr ? std::string() : *value;
  };
  stamp.owner = value_of("owner");
  stamp.source = value_of("source");
  stamp.pool = value_of("pool");
  stamp.incarnation = value_of("incarnation");
  stamp.revision = value_of("revision");
  const std::string* record = find("applied");
  if (record != nullptr) {
    stamp.record = ReadRecord(*record, &stamp.record_problem);
  } else if (!stamp.revision.empty()) {
    // Each write of ours has both; a pool that was adopted and not written since has neither.
    stamp.record_problem = "is missing";
  }
  return stamp;
}

std::vector<MetadataItem> WithStamp(
    std::vector<MetadataItem> items,
    const std::vector<std::pair<std::string, std::optional<std::string>>>& user_items,
    const Stamp& stamp) {
  std::erase_if(items, [](const MetadataItem& item) { return IsStampItem(item.name); });
  for (const auto& user_item : user_items) {
    const auto is_it = [&](const MetadataItem& item) { return item.name == user_item.first; };
    const auto place = std::find_if(items.begin(), items.end(), is_it);
    if (!user_item.second) {
      std::erase_if(items, is_it);
    } else if (place == items.end()) {
      items.push_back({user_item.first, *user_item.second});
    } else {
      place->value = *user_item.second;
      items.erase(std::remove_if(place + 1, items.end(), is_it), items.end());
    }
  }
  for (MetadataItem& item : ItemsOf(stamp)) items.push_back(std::move(item));
  return items;
}

std::size_t StampBytes(const Stamp& stamp) {
  std::size_t bytes = 0;
  for (const MetadataItem& item : ItemsOf(stamp)) bytes += item.name.size() + item.value.size();
  return bytes;
}

}  // namespace reconciler::plan
