#include "reconciler/spec/pool_document.h"

#include <fmt/format.h>

#include <utility>

#include "reconciler/spec/build.h"
#include "reconciler/spec/identity.h"
#include "reconciler/spec/merge.h"
#include "reconciler/spec/rules.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kNoAccount = "?";

Node Merge(const Node* defaults, const Node& document) {
  return defaults == nullptr ? document : MergeDocuments(*defaults, document);
}

std::string_view AccountText(const Node& merged) {
  const Node* metadata = merged.Find("metadata");
  const Node* account = metadata == nullptr ? nullptr : metadata->FindValue("account");
  return account == nullptr ? std::string_view() : std::string_view(account->text);
}

/// What a pool asks for, to be compared only.
std::string Fingerprint(const Node& merged) {
  return fmt::format("{} {}", BuildPoolSpec(merged).digest, AccountText(merged));
}

Position PositionOfName(const Node& root) {
  const Node* metadata = root.Find("metadata");
  const Node* name = metadata == nullptr ? nullptr : metadata->Find("name");
  if (name != nullptr) return ToPosition(name->place);
  return ToPosition(metadata == nullptr ? root.place : metadata->place);
}

class Reader {
 public:
  Reader(const std::string& path, const Document& document, const PoolContext& context,
         FindingSink& sink)
      : document_(document), context_(context), sink_(sink) {
    read_.path = path;
  }

  PoolDocument Run() {
    sink_.BeginDocument();
    merged_ = Merge(context_.defaults.For(FolderOf(read_.path)), document_.root);
    ReadIdentity();
    const LostDefaults* lost = FindLost();
    Check(lost != nullptr);
    Judge(lost);
    return std::move(read_);
  }

 private:
  void ReadIdentity() {
    read_.position = PositionOfName(document_.root);
    if (const Source* source = document_.root.place.source) {
      read_.line = QuoteLine(*source, read_.position.line, read_.position.column);
    }
    const auto name = ReadName(document_.root);
    account_ = ResolveAccount(merged_, context_.options, sink_);
    if (!name) return;
    read_.id = *name;
    if (account_) read_.key = PoolKey(*account_, *name);
  }

  const GoodSpec* LastGoodSpec() const {
    return read_.key.empty() ? nullptr : context_.last_good.Find(read_.key, read_.path);
  }

  bool EqualsLastGood() const {
    const GoodSpec* last = LastGoodSpec();
    return last != nullptr && SpecDigest(last->body, last->policy) == BuildPoolSpec(merged_).digest;
  }

  /// The defaults whose loss changes this pool; nullptr if none does.
  const LostDefaults* FindLost() {
    const std::string folder = FolderOf(read_.path);
    const std::vector<LostDefaults*> lost = context_.defaults.LostAbove(folder);
    if (lost.empty() || context_.accepted.contains(read_.key) || EqualsLastGood()) return nullptr;
    LostDefaults* reason = nullptr;
    for (LostDefaults* entry : lost) {
      if (!entry->last_good) reason = entry;
    }
    if (reason == nullptr) {
      const Node before = Merge(context_.defaults.LastGoodFor(folder), document_.root);
      if (Fingerprint(before) == Fingerprint(merged_)) return nullptr;
      if (account_ && read_.key.empty() == false && AccountText(before) != AccountText(merged_)) {
        read_.key =
            PoolKey(AccountText(before).empty() ? *account_ : AccountText(before), read_.id);
      }
      reason = lost.front();
    }
    ++reason->frozen_pools;
    return reason;
  }

  void Check(bool without_defaults) {
    ValidateOptions options;
    options.partial = without_defaults;
    options.knows_secret = context_.options.knows_secret;
    options.account = account_.value_or(std::string(kNoAccount));
    if (account_) {
      options.version_assumed = !context_.options.api_version_of;
      options.api_version = options.version_assumed ? std::string(kDefaultApiVersion)
                                                    : context_.options.api_version_of(*account_);
    }
    Validator(options, context_.patterns, sink_).Check(merged_, PoolPropertyTable().Root(), {});
    if (without_defaults) return;
    const auto& uses_shared_key = context_.options.uses_shared_key;
    const bool shared_key = account_ && uses_shared_key && uses_shared_key(*account_);
    CheckRules(merged_, {shared_key, options.api_version}, sink_);
  }

  void Judge(const LostDefaults* lost) {
    if (const Finding* first = sink_.first_error()) {
      read_.problem = fmt::format("{}: {}", FormatPosition(first->position), first->message);
    } else if (!document_.clean) {
      read_.problem = fmt::format("{} has errors", FormatPosition(read_.position));
    } else if (lost != nullptr) {
      read_.lost_defaults = true;
      read_.problem = fmt::format(
          "{}; to go on without them write an empty 'kind: PoolDefaults' there, or run "
          "'poolkeeper apply POOL'",
          lost->reason);
    } else {
      read_.spec = BuildPoolSpec(merged_);
      read_.spec->id = read_.id;
      read_.spec->account = *account_;
      read_.spec->position = read_.position;
    }
  }

  const Document& document_;
  const PoolContext& context_;
  FindingSink& sink_;
  PoolDocument read_;
  Node merged_;
  std::optional<std::string> account_;
};

}  // namespace

PoolDocument ReadPoolDocument(const std::string& path, const Document& document,
                              const PoolContext& context, FindingSink& sink) {
  return Reader(path, document, context, sink).Run();
}

}  // namespace reconciler::spec
