// The public keys of node users as files that an sshd reads.
#pragma once

#include <string>

#include "tests/emulator/service_config.h"

namespace emulator {

/// Writes the key of a user into `<folder>/<pool>/<node>/<user>`, or removes the file. Names that
/// would leave the folder are left out. Errors: an exception of std::filesystem or a
/// std::runtime_error that names the file.
void KeepKey(const std::string& folder, const NodeUserChange& change);

}  // namespace emulator
