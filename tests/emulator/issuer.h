// The built-in issuer of bearer tokens: Entra ID's token endpoint and the one of a machine's
// metadata service. For tests only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/emulator/access_token.h"
#include "tests/emulator/issuer_config.h"
#include "tests/emulator/issuer_error.h"
#include "tests/emulator/random.h"
#include "tests/emulator/service.h"
#include "tests/emulator/token_request.h"

namespace emulator {

class Issuer {
 public:
  /// `config` outlives the issuer.
  Issuer(const IssuerConfig& config, std::uint64_t seed);

  /// The answer to a request for a token; nothing when the path is none of the issuer's.
  /// `endpoint`: `http://host:port` as the caller knows it.
  std::optional<Response> Answer(const Request& request, const std::string& endpoint, Instant now);
  /// What the bearer of a token may do, or why the token is worth nothing.
  std::variant<const Grant*, std::string> Check(std::string_view token, Instant now) const;
  /// Where tokens come from: `{endpoint}/{tenant}`.
  std::string Authority(const std::string& endpoint) const;

  /// Everything but the configuration; see state_fields.h.
  template <class Archive>
  void Exchange(Archive& archive);

 private:
  Response AnswerIdentity(const Request& request, const Target& target, const std::string& endpoint,
                          Instant now);
  const Grant* FindGrant(std::string_view client_id) const;
  struct Granted {
    const EntraApplication* application;
    std::string resource;
  };
  std::variant<Granted, IssuerError> Judge(const TokenRequest& call, const Request& request,
                                           Instant now);
  std::optional<IssuerError> BrokenCredential(const TokenRequest& call,
                                              const EntraApplication& application,
                                              const Request& request, Instant now);
  /// Remembers the assertion of this id until it expires.
  std::optional<IssuerError> Replayed(const std::string& client_id, const std::string& id,
                                      Instant expires, Instant now);
  const EntraApplication* FindApplication(std::string_view client_id) const;
  /// The claims of a token from now on.
  AccessClaims Claims(const std::string& resource, const std::string& client_id, Instant now) const;

  const IssuerConfig& config_;
  TokenMint mint_;
  Random random_;
  std::map<std::string, Instant> seen_assertions_;
  std::uint64_t identity_calls_ = 0;
};

}  // namespace emulator
