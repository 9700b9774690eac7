#include "tests/emulator/images.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <tuple>

#include "tests/emulator/embedded_data.h"
#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

std::optional<Instant> EndOfLife(const std::string& text, Instant start) {
  if (text.empty()) return std::nullopt;
  if (text[0] == '+') {
    int days = 0;
    std::from_chars(text.data() + 1, text.data() + text.size(), days);
    return Instant{std::chrono::floor<std::chrono::days>(start) + std::chrono::days{days}};
  }
  const auto date = ParseTime(text + "T00:00:00Z");
  if (!date) throw std::runtime_error("bad end of life '" + text + "', expected YYYY-MM-DD or +Nd");
  return date;
}

Image FromConfig(const ImageConfig& config, Instant start) {
  Image image;
  image.publisher = Lower(config.publisher);
  image.offer = Lower(config.offer);
  image.sku = Lower(config.sku);
  image.node_agent = config.node_agent;
  image.windows = Lower(config.node_agent).find("windows") != std::string::npos;
  image.verified = config.verified;
  image.listed = config.listed;
  image.capabilities = config.capabilities;
  image.end_of_life = EndOfLife(config.end_of_life, start);
  return image;
}

ImageConfig ReadRow(std::string_view line) {
  const std::vector<std::string_view> cells = Split(line, '|');
  if (cells.size() != 9) throw std::runtime_error("bad image row: " + std::string(line));
  ImageConfig image;
  image.publisher = std::string(Trim(cells[0]));
  image.offer = std::string(Trim(cells[1]));
  image.sku = std::string(Trim(cells[2]));
  image.node_agent = std::string(Trim(cells[3]));
  image.verified = Trim(cells[4]) == "verified";
  for (const std::string_view capability : Split(Trim(cells[5]), ';')) {
    if (!capability.empty()) image.capabilities.emplace_back(capability);
  }
  image.end_of_life = std::string(Trim(cells[6]));
  image.listed = Trim(cells[7]) == "listed";
  return image;
}

/// Agents that no row of the list names. Source: recorded image lists of 2025 and 2026.
constexpr std::array kAgentsWithoutRow{
    std::string_view{"batch.node.azurelinux 3.0"},
    std::string_view{"batch.node.azurelinux 3.0-arm64"}, std::string_view{"batch.node.debian 11"},
    std::string_view{"batch.node.el 9-arm64"}, std::string_view{"batch.node.mariner 2.0"}};

auto Key(const Image& image) { return std::tie(image.publisher, image.offer, image.sku); }

}  // namespace

ImageList::ImageList(const std::vector<ImageConfig>& extra, Instant start, bool built_in) {
  for (const ImageConfig& config : extra) rows_.push_back(FromConfig(config, start));
  for (const std::string_view line : Split(built_in ? kImagesText : "", '\n')) {
    if (!Trim(line).empty() && line[0] != '#') rows_.push_back(FromConfig(ReadRow(line), start));
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Image& a, const Image& b) { return Key(a) < Key(b); });
  rows_.erase(std::unique(rows_.begin(), rows_.end(),
                          [](const Image& a, const Image& b) { return Key(a) == Key(b); }),
              rows_.end());
}

ImageList ImagesOf(const AccountConfig& account, const std::vector<ImageConfig>& of_service,
                   Instant start) {
  std::vector<ImageConfig> rows = account.images;
  if (account.service_images) rows.insert(rows.end(), of_service.begin(), of_service.end());
  return {rows, start, account.service_images};
}

const Image* ImageList::Find(std::string_view publisher, std::string_view offer,
                             std::string_view sku) const {
  Image wanted;
  wanted.publisher = Lower(publisher);
  wanted.offer = Lower(offer);
  wanted.sku = Lower(sku);
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), wanted,
                                   [](const Image& a, const Image& b) { return Key(a) < Key(b); });
  return at != rows_.end() && Key(*at) == Key(wanted) ? &*at : nullptr;
}

bool ImageList::KnowsAgent(std::string_view node_agent) const {
  const auto same = [&](std::string_view agent) { return EqualsIgnoringCase(agent, node_agent); };
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const Image& image) { return same(image.node_agent); }) ||
         std::any_of(kAgentsWithoutRow.begin(), kAgentsWithoutRow.end(), same);
}

}  // namespace emulator
