// The section `issuer` of the configuration file.
#pragma once

#include "tests/emulator/config_reader.h"

namespace emulator {

/// Reads files that it names, too: a certificate or a key is a PEM text or the path of one.
Reader IssuerReader(IssuerConfig& issuer);
/// Grants name accounts that exist. Throws Problem.
void CheckGrants(const YAML::Node& root, const ServiceConfig& config);

}  // namespace emulator
