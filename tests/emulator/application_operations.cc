// The applications that the configuration declares.
#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/list_options.h"
#include "tests/emulator/operations.h"

namespace emulator {

namespace {

using Applications = std::vector<const ApplicationConfig*>;

/// In the order of their lower-cased ids.
Applications Sorted(const Context& context) {
  Applications sorted;
  const auto& declared = context.account.config().applications;
  if (!declared) return sorted;
  for (const ApplicationConfig& application : *declared) sorted.push_back(&application);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return Lower(a->id) < Lower(b->id); });
  return sorted;
}

/// The members without braces. Source: recorded traffic, 2019-08-01.10.0.
void AppendApplication(std::string& out, const ApplicationConfig& application) {
  out += R"("id":)";
  AppendQuoted(out, application.id);
  if (!application.display_name.empty()) {
    out += R"(,"displayName":)";
    AppendQuoted(out, application.display_name);
  }
  out += R"(,"versions":[)";
  for (const std::string& version : application.versions) {
    if (&version != application.versions.data()) out += ',';
    AppendQuoted(out, version);
  }
  out += ']';
}

}  // namespace

Reply ListApplications(const Context& context) {
  auto read = ReadListOptions(context, {});
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  Reply reply;
  reply.body = fmt::format(
      R"({{"odata.metadata":"{}/$metadata#listapplicationsummariesresponses","value":[)",
      context.endpoint);
  std::size_t count = 0;
  std::string last, link;
  for (const ApplicationConfig* const application : Sorted(context)) {
    const std::string key = Lower(application->id);
    if (options.after && key <= *options.after) continue;
    if (count == options.page_size) {
      link = NextLinkMember(context, last);
      break;
    }
    reply.body += count++ == 0 ? "{" : ",{";
    AppendApplication(reply.body, *application);
    reply.body += '}';
    last = key;
  }
  reply.body += ']' + link + '}';
  return reply;
}

Reply GetApplication(const Context& context, std::string_view id) {
  for (const ApplicationConfig* const application : Sorted(context)) {
    if (!EqualsIgnoringCase(application->id, id)) continue;
    Reply reply;
    reply.body =
        fmt::format(R"({{"odata.metadata":"{}/$metadata#getapplicationsummaryresponse/@Element",)",
                    context.endpoint);
    AppendApplication(reply.body, *application);
    reply.body += '}';
    return reply;
  }
  return Fail("ApplicationNotFound");
}

}  // namespace emulator
