// What is wrong with an autoscale formula, at its place in the file.
#pragma once

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// `formula`: the member `autoScaleFormula`. Reports what does not parse, else what the check
/// finds. Folded and escaped text has no line of its own in the file: such findings stand at the
/// value, and begin with the formula's line and column. An empty or too long text is not looked at,
/// the property table has bounds for that.
void CheckFormula(const NodeMember& formula, FindingSink& sink);

}  // namespace reconciler::spec
