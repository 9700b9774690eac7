// The list of supported images.
#include <fmt/format.h>

#include "tests/emulator/list_options.h"
#include "tests/emulator/operations.h"

namespace emulator {

namespace {

void AppendImage(std::string& out, const Image& image) {
  out += R"({"imageReference":{"publisher":)";
  AppendQuoted(out, image.publisher);
  out += R"(,"offer":)";
  AppendQuoted(out, image.offer);
  out += R"(,"sku":)";
  AppendQuoted(out, image.sku);
  out += fmt::format(R"(,"version":"latest"}},"verificationType":"{}","nodeAgentSKUId":)",
                     image.verified ? "verified" : "unverified");
  AppendQuoted(out, image.node_agent);
  if (!image.capabilities.empty()) {
    out += R"(,"capabilities":[)";
    for (const std::string& capability : image.capabilities) {
      if (&capability != image.capabilities.data()) out += ',';
      AppendQuoted(out, capability);
    }
    out += ']';
  }
  if (image.end_of_life) {
    out += fmt::format(R"(,"batchSupportEndOfLife":"{}")", FormatTime(*image.end_of_life));
  }
  out += fmt::format(R"(,"osType":"{}"}})", image.windows ? "windows" : "linux");
}

FilterValue Property(const Image& image, std::string_view name) {
  if (name == "osType") return std::string{image.windows ? "windows" : "linux"};
  if (name == "verificationType") return std::string{image.verified ? "verified" : "unverified"};
  return image.node_agent;
}

}  // namespace

Reply ListSupportedImages(const Context& context) {
  auto read = ReadListOptions(
      context, {{"osType", "eq ne"}, {"verificationType", "eq ne"}, {"nodeAgentSKUId", "eq ne"}});
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  Reply reply;
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#supportedimages","value":[)",
                           context.endpoint);
  std::size_t count = 0;
  std::string last, link;
  for (const Image& image : context.images.rows()) {
    const std::string key = fmt::format("{}\n{}\n{}", image.publisher, image.offer, image.sku);
    if (!image.listed || (options.after && key <= *options.after)) continue;
    if (!options.filter.Matches([&](std::string_view name) { return Property(image, name); }))
      continue;
    if (count == options.page_size) {
      link = NextLinkMember(context, last);
      break;
    }
    if (count++ != 0) reply.body += ',';
    AppendImage(reply.body, image);
    last = key;
  }
  reply.body += ']' + link + '}';
  return reply;
}

}  // namespace emulator
