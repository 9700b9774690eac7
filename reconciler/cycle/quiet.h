// What is known of rows that have not changed by a byte: a quiet pool costs a hash, not a look.
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "reconciler/core/digest.h"

namespace reconciler::cycle {

/// Conclusions drawn from the text of a row. Every conclusion is a pure function of that text and
/// of what its owner calls Clear for; so equal text gives the equal conclusion.
template <class Conclusion>
class QuietBook {
 public:
  using Key = Sha256Bytes;

  /// The conclusion of the last pass, kept for the next one as well; nullptr: none.
  const Conclusion* Find(const Key& key) {
    const auto found = last_.find(key);
    if (found == last_.end()) return nullptr;
    return &next_.insert(last_.extract(found)).position->second;
  }
  /// The kept conclusion; its address holds until the next pass begins to look.
  const Conclusion* Keep(const Key& key, Conclusion conclusion) {
    return &next_.insert_or_assign(key, std::move(conclusion)).first->second;
  }
  /// Ends a pass: what it did not see is forgotten.
  void Turn() {
    last_ = std::move(next_);
    next_.clear();
  }
  void Clear() {
    last_.clear();
    next_.clear();
  }

 private:
  struct FirstBytes {  // a digest is as good a hash as any
    std::size_t operator()(const Key& key) const {
      std::size_t hash = 0;
      std::memcpy(&hash, key.data(), sizeof hash);
      return hash;
    }
  };
  std::unordered_map<Key, Conclusion, FirstBytes> last_;
  std::unordered_map<Key, Conclusion, FirstBytes> next_;
};

}  // namespace reconciler::cycle
