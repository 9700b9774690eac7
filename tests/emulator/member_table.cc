#include "tests/emulator/member_table.h"

#include <stdexcept>

#include "tests/emulator/embedded_data.h"
#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

MemberType TypeOf(std::string_view text) {
  if (text == "string") return MemberType::kString;
  if (text == "int") return MemberType::kInteger;
  if (text == "bool") return MemberType::kBool;
  if (text == "duration") return MemberType::kDuration;
  if (text == "enum") return MemberType::kEnum;
  if (text == "object") return MemberType::kObject;
  if (text == "any") return MemberType::kAny;
  if (text == "read") return MemberType::kRead;
  if (text.substr(0, 4) == "list") return MemberType::kList;
  throw std::runtime_error("unknown member type " + std::string(text));
}

void ReadFlags(Member& member, std::string_view text) {
  for (const std::string_view flag : Split(text, ' ')) {
    if (flag == "required")
      member.required = true;
    else if (flag == "secret")
      member.secret = true;
    else if (flag == "lower")
      member.lower = true;
    else if (flag == "drop")
      member.drop_empty = true;
    else if (flag == "sas")
      member.sas = true;
    else if (flag == "windows")
      member.windows_only = true;
    else if (flag == "linux")
      member.linux_only = true;
    else if (flag == "patch")
      member.patch_always = true;
    else if (flag == "empty")
      member.patch_empty = true;
    else if (flag == "update")
      member.update = true;
    else if (flag == "need")
      member.update_required = true;
    else if (!flag.empty())
      throw std::runtime_error("unknown member flag " + std::string(flag));
  }
}

void ReadRange(std::string_view text, std::string& first, std::string& last) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return;
  first = std::string(text.substr(0, dots));
  last = std::string(text.substr(dots + 2));
}

Member ReadRow(std::string_view line) {
  const std::vector<std::string_view> cells = Split(line, '|');
  if (cells.size() != 7) throw std::runtime_error("bad member row: " + std::string(line));
  Member member;
  member.name = std::string(Trim(cells[0]));
  const std::string_view type = Trim(cells[1]);
  member.type = TypeOf(type);
  if (member.type == MemberType::kList && type.size() > 5)
    member.item_type = TypeOf(type.substr(5));
  ReadRange(Trim(cells[2]), member.since, member.until);
  ReadFlags(member, Trim(cells[3]));
  const std::string_view limits = Trim(cells[4]);
  if (limits.find("..") != std::string_view::npos) {
    ReadRange(limits, member.min, member.max);
  } else if (!limits.empty()) {
    for (const std::string_view value : Split(limits, ';')) {
      const auto at = value.find('@');
      const bool later = at != std::string_view::npos;
      member.values.push_back(
          {std::string(value.substr(0, at)), std::string(later ? value.substr(at + 1) : "")});
    }
  }
  if (const std::string_view fill = Trim(cells[5]); !fill.empty()) {
    member.fill = ParseJson(fill);
    if (!member.fill) throw std::runtime_error("bad fill: " + std::string(line));
  }
  member.evidence = std::string(Trim(cells[6]));
  return member;
}

}  // namespace

const Member* Member::Child(std::string_view child) const {
  for (const Member& member : children) {
    if (member.name == child) return &member;
  }
  return nullptr;
}

bool Member::In(std::string_view api_version) const {
  return (since.empty() || api_version >= since) && (until.empty() || api_version <= until);
}

Member ParseMembers(std::string_view text) {
  Member root;
  root.type = MemberType::kObject;
  for (const std::string_view line : Split(text, '\n')) {
    if (Trim(line).empty() || line[0] == '#') continue;
    std::vector<Member>* siblings = &root.children;
    for (std::size_t i = 0; i + 1 < line.size() && line[i] == ' '; i += 2) {
      if (siblings->empty()) throw std::runtime_error("bad indentation: " + std::string(line));
      siblings = &siblings->back().children;
    }
    siblings->push_back(ReadRow(line));
  }
  return root;
}

const Member& PoolMember() {
  static const Member kPool = ParseMembers(kPoolMembersText);
  return kPool;
}

}  // namespace emulator
