// Machine output against the schema that documents it.
#pragma once

#include <string>

#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// "" where `output` is what schemas/`file` says; else "#/path: keyword" of the first problem.
std::string SchemaProblem(const std::string& file, const Value& output);

}  // namespace reconciler::daemon
