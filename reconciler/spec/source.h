// A file while it is being read, and places in it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "reconciler/core/pool.h"

namespace reconciler::spec {

/// `bytes` must outlive the trees and findings that are made from it.
struct Source {
  std::shared_ptr<const std::string> path;
  std::string_view bytes;  // without a leading byte order mark
};
Source MakeSource(std::string_view path, std::string_view bytes);

/// Lines and columns count from 1, columns in characters; 0: unknown.
struct Place {
  const Source* source = nullptr;
  int line = 0;
  int column = 0;
};
Position ToPosition(const Place& place);

/// True for a key, or a path, whose value is likely a secret: messages do not repeat it.
bool NamesSecret(std::string_view path);

/// A line for a message: raw, and of a long one the part around a column.
struct QuotedLine {
  std::string text;
  int from = 0;  // characters of the line that stand before `text`
};
/// Empty if the line does not exist or may hold a secret that was written in clear.
QuotedLine QuoteLine(const Source& source, int line, int column);
/// Sets the line of a finding by its position.
void QuoteLine(const Source& source, Finding& finding);

}  // namespace reconciler::spec
