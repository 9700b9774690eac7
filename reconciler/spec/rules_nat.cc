// Rules on the ports of nodes that can be reached from outside.
#include <fmt/format.h>

#include <map>

#include "reconciler/spec/port_ranges.h"
#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kEndpoint = "networkConfiguration.endpointConfiguration";

class NatRules {
 public:
  NatRules(RuleContext& context, const std::vector<Node>& pools)
      : context_(context), pools_(pools) {}

  void Run() {
    std::size_t rules = 0;
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      const std::string path = fmt::format("spec.{}.inboundNATPools[{}]", kEndpoint, i);
      CheckBackend(pools_[i].FindValue("backendPort"), path + ".backendPort");
      CheckRange(i, path);
      const std::vector<Node>& own = ItemsOf(pools_[i].FindValue("networkSecurityGroupRules"));
      rules += own.size();
      for (std::size_t k = 0; k < own.size(); ++k) {
        CheckRule(own[k], fmt::format("{}.networkSecurityGroupRules[{}]", path, k));
      }
    }
    constexpr std::size_t kRulesMax = 25;
    if (rules <= kRulesMax || pools_.size() == 1) return;  // of one pool: the table's to report
    context_.Error(pools_.front().place, fmt::format("spec.{}.inboundNATPools", kEndpoint),
                   fmt::format("{} networkSecurityGroupRules in all; the pool takes at most {}",
                               rules, kRulesMax));
  }

 private:
  /// Twice within one list of rules is the table's to report.
  void CheckUnique(const Node* number, std::map<std::int64_t, const Node*>& seen,
                   const std::string& path) {
    if (!IsInteger(number)) return;
    const auto [entry, is_new] = seen.try_emplace(number->integer, number);
    if (is_new) return;
    context_.Error(number->place, path,
                   fmt::format("{} is used twice in the pool, first in line {}", number->text,
                               entry->second->place.line));
  }

  void CheckBackend(const Node* port, const std::string& path) {
    constexpr std::int64_t kFirstReserved = 29876;
    CheckUnique(port, ports_, path);
    if (!IsInteger(port)) return;
    if (port->integer != kFirstReserved && port->integer != kFirstReserved + 1) return;
    context_.Error(port->place, path, "29876 and 29877 are reserved by the service");
  }

  void CheckRange(std::size_t index, const std::string& path) {
    constexpr std::int64_t kLeastPorts = 40;
    const Node* start = pools_[index].FindValue("frontendPortRangeStart");
    const Node* end = pools_[index].FindValue("frontendPortRangeEnd");
    if (!IsInteger(start) || !IsInteger(end)) return;
    const std::string range = fmt::format("the range {} to {}", start->text, end->text);
    if (end->integer < start->integer) {
      context_.Error(end->place, path + ".frontendPortRangeEnd", range + " ends before it begins");
      return;
    }
    if (end->integer - start->integer + 1 < kLeastPorts) {
      context_.Error(end->place, path + ".frontendPortRangeEnd",
                     fmt::format("{} has less than {} ports", range, kLeastPorts));
    } else if (start->integer <= 55000 && end->integer >= 50000) {
      context_.Error(start->place, path + ".frontendPortRangeStart",
                     range + " meets 50000 to 55000, which the service reserves");
    }
    CheckOverlap(index, *start, *end, path);
  }

  void CheckOverlap(std::size_t index, const Node& start, const Node& end,
                    const std::string& path) {
    for (std::size_t i = 0; i < index; ++i) {
      const Node* first = pools_[i].FindValue("frontendPortRangeStart");
      const Node* last = pools_[i].FindValue("frontendPortRangeEnd");
      if (!IsInteger(first) || !IsInteger(last)) continue;
      if (first->integer > end.integer || last->integer < start.integer) continue;
      context_.Error(start.place, path + ".frontendPortRangeStart",
                     fmt::format("the range {} to {} meets that of inboundNATPools[{}], {} to {}",
                                 start.text, end.text, i, first->text, last->text));
    }
  }

  void CheckRule(const Node& rule, const std::string& path) {
    CheckUnique(rule.FindValue("priority"), priorities_, path + ".priority");
    const Node* prefix = rule.FindValue("sourceAddressPrefix");
    if (prefix != nullptr && prefix->IsString() && !prefix->text.empty() &&
        !IsAddressPrefix(prefix->text)) {
      context_.Error(prefix->place, path + ".sourceAddressPrefix",
                     fmt::format("expected an IP address, a subnet (10.0.0.0/8), a service tag or "
                                 "'*', found {}",
                                 ShowValue(*prefix)));
    }
    const std::vector<Node>& ports = ItemsOf(rule.FindValue("sourcePortRanges"));
    for (std::size_t i = 0; i < ports.size(); ++i) {
      CheckPorts(ports, i, fmt::format("{}.sourcePortRanges[{}]", path, i));
    }
  }

  void CheckPorts(const std::vector<Node>& ports, std::size_t index, const std::string& path) {
    const Node& text = ports[index];
    if (!text.IsString() || text.text.empty()) return;
    const auto range = ParsePortRange(text.text);
    if (!range) {
      context_.Error(text.place, path,
                     fmt::format("expected '*', a port or a range of ports (1000-2000) within 0 to "
                                 "65535, found {}",
                                 ShowValue(text)));
      return;
    }
    for (std::size_t i = 0; i < index; ++i) {
      const auto before = ports[i].IsString() ? ParsePortRange(ports[i].text) : std::nullopt;
      if (!before || !before->Meets(*range)) continue;
      context_.Error(
          text.place, path,
          fmt::format("{} meets {} of the same rule", ShowValue(text), ShowValue(ports[i])));
      return;
    }
  }

  RuleContext& context_;
  const std::vector<Node>& pools_;
  std::map<std::int64_t, const Node*> ports_;
  std::map<std::int64_t, const Node*> priorities_;
};

}  // namespace

void CheckNatRules(RuleContext& context) {
  const Node* endpoint = FindPath(context.spec(), kEndpoint);
  if (endpoint == nullptr) return;
  NatRules(context, ItemsOf(endpoint->FindValue("inboundNATPools"))).Run();
  const NodeMember* provision =
      FindMemberAt(context.spec(), "networkConfiguration.publicIPAddressConfiguration.provision");
  if (provision == nullptr || !IsText(&provision->value, "nopublicipaddresses")) return;
  const NodeMember* member = FindMemberAt(context.spec(), kEndpoint);
  context.Error(member->place, fmt::format("spec.{}", kEndpoint),
                "does not go together with publicIPAddressConfiguration.provision: "
                "nopublicipaddresses");
}

}  // namespace reconciler::spec
