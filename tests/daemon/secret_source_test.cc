#include "daemon/secret_source.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

SecretLocation File(std::string path) { return {.file = std::move(path), .credential = {}}; }
SecretLocation Credential(std::string name) { return {.file = {}, .credential = std::move(name)}; }

TEST_CASE("secret: one line feed at the end is not part of it") {
  const TempFolder folder;
  CHECK(ReadSecret(File(folder.Write("a", "p4ss word\n")))->RevealText() == "p4ss word");
  CHECK(ReadSecret(File(folder.Write("b", "p4ss\r\n")))->RevealText() == "p4ss");
  CHECK(ReadSecret(File(folder.Write("c", "p4ss\n\n")))->RevealText() == "p4ss\n");
  CHECK(ReadSecret(File(folder.Write("d", "p4ss")))->RevealText() == "p4ss");
}

TEST_CASE("secret: a file that group or others may touch is refused") {
  const TempFolder folder;
  for (const unsigned mode : {0640U, 0604U, 0620U, 0601U, 0644U}) {
    CAPTURE(mode);
    CHECK_FALSE(ReadSecret(File(folder.Write("key", "secret", mode))));
  }
  CHECK(ReadSecret(File(folder.Write("key", "secret", 0400))));
  CHECK(ReadSecret(File(folder.Write("open", "secret", 0644))).error().message ==
        folder / "open" + " has mode 0644, group and others must have no permission: chmod 600 it");
}

TEST_CASE("secret: a systemd credential is read from its folder, whatever its mode") {
  const TempFolder folder;
  folder.Write("contoso-key", "AAEC\n", 0444);
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK(ReadSharedKey(Credential("contoso-key"))->size() == 3);
  // Named as a file it is the same file.
  CHECK(ReadSecret(File(folder / "contoso-key")));
  CHECK_FALSE(ReadSecret(File(folder / "../" + folder.path().substr(5) + "/contoso-key")));
  CHECK(ReadSecret(Credential("other")).error().message ==
        "cannot open " + (folder / "other") + ": no such file or directory");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK_FALSE(ReadSecret(Credential("contoso-key")));
}

TEST_CASE("secret: no message ever holds the bytes") {
  const TempFolder folder;
  const auto key = ReadSharedKey(File(folder.Write("key", "hunter2-is-not-base64")));
  REQUIRE_FALSE(key);
  CHECK(key.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("secret: an unknown name is answered with the nearest one") {
  const TempFolder folder;
  ConfiguredSecrets secrets({{{"registry", File(folder.Write("r", "p4ss"))}}, std::nullopt});
  CHECK(secrets.Read("registry")->RevealText() == "p4ss");
  CHECK(secrets.Read("regsitry").error().message ==
        "secret 'regsitry' is not under `secrets:` of the configuration (did you mean "
        "'registry'?)");
  CHECK(secrets.DigestKey().error().message ==
        "the configuration has no `secretDigestKey:`, which specs with a secretRef need");
}

TEST_CASE("secret: a rotated file and a new configuration are seen") {
  const TempFolder folder;
  ConfiguredSecrets secrets({{{"a", File(folder.Write("a", "old"))}}, std::nullopt});
  folder.Write("a", "new");
  CHECK(secrets.Read("a")->RevealText() == "new");
  secrets.Replace({{}, File(folder.Write("d", "digest"))});
  CHECK_FALSE(secrets.Read("a"));
  CHECK(secrets.DigestKey()->RevealText() == "digest");
}

}  // namespace
}  // namespace reconciler::daemon
