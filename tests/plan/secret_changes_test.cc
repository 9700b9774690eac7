// Which secret of several changed, what their order means, and queries of URLs.
#include "reconciler/plan/secret_changes.h"

#include <fmt/format.h>

#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

using Lines = std::vector<std::string>;

/// A pool that was made of a spec with this property; then the spec says otherwise.
class Applied {
 public:
  Applied(const char* property, const std::string& json) : property_(property) {
    for (const char* name : {"a", "b", "c"}) Tell(name, "1");
    pool_.Want(property_, json);
    pool_.live = MadeOf();
  }

  void Tell(const std::string& secret, const std::string& text) {
    pool_.secrets.digests[secret] = "digest-" + text + "-of-" + secret;
    pool_.secrets.url_digests[secret] = pool_.secrets.digests[secret];
  }
  OnePool& pool() { return pool_; }

  /// "path: note" of each difference.
  Lines Then(const std::string& json) {
    pool_.Want(property_, json);
    return Now();
  }
  Lines Now() {
    plan_ = pool_.Decide();
    Lines lines;
    for (const auto* list : {&plan_.changes, &plan_.blocked}) {
      for (const Change& change : *list) {
        lines.push_back(change.path + (change.note.empty() ? "" : ": " + change.note));
      }
    }
    return lines;
  }
  const PoolPlan& plan() const { return plan_; }

 private:
  LivePool MadeOf() {
    pool_.Decide();
    Value body = BuildCreate(pool_.context, pool_.prepared, std::string(32, 'b')).body;
    for (const char* name :
         {"eTag", "creationTime", "state", "allocationState", "allocationStateTransitionTime",
          "currentDedicatedNodes", "currentLowPriorityNodes"}) {
      body.Set(name, *pool_.live.body.Find(name));
    }
    Value shown = Shown(*pool_.context.table->Spec().FindMember(property_), *body.Find(property_));
    body.Set(property_, std::move(shown));
    return MakeLive(std::move(body));
  }

  /// As the service answers: without secrets, and without the queries of URLs.
  static Value Shown(const PropertyNode& row, const Value& value) {
    if (value.IsArray()) {
      Array items;
      for (const Value& item : value.AsArray()) items.push_back(Shown(*row.item, item));
      return items;
    }
    if (value.IsString() && row.compare == Compare::kUrl) {
      return value.AsString().substr(0, value.AsString().find('?'));
    }
    if (!value.IsObject()) return value;
    Value shown = Object{};
    for (const Member& member : value.AsObject()) {
      const PropertyNode* below = row.FindMember(member.name);
      if (member.value.IsObject() && member.value.Find("secretRef") != nullptr) {
        if (below->returned) shown.Set(member.name, "told");
      } else {
        shown.Set(member.name, below == nullptr ? member.value : Shown(*below, member.value));
      }
    }
    return shown;
  }

  const char* property_;
  OnePool pool_;
  PoolPlan plan_;
};

std::string User(const std::string& name, const std::string& secret, const char* more = "") {
  return fmt::format(R"({{"name":"{}","password":{{"secretRef":"{}"}}{}}})", name, secret, more);
}

std::string Machine(const std::string& more) {
  return R"({"imageReference":{"publisher":"canonical","offer":"0001-com-ubuntu-server-jammy",)"
         R"("sku":"22_04-lts"},)" +
         more + "}";
}

std::string Registries(const std::string& items) {
  return Machine(R"("containerConfiguration":{"type":"dockerCompatible","containerRegistries":[)" +
                 items + "]}");
}

std::string Registry(const std::string& server, const std::string& user,
                     const std::string& secret) {
  return fmt::format(R"({{"registryServer":"{}","username":"{}","password":{{"secretRef":"{}"}}}})",
                     server, user, secret);
}

std::string Extensions(const std::string& items) {
  return Machine(R"("extensions":[)" + items + "]");
}

std::string Extension(const std::string& name, const std::string& secret) {
  const std::string settings =
      secret.empty() ? "" : R"(,"protectedSettings":{"secretRef":")" + secret + "\"}";
  return R"({"name":")" + name + R"(","publisher":"p","type":"t")" + settings + "}";
}

std::string Files(const std::string& first, const std::string& second = "https://s/b") {
  return R"({"commandLine":"x","resourceFiles":[{"filePath":"a","httpUrl":")" + first +
         R"("},{"filePath":"b","httpUrl":")" + second + "\"}]}";
}

constexpr const char* kMachine = "virtualMachineConfiguration";
constexpr const char* kRestart = ", reaches nodes when they restart";

}  // namespace

TEST_CASE("secrets: the order of items that have some does not matter") {
  Applied users("userAccounts", "[" + User("a", "a") + "," + User("b", "b") + "]");
  CHECK(users.Now().empty());
  CHECK(users.Then("[" + User("b", "b") + "," + User("a", "a") + "]").empty());
  Applied registries(kMachine,
                     Registries(Registry("r1", "u", "a") + "," + Registry("r2", "u", "b")));
  CHECK(registries.Then(Registries(Registry("r2", "u", "b") + "," + Registry("R1", "u", "a")))
            .empty());
  Applied extensions(kMachine, Extensions(Extension("e", "a") + "," + Extension("f", "")));
  CHECK(extensions.Then(Extensions(Extension("f", "") + "," + Extension("e", "a"))).empty());
  const std::string t = R"({"name":"T","value":{"secretRef":"a"}})";
  const std::string p = R"({"name":"P","value":"1"})";
  const auto task = [](const std::string& items) {
    return R"({"commandLine":"x","environmentSettings":[)" + items + "]}";
  };
  Applied settings("startTask", task(t));
  CHECK(settings.Then(task(p + "," + t)) ==
        Lines{"startTask.environmentSettings[P]: reaches nodes when they restart"});
}

TEST_CASE("secrets: the one that changed is named, wherever it stands") {
  Applied users("userAccounts", "[" + User("a", "a") + "," + User("b", "b") + "]");
  users.Tell("b", "2");
  CHECK(users.Now() == Lines{"userAccounts[b].password: the secret changed"});
  users.Tell("b", "1");
  CHECK(users.Then("[" + User("a", "b") + "," + User("b", "a") + "]") ==
        Lines{"userAccounts[a].password: the secret changed",
              "userAccounts[b].password: the secret changed"});
  Applied registries(kMachine,
                     Registries(Registry("r1", "u", "a") + "," + Registry("r2", "u", "b")));
  registries.Tell("a", "2");
  CHECK(registries.Now() == Lines{"virtualMachineConfiguration.containerConfiguration."
                                  "containerRegistries[0].password: the secret changed"});
}

TEST_CASE("secrets: another member of an item without a key accuses no secret") {
  const std::string path = "virtualMachineConfiguration.containerConfiguration.containerRegistries";
  Applied user(kMachine, Registries(Registry("r1", "u", "a") + "," + Registry("r2", "u", "b")));
  CHECK(user.Then(Registries(Registry("r1", "u", "a") + "," + Registry("r2", "v", "b"))) ==
        Lines{path + "[1].username"});
  Applied server(kMachine, Registries(Registry("r1", "u", "a")));
  CHECK(server.Then(Registries(Registry("r3", "u", "a"))) == Lines{path + "[0].registryServer"});
}

TEST_CASE("secrets: an item that comes or goes accuses no secret beside it") {
  Applied users("userAccounts", "[" + User("a", "a") + "," + User("b", "b") + "]");
  CHECK(users.Then("[" + User("a", "a") + "]") == Lines{"userAccounts[b]"});
  CHECK(users.Then("[" + User("c", "c") + "," + User("a", "a") + "," + User("b", "b") + "]") ==
        Lines{"userAccounts[c]"});
  CHECK(users.Then("[]") == Lines{"userAccounts"});
}

TEST_CASE("secrets: one that was added or taken away is named") {
  const char* key =
      R"(,"linuxUserConfiguration":{"uid":1,"gid":1,"sshPrivateKey":{"secretRef":"b"}})";
  const char* none = R"(,"linuxUserConfiguration":{"uid":1,"gid":1})";
  const std::string path = "userAccounts[a].linuxUserConfiguration.sshPrivateKey: ";
  Applied with("userAccounts", "[" + User("a", "a", key) + "]");
  CHECK(with.Then("[" + User("a", "a", none) + "]") == Lines{path + "the secret was taken away"});
  Applied without("userAccounts", "[" + User("a", "a", none) + "]");
  CHECK(without.Then("[" + User("a", "a", key) + "]") == Lines{path + "the secret is new"});
  Applied extension(kMachine, Extensions(Extension("e", "a")));
  CHECK(extension.Then(Extensions(Extension("e", ""))) ==
        Lines{"virtualMachineConfiguration.extensions[e].protectedSettings: the secret was taken "
              "away"});
}

TEST_CASE("secrets: of very many, and of an older record, it is said that one of them changed") {
  std::string items;
  for (int i = 0; i < 17; ++i) items += (i == 0 ? "" : ",") + User("u" + std::to_string(i), "a");
  Applied many("userAccounts", "[" + items + "]");
  many.Tell("a", "2");
  const Lines lines = many.Now();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with(
      "userAccounts: a secret inside changed, one of userAccounts[u0].password, "));
}

TEST_CASE("queries: what a spec says behind the '?' is applied, though no answer shows it") {
  for (const char* other : {"https://s/a?sig=B", "https://s/a", "https://s/a?sig=A&x=1"}) {
    CAPTURE(other);
    Applied file("startTask", Files("https://s/a?sig=A"));
    CHECK(file.Now().empty());
    const Lines lines = file.Then(Files(other));
    REQUIRE(lines.size() == 1);
    CHECK(file.plan().changes.size() == 1);
    CHECK(StepsOf(file.plan()) == "patch");
    CHECK(file.plan().changes[0].sensitive);
    CHECK(file.plan().changes[0].cause == Cause::kSpecChanged);
  }
  Applied file("startTask", Files("https://s/a?sig=A", "https://s/b?v=1"));
  CHECK(file.Then(Files("https://s/a?sig=A", "https://s/b?v=2")) ==
        Lines{std::string("startTask.resourceFiles[1].httpUrl: the query changed") + kRestart});
  Applied added("startTask", Files("https://s/a"));
  CHECK(added.Then(Files("https://s/a?v=1")) ==
        Lines{std::string("startTask.resourceFiles[0].httpUrl: the query changed") + kRestart});
}

TEST_CASE("queries: an answer that has one is not held against the spec") {
  Applied file("startTask", Files("https://s/a?sig=A"));
  file.pool().Set("startTask", Files("https://s/a?sig=OLD"));
  CHECK(file.Now().empty());
}

TEST_CASE("queries: a record that knows nothing of them is no reason to write") {
  Applied file("startTask", Files("https://s/a?sig=A"));
  Value metadata = *file.pool().live.body.Find("metadata");
  for (Value& item : metadata.AsArray()) {
    if (item.StringOr("name") != "poolkeeper.applied") continue;
    std::string text(item.StringOr("value"));
    const std::size_t mark = text.find('!');
    REQUIRE(mark != std::string::npos);
    text.erase(mark, std::min(text.find_first_of(";@", mark), text.size()) - mark);
    item.Set("value", text);
  }
  Value body = file.pool().live.body;
  body.Set("metadata", std::move(metadata));
  file.pool().live = MakeLive(std::move(body));
  CHECK(file.Now().empty());
  CHECK(file.Then(Files("https://s/a?sig=B")).size() == 1);
}

}  // namespace reconciler::plan
