#include "reconciler/entra/token_credential.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "reconciler/core/guid.h"
#include "reconciler/core/text.h"
#include "reconciler/entra/assertion.h"
#include "reconciler/entra/client_certificate.h"
#include "reconciler/entra/token_request.h"

namespace reconciler::entra {
namespace {

using std::chrono::seconds;

constexpr seconds kRenewAgain{30};
/// A token that is as young was refused for what it says, not for its age.
constexpr seconds kYoung{60};
/// The last seconds of a token count for nothing: the request is on its way for some.
constexpr seconds kOnTheWay{10};
constexpr int kTries = 3;
/// 410 of managed identities lasts up to 70 s: 1, 2, 4, 8, 16 and 32 s.
constexpr int kTriesOfMachine = 7;
constexpr std::size_t kAnswerBytesMax = 256U << 10U;

}  // namespace

TokenCredential::TokenCredential(Identity identity, ProofReader proof, ProofReader password,
                                 HttpTransport& transport, Clock& clock, Random& random)
    : identity_(std::move(identity)),
      proof_(std::move(proof)),
      password_(std::move(password)),
      transport_(transport),
      clock_(clock),
      random_(random) {}

bool TokenCredential::Lasts(Tick now) const {
  return kept_ && now < kept_->since + kept_->token.lifetime - kOnTheWay;
}

Status TokenCredential::Prepare(std::stop_token stop) {
  const Tick now = clock_.Now();
  if (Lasts(now) && (now < kept_->since + kept_->token.renew_after || now < next_try_)) return Ok{};
  Result<Token> token = Fetch(stop);
  if (token) {
    kept_ = Kept{std::move(token).value(), clock_.Now()};
    return Ok{};
  }
  if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "sign in: stopped"};
  next_try_ = clock_.Now() + kRenewAgain;
  if (Lasts(clock_.Now())) return Ok{};
  kept_.reset();
  return Annotate(std::move(token).error(), "sign in");
}

std::string TokenCredential::Authorization(const HttpRequest&) const {
  return "Bearer " + std::string(kept_ ? kept_->token.text.RevealText() : std::string_view());
}

std::string_view TokenCredential::Advice() const {
  return "check that the identity has a role on this account, such as Azure Batch Data "
         "Contributor, and that the account allows Entra ID (allowedAuthenticationModes: AAD)";
}

bool TokenCredential::Refused() {
  const bool young = kept_ && clock_.Now() - kept_->since < kYoung;
  kept_.reset();
  return !young;
}

Result<Secret> TokenCredential::SignedProof() {
  const auto bytes = proof_();
  if (!bytes) return bytes.error();
  Secret password;
  if (password_) {
    auto read = password_();
    if (!read) return std::move(read).error();
    password = std::move(read).value();
  }
  const auto certificate = ClientCertificate::Parse(bytes->RevealText(), password.RevealText());
  if (!certificate) return certificate.error();
  const Instant wall = clock_.Wall();
  if (certificate->NotAfter() < wall) {
    return Error{ErrorKind::kUnauthorized,
                 fmt::format("the certificate ended at {}: make a new one and register it",
                             FormatTime(certificate->NotAfter()))};
  }
  const auto assertion = MakeAssertion(identity_, *certificate, NewGuid(random_), wall);
  if (!assertion) return assertion.error();
  return Secret(*assertion);
}

Result<Secret> TokenCredential::Proof() {
  switch (identity_.flow) {
    case Flow::kManagedIdentity:
      return Secret();
    case Flow::kClientCertificate:
      return SignedProof();
    case Flow::kClientSecret:
    case Flow::kWorkload:
      return proof_();
  }
  return Secret();
}

HttpAnswer TokenCredential::Ask(const Secret& proof, const std::stop_token& stop) {
  std::vector<HttpRequest> requests;
  requests.push_back(TokenRequest(identity_, proof.RevealText(), NewGuid(random_)));
  ExchangeLimits limits;
  limits.in_flight_max = 1;
  limits.body_bytes_max = kAnswerBytesMax;
  return std::move(transport_.SendAll(identity_.server, std::move(requests), limits, stop).front());
}

Result<Token> TokenCredential::Fetch(const std::stop_token& stop) {
  const int tries = identity_.flow == Flow::kManagedIdentity ? kTriesOfMachine : kTries;
  for (int tried = 1;; ++tried) {
    // An assertion is good for one request, and a rotated secret counts at once.
    const auto proof = Proof();
    if (!proof) {
      Error error = Annotate(proof.error(), Describe(identity_));
      if (error.kind == ErrorKind::kInvalidSpec) error.kind = ErrorKind::kUnauthorized;
      return error;
    }
    const HttpAnswer answer = Ask(*proof, stop);
    if (tried == tries || stop.stop_requested() || !IsWorthAnotherTry(answer, identity_)) {
      return ReadToken(answer, identity_, clock_.Wall());
    }
    const Tick due = clock_.Now() + seconds(1 << (tried - 1));
    if (!clock_.SleepUntil(due, stop)) return ReadToken(answer, identity_, clock_.Wall());
  }
}

}  // namespace reconciler::entra
