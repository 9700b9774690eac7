// One item of a list, asked for alone.
#pragma once

#include <optional>
#include <string>

#include "tests/emulator/json.h"
#include "tests/emulator/operation_name.h"
#include "tests/emulator/service.h"

namespace emulator {

/// "poolId" of node counts, else "id".
std::string IdMember(const Operation& operation);
/// The item as the list of `request` shows it in the past; nothing: it was not there.
std::optional<Json> ItemOf(Service& service, const Service::Past& past, const Request& request,
                           const std::string& id_member, const std::string& id);

}  // namespace emulator
