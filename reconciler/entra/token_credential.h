// Lets requests in with a token of Entra ID that is kept until it is about to end.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "reconciler/core/credential.h"
#include "reconciler/core/ports.h"
#include "reconciler/entra/identity.h"
#include "reconciler/entra/token_answer.h"

namespace reconciler::entra {

/// A token is asked for once nobody has one that lasts, and again five minutes before it ends or
/// when its issuer says; where that fails it is used to its end, and asked for every 30 s.
class TokenCredential final : public Credential {
 public:
  /// References outlive it. `proof` is not called for managed identities; `password` opens the key
  /// of a certificate, empty: it needs none.
  TokenCredential(Identity identity, ProofReader proof, ProofReader password,
                  HttpTransport& transport, Clock& clock, Random& random);

  Status Prepare(std::stop_token stop) override;
  std::string Authorization(const HttpRequest& request) const override;
  std::string_view Advice() const override;
  bool Refused() override;

 private:
  struct Kept {
    Token token;
    Tick since{};
  };
  bool Lasts(Tick now) const;
  Result<Token> Fetch(const std::stop_token& stop);
  Result<Secret> Proof();
  Result<Secret> SignedProof();
  HttpAnswer Ask(const Secret& proof, const std::stop_token& stop);

  const Identity identity_;
  const ProofReader proof_;
  const ProofReader password_;
  HttpTransport& transport_;
  Clock& clock_;
  Random& random_;
  std::optional<Kept> kept_;
  Tick next_try_{};
};

}  // namespace reconciler::entra
