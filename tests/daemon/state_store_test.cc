#include "daemon/state_store.h"

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

DiskStateStore StoreIn(const TempFolder& folder) {
  return DiskStateStore({.folder = folder / "state", .run_folder = folder / "run"});
}

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST_CASE("state: what was put is there again, in another process too") {
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  REQUIRE(store.Put("losses", "one"));
  REQUIRE(store.Put("losses", std::string("two\0three", 9)));
  DiskStateStore other = StoreIn(folder);
  CHECK(**other.Get("losses") == std::string("two\0three", 9));
  CHECK(NamesIn(folder / "state") == std::vector<std::string>{"losses"});
  struct stat info {};
  REQUIRE(::stat((folder / "state/losses").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("state: absent is not broken, and erasing twice is fine") {
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  CHECK_FALSE(store.Get("losses")->has_value());  // not even the folder is there
  REQUIRE(store.Prepare());
  REQUIRE(store.Put("losses", "x"));
  CHECK(store.Erase("losses"));
  CHECK(store.Erase("losses"));
  CHECK_FALSE(store.Get("losses")->has_value());
}

TEST_CASE("state: a missing folder is made once, with mode 700") {
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  CHECK(store.Put("losses", "x").error().message ==
        "cannot write " + (folder / "state/losses") + ": no such file or directory");
  CHECK(store.Prepare());
  CHECK(store.Prepare());
  struct stat info {};
  REQUIRE(::stat((folder / "state").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
  folder.Write("file", "");
  CHECK_FALSE(DiskStateStore({.folder = folder / "file"}).Prepare());
  CHECK_FALSE(DiskStateStore({.folder = folder / "none/none"}).Prepare());
}

TEST_CASE("state: a name that leads out of the folder is refused") {
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  for (const char* key : {"", "../x", "a/b", ".hidden", "freeze", "a b"}) {
    CAPTURE(key);
    CHECK_FALSE(store.Put(key, "x"));
    CHECK_FALSE(store.Get(key));
    CHECK_FALSE(store.Erase(key));
  }
  CHECK(NamesIn(folder / "state").empty());
}

TEST_CASE("state: files belong to the owner of the folder when root writes them") {
  if (::geteuid() != 0) return;
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  REQUIRE(::chown((folder / "state").c_str(), 65534, 65533) == 0);
  REQUIRE(store.Put("losses", "x"));
  REQUIRE(store.WithLock("losses", [] { return Status(Ok{}); }));
  for (const char* name : {"state/losses", "state/losses.lock"}) {
    struct stat info {};
    REQUIRE(::stat((folder / name).c_str(), &info) == 0);
    CHECK(info.st_uid == 65534);
    CHECK(info.st_gid == 65533);
  }
}

int WriteWithoutRights(const std::string& folder) {
  DiskStateStore store({.folder = folder + "/state", .run_folder = folder + "/run"});
  const bool read_refused = !store.Get("losses");
  const bool write_refused = !store.Put("losses", "new");
  // What cannot be looked for counts as frozen.
  return read_refused && write_refused && store.Frozen() ? 0 : 1;
}

TEST_CASE("state: a folder of another user is an error that leaves everything as it was") {
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  REQUIRE(store.Put("losses", "old"));
  if (::geteuid() != 0) return;
  CHECK(AsNobody(WriteWithoutRights, folder.path()) == 0);
  CHECK(**store.Get("losses") == "old");
}

TEST_CASE("state: a full disk keeps the old blob whole and leaves no rubbish") {
  if (::geteuid() != 0) return;  // only root can mount
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  const std::string path = folder / "state";
  if (::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=64k") != 0) return;  // in a container
  REQUIRE(store.Put("losses", "old"));
  const Status full = store.Put("losses", std::string(200'000, 'x'));
  const auto kept = store.Get("losses");
  const auto names = NamesIn(path);
  ::umount(path.c_str());
  REQUIRE_FALSE(full);
  CHECK(full.error().kind == ErrorKind::kTransient);
  CHECK(full.error().message == "cannot write " + path + "/losses: no space left on device");
  REQUIRE(kept);
  CHECK(**kept == "old");
  CHECK(names == std::vector<std::string>{"losses"});
}

TEST_CASE("state: a freeze file in either folder stops all writes") {
  const TempFolder folder;
  DiskStateStore store = StoreIn(folder);
  REQUIRE(store.Prepare());
  CHECK_FALSE(store.Frozen());
  folder.Write("state/freeze", "");
  CHECK(store.Frozen());
  fs::remove(folder / "state/freeze");
  CHECK_FALSE(store.Frozen());
  folder.Write("run/freeze", "");
  CHECK(store.Frozen());
}

TEST_CASE("state: only one holds a lock, and what hangs in it is named") {
  const TempFolder folder;
  DiskStateStore store({.folder = folder.path(), .lock_wait_max = std::chrono::milliseconds(20)});
  Status inner = Ok{};
  const Status outer = store.WithLock("losses", [&] {
    inner = store.WithLock("losses", [] { return Status(Ok{}); });
    return store.WithLock("other", [] { return Status(Ok{}); });
  });
  CHECK(outer);
  REQUIRE_FALSE(inner);
  CHECK(inner.error().message ==
        (folder / "losses.lock") + " has been locked by another process for 20 ms");
  CHECK(store.WithLock("losses", [] { return Status(Ok{}); }));  // it was given back
}

TEST_CASE("state: two threads under the lock never see half of what the other did") {
  const TempFolder folder;
  DiskStateStore store({.folder = folder.path()});
  REQUIRE(store.Put("count", "0"));
  std::atomic<int> failures{0};
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) {
      const Status done = store.WithLock("count", [&]() -> Status {
        const auto text = store.Get("count");
        return store.Put("count", std::to_string(std::stoi(text->value()) + 1));
      });
      if (!done) ++failures;
    }
  };
  {
    const std::jthread one(work);
    const std::jthread two(work);
  }
  CHECK(failures == 0);
  CHECK(**store.Get("count") == "40");
}

}  // namespace
}  // namespace reconciler::daemon
