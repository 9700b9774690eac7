// One account: its settings, and what this process remembers of it between cycles.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reconciler/batch/client.h"
#include "reconciler/core/credential.h"
#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/alerts.h"
#include "reconciler/cycle/pool_state.h"
#include "reconciler/cycle/quiet.h"
#include "reconciler/cycle/status.h"
#include "reconciler/plan/image.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/ownership.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::cycle {

struct AccountConfig {
  std::string name;
  Endpoint endpoint;
  std::string api_version = "2025-06-01";
  Mode mode = Mode::kManage;
  std::optional<long long> nodes_max;  // `maxNodes`; unset: no limit
  int requests_in_flight = 8;
  plan::Identity identity;  // owner and source.id of the configuration
  /// Drift that nobody told us about is noticed within this time.
  std::chrono::seconds interval{60};
};

/// A create whose answer was lost: settled by looking, never by asking again at once.
struct UnknownCreate {
  std::string incarnation;
  std::optional<Tick> first_absent;  // the first 404 after it
};

/// What was last seen of a pool of ours, for later processes.
struct SeenPool {
  std::string creation_time;
  plan::SeenScale scale;
};

/// What survives from one cycle to the next, in memory. One thread uses it.
struct Account {
  Account(AccountConfig account_config, std::unique_ptr<Credential> account_credential)
      : config(std::move(account_config)), credential(std::move(account_credential)) {}

  AccountConfig config;
  std::unique_ptr<Credential> credential;  // never null

  std::map<std::string, plan::PoolMemory, std::less<>> pools;  // by id without case
  std::map<std::string, SeenPool, std::less<>> seen_before;    // by earlier processes
  bool seen_before_loaded = false;
  bool seen_unsaved = false;  // this process has learned more than the state folder holds
  std::map<std::string, UnknownCreate, std::less<>> unknown_creates;
  std::map<std::string, bool, std::less<>> record_reduced;  // MetadataTooLarge was answered

  /// Specs made ready for comparing, and the snapshot that they point into.
  std::shared_ptr<const SpecSnapshot> prepared_from;
  std::map<std::string, plan::PreparedSpec, std::less<>> prepared;
  plan::SecretBook secrets;
  std::set<std::string> secret_names;
  std::uint64_t times_prepared = 0;

  /// Rows that called for nothing, so that a cycle without changes looks at what changed alone.
  batch::Client::ListMemory lists;
  QuietBook<QuietRow> quiet_pools;
  QuietBook<NodeCounts> quiet_counts;
  QuietBasis quiet_basis;

  std::optional<plan::ImageList> images;
  std::optional<Tick> images_due;      // when the list is fetched again
  std::optional<Tick> images_fetched;  // when it was asked for last
  bool images_unsaved = false;         // tried again each cycle
  std::string images_problem;          // why it could not be renewed; empty: it could

  /// Allocation backoff per VM size: the pools of a size share what they learn.
  std::map<std::string, int, std::less<>> allocation_tries;

  std::optional<Tick> hold_until;  // throttled, or credentials refused: no request before
  Reason hold_reason = Reason::kNone;
  std::string hold_message;
  int failures_in_row = 0;
  Tick look_again{std::chrono::seconds(5)};  // grows to 30 s while something is under way

  AlertBook alerts;
  std::set<std::string> told;  // what is said once: releases, kept values, renames
  StatusBook statuses;
  std::uint64_t cycles = 0;
};

}  // namespace reconciler::cycle
