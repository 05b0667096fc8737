#include "server/registry/reply.h"

#include <array>
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

std::unexpected<Failure> unknown_blob(const sigstore::oci::Digest& digest) {
  return refuse(404, "BLOB_UNKNOWN", "there is no such blob", digest.text());
}

std::unexpected<Failure> condition_failed() {
  return refuse(412, "DENIED", "it is not, or no longer, what the condition says");
}

Or<std::string> read_body(const host::Request& request, std::size_t max) {
  const auto too_large = [] { return refuse(413, "SIZE_INVALID", "the manifest is too large"); };
  if (request.content_length.value_or(0) > max) return too_large();  // before a byte of it is read
  std::string body;
  std::array<std::uint8_t, 16 * limits::kib> buffer;
  for (;;) {
    TRY(const std::size_t count, request.body->read(buffer));
    if (count == 0) return body;
    if (body.size() + count > max) return too_large();
    body.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

Copied copy_body(const host::Request& request, sigstore::content::Writer& writer) {
  std::vector<std::uint8_t> buffer(limits::copy_bytes);
  for (;;) {
    const auto count = request.body->read(buffer);
    if (!count) return {std::unexpected(Failure(count.error()))};
    if (*count == 0) return {};
    if (const auto written = writer.write({buffer.data(), *count}); !written)
      return {std::unexpected(Failure(written.error())), true};
  }
}

}  // namespace server::registry
