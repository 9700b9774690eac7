#include "tests/emulator/fault_links.h"

#include <fmt/format.h>

#include "tests/emulator/skip_token.h"

namespace emulator {

namespace {

/// `http://host:port`.
std::string EndpointOf(const Json& body) {
  const std::string metadata = body.Text("odata.metadata");
  return metadata.substr(0, metadata.find("/$metadata"));
}

std::string Link(const LinkPage& page, const std::string& token) {
  const Target target = ParseTarget(page.request.target);
  std::string link = EndpointOf(page.body) + target.path;
  char mark = '?';
  if (!token.empty()) {
    link += "?$skiptoken=" + token;
    mark = '&';
  }
  for (const QueryParameter& parameter : target.query) {
    const std::string name = Lower(parameter.name);
    if (name == "$skiptoken" || parameter.value.empty()) continue;
    link += fmt::format("{}{}={}", mark, name, PercentEncode(parameter.value));
    mark = '&';
  }
  return link;
}

struct Parts {
  std::string scheme, host, port, rest;  // port with its colon
};

Parts Split(const std::string& link) {
  Parts parts;
  const std::size_t host = link.find("://") + 3;
  const std::size_t slash = link.find('/', host);
  const std::string authority = link.substr(host, slash - host);
  const std::size_t colon = authority.find(':');
  parts.scheme = link.substr(0, host - 3);
  parts.host = authority.substr(0, colon);
  if (colon != std::string::npos) parts.port = authority.substr(colon);
  parts.rest = link.substr(slash);
  return parts;
}

std::string WithoutVersion(std::string rest) {
  const std::size_t at = rest.find("api-version=");
  if (at == std::string::npos) return rest + "&api-version=2099-01-01.1.0";
  return rest.replace(at, rest.find('&', at) - at, "api-version=2099-01-01.1.0");
}

}  // namespace

std::string KeyBefore(const Request& request) {
  const Target target = ParseTarget(request.target);
  const std::string* const token = target.Find("$skiptoken");
  return token == nullptr ? "!" : KeyInSkipToken(*token).value_or("!");
}

std::string LinkAfter(const LinkPage& page, const std::string& key) {
  const Target target = ParseTarget(page.request.target);
  return Link(page, MakeSkipToken({page.seed, page.account, target}, key));
}

std::string OwnLink(const LinkPage& page, bool with_token) {
  const Target target = ParseTarget(page.request.target);
  const std::string* const token = target.Find("$skiptoken");
  return Link(page, with_token && token != nullptr ? *token : "");
}

std::string OddLink(std::string_view how, const LinkPage& page) {
  std::string link = page.body.Text("odata.nextLink");
  if (link.empty()) link = LinkAfter(page, "~");
  const Parts parts = Split(link);
  const auto whole = [](const std::string& scheme, const std::string& host, const std::string& port,
                        const std::string& rest) {
    return fmt::format("{}://{}{}{}", scheme, host, port, rest);
  };
  if (how == "otherHost") return whole(parts.scheme, "evil.example", "", parts.rest);
  if (how == "otherPort") return whole(parts.scheme, parts.host, ":1", parts.rest);
  if (how == "http") return whole("http", parts.host, ":80", parts.rest);
  if (how == "file") return "file:///etc/passwd";
  if (how == "userinfo") {
    return whole(parts.scheme, parts.host + parts.port + "@evil.example", "", parts.rest);
  }
  if (how == "otherAccount") {
    return whole(parts.scheme, "other." + parts.host, parts.port, parts.rest);
  }
  if (how == "otherVersion") {
    return whole(parts.scheme, parts.host, parts.port, WithoutVersion(parts.rest));
  }
  if (how == "otherPath") return whole(parts.scheme, parts.host, parts.port, "/jobs");
  return "no link";
}

}  // namespace emulator
