// The keys of a rule that say which fault it is.
#pragma once

#include <string_view>
#include <vector>

#include "tests/emulator/fault_plan.h"

namespace emulator {

enum class FaultForm { kWord, kTime, kSignedTime, kNumber, kStatus, kMember, kBucket };

struct FaultKey {
  std::string_view key;
  FaultForm form;
  Fault::Kind kind;
  std::vector<std::string_view> words;  // of kWord
};

const std::vector<FaultKey>& FaultKeys();

}  // namespace emulator
