#include "tests/emulator/operation_name.h"

#include "tests/emulator/json.h"
#include "tests/emulator/operation_table.h"

namespace emulator {

Operation OperationOf(const Request& request) {
  const std::string path = ParseTarget(request.target).path;
  const auto parts = Split(path, '/');
  const auto id = [&](std::size_t at) {
    return at < parts.size() ? PercentDecode(parts[at], false) : std::string{};
  };
  Operation operation;
  if (id(1) == "pools") operation.pool = id(2);
  if (id(1) == "pools" && id(3) == "nodes") operation.node = id(4);
  operation.write = request.method != "GET" && request.method != "HEAD";
  const OperationRow* const row = MatchOperation(request.method, path).row;
  if (row == nullptr) return operation;
  operation.name = row->name;
  operation.token = row->act == nullptr;
  if (row->name == "evaluateAutoScale" || operation.token) operation.write = false;
  if (row->name == "createPool") {
    if (const auto body = ParseJson(request.body)) operation.pool = body->Text("id");
  }
  return operation;
}

const std::vector<std::string_view>& OperationNames() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const OperationRow& row : OperationRows()) names.push_back(row.name);
    names.push_back("other");
    return names;
  }();
  return kNames;
}

}  // namespace emulator
