// A whole service as text, and back.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "tests/emulator/service_state.h"
#include "tests/emulator/state_fields.h"

namespace emulator {

namespace {

constexpr std::string_view kFormatKey = "\"format\"";
constexpr std::string_view kFormat = "batch-emulator state 1";
constexpr std::size_t kDepthMax = 128;  // bodies of 64 levels, and what stands around them

std::string Sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

/// The state in its envelope, or what is wrong with that.
std::variant<Json, std::string> Unwrap(std::string_view text) {
  const auto envelope = ParseJson(text, kDepthMax);
  if (!envelope) {
    return text.empty() ? "is empty" : "is no JSON, or only a part of a state";
  }
  const std::string format = envelope->Text("format");
  if (format.empty()) return "is no state of the emulator";
  if (format != kFormat) {
    return fmt::format("is of the format '{}', and this program reads '{}'", format, kFormat);
  }
  const Json* const state = envelope->Find("state");
  if (state == nullptr || Sha256(JsonText(*state)) != envelope->Text("sha256")) {
    return "was changed since it was saved: its sha256 is another";
  }
  return *state;
}

}  // namespace

bool IsSavedState(std::string_view text) {
  return text.substr(0, 64).find(kFormatKey) != std::string_view::npos;
}

template <class Archive>
void Fields(Archive& archive, Counters& counters) {
  auto& [requests, writes, writes_applied] = counters;
  archive("requests", requests)("writes", writes)("writesApplied", writes_applied);
}

template <class Archive>
void Account::Exchange(Archive& archive) {
  auto& [config, service, random, answer_random, pools, queue, cores, last_touch, failures,
         failing_start_tasks, jobs, leaving_jobs, schedules, leaving_schedules] = *this;
  archive("random", random.position())("answerRandom", answer_random.position());
  archive("pools", pools)("queue", queue)("cores", cores);
  archive("lastTouch", last_touch)("failures", failures)("failingStartTasks", failing_start_tasks);
  archive("jobs", jobs)("leavingJobs", leaving_jobs)("schedules", schedules);
  archive("leavingSchedules", leaving_schedules);
}

template <class Archive>
void Issuer::Exchange(Archive& archive) {
  auto& [config, mint /* made of the seed */, random, seen_assertions, identity_calls] = *this;
  archive("random", random.position())("seenAssertions", seen_assertions);
  archive("identityCalls", identity_calls);
}

template <class Archive>
void Service::State::Exchange(Archive& archive) {
  if constexpr (Archive::kReads) archive.SharedValues("sharedValues");
  archive("started", started)("random", random.position());
  archive.Group("issuer", [&] { issuer.Exchange(archive); });
  archive.Group("accounts", [&] {
    for (auto& [name, account] : accounts) {
      archive.Group(name, [&, &one = *account] { one.Exchange(archive); });
    }
  });
  if constexpr (!Archive::kReads) archive.SharedValues("sharedValues");
}

std::string Service::SaveState() {
  StateWriter writer;
  writer("savedAt", state_->now())("counters", counters_);
  state_->Exchange(writer);
  const std::string state = writer.Finish();
  return fmt::format(R"({{{}:"{}","sha256":"{}","state":{}}})", kFormatKey, kFormat, Sha256(state),
                     state);
}

void Service::Adopt(std::unique_ptr<State> next, const Counters& counters) {
  next->skew = state_->skew;
  const bool keeps_history = state_->keeps_history;
  state_ = std::move(next);
  counters_ = counters;
  if (keeps_history) KeepHistory();
}

std::variant<Instant, std::string> Service::LoadState(std::string_view text) {
  auto unwrapped = Unwrap(text);
  if (const auto* problem = std::get_if<std::string>(&unwrapped)) return *problem;
  const Json& from = std::get<Json>(unwrapped);
  StateReader reader(from);
  auto loaded = std::make_unique<State>(state_->config, state_->now, state_->wall);
  Instant saved_at;
  Counters counters;
  reader("savedAt", saved_at)("counters", counters);
  loaded->Exchange(reader);
  loaded->ListImages();
  if (!reader.problem().empty()) return reader.problem();
  const Json* const accounts = from.Find("accounts");
  for (const JsonMember& account : accounts == nullptr ? Json::Object{} : *accounts->AsObject()) {
    if (loaded->Find(account.name) != nullptr) continue;
    return fmt::format("has the account '{}', which the configuration does not have", account.name);
  }
  Adopt(std::move(loaded), counters);
  return saved_at;
}

}  // namespace emulator
