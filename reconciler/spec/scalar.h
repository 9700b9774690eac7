// What an unquoted scalar means.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// Sets kind and value of `node` from its text, by the core schema of YAML 1.2 with `true` and
/// `false` alone as booleans and decimal integers. Returns what is wrong with a text that readers
/// of YAML disagree about (010, 0x10, yes, .inf), then the node is kBad; empty if all is well.
std::string ReadPlainScalar(Node& node);

}  // namespace reconciler::spec
