// Lets requests in with the key of the account.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "reconciler/batch/signer.h"
#include "reconciler/core/credential.h"
#include "reconciler/core/secret.h"

namespace reconciler::batch {

class SharedKeyCredential final : public Credential {
 public:
  /// `key`: decoded.
  SharedKeyCredential(std::string account, Secret key)
      : account_(std::move(account)), key_(std::move(key)) {}

  Status Prepare(std::stop_token) override { return Ok{}; }
  std::string Authorization(const HttpRequest& request) const override {
    return SharedKeyAuthorization(account_, key_, request);
  }
  std::string_view Advice() const override {
    return "check that the key file holds a current key of this account and that the account "
           "allows shared keys";
  }

 private:
  const std::string account_;
  const Secret key_;
};

}  // namespace reconciler::batch
