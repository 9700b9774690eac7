// One member of a spec, changed to another value that the service takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/random.h"
#include "reconciler/core/value.h"

namespace drift {

struct SpecChange {
  reconciler::Value spec;  // with the change
  std::string property;    // the top-level member that holds it
  /// Of the changed member, up to the first list on the way: "startTask.resourceFiles".
  std::string path;
  bool in_list = false;
};

/// Changes one member that the service returns and that does not compare equal afterwards; nothing
/// if there is none. Not of the scale group, not what identifies the image or an item of a list.
std::optional<SpecChange> ChangeOne(reconciler::SeededRandom& random, std::string_view api_version,
                                    const reconciler::Value& spec);

}  // namespace drift
