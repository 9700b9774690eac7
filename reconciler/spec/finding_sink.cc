#include "reconciler/spec/finding_sink.h"

#include <utility>

namespace reconciler::spec {

void FindingSink::Error(const Place& place, std::string path, std::string message) {
  Report(Finding::Level::kError, place, std::move(path), std::move(message));
}

void FindingSink::ErrorWithoutLine(const Place& place, std::string path, std::string message) {
  Report(Finding::Level::kError, place, std::move(path), std::move(message), false);
}

void FindingSink::Warning(const Place& place, std::string path, std::string message) {
  Report(Finding::Level::kWarning, place, std::move(path), std::move(message));
}

void FindingSink::Reword(const Place& place, const std::string& path, const std::string& message) {
  const Position at = ToPosition(place);
  for (Finding& finding : findings_) {
    const Position& known = finding.position;
    const bool same_file = known.file && at.file && *known.file == *at.file;
    if (!same_file || known.line != at.line || known.column != at.column) continue;
    finding.path = path;
    finding.message = message;
  }
}

void FindingSink::Report(Finding::Level level, const Place& place, std::string path,
                         std::string message, bool with_line) {
  if (level == Finding::Level::kError && full()) return;
  Finding finding;
  finding.level = level;
  finding.position = ToPosition(place);
  finding.path = std::move(path);
  finding.message = std::move(message);
  if (level == Finding::Level::kError && errors_in_document_ + 1 == kDocumentErrorsMax) {
    finding.message = "more than 99 errors in this document, the rest is left out";
  }
  if (with_line && place.source != nullptr) QuoteLine(*place.source, finding);
  Add(std::move(finding));
}

void FindingSink::Add(Finding finding) {
  const bool is_error = finding.level == Finding::Level::kError;
  const std::size_t index = Store(std::move(finding));
  if (!is_error) return;
  if (errors_in_document_++ == 0) first_error_ = index;
}

FindingSink::Key FindingSink::KeyOf(const Finding& finding) {
  const Position& at = finding.position;
  return {at.file ? *at.file : std::string(), at.line, at.column, finding.message};
}

void FindingSink::AddUnlessKnown(Finding finding) {
  if (!known_.try_emplace(KeyOf(finding), findings_.size()).second) return;
  finding.pools_hit = 0;
  findings_.push_back(std::move(finding));
}

std::size_t FindingSink::Store(Finding finding) {
  const auto [entry, is_new] = known_.try_emplace(KeyOf(finding), findings_.size());
  const std::size_t index = entry->second;
  if (is_new) findings_.push_back(std::move(finding));
  std::size_t& last = hit_in_[index];
  if (last != document_ || is_new) ++findings_[index].pools_hit;
  last = document_;
  return index;
}

void FindingSink::BeginDocument() {
  ++document_;
  errors_in_document_ = 0;
}

const Finding* FindingSink::first_error() const {
  return errors_in_document_ == 0 ? nullptr : &findings_[first_error_];
}

std::vector<Finding> FindingSink::Take() {
  known_.clear();
  hit_in_.clear();
  SortFindings(findings_);
  return std::move(findings_);
}

}  // namespace reconciler::spec
