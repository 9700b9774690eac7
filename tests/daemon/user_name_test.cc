#include "daemon/user_name.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

std::string Check(std::string name) { return CheckUserName(name); }

TEST_CASE("user name: all that Linux may know is taken") {
  for (const std::string name : {"ada", "Ada.Lovelace", "_svc-1", "root", "1234", "a"}) {
    CAPTURE(name);
    CHECK(Check(name).empty());
  }
  CHECK(Check(std::string(32, 'a')).empty());
}

TEST_CASE("user name: what is none, or would break the path of the request, is refused") {
  for (const std::string name :
       {"", " ", "a b", "a/b", "..", "../../evil", "-x", ".x", "ä", "a\n", "a%2f", "a?b", "a:b"}) {
    CAPTURE(name);
    CHECK_FALSE(Check(name).empty());
  }
  CHECK_FALSE(Check(std::string("a\0b", 3)).empty());
  CHECK_FALSE(Check(std::string(33, 'a')).empty());
}

TEST_CASE("user name: the refusal shows the name, cut and harmless, and the rule") {
  CHECK(Check("a\x1b[2J") ==
        "'a\\x1b[2J' cannot be the name of a user: expected 1 to 32 of a-z, A-Z, 0-9, '_', '.' and "
        "'-', the first one a letter, a digit or '_'");
  CHECK(Check(std::string(300, 'a')).starts_with("'" + std::string(32, 'a') + "...' cannot be"));
}

}  // namespace
}  // namespace reconciler::daemon
