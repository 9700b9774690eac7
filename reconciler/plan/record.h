// The memory on the pool: the metadata items `poolkeeper.*`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/result.h"

namespace reconciler::plan {

inline constexpr std::string_view kReservedPrefix = "poolkeeper.";
/// Our items, names and values together, stay within this; longer ones write the record "0".
inline constexpr std::size_t kRecordBytesMax = 1024;

/// What was applied for one property: "row:digest", then optionally "~kept", "!keyid.secrets",
/// with the tags behind, "@minute".
struct AppliedEntry {
  int row = 1;
  std::string digest;  // 8 characters over the raw desired value
  std::string kept;    // 8 characters over the raw live value the service made of it; or empty
  std::string secret_key_id;  // 4 characters that name the digest key; empty: no secret inside
  std::string secret_digest;  // 8 characters of the keyed digest over the secrets inside
  std::string secret_tags;    // 6 for each secret: which of them it was; empty: not known
  std::optional<std::int64_t> changed_minute;  // since 1970; only properties of cost `reboot`
  /// Of the configuration: texts that came from one may be in the pool.
  bool HasSecrets() const;
  friend bool operator==(const AppliedEntry&, const AppliedEntry&) = default;
};

/// "1;vmSize=1:h2Kd0sQe;startTask=1:Zk3q9aPw@hq2k1c;metadata.team=1:9fLx27aa", or "0" when there
/// was no room (`reduced`). Names are percent-encoded outside [A-Za-z0-9_.-], the minute is
/// base 36.
struct Record {
  bool reduced = false;
  std::map<std::string, AppliedEntry, std::less<>> entries;  // "startTask", "metadata.team"
  const AppliedEntry* Find(std::string_view name) const;
  friend bool operator==(const Record&, const Record&) = default;
};
std::string WriteRecord(const Record& record);
/// nullopt for text of another format or version, or longer than ours can be: nothing is known
/// then. `problem` tells why, in words that quote nothing of the text.
std::optional<Record> ReadRecord(std::string_view text, std::string* problem = nullptr);

/// Our items on one pool; empty strings where an item is absent.
struct Stamp {
  std::string owner;
  std::string source;
  std::string pool;
  std::string incarnation;
  std::string revision;
  std::optional<Record> record;  // nullopt: absent or unreadable
  /// What is wrong with the record, where there should be one: "is of version 2"; else empty.
  std::string record_problem;
};
Stamp ReadStamp(const std::vector<MetadataItem>& items);

/// The whole metadata list for a write: `items` without our stamp in their order, the spec's items
/// set (`user_items`: value nullopt removes the item), then ours at the end. A reserved item that
/// this version does not know stays where it is.
std::vector<MetadataItem> WithStamp(
    std::vector<MetadataItem> items,
    const std::vector<std::pair<std::string, std::optional<std::string>>>& user_items,
    const Stamp& stamp);

/// Bytes of our items, names and values: what must not pass kRecordBytesMax.
std::size_t StampBytes(const Stamp& stamp);

}  // namespace reconciler::plan
