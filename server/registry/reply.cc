#include "server/registry/reply.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "sigstore/base/limits.h"

namespace server::registry {

namespace limits = sigstore::limits;
using sigstore::net::Headers;

host::Response text_response(int status, Headers headers, std::string text) {
  return {.status = status,
          .headers = std::move(headers),
          .text = std::make_shared<const std::string>(std::move(text))};
}

std::string repository_path(const std::string& repository) {
  return "/v2/" + repository;
}

Or<sigstore::oci::Digest> digest_of(const std::string& text) {
  auto digest = sigstore::oci::Digest::parse(text);
  if (!digest) return refuse(400, "DIGEST_INVALID", "this is no digest", digest.error().text());
  return std::move(*digest);
}

Or<std::string> read_body(const host::Request& request, std::size_t max) {
  std::string body;
  std::array<std::uint8_t, 16 * limits::kib> buffer;
  for (;;) {
    TRY(const std::size_t count, request.body->read(buffer));
    if (count == 0) return body;
    if (body.size() + count > max) return refuse(413, "SIZE_INVALID", "the manifest is too large");
    body.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

Or<void> copy_body(const host::Request& request, sigstore::content::Writer& writer) {
  std::vector<std::uint8_t> buffer(limits::copy_bytes);
  for (;;) {
    TRY(const std::size_t count, request.body->read(buffer));
    if (count == 0) return {};
    TRY_OK(writer.write({buffer.data(), count}));
  }
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> byte_range(const Headers& headers,
                                                                  std::uint64_t size) {
  const auto header = headers.get("Range");
  if (size == 0 || !header || !header->starts_with("bytes=")) return std::nullopt;
  const std::string_view text = std::string_view(*header).substr(6);
  const char* const end = text.data() + text.size();
  std::uint64_t first = 0, last = size - 1;
  const auto [dash, error] = std::from_chars(text.data(), end, first);
  if (error != std::errc() || dash == end || *dash != '-') return std::nullopt;
  if (dash + 1 != end) {
    const auto [stop, bad] = std::from_chars(dash + 1, end, last);
    if (bad != std::errc() || stop != end || last < first) return std::nullopt;
  }
  return std::pair(first, std::min(last, size - 1));
}

}  // namespace server::registry
