#include "tests/emulator/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/emulator/api_versions.h"
#include "tests/emulator/authentication.h"
#include "tests/emulator/content_type.h"
#include "tests/emulator/pool_json.h"
#include "tests/emulator/query_parameters.h"
#include "tests/emulator/service_headers.h"
#include "tests/emulator/service_state.h"

namespace emulator {

namespace {

constexpr std::size_t kBodyBytesMax = 4U << 20U;

bool IsWrite(const Request& request) {
  return request.method != "GET" && request.method != "HEAD" &&
         request.target.find("/evaluateautoscale") == std::string::npos;
}

std::optional<std::string_view> BearerToken(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return Trim(authorization.substr(kScheme.size()));
}

bool Covers(const Grant& grant, const std::string& account) {
  if (grant.role == Role::kNone) return false;
  return grant.accounts.empty() ||
         std::any_of(grant.accounts.begin(), grant.accounts.end(),
                     [&](const std::string& name) { return EqualsIgnoringCase(name, account); });
}

Reply Refused(int status, std::string code, std::string detail) {
  Reply reply = Fail(ApiError{std::move(code), {{"AuthenticationErrorDetail", std::move(detail)}}});
  reply.status = status;
  return reply;
}

/// `host`, `host:port` or `[::1]:port`.
bool IsAuthority(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{".-_:[]"}.find(c) != std::string_view::npos;
  });
}

bool IsTrue(const std::string* value) {
  return value != nullptr && EqualsIgnoringCase(*value, "true");
}

}  // namespace

std::string Service::State::Endpoint(const Request& request) const {
  if (!config.endpoint.empty()) return config.endpoint;
  const std::string* const host = FindHeader(request.headers, "Host");
  // It goes into links as it stands.
  return fmt::format("{}://{}", config.scheme,
                     host == nullptr || !IsAuthority(*host) ? "localhost" : *host);
}

Account* Service::State::HostAccount(const Request& request) {
  const std::string* const host = FindHeader(request.headers, "Host");
  if (host == nullptr) return nullptr;
  return Find(std::string_view(*host).substr(0, host->find_first_of(".:")));
}

/// The account of Host, else the first one where the bearer has a role.
Account* Service::State::IdentifyBearer(const Request& request, std::string_view token,
                                        Reply& refusal) {
  const auto checked = issuer.Check(token, Wall());
  if (const auto* problem = std::get_if<std::string>(&checked)) {
    refusal = Refused(401, "AuthenticationFailed", *problem);
    return nullptr;
  }
  const Grant& grant = *std::get<const Grant*>(checked);
  Account* account = HostAccount(request);
  for (const AccountConfig& other : config.accounts) {
    if (account == nullptr && Covers(grant, other.name)) account = Find(other.name);
  }
  if (account != nullptr && !account->config().modes.entra) {
    refusal = Refused(403, "AuthenticationFailed", "The account does not allow bearer tokens");
    return nullptr;
  }
  if (account != nullptr && Covers(grant, account->config().name) &&
      (grant.role == Role::kContributor || !IsWrite(request))) {
    return account;
  }
  refusal = Refused(403, config.switches.no_role_code,
                    "The caller has no role on the account that allows the operation");
  return nullptr;
}

/// The account that a request is for, or null with the refusal set.
Account* Service::State::Identify(const Request& request, Reply& refusal) {
  const std::string* const authorization = FindHeader(request.headers, "Authorization");
  const auto header = authorization == nullptr ? std::nullopt : ParseSharedKey(*authorization);
  if (!config.verify_signatures) {
    Account* account = header ? Find(header->account) : nullptr;
    if (account == nullptr && !header) {
      account = HostAccount(request);
      if (account == nullptr && !accounts.empty()) account = Find(config.accounts.front().name);
    }
    if (account == nullptr) refusal = Fail("AuthenticationFailed");
    return account;
  }
  if (authorization == nullptr) {
    const std::string& code = config.switches.no_authorization_code;
    if (code == "AuthenticationFailed") {
      refusal = Refused(401, code, "No Authorization header was sent");
    } else {
      refusal = Fail(ApiError{code, {{"HeaderName", "Authorization"}}});
    }
    return nullptr;
  }
  if (const auto token = BearerToken(*authorization)) {
    return IdentifyBearer(request, *token, refusal);
  }
  if (!header) {
    refusal = Fail("InvalidAuthenticationInfo");
    return nullptr;
  }
  Account* const account = Find(header->account);
  if (account == nullptr) {
    refusal = Fail("AuthenticationFailed");
    return nullptr;
  }
  if (auto problem = AuthenticationProblem(request, *header, account->config(), Wall())) {
    refusal = Fail(std::move(*problem));
    return nullptr;
  }
  if (!account->config().modes.shared_key) {
    refusal = Refused(403, "AuthenticationFailed",
                      "The specified type of authentication SharedKey is not allowed for this "
                      "account.");
    return nullptr;
  }
  return account;
}

Reply Service::State::Perform(const Context& context) {
  const OperationMatch match = MatchOperation(context.request.method, context.target.path);
  const OperationRow* const row = match.row;
  if (row == nullptr && match.other_method) return Fail("UnsupportedHttpVerb");
  if (row == nullptr || row->act == nullptr || context.api_version < row->since) {
    return Fail(config.switches.unknown_path_code);
  }
  if (auto problem = QueryProblem(context, *row)) return Fail(*std::move(problem));
  if (auto problem = ContentTypeProblem(context)) return Fail(*std::move(problem));
  return row->act(context, match.ids);
}

Reply Service::State::Answer(const Request& request, Account& account, Instant instant) {
  account.Advance(instant);
  Context context{config,
                  images.at(Lower(account.config().name)),
                  account,
                  request,
                  ParseTarget(request.target),
                  {},
                  Endpoint(request),
                  instant};
  const std::string* const authorization = FindHeader(request.headers, "Authorization");
  context.bearer = authorization != nullptr && BearerToken(*authorization).has_value();
  const std::string* const version = context.target.Find("api-version");
  if (version == nullptr || version->empty()) {
    return Fail(ApiError{"MissingRequiredQueryParameter", {{"QueryParameterName", "api-version"}}});
  }
  if (std::find(kApiVersions.begin(), kApiVersions.end(), *version) == kApiVersions.end()) {
    return Fail(ApiError{"UnsupportedRequestVersion",
                         {{"Reason", fmt::format("'{}' is not one of {}", *version,
                                                 fmt::join(kApiVersions, ", "))}}});
  }
  context.api_version = *version;
  if (request.body.size() > kBodyBytesMax) return Fail("RequestBodyTooLarge");
  if (config.switches.require_content_length && request.method == "POST" &&
      FindHeader(request.headers, "Content-Length") == nullptr) {
    return Fail("MissingContentLengthHeader");
  }
  return Perform(context);
}

Response Service::State::Finish(const Request& request, Reply reply, Random& ids) {
  const std::string request_id = ids.Guid();
  Response response;
  response.status = reply.status;
  // The phrase of an error is its sentence.
  response.reason = reply.error ? SentenceOf(reply.error->code) : ReasonPhrase(reply.status);
  Headers& headers = response.headers;
  headers.emplace_back("Server", "Microsoft-HTTPAPI/2.0");
  headers.emplace_back("Date", FormatHttpDate(Wall()));
  headers.emplace_back("request-id", request_id);
  const std::string* const client_id = FindHeader(request.headers, "client-request-id");
  if (client_id != nullptr && IsTrue(FindHeader(request.headers, "return-client-request-id"))) {
    headers.emplace_back("client-request-id", *client_id);
  }
  if (!reply.etag.empty()) {
    headers.emplace_back("ETag", reply.etag);
    headers.emplace_back("Last-Modified", FormatHttpDate(reply.last_modified));
  }
  if (!reply.data_service_id.empty()) headers.emplace_back("DataServiceId", reply.data_service_id);
  if (!reply.location.empty()) headers.emplace_back("Location", reply.location);
  if (reply.status == 401) {
    headers.emplace_back("WWW-Authenticate", fmt::format("Bearer authorization_uri=\"{}\"",
                                                         issuer.Authority(Endpoint(request))));
  }
  AddServiceHeaders(headers);
  const bool bodiless = request.method == "HEAD" || reply.status == 304;
  if (reply.error && !bodiless) {
    response.body = ErrorBody(*reply.error, Endpoint(request), request_id, FormatTime(now()));
  } else if (!bodiless) {
    response.body = std::move(reply.body);
  }
  if (!response.body.empty()) {
    headers.emplace_back("Content-Type", "application/json;odata=minimalmetadata");
  }
  if (reply.error || reply.status == 204) {
    headers.emplace_back("Content-Length", std::to_string(response.body.size()));
  } else {
    headers.emplace_back("Transfer-Encoding", "chunked");
  }
  return response;
}

Service::Service(ServiceConfig config, Clock now, Clock wall)
    : state_(std::make_unique<State>(std::move(config), std::move(now), std::move(wall))) {}
Service::~Service() = default;

Response Service::Handle(const Request& request) {
  if (auto token = state_->issuer.Answer(request, state_->Endpoint(request), state_->Wall())) {
    return *std::move(token);
  }
  ++counters_.requests;
  if (IsWrite(request)) ++counters_.writes;
  Reply reply;
  Account* const account = state_->Identify(request, reply);
  if (account != nullptr) reply = state_->Answer(request, *account, state_->now());
  if (IsWrite(request) && !reply.error) {
    ++counters_.writes_applied;
    state_->Remember(*account);
  }
  return state_->Finish(request, std::move(reply),
                        account == nullptr ? state_->random : account->random());
}

std::vector<std::string> Service::PoolIds(std::string_view account_name) {
  std::vector<std::string> ids;
  if (Account* const account = state_->Find(account_name)) {
    account->Advance(state_->now());
    for (const auto& [key, pool] : account->pools()) ids.push_back(pool.id);
  }
  return ids;
}

std::string Service::PoolJson(std::string_view account, std::string_view pool_id,
                              std::string_view api_version) {
  const Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return {};
  std::string out = "{";
  AppendPoolMembers(out, *pool, api_version, state_->config.endpoint, {});
  return out + '}';
}

void Service::FailNextAllocation(std::string_view account_name, std::string_view pool_id,
                                 AllocationFailure failure) {
  if (Account* const account = state_->Find(account_name)) {
    account->FailNextAllocation(std::string(pool_id), std::move(failure));
  }
}

void Service::FailStartTasks(std::string_view account_name, std::string_view pool_id, bool fail) {
  if (Account* const account = state_->Find(account_name)) {
    account->FailStartTasks(std::string(pool_id), fail);
  }
}

int Service::Preempt(std::string_view account, std::string_view pool_id, int count) {
  Pool* const pool = state_->FindPool(account, pool_id);
  return pool == nullptr ? 0 : state_->Find(account)->Preempt(*pool, count, state_->now());
}

std::string Service::AccountOf(const Request& request) {
  Reply refusal;
  const Account* const account = state_->Identify(request, refusal);
  return account == nullptr ? "" : account->config().name;
}

std::optional<Instant> Service::NextEvent() const {
  std::optional<Instant> next;
  for (const auto& [name, account] : state_->accounts) {
    const auto due = account->NextEvent();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

}  // namespace emulator
