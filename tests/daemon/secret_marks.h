// Secrets that cannot be mistaken for anything else: one for each member that takes one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconciler::daemon {

/// A member of the property table with a secret in it.
struct SecretMark {
  std::string path;         // of the table, "userAccounts[].password"
  std::string name;         // under `secrets:` of the configuration
  std::string pattern;      // the secret; '@' is where the mark stands
  bool credential = false;  // read as a systemd credential, not from a file
};
const std::vector<SecretMark>& SecretMarks();

/// 32 letters and digits, the same for the same words.
std::string MarkOf(std::string_view name, int edition);
std::string SecretOf(const SecretMark& mark, int edition);

/// `spec:` of a pool that has all of them.
std::string SpecWithSecrets();

/// Whether the mark or a half of it stands in `text`: plain, which is how it looks in JSON and in a
/// URL too, in base64 at any offset, or in hex.
bool ShowsMark(std::string_view text, std::string_view mark);

}  // namespace reconciler::daemon
