// Whether the state folder keeps what is written into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/state_store.h"
#include "reconciler/core/error.h"

namespace reconciler::daemon {

struct StateLook {
  std::string folder{};
  bool exists = true;
  std::optional<Error> problem{};  // it cannot be written, or not be made; none: all is well
  std::optional<std::uint64_t> free_bytes{};  // for who is not root; none: not known
  std::vector<std::string> freeze_files{};
  bool freeze_hidden = false;  // they could not be looked for, so that they count as there
};

/// Writes a file of a page, as all that is kept is written, and removes it. What does not exist is
/// not made.
StateLook LookAtState(DiskStateStore& state);

}  // namespace reconciler::daemon
