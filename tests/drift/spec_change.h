// One member of a spec made another: changed, added or taken away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/random.h"
#include "reconciler/core/value.h"

namespace drift {

enum class ChangeKind { kChanged, kAdded, kRemoved };

struct SpecChange {
  reconciler::Value spec;  // with the change
  std::string property;    // the top-level member that holds it
  /// Of that member, up to the first list on the way: "startTask.resourceFiles".
  std::string path;
  bool in_list = false;
};

/// One member that the service returns and that does not compare equal afterwards; nothing if there
/// is none. What is added is a value or a whole object. Not of the scale group, not what identifies
/// the image or an item of a list; members of the top are changed only: one that no spec names is
/// not its own, and a PATCH takes none away.
std::optional<SpecChange> ChangeOne(reconciler::SeededRandom& random, std::string_view api_version,
                                    const reconciler::Value& spec, ChangeKind kind);

}  // namespace drift
