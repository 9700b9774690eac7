#include "tests/plan/history_world.h"

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/plan/decide.h"

namespace reconciler::plan {
namespace {

const Identity kOurs{"fleet", "main"};
constexpr int kRoundsMax = 6;  // of one cycle

Value ValueOf(Subject subject, const std::string& text) {
  if (subject == Subject::kStartTask) return Object{{"commandLine", text}};
  return text;
}

Value BodyOf(Subject subject, Wish wish) {
  Value body = Object{};
  if (wish == Wish::kLeft) return body;
  const Value value = wish == Wish::kNull ? Value() : ValueOf(subject, TextOf(subject, wish));
  if (subject == Subject::kTeam) {
    body.Set("metadata", Array{Object{{"name", "team"}, {"value", value}}});
  } else {
    body.Set(NameOf(subject), value);
  }
  return body;
}

/// Another spelling, one that the table does not call equal.
std::string Respelled(Habit habit, const std::string& text) {
  return habit == Habit::kRespells && !text.empty() ? text + "_respelled" : text;
}

std::optional<std::string> ItemOf(const std::vector<MetadataItem>& items) {
  for (const MetadataItem& item : items) {
    if (item.name == "team") return item.value;
  }
  return std::nullopt;
}

void SetItem(std::vector<MetadataItem>& items, const std::string& text) {
  const auto place = std::find_if(items.begin(), items.end(),
                                  [](const MetadataItem& item) { return item.name == "team"; });
  if (text.empty()) {
    if (place != items.end()) items.erase(place);
  } else if (place != items.end()) {
    place->value = text;
  } else {
    items.insert(items.begin(), {"team", text});
  }
}

bool Mentions(const std::vector<Change>& changes, const std::string& property) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const Change& change) { return change.property == property; });
}

}  // namespace

std::string NameOf(Subject subject) {
  if (subject == Subject::kStartTask) return "startTask";
  return subject == Subject::kTeam ? "metadata.team" : "vmSize";
}

std::string_view HappeningName(Happening happening) {
  constexpr std::string_view kNames[] = {"spec edit",  "foreign edit", "foreign repair",
                                         "cycle",      "blind cycle",  "death",
                                         "state lost", "upgrade"};
  return kNames[static_cast<std::size_t>(happening)];
}

std::string TextOf(Subject, Wish wish) {
  if (wish == Wish::kA) return "a";
  return wish == Wish::kB ? "b" : "";
}

std::string Service::Text() const {
  if (subject == Subject::kTeam) return ItemOf(ReadMetadata(body)).value_or("");
  const Value* value = body.Find(NameOf(subject));
  if (value == nullptr) return "";
  return subject == Subject::kStartTask ? std::string(value->StringOr("commandLine"))
                                        : value->AsString();
}

void Service::Put(const std::string& text) {
  ++version;
  if (subject == Subject::kTeam) {
    std::vector<MetadataItem> items = ReadMetadata(body);
    SetItem(items, text);
    body.Set("metadata", WriteMetadata(items));
  } else if (text.empty()) {
    body.Erase(NameOf(subject));
  } else {
    body.Set(NameOf(subject), ValueOf(subject, text));
  }
}

bool Service::Ignores(StepKind kind) const {
  if (habit == Habit::kIgnoresChanges) return kind != StepKind::kCreate;
  return habit == Habit::kIgnores;
}

int Service::Apply(const WriteIntent& intent) {
  const std::string before = Text();
  std::vector<MetadataItem> items = ReadMetadata(intent.body);
  const std::string item = ItemOf(items).value_or("");
  if (subject == Subject::kTeam) {
    SetItem(items, Ignores(intent.kind) || item == before ? before : Respelled(habit, item));
  }
  body.Set("metadata", WriteMetadata(items));
  const Value* sent = intent.body.Find(NameOf(subject));
  const bool removes = intent.kind == StepKind::kRemoveStartTask;
  if (subject != Subject::kTeam && !Ignores(intent.kind) && (sent != nullptr || removes)) {
    const bool none = sent == nullptr || sent->IsNull();
    const std::string text = none ? ""
                             : subject == Subject::kStartTask
                                 ? std::string(sent->StringOr("commandLine"))
                                 : sent->AsString();
    Put(Respelled(habit, text));
  }
  return ++version;
}

LivePool Service::Get() const {
  LivePool live;
  live.id = "p";
  live.etag = std::to_string(version);
  live.creation_time = "2025-07-01T00:00:00Z";
  live.allocation_state = AllocationState::kSteady;
  live.body = body;
  return live;
}

Historian::Historian(Subject subject, Habit habit, std::vector<Wish> script)
    : subject_(subject), habit_(habit), script_(std::move(script)) {
  for (const Wish wish : script_) {
    PoolSpec& spec = specs_.emplace_back();
    spec.id = "p";
    spec.body = BodyOf(subject, wish);
    spec.digest = std::to_string(static_cast<int>(wish));
  }
  for (const PoolSpec& spec : specs_) {
    prepared_.push_back(Prepare(spec, {}, PoolPropertyTable()));
  }
}

DecideContext Historian::Context(const World& world) const {
  DecideContext context;
  context.account = "contoso";
  context.identity = kOurs;
  if (world.upgraded) context.api_version = "2024-07-01.20.0";
  context.revision = world.upgraded ? "r2" : "r1";
  context.table = &PoolPropertyTable();
  return context;
}

World Historian::Begin(bool watched) {
  World world;
  world.service.habit = habit_;
  world.service.subject = subject_;
  world.service.body = Object{{"id", "p"}};
  world.service.Apply(BuildCreate(Context(world), Prepared(world), "00ff"));
  world.truth.applied = WishOf(world);
  world.truth.left_by_us = world.service.Text();
  if (watched) {
    Look(world);
    Learn(world);
    RunCycle(world, false);
  }
  return world;
}

PoolPlan Historian::Look(World& world) {
  const LivePool live = world.service.Get();
  PoolPlan plan =
      DecidePool(Context(world), Prepared(world), &live, Ownership::kOurs, world.memory);
  for (const auto& [property, digest] : plan.in_sync) world.memory.seen[property] = digest;
  return plan;
}

/// Nobody wrote since our write, and yet the value is not what was sent.
void Historian::Learn(World& world) {
  world.truth.proven = true;
  const LivePool live = world.service.Get();
  const PoolPlan plan = Look(world);
  const std::string name = NameOf(subject_);
  if (!Mentions(plan.changes, name) && !Mentions(plan.blocked, name)) return;
  world.memory.kept_proven[name] = LiveDigest(LiveValue(live, name));
  const auto& properties = Prepared(world).properties;
  if (!properties.empty()) world.memory.kept_desired[name] = properties.front().digest;
}

void Historian::Write(World& world, const PoolPlan& plan, const plan::Step& step) {
  CheckWrite(world, step);
  ++writes_;
  const auto pool = ProveOwnership(world.service.Get(), kOurs, false);
  if (!pool) return Complain("our own pool is not proven ours");
  const WriteIntent intent =
      BuildWrite(Context(world), Prepared(world), plan, step, *pool, world.memory, false);
  world.service.Apply(intent);
  world.memory.kept_proven.clear();
  if (step.kind != StepKind::kRecordKept) {
    world.memory.ForgetSeen(intent.properties);
    world.truth.seen.reset();
  }
  if (step.kind == StepKind::kPatch || step.kind == StepKind::kRemoveStartTask) {
    world.truth.applied = WishOf(world);
    world.truth.left_by_us = world.service.Text();
    world.truth.proven = false;
  }
  if (step.kind == StepKind::kForget || WishOf(world) == Wish::kLeft) world.truth.applied.reset();
}

void Historian::RunCycle(World& world, bool one_write) {
  for (int round = 0; round < kRoundsMax; ++round) {
    const PoolPlan plan = Look(world);
    CheckPlan(world, plan);
    const std::string text = world.service.Text();
    const bool differs =
        Mentions(plan.changes, NameOf(subject_)) || Mentions(plan.blocked, NameOf(subject_));
    if (!differs && WishOf(world) != Wish::kLeft) {
      world.truth.seen = text;
      world.truth.touched = false;
    }
    if (plan.steps.empty()) return;
    Write(world, plan, plan.steps.front());
    if (one_write) return;
    Learn(world);
  }
  Complain("the cycle does not come to rest");
}

std::vector<std::string> Historian::Step(World& world, Happening happening) {
  problems_.clear();
  const std::string text = world.service.Text();
  switch (happening) {
    case Happening::kSpecEdit:
      world.wish = (world.wish + 1) % script_.size();
      break;
    case Happening::kForeignEdit:
      world.service.Put(text == "theirs" ? "" : "theirs");
      world.truth.touched = true;
      break;
    case Happening::kForeignRepair:
      world.service.Put(TextOf(subject_, WishOf(world)));
      world.truth.touched = true;
      break;
    case Happening::kCycle: {
      RunCycle(world, false);
      const int writes = writes_;
      RunCycle(world, false);
      if (writes_ != writes) Complain("a second cycle writes");
      break;
    }
    case Happening::kBlindCycle:
      RunCycle(world, true);
      break;
    case Happening::kDeath:
      RunCycle(world, true);
      [[fallthrough]];
    case Happening::kUpgrade:
    case Happening::kStateLost:
      world.upgraded ^= happening == Happening::kUpgrade;
      world.memory = {};
      world.truth.seen.reset();
      break;
  }
  return problems_;
}

std::string Historian::Key(const World& world) const {
  std::string key =
      WriteSortedJson(world.service.body) + std::to_string(world.wish) +
      (world.upgraded ? "u" : "-") + (world.truth.proven ? "p" : "-") +
      (world.truth.touched ? "t" : "-") + "|" + world.truth.left_by_us + "|" +
      world.truth.seen.value_or("none") + "|" +
      std::to_string(world.truth.applied ? static_cast<int>(*world.truth.applied) : -1);
  for (const auto* map :
       {&world.memory.seen, &world.memory.kept_proven, &world.memory.kept_desired}) {
    key += "|";
    for (const auto& [name, digest] : *map) key += name + digest;
  }
  return key;
}

}  // namespace reconciler::plan
