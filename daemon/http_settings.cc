#include "daemon/http_settings.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "daemon/endpoint.h"
#include "daemon/posix.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kCaBytesMax = 4u << 20;
constexpr std::string_view kScheme = "http://";

Error Wrong(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

bool HoldsCertificate(const std::string& pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> first(
      PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), &X509_free);
  ERR_clear_error();
  return first != nullptr;
}

bool IsAddress(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// As libcurl reads an entry of noProxy: the host itself, or a domain above it.
bool Excepts(std::string_view entry, std::string_view host) {
  while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
  while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
  if (entry.find('/') != std::string_view::npos) return IsAddress(host);
  if (!entry.empty() && entry.front() == '.') entry.remove_prefix(1);
  if (entry.empty() || entry.size() > host.size()) return false;
  const std::size_t begin = host.size() - entry.size();
  const bool whole = begin == 0 || (host[begin - 1] == '.' && !IsAddress(host));
  return whole && EqualFolded(host.substr(begin), entry);
}

}  // namespace

bool UsesProxy(const HttpSettings& http, std::string_view host) {
  if (http.proxy.empty() || IsLoopback(host)) return false;
  const auto entries = SplitText(http.no_proxy, ',');
  return std::none_of(entries.begin(), entries.end(),
                      [&](std::string_view entry) { return Excepts(entry, host); });
}

Result<std::string> ParseProxy(std::string_view text) {
  // Before anything else: whatever stands before an '@' is not shown.
  if (text.find('@') != std::string_view::npos) {
    return Wrong(
        "names a user or a password: a proxy that asks for them is not supported, and neither "
        "belongs into a configuration; expected http://host:port");
  }
  if (!FoldCase(text).starts_with(kScheme)) {
    return Wrong(fmt::format("'{}' is not spoken, expected http://host:port", text));
  }
  std::string_view address = text.substr(kScheme.size());
  if (!address.empty() && address.back() == '/') address.remove_suffix(1);
  const auto host = SplitHostPort(FoldCase(address));
  if (!host) return Wrong(fmt::format("'{}' has no valid host, expected http://host:port", text));
  if (host->port == 0) {
    return Wrong(fmt::format("'{}' has no valid port, expected http://host:port", text));
  }
  return std::string(kScheme) + FoldCase(address);
}

Status CheckCaFile(const std::string& file) {
  struct stat info {};
  const auto opened = OpenRegular(file, true, info);
  if (!opened) return opened.error();
  const auto pem = ReadAll(opened->get(), kCaBytesMax, file);
  if (!pem) return pem.error();
  if (HoldsCertificate(*pem)) return Ok{};
  return Wrong(fmt::format(
      "{} holds no certificate in PEM, expected lines that begin with -----BEGIN CERTIFICATE-----",
      file));
}

}  // namespace reconciler::daemon
