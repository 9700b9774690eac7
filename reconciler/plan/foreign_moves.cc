#include "reconciler/plan/foreign_moves.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

bool IsNothing(const Value& value) {
  if (value.IsNull()) return true;
  if (value.IsString()) return value.AsString().empty();
  if (value.IsArray()) return value.AsArray().empty();
  return value.IsObject() && value.AsObject().empty();
}

void SetPath(Value& object, std::string_view dotted, Value value) {
  Value* at = &object;
  const std::vector<std::string_view> names = SplitText(dotted, '.');
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    if (at->Find(names[i]) == nullptr) at->Set(names[i], Object{});
    at = at->Find(names[i]);
  }
  at->Set(names.back(), std::move(value));
}

/// The one object of a block, which may stand in a list.
const Value& OneOf(const Value& value) {
  return value.IsArray() && value.AsArray().size() == 1 ? value.AsArray().front() : value;
}

/// False: it is none.
bool SetPortRange(Value& object, const Value& range) {
  if (range.IsInt()) return SetPortRange(object, std::to_string(range.AsInt()));
  if (!range.IsString()) return false;
  const std::vector<std::string_view> ends = SplitText(range.AsString(), '-');
  std::vector<std::int64_t> ports;
  for (const std::string_view end : ends) {
    const auto read = std::from_chars(end.data(), end.data() + end.size(), ports.emplace_back(0));
    if (read.ec != std::errc() || read.ptr != end.data() + end.size()) return false;
  }
  if (ports.empty() || ports.size() > 2) return false;
  object.Set("frontendPortRangeStart", ports.front());
  object.Set("frontendPortRangeEnd", ports.back());
  return true;
}

class Carrier {
 public:
  explicit Carrier(std::vector<ImportNote>& left_out) : left_out_(left_out) {}

  Value Run(const Value& from, Moves moves, const std::string& path) {
    Value made = Object{};
    if (!from.IsObject()) return made;
    for (const Member& member : from.AsObject()) {
      if (IsNothing(member.value)) continue;
      const std::string below = path.empty() ? member.name : path + "." + member.name;
      const auto move = std::find_if(moves.begin(), moves.end(),
                                     [&](const Move& m) { return member.name == m.from; });
      if (move == moves.end()) {
        left_out_.push_back({below, "has no counterpart in a spec"});
      } else {
        Take(*move, member.value, below, made);
      }
    }
    return made;
  }

 private:
  void Take(const Move& move, const Value& value, const std::string& path, Value& made) {
    switch (move.how) {
      case How::kCopy:
        return SetPath(made, move.to, value);
      case How::kBlock:
        return TakeBlock(move, OneOf(value), path, made);
      case How::kBlocks:
        return TakeBlocks(move, value, path, made);
      case How::kPairs:
        return SetPath(made, move.to, PairsOf(value));
      case How::kEnabled:
        return SetPath(made, move.to, value.IsString() && EqualFolded(value.AsString(), "Enabled"));
      case How::kResource:
        return SetPath(made, move.to, Object{{"resourceId", OneOf(value)}});
      case How::kJson: {
        auto read = value.IsString() ? ParseJson(value.AsString()) : Result<Value>(value);
        return SetPath(made, move.to, read ? *read : value);
      }
      case How::kPortRange:
        if (!SetPortRange(made, value)) left_out_.push_back({path, "is no range of ports"});
        return;
      case How::kNoPlace:
        left_out_.push_back({path, move.to});
        return;
    }
  }

  void TakeBlock(const Move& move, const Value& value, const std::string& path, Value& made) {
    Value block = Run(value, move.below, path);
    if (*move.to != '\0') return SetPath(made, move.to, std::move(block));
    for (Member& member : block.AsObject()) made.Set(member.name, std::move(member.value));
  }

  void TakeBlocks(const Move& move, const Value& value, const std::string& path, Value& made) {
    Array items;
    if (value.IsArray()) {
      for (const Value& item : value.AsArray()) {
        items.push_back(Run(item, move.below, path + "[" + std::to_string(items.size()) + "]"));
      }
    }
    SetPath(made, move.to, std::move(items));
  }

  std::vector<ImportNote>& left_out_;
};

}  // namespace

Value PairsOf(const Value& map) {
  Array pairs;
  if (!map.IsObject()) return pairs;
  for (const Member& member : map.AsObject()) {
    pairs.push_back(Object{{"name", member.name}, {"value", member.value}});
  }
  return pairs;
}

Value Carry(const Value& from, Moves moves, const std::string& path,
            std::vector<ImportNote>& left_out) {
  return Carrier(left_out).Run(from, moves, path);
}

}  // namespace reconciler::plan
