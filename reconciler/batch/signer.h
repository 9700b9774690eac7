// Shared Key signatures over requests for one account.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/ports.h"
#include "reconciler/core/secret.h"

namespace reconciler::batch {

/// What is signed: the verb, the length of the body, the standard headers, the headers whose name
/// starts with "ocp-", account and path, the query decoded and sorted. `request` holds every header
/// that goes out, "ocp-date" among them. Its target is our own: a host never takes part, so that a
/// link from the network cannot move a signature elsewhere.
/// Source: Batch REST, "Authenticate Requests to the Azure Batch service".
std::string StringToSign(std::string_view account, const HttpRequest& request);

/// The value of the header Authorization. `key`: the decoded account key.
std::string SharedKeyAuthorization(std::string_view account, const Secret& key,
                                   const HttpRequest& request);

}  // namespace reconciler::batch
