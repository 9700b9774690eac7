// Collects what is wrong with the documents of a tree.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/spec/source.h"

namespace reconciler::spec {

/// Keeps one finding for each (file, line, column, message): a value that comes from folder
/// defaults is found again in each pool that it reaches, which only counts `pools_hit` up.
class FindingSink {
 public:
  /// `path`: the key path within the document, for machines; may be empty.
  void Error(const Place& place, std::string path, std::string message);
  /// For what must not show what is written: the line is left out.
  void ErrorWithoutLine(const Place& place, std::string path, std::string message);
  /// Who knows what belongs there says it better than the reader, which has reported that place.
  void Reword(const Place& place, const std::string& path, const std::string& message);
  void Warning(const Place& place, std::string path, std::string message);
  void Add(Finding finding);
  /// For a look at defaults on their own: counts no pool.
  void AddUnlessKnown(Finding finding);

  /// Begins a document: its errors are counted from here, and after 100 the rest is left out.
  void BeginDocument();
  std::size_t errors_in_document() const { return errors_in_document_; }
  /// The first error of the document; nullptr without one.
  const Finding* first_error() const;
  bool full() const { return errors_in_document_ >= kDocumentErrorsMax; }

  std::vector<Finding> Take();

 private:
  static constexpr std::size_t kDocumentErrorsMax = 100;
  using Key = std::tuple<std::string, int, int, std::string>;

  void Report(Finding::Level level, const Place& place, std::string path, std::string message,
              bool with_line = true);
  static Key KeyOf(const Finding& finding);
  std::size_t Store(Finding finding);

  std::vector<Finding> findings_;
  std::map<Key, std::size_t> known_;
  std::map<std::size_t, std::size_t> hit_in_;  // finding -> number of the document that hit it last
  std::size_t document_ = 0;
  std::size_t errors_in_document_ = 0;
  std::size_t first_error_ = 0;
};

}  // namespace reconciler::spec
