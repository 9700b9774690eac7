// The images of the service: what is listed and what a create takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/service_config.h"
#include "tests/emulator/time_text.h"

namespace emulator {

struct Image {
  std::string publisher, offer, sku, node_agent;
  bool windows = false;
  bool verified = true;
  bool listed = true;
  std::vector<std::string> capabilities;
  std::optional<Instant> end_of_life;
};

class ImageList {
 public:
  /// Built-in rows and the extra ones; an extra row replaces a built-in one of the same triple.
  /// `start`: relative end-of-life dates count from its day. Of equal extra rows the first counts.
  ImageList(const std::vector<ImageConfig>& extra, Instant start, bool built_in = true);

  /// Sorted by publisher, offer, sku.
  const std::vector<Image>& rows() const { return rows_; }
  /// Matched without case; null when the triple never existed.
  const Image* Find(std::string_view publisher, std::string_view offer, std::string_view sku) const;
  bool KnowsAgent(std::string_view node_agent) const;

 private:
  std::vector<Image> rows_;
};

/// What an account lists and takes: its own rows first, then those of the service.
ImageList ImagesOf(const AccountConfig& account, const std::vector<ImageConfig>& of_service,
                   Instant start);

}  // namespace emulator
