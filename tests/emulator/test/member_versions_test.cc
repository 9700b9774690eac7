// Every member of a pool at every api-version: taken, echoed and changed where it is known, refused
// or ignored where it is not. Held against fixtures/members.txt, not against the emulator's table.
#include <doctest/doctest.h>

#include <array>
#include <fstream>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

const std::array<std::string, 6> kVersions{"2022-10-01.16.0", "2023-05-01.17.0", "2023-11-01.18.0",
                                           "2024-02-01.19.0", "2024-07-01.20.0", "2025-06-01"};
constexpr std::string_view kWidePatch = "2024-07-01.20.0";

struct Row {
  std::string path, where, since, until;
  Json sent;
  std::string shown;

  std::string Top() const { return path.substr(0, path.find_first_of(".[=")); }
  bool Is(char place) const { return where.find(place) != std::string::npos; }
  bool In(std::string_view version) const {
    return version >= since && (until.empty() || version <= until);
  }
  bool OfValue() const { return path.find('=') != std::string::npos; }
};

std::vector<Row> ReadRows() {
  std::vector<Row> rows;
  std::ifstream file(POOLKEEPER_SOURCE_DIR "/tests/emulator/test/fixtures/members.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : Split(line, '|')) cells.emplace_back(Trim(cell));
    cells.resize(5);
    Row row{cells[0], cells[1], {}, {}, ParseJson(cells[3]).value_or(Json{}), cells[4]};
    if (const auto dots = cells[2].find(".."); dots != std::string::npos) {
      row.since = cells[2].substr(0, dots);
      row.until = cells[2].substr(dots + 2);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What stands at the path, the first item of a list; an empty text: nothing.
std::string At(const Json& pool, const std::string& path) {
  const Json* value = &pool;
  for (std::string_view part : Split(std::string_view(path).substr(0, path.find('=')), '.')) {
    const bool item = part.size() > 2 && part.substr(part.size() - 2) == "[]";
    value = value->Find(item ? part.substr(0, part.size() - 2) : part);
    if (value != nullptr && item) {
      value = value->AsList()->empty() ? nullptr : value->AsList()->data();
    }
    if (value == nullptr) return {};
  }
  return JsonText(*value);
}

void Merge(Json& into, const Json& more) {
  for (const JsonMember& member : *more.AsObject()) {
    const Json* const now = into.Find(member.name);
    Json value = member.value;
    if (now != nullptr && now->AsObject() != nullptr && value.AsObject() != nullptr) {
      Json merged = *now;
      Merge(merged, value);
      value = std::move(merged);
    }
    into.Set(member.name, std::move(value));
  }
}

struct Members : World {
  explicit Members(bool strict) : World(Config(strict)) {}
  static ServiceConfig Config(bool strict) {
    ServiceConfig config = TestConfig();
    config.switches.reject_unknown_members = config.switches.reject_removed_members = strict;
    config.switches.data_disks_immutable = config.switches.reject_null_members = false;
    config.switches.reject_gallery_images = config.switches.reject_subnets = false;
    return config;
  }
  /// Under an id of its own.
  Response Create(const Json& sent, const std::string& version) {
    Json body = ParseJson(LinuxPool(fmt::format("p{}", ++pools))).value();
    Merge(body, sent);
    return Call("POST", "/pools", JsonText(body), {}, version);
  }
  std::string Url() const { return fmt::format("/pools/p{}", pools); }
  std::string Shown(const Row& row, const std::string& version) {
    return At(Get(Url(), version), row.path);
  }
  void Steady() { Pass(std::chrono::seconds{3}); }
  int pools = 0;
};

void CheckShown(const Row& row, const std::string& shown) {
  if (row.shown == "*") {
    CHECK_FALSE(shown.empty());
  } else {
    CHECK(shown == row.shown);
  }
}

bool IsImage(const Row& row) { return row.path.find("GalleryImageId") != std::string::npos; }
bool IsEncryption(const Row& row) {
  return row.path.find("securityEncryptionType") != std::string::npos;
}

/// Lets `check` look at each row of a create at each version; rows of one value of an enumeration
/// only `with_values`.
template <class Check>
void EachRowAndVersion(bool with_values, Check check) {
  for (const Row& row : ReadRows()) {
    if (!row.Is('c') || (row.OfValue() && !with_values)) continue;
    for (const std::string& version : kVersions) {
      CAPTURE(row.path);
      CAPTURE(version);
      check(row, version);
    }
  }
}

/// The member is not part of the version, or not of the operation.
void CheckRefused(const Row& row, const Response& response) {
  CAPTURE(response.body);
  CHECK(response.status == 400);
  if (row.OfValue()) return;
  CHECK(CodeOf(response) == "UnsupportedProperty");
}

TEST_CASE("each member is taken and shown by the api-versions that have it, refused by others") {
  Members world{true};
  EachRowAndVersion(true, [&](const Row& row, const std::string& version) {
    const Response response = world.Create(row.sent, version);
    if (!row.In(version)) {
      CheckRefused(row, response);
      return;
    }
    CAPTURE(response.body);
    CHECK(response.status == 201);
    for (const std::string& reader : kVersions) {
      CAPTURE(reader);
      if (row.In(reader)) {
        CheckShown(row, world.Shown(row, reader));
      } else if (!row.OfValue()) {
        CHECK(world.Shown(row, reader).empty());
      }
    }
  });
}

TEST_CASE("lenient: what a version does not know is ignored, whichever version looks") {
  Members world{false};
  EachRowAndVersion(false, [&](const Row& row, const std::string& version) {
    const Response response = world.Create(row.sent, version);
    if (IsImage(row) && !row.In(version)) {  // without it there is no image
      CHECK(DetailOf(response, "PropertyName") == "imageReference");
      return;
    }
    // It needs confidential machines, a value that came with it.
    if (IsEncryption(row) && response.status == 400) {
      CHECK(version < "2024-07-01.20.0");
      CHECK(DetailOf(response, "PropertyName") == "securityType");
      return;
    }
    CHECK(response.status == 201);
    for (const std::string& reader : kVersions) {
      CAPTURE(reader);
      if (!row.In(reader)) {
        CHECK(world.Shown(row, reader).empty());
      } else if (row.In(version)) {
        CheckShown(row, world.Shown(row, reader));
      } else if (row.shown != "*" && !row.shown.empty()) {
        CHECK(world.Shown(row, reader) != row.shown);
      }
    }
  });
}

TEST_CASE("each member is changed by PATCH where the version and the table say so") {
  Members world{true};
  EachRowAndVersion(true, [&](const Row& row, const std::string& version) {
    world.Create(Json{Json::Object{}}, version);
    world.Steady();
    Json pool = ParseJson(LinuxPool("")).value();
    Merge(pool, row.sent);
    Json body{Json::Object{}};
    for (const JsonMember& sent : *row.sent.AsObject()) {
      body.Set(sent.name, *pool.Find(sent.name));
    }
    const Response response = world.Call("PATCH", world.Url(), JsonText(body), {}, version);
    const bool may = row.Is(version < kWidePatch ? 'u' : 'p');
    if (!may || !row.In(version)) {
      CheckRefused(row, response);
      return;
    }
    CAPTURE(response.body);
    CHECK(response.status == 200);
    CheckShown(row, world.Shown(row, version));
  });
}

TEST_CASE("each member is replaced by updateproperties where the version and the table say so") {
  Members world{true};
  EachRowAndVersion(true, [&](const Row& row, const std::string& version) {
    world.Create(Json{Json::Object{}}, version);
    world.Steady();
    Json body = ParseJson(R"({"applicationPackageReferences":[],"metadata":[]})").value();
    if (version <= kWidePatch) {
      body.Set("certificateReferences", Json{Json::List{}});
    }
    Merge(body, row.sent);
    const Response response =
        world.Call("POST", world.Url() + "/updateproperties", JsonText(body), {}, version);
    if (!row.Is('u') || !row.In(version)) {
      CheckRefused(row, response);
      return;
    }
    CAPTURE(response.body);
    CHECK(response.status == 204);
    CheckShown(row, world.Shown(row, version));
  });
}

TEST_CASE("read-only members are not taken, and those that need an identity are known") {
  Members strict{true}, lenient{false};
  for (const Row& row : ReadRows()) {
    CAPTURE(row.path);
    if (row.Is('-')) {
      CHECK(DetailOf(strict.Create(row.sent, "2025-06-01"), "PropertyName") == "identity");
      CHECK(CodeOf(strict.Create(row.sent, "2024-07-01.20.0")) == "UnsupportedProperty");
    } else if (!row.Is('c') && row.path.find('.') == std::string::npos) {
      const Json sent{Json::Object{{row.path, Json{std::string{"x"}}}}};
      CHECK(CodeOf(strict.Create(sent, "2025-06-01")) == "InvalidRequestBody");
      CHECK(lenient.Create(sent, "2025-06-01").status == 201);
      CHECK(lenient.Shown(row, "2025-06-01") != "\"x\"");
    }
  }
}

}  // namespace
}  // namespace emulator
