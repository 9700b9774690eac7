// All rows of a property table.
#pragma once

#include <functional>

#include "reconciler/core/property.h"

namespace reconciler {

/// The row, then those below it; members before items before the values of a map.
inline void VisitNodes(const PropertyNode& node,
                       const std::function<void(const PropertyNode&)>& visit) {
  visit(node);
  for (const PropertyNode& member : node.members) VisitNodes(member, visit);
  if (node.item != nullptr) VisitNodes(*node.item, visit);
  if (node.further != nullptr) VisitNodes(*node.further, visit);
}

}  // namespace reconciler
