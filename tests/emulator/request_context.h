// What every operation gets, and what it gives back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/account.h"
#include "tests/emulator/api_error.h"
#include "tests/emulator/images.h"
#include "tests/emulator/normalise.h"
#include "tests/emulator/service.h"

namespace emulator {

struct Context {
  const ServiceConfig& config;
  const ImageList& images;
  Account& account;
  const Request& request;
  Target target;
  std::string api_version;
  /// `http://host:port`, without a slash at the end.
  std::string endpoint;
  Instant now;
  /// The caller came with a bearer token, not with a key.
  bool bearer = false;

  NormaliseContext Normalising(bool windows) const {
    return {api_version, windows, config.switches};
  }
};

struct Reply {
  int status = 200;
  /// With an etag come ETag and Last-Modified.
  std::string etag;
  Instant last_modified{};
  std::string data_service_id;
  std::string location;
  std::string body;
  std::optional<ApiError> error;
};

Reply Fail(ApiError error);
Reply Fail(std::string code);
/// An accepted action on a pool: etag, and the URL of the operation as DataServiceId.
Reply Acted(const Context& context, int status, const Pool& pool, std::string_view action);

/// The URL of a pool.
std::string PoolUrl(const Context& context, const Pool& pool);

/// The body as an object. An absent body is an empty object.
std::optional<Json> BodyObject(const Context& context);
/// What to say where it is none.
ApiError NotAnObject(const Context& context);

/// The failure of If-Match and its kin, when one is set and not met. A read answers 304, a write
/// 412.
std::optional<Reply> UnmetCondition(const Context& context, const Versioned& thing, bool read);

/// Finds the pool, checks conditions and that it is not being deleted; `reply` is set when one
/// fails.
struct WritablePool {
  Pool* pool = nullptr;
  std::optional<Reply> reply;
};
WritablePool FindPool(const Context& context, std::string_view id, bool conditional);

struct FoundNode {
  Pool* pool = nullptr;
  Node* node = nullptr;
  std::optional<Reply> missing;
};
FoundNode FindNode(const Context& context, std::string_view pool_id, std::string_view node_id);

}  // namespace emulator
