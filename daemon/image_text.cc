#include "daemon/image_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/text_table.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/name_list.h"
#include "reconciler/plan/nearest_images.h"

namespace reconciler::daemon {
namespace {

using plan::ImageRow;

std::string DayOf(Instant time) { return FormatTime(time).substr(0, 10); }

/// "2026-12-24, 30 days", "2023-05-30, ended"
std::string EndText(const ImageRow& row) {
  if (!row.listed) return "not listed";
  if (!row.image.end_of_life) return "-";
  const std::string day = DayOf(*row.image.end_of_life);
  if (*row.days_left < 0) return day + ", ended";
  return fmt::format("{}, {} day{}", day, *row.days_left, *row.days_left == 1 ? "" : "s");
}

/// Steps as for the warnings about a running pool.
Color ColorOf(const ImageRow& row) {
  if (!row.listed || (row.days_left && *row.days_left < 0)) return Color::kRed;
  if (row.days_left && *row.days_left <= 90) return Color::kYellow;
  return row.image.verified ? Color::kNone : Color::kFaint;
}

std::string VerifiedText(const ImageRow& row) {
  if (!row.listed) return "-";
  return row.image.verified ? "yes" : "no";
}

std::string NameOf(const SupportedImage& image) {
  return plan::FormatTriple({image.publisher, image.offer, image.sku});
}

TableLine LineOf(const ImageRow& row, bool in_use) {
  const SupportedImage& image = row.image;
  TableLine line;
  line.cells = {image.publisher,
                image.offer,
                image.sku,
                image.node_agent.empty() ? "-" : image.node_agent,
                VerifiedText(row),
                EndText(row),
                fmt::format("{}", fmt::join(image.capabilities, ","))};
  line.color = ColorOf(row);
  if (!in_use) return line;
  line.below.push_back(fmt::format("used by {}", plan::JoinSome(row.pools)));
  for (const auto& [sku, pools] : row.newer) {
    line.below.push_back(fmt::format("newer for a new pool of {}: {} (policy.image.newest)",
                                     plan::JoinSome(pools), sku));
  }
  if (row.successor != nullptr) {
    line.below.push_back(
        fmt::format("next: {} ({})", NameOf(*row.successor), row.successor->node_agent));
  }
  return line;
}

/// Where no image at all has what is asked for, what they do have.
std::string UnknownCapability(const AccountImages& account, const plan::ImageFilter& filter) {
  if (filter.capability.empty()) return {};
  std::set<std::string> known;
  for (const SupportedImage& image : account.list.images) {
    known.insert(image.capabilities.begin(), image.capabilities.end());
  }
  const auto is_it = [&](const std::string& name) { return EqualFolded(name, filter.capability); };
  if (known.empty() || std::any_of(known.begin(), known.end(), is_it)) return {};
  return fmt::format("No image has the capability '{}'; there are {}.\n", filter.capability,
                     fmt::join(known, ", "));
}

std::string Closing(const AccountImages& account, const plan::ImageFilter& filter) {
  std::string text =
      fmt::format("{} of {} images", account.rows.size(), account.list.images.size());
  const auto unverified = std::count_if(
      account.list.images.begin(), account.list.images.end(), [&](const SupportedImage& image) {
        return !image.verified && plan::PassesFilter(image, filter);
      });
  if (!filter.in_use && !filter.include_unverified && unverified > 0) {
    text += fmt::format(", {} unverified (--include-unverified shows them)", unverified);
  }
  return text + ".\n" + UnknownCapability(account, filter);
}

Value RowToJson(const ImageRow& row) {
  const SupportedImage& image = row.image;
  Array capabilities(image.capabilities.begin(), image.capabilities.end());
  Array pools(row.pools.begin(), row.pools.end());
  Value successor;
  if (row.successor != nullptr) {
    successor = Object{{"nodeAgent", row.successor->node_agent},
                       {"offer", row.successor->offer},
                       {"publisher", row.successor->publisher},
                       {"sku", row.successor->sku}};
  }
  Array newer;
  for (const auto& [sku, names] : row.newer) {
    newer.push_back(Object{{"pools", Array(names.begin(), names.end())}, {"sku", sku}});
  }
  return Object{{"capabilities", std::move(capabilities)},
                {"daysLeft", row.days_left ? Value(*row.days_left) : Value()},
                {"endOfLife", image.end_of_life ? Value(FormatTime(*image.end_of_life)) : Value()},
                {"listed", row.listed},
                {"newer", std::move(newer)},
                {"nodeAgent", image.node_agent},
                {"offer", image.offer},
                {"osType", image.os_type},
                {"pools", std::move(pools)},
                {"publisher", image.publisher},
                {"sku", image.sku},
                {"successor", std::move(successor)},
                {"verified", image.verified}};
}

}  // namespace

std::string RenderImages(const std::vector<AccountImages>& accounts,
                         const plan::ImageFilter& filter, const Screen& screen) {
  const std::vector<TableColumn> columns = {{"PUBLISHER", 1},   {"OFFER", 0},
                                            {"SKU", 0},         {"NODE AGENT", 0, true},
                                            {"VERIFIED", 2},    {"END OF LIFE", 0, true},
                                            {"CAPABILITIES", 3}};
  std::string text;
  for (const AccountImages& account : accounts) {
    if (accounts.size() > 1) text += fmt::format("account {}\n", account.account);
    std::vector<TableLine> lines;
    for (const ImageRow& row : account.rows) lines.push_back(LineOf(row, filter.in_use));
    text += RenderTable(columns, lines, screen) + Closing(account, filter);
  }
  return text;
}

Value ImagesToJson(const std::vector<AccountImages>& accounts, Array failures) {
  Array list;
  for (const AccountImages& account : accounts) {
    Array images;
    for (const ImageRow& row : account.rows) images.push_back(RowToJson(row));
    list.push_back(Object{{"account", account.account},
                          {"fetched", FormatTime(account.list.fetched)},
                          {"images", std::move(images)}});
  }
  return Object{
      {"accounts", std::move(list)}, {"errors", std::move(failures)}, {"formatVersion", "1"}};
}

}  // namespace reconciler::daemon
