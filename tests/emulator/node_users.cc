// Users of nodes, and where people log in.
#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/node_json.h"
#include "tests/emulator/operations.h"
#include "tests/emulator/ssh_key.h"

namespace emulator {

namespace {

/// Rows of a node user. The name is not sent when a user is replaced.
const Member& UserRows() {
  static const Member kRows = ParseMembers(
      "name | string | | | 1..64 | | S: create node user; limit I\n"
      "isAdmin | bool | | | | | S: create node user, false when not sent\n"
      "expiryTime | string | | | | | S: create node user, a day from now when not sent\n"
      "password | string | | | | | S: create node user\n"
      "sshPublicKey | string | | | | | S: create node user, not on Windows\n");
  return kRows;
}

struct UserBody {
  std::string name;
  NodeUser user;
  BodyProblems problems;
};

UserBody ReadBody(const Context& context, const Json& body, bool replaces) {
  UserBody out;
  out.user.expires = context.now + std::chrono::hours{24};
  const NormaliseContext normalising = context.Normalising(false);
  for (const JsonMember& sent : *body.AsObject()) {
    const bool named = replaces && (sent.name == "name" || sent.name == "isAdmin");
    const Member* const row = named ? nullptr : UserRows().Child(sent.name);
    if (sent.value.IsNull() || !Accepts(row, sent.name, normalising, out.problems)) continue;
    const auto value = NormaliseValue(sent.value, *row, normalising, out.problems);
    if (!value) continue;
    if (sent.name == "name") out.name = *value->AsString();
    if (sent.name == "isAdmin") out.user.admin = *value->AsBool();
    if (sent.name == "password") out.user.has_password = true;
    if (sent.name == "sshPublicKey") out.user.ssh_public_key = *value->AsString();
    if (sent.name != "expiryTime") continue;
    if (const auto expires = ParseTime(*value->AsString())) {
      out.user.expires = *expires;
    } else {
      out.problems.shape = InvalidBody("The property 'expiryTime' must be a time");
    }
  }
  return out;
}

/// What forbids these credentials. Source: Batch REST, Create User: a password on Windows, a
/// password or a key on Linux, no key on Windows; Update User: what is left out is removed. Codes
/// inferred.
std::optional<ApiError> CredentialsForbid(const Context& context, const Pool& pool,
                                          const NodeUser& user, bool replaces) {
  if (user.expires <= context.now) {
    return InvalidValue("expiryTime", FormatTime(user.expires), "The time lies in the past");
  }
  if (pool.Windows() && !user.ssh_public_key.empty()) {
    return ApiError{"UnsupportedProperty", {{"PropertyName", "sshPublicKey"}}};
  }
  if (!user.ssh_public_key.empty()) {
    if (auto problem = SshKeyProblem(user.ssh_public_key)) {
      return InvalidValue("sshPublicKey", user.ssh_public_key, *std::move(problem));
    }
  }
  if (replaces) return std::nullopt;
  if (pool.Windows() && !user.has_password) return MissingProperty("password");
  if (!user.has_password && user.ssh_public_key.empty()) {
    return MissingProperty("password or sshPublicKey");
  }
  return std::nullopt;
}

/// What no user of Windows or Linux can be called. That the service looks is inferred.
std::optional<ApiError> NameForbids(const std::string& name) {
  const bool odd = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f' ||
           std::string_view{R"("/\[]:;|=,+*?<>@)"}.find(c) != std::string_view::npos;
  });
  if (!odd && name.find_first_not_of('.') != std::string::npos) return std::nullopt;
  return InvalidValue("name", name, "No user of a node can have this name");
}

/// What forbids a change of users now.
std::optional<ApiError> StateForbids(const Context& context, const Node& node) {
  const NodeState state = StateOf(node, context.now).first;
  const bool takes = state == NodeState::kIdle || state == NodeState::kRunning ||
                     state == NodeState::kOffline || state == NodeState::kStartTaskFailed ||
                     (state == NodeState::kWaiting && context.config.switches.users_while_waiting);
  if (takes) return std::nullopt;
  return WrongNodeState(context, state);
}

Reply Changed(const Context& context, const FoundNode& found, int status, const std::string& user) {
  Reply reply;
  reply.status = status;
  reply.data_service_id =
      fmt::format("{}/nodes/{}/users", PoolUrl(context, *found.pool), found.node->id);
  const std::string path = '/' + PercentEncode(user);
  if (status == 201) reply.location = reply.data_service_id + path;
  if (status != 201) reply.data_service_id += path;
  if (context.config.on_node_user) {
    const auto kept = found.node->users.find(user);
    NodeUserChange change{found.pool->id, found.node->id, user, {}};
    if (kept != found.node->users.end()) change.key = kept->second.ssh_public_key;
    context.config.on_node_user(change);
  }
  return reply;
}

/// The port of the rule for logging in, or nothing. Pools without rules of their own have none but
/// in classic communication mode. Source: Batch REST, Pool - Create, endpointConfiguration.
std::optional<std::int64_t> LoginPort(const Pool& pool, const Node& node) {
  const std::int64_t service = pool.Windows() ? 3389 : 22;
  const Json* const rules =
      pool.settings.At({"networkConfiguration", "endpointConfiguration", "inboundNATPools"});
  if (rules != nullptr) {
    for (const Json& rule : *rules->AsList()) {
      if (*rule.Find("backendPort")->AsInteger() != service) continue;
      return *rule.Find("frontendPortRangeStart")->AsInteger() + node.index % 100;
    }
  }
  if (pool.current_communication_mode == "classic") return 50'000 + node.index % 10'000;
  return std::nullopt;
}

}  // namespace

Reply AddNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  UserBody read = ReadBody(context, *body, false);
  if (read.problems.shape) return Fail(*read.problems.shape);
  if (read.name.empty() && !read.problems.value) return Fail(MissingProperty("name"));
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (read.problems.value) return Fail(*read.problems.value);
  if (auto bad = NameForbids(read.name)) return Fail(std::move(*bad));
  if (auto bad = CredentialsForbid(context, *found.pool, read.user, false))
    return Fail(std::move(*bad));
  if (auto forbidden = StateForbids(context, *found.node)) return Fail(std::move(*forbidden));
  if (!found.node->users.emplace(read.name, std::move(read.user)).second) {
    return Fail("NodeUserExists");
  }
  return Changed(context, found, 201, read.name);
}

Reply ReplaceNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id,
                      const std::string& name) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  UserBody read = ReadBody(context, *body, true);
  if (read.problems.shape) return Fail(*read.problems.shape);
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (read.problems.value) return Fail(*read.problems.value);
  if (auto bad = CredentialsForbid(context, *found.pool, read.user, true))
    return Fail(std::move(*bad));
  if (auto forbidden = StateForbids(context, *found.node)) return Fail(std::move(*forbidden));
  const auto user = found.node->users.find(name);
  if (user == found.node->users.end()) return Fail("NodeUserNotFound");
  read.user.admin = user->second.admin;
  user->second = std::move(read.user);
  return Changed(context, found, 200, name);
}

Reply DeleteNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id,
                     const std::string& name) {
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (auto forbidden = StateForbids(context, *found.node)) return Fail(std::move(*forbidden));
  if (found.node->users.erase(name) == 0) return Fail("NodeUserNotFound");
  return Changed(context, found, 200, name);
}

Reply GetRemoteLogin(const Context& context, std::string_view pool_id, std::string_view node_id) {
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  std::optional<std::int64_t> port = LoginPort(*found.pool, *found.node);
  if (!port) {
    return Fail(ApiError{context.config.switches.no_login_code,
                         {{"Reason", "The pool has no endpoint for remote login"}}});
  }
  std::string address = fmt::format("20.0.{}.{}", found.node->index / 100 % 256,
                                    found.node->index / 25'600 % 256 + 1);
  if (!context.config.login.address.empty()) {
    address = context.config.login.address;
    port = context.config.login.port;
  }
  Reply reply;
  reply.data_service_id =
      fmt::format("{}/nodes/{}/remoteloginsettings", PoolUrl(context, *found.pool), found.node->id);
  reply.body = fmt::format(
      R"({{"odata.metadata":"{}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.RemoteLoginSettings",)"
      R"("remoteLoginIPAddress":)",
      context.endpoint);
  AppendQuoted(reply.body, address);
  reply.body += fmt::format(R"(,"remoteLoginPort":{})", *port);
  if (HasIpv6(context, *found.pool)) {
    reply.body +=
        fmt::format(R"(,"ipv6RemoteLoginIPAddress":"fd00:20::{:x}","ipv6RemoteLoginPort":{})",
                    found.node->index / 100 + 1, *port);
  }
  reply.body += '}';
  return reply;
}

}  // namespace emulator
