#include "daemon/service_reach.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/file_tree.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

TEST_CASE("service reach: what the unit hides, and what only begins like it") {
  CHECK(HiddenByUnit("/home") == "ProtectHome hides /home");
  CHECK(HiddenByUnit("/home/ada/specs") == "ProtectHome hides /home");
  CHECK(HiddenByUnit("/root/specs") == "ProtectHome hides /root");
  CHECK(HiddenByUnit("/run/user/1000") == "ProtectHome hides /run/user");
  CHECK(HiddenByUnit("/var/tmp/x") == "PrivateTmp hides /var/tmp");
  for (const char* seen : {"/homes/x", "/srv/home", "/etc/poolkeeper", "/", "", "/run/users"}) {
    CAPTURE(seen);
    CHECK(HiddenByUnit(seen).empty());
  }
}

std::optional<ServiceTrouble> Look(const std::string& root) {
  DiskFileTree tree(root);
  return TroubleWithSpecs(tree, tree.List());
}

TEST_CASE("service reach: a tree that the unit hides is told with the setting") {
  const TempFolder folder;  // in /tmp
  folder.Write("a.yaml", "", 0644);
  const auto trouble = Look(folder.path());
  REQUIRE(trouble);
  CHECK(trouble->detail ==
        "the service does not see " + folder.path() + ": in its unit PrivateTmp hides /tmp");
  CHECK(trouble->fix ==
        "move the specs to a folder that it sees, such as /etc/poolkeeper/specs or /srv, and name "
        "that as source.path");
}

std::optional<ServiceTrouble> LookAtModes(const std::string& root) {
  return TroubleWithModes(root, DiskFileTree(root).List());
}

TEST_CASE("service reach: files, folders and what lies above must be open to others") {
  const TempFolder folder;
  const std::string root = folder / "specs";
  folder.Write("specs/open.yaml", "", 0644);
  folder.Write("specs/notes.txt", "", 0600);
  folder.Write("specs/.hidden/x.yaml", "", 0600);
  folder.Write("specs/deep/er/b.yaml", "", 0644);
  for (const char* open : {"specs", "specs/deep", "specs/deep/er"}) {
    REQUIRE(::chmod((folder / open).c_str(), 0755) == 0);
  }

  REQUIRE(::chmod(folder.path().c_str(), 0700) == 0);
  const auto above = LookAtModes(root);
  REQUIRE(above);
  CHECK(above->detail == "the user of the service (DynamicUser in its unit) cannot read below " +
                             folder.path() + " (mode 0700)");
  CHECK(above->fix.starts_with("`chmod o+x " + folder.path() + "`, or move the specs to "));
  REQUIRE(::chmod(folder.path().c_str(), 0711) == 0);
  CHECK_FALSE(LookAtModes(root));

  folder.Write("specs/a.yaml", "", 0600);
  const auto file = LookAtModes(root);
  REQUIRE(file);
  CHECK(file->detail == "the user of the service (DynamicUser in its unit) cannot read " + root +
                            "/a.yaml (mode 0600)");
  CHECK(file->fix == "let others read them: `chmod -R o+rX " + root + "`");
  REQUIRE(::chmod((root + "/deep/er").c_str(), 0750) == 0);
  CHECK(LookAtModes(root)->detail ==
        "the user of the service (DynamicUser in its unit) cannot read " + root +
            "/deep/er (mode 0750) and 1 more");
}

TEST_CASE("service reach: the state folder is that of the unit, and its files are of its owner") {
  CHECK_FALSE(TroubleWithPlaceOfState("/var/lib/poolkeeper"));
  CHECK_FALSE(TroubleWithPlaceOfState("/var/lib/private/poolkeeper/"));
  const auto place = TroubleWithPlaceOfState("/var/lib/poolkeeper-2");
  REQUIRE(place);
  CHECK(place->detail ==
        "the service cannot write /var/lib/poolkeeper-2: in its unit ProtectSystem leaves it "
        "/var/lib/poolkeeper alone");
  CHECK(place->fix == "leave `state` out of the configuration");

  const TempFolder folder;
  folder.Write("state/losses-demo", "");
  CHECK_FALSE(TroubleWithStateFiles(folder / "state"));
  CHECK_FALSE(TroubleWithStateFiles(folder / "none"));
  if (::geteuid() != 0) return;  // only root gives files away
  REQUIRE(::chown((folder / "state").c_str(), 61184, 61184) == 0);
  folder.Write("state/freeze", "");
  const auto files = TroubleWithStateFiles(folder / "state");
  REQUIRE(files);
  const std::string file = folder / "state/losses-demo";
  CHECK(files->detail == file + " belongs to user 0: the user of the service cannot read it");
  CHECK(files->fix == "`chown --reference=" + folder / "state" + " " + file + "`");
  REQUIRE(::chown(file.c_str(), 61184, 61184) == 0);
  CHECK_FALSE(TroubleWithStateFiles(folder / "state"));
}

TEST_CASE("service reach: one file, and secrets, which only credentials bring to the service") {
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
  const std::string file = folder.Write("poolkeeper.yaml", "", 0640);
  const std::string beginning = "the user of the service (DynamicUser in its unit) cannot read ";
  const auto closed = TroubleWithFile(file);
  REQUIRE(closed);
  CHECK(closed->detail == beginning + file + " (mode 0640)");
  CHECK(closed->fix == "`chmod o+r " + file + "`");
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  CHECK_FALSE(TroubleWithFile(file));
  REQUIRE(::chmod(folder.path().c_str(), 0750) == 0);
  CHECK(TroubleWithFile(file)->fix == "`chmod o+x " + folder.path() + "`");

  const auto key = TroubleWithSecret({"/etc/poolkeeper/demo.key", ""}, "demo");
  REQUIRE(key);
  CHECK(key->detail == beginning + "/etc/poolkeeper/demo.key");
  CHECK(key->fix ==
        "hand it over as a credential: `systemctl edit poolkeeper`, [Service] "
        "LoadCredential=demo:/etc/poolkeeper/demo.key, and name that in the configuration: "
        "{credential: demo}");
  CHECK_FALSE(TroubleWithSecret({"", "demo"}, "demo"));
  CHECK_FALSE(TroubleWithSecret({"/run/credentials/poolkeeper.service/demo", ""}, "demo"));
}

TEST_CASE("service reach: only the configuration of the unit is meant for the service") {
  CHECK_FALSE(AsksForService("poolkeeper.yaml"));
}

}  // namespace
}  // namespace reconciler::daemon
