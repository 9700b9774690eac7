// Links to the next page that faults make up.
#pragma once

#include <string>
#include <string_view>

#include "tests/emulator/json.h"
#include "tests/emulator/service.h"

namespace emulator {

/// The page that a link stands on.
struct LinkPage {
  const Request& request;
  const Json& body;  // for its own idea of where it lives
  std::uint64_t seed;
  const std::string& account;
};

/// The key that the page starts behind, which is before all others on the first page.
std::string KeyBefore(const Request& request);
/// To the page behind a key.
std::string LinkAfter(const LinkPage& page, const std::string& key);
/// To this very page or to the first one.
std::string OwnLink(const LinkPage& page, bool with_token);
/// The page's own link, or one made for it, bent: see kNextLink.
std::string OddLink(std::string_view how, const LinkPage& page);

}  // namespace emulator
