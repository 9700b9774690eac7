// Application packages that a spec refers to, against those that the account has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"

namespace reconciler::plan {

struct MissingPackage {
  std::string path;     // "applicationPackageReferences[0].applicationId"
  std::string message;  // "application 'x' ...", with what is there
};

/// The references of a spec that name nothing that nodes can get. What cannot be told counts as
/// there: a reference to another account, a version left to the application's default, any version
/// of an application that is listed without versions.
std::vector<MissingPackage> MissingPackages(const Value& spec_body, std::string_view account,
                                            const std::vector<Application>& applications);

}  // namespace reconciler::plan
