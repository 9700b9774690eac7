#include "reconciler/spec/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconciler/core/text.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

bool IsPoolId(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= kLongest &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string QuoteAll(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

const Place& AccountPlace(const Node& merged) {
  const Node* metadata = merged.Find("metadata");
  if (metadata == nullptr) return merged.place;
  const Node* account = metadata->Find("account");
  return account == nullptr ? metadata->place : account->place;
}

void ReportUnknownAccount(const Node& merged, const std::string& account,
                          const LoadOptions& options, FindingSink& sink) {
  std::vector<std::string_view> names(options.accounts.begin(), options.accounts.end());
  const std::string nearest = NearestName(account, names);
  std::string message =
      fmt::format("metadata.account: the configuration has no account '{}'", account);
  message += nearest.empty() ? fmt::format(", it has {}", QuoteAll(options.accounts))
                             : fmt::format(" (did you mean '{}'?)", nearest);
  sink.Error(AccountPlace(merged), "metadata.account", std::move(message));
}

}  // namespace

DocumentKind Classify(const Document& document, FindingSink& sink) {
  const Node& root = document.root;
  if (!root.IsMap()) {
    // Without a tree the reader has said why.
    if (document.clean || root.IsList() || root.IsString()) {
      sink.Error(
          root.place.source != nullptr ? root.place : document.place, "",
          fmt::format("expected an object with apiVersion, kind, metadata and spec, found {}",
                      KindName(root.kind)));
    }
    return DocumentKind::kUnknown;
  }
  const Node* kind = root.Find("kind");
  if (kind == nullptr) {
    sink.Error(root.place, "kind", "kind is missing; write 'kind: Pool' or 'kind: PoolDefaults'");
    return DocumentKind::kUnknown;
  }
  if (kind->IsString() && kind->text == "Pool") return DocumentKind::kPool;
  if (kind->IsString() && kind->text == "PoolDefaults") return DocumentKind::kPoolDefaults;
  if (kind->IsString() && kind->text == "Config") return DocumentKind::kConfig;
  if (kind->kind == NodeKind::kBad) return DocumentKind::kUnknown;
  constexpr std::array<std::string_view, 2> kKinds = {"Pool", "PoolDefaults"};
  const std::string nearest = NearestName(kind->text, kKinds);
  std::string message =
      fmt::format("kind: expected Pool or PoolDefaults, found {}", ShowValue(*kind));
  if (!nearest.empty()) message += fmt::format(" (did you mean '{}'?)", nearest);
  sink.Error(kind->place, "kind", std::move(message));
  return DocumentKind::kUnknown;
}

std::optional<std::string> ReadName(const Node& root) {
  const Node* metadata = root.Find("metadata");
  const Node* name = metadata == nullptr ? nullptr : metadata->Find("name");
  if (name == nullptr || !name->IsString() || !IsPoolId(name->text)) return std::nullopt;
  return name->text;
}

std::optional<std::string> ResolveAccount(const Node& merged, const LoadOptions& options,
                                          FindingSink& sink) {
  const Node* metadata = merged.Find("metadata");
  const Node* account = metadata == nullptr ? nullptr : metadata->FindValue("account");
  if (account != nullptr) {
    if (!account->IsString()) return std::nullopt;  // the validator's to report
    const auto& known = options.accounts;
    const bool passes =
        known.empty() || std::find(known.begin(), known.end(), account->text) != known.end();
    if (passes) return account->text;
    ReportUnknownAccount(merged, account->text, options, sink);
    return std::nullopt;
  }
  if (options.accounts.empty()) return std::string(kUnnamedAccount);
  if (options.accounts.size() == 1) return options.accounts.front();
  sink.Error(AccountPlace(merged), "metadata.account",
             fmt::format("metadata.account is missing: the configuration has {}; name one here or "
                         "in the folder's PoolDefaults",
                         QuoteAll(options.accounts)));
  return std::nullopt;
}

std::string FolderOf(std::string_view path) {
  const std::size_t cut = path.rfind('/');
  return cut == std::string_view::npos ? std::string() : std::string(path.substr(0, cut));
}

bool IsWithin(std::string_view path, std::string_view folder) {
  if (folder.empty() || path == folder) return true;
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace reconciler::spec
