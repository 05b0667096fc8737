#include "server/registry/range.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace server::registry {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

// A number at the beginning of `text`, which is cut off. One that is too large for us is the largest.
std::optional<std::uint64_t> cut_number(std::string_view& text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  std::uint64_t number = 0;
  const std::string_view head = text.substr(0, digits);
  const auto [end, error] = std::from_chars(head.begin(), head.end(), number);
  text.remove_prefix(digits);
  return error == std::errc() ? number : most;
}

bool cut(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "5-9", "5-", "-5".
struct Bounds {
  std::optional<std::uint64_t> first, last;
};
std::optional<Bounds> parse_bounds(std::string_view text) {
  Bounds bounds;
  bounds.first = cut_number(text);
  if (!cut(text, '-')) return std::nullopt;
  bounds.last = cut_number(text);
  if (!text.empty() || (!bounds.first && !bounds.last)) return std::nullopt;
  return bounds;
}

bool is_bytes(std::string_view unit) {
  return std::ranges::equal(unit, std::string_view("bytes"), {}, [](char c) { return c | 0x20; });
}

std::unexpected<Failure> no_part(std::uint64_t size) {
  return refuse(416, "SIZE_INVALID", "the range has nothing of the blob", {},
                {{"Content-Range", "bytes */" + std::to_string(size)}});
}

}  // namespace

Or<std::optional<Part>> wanted_part(const sigstore::net::Headers& headers, std::uint64_t size,
                                    std::string_view etag) {
  const auto header = headers.get("Range");
  const auto equals = header ? header->find('=') : std::string::npos;
  if (size == 0 || equals == std::string::npos || !is_bytes(std::string_view(*header).substr(0, equals)))
    return std::nullopt;
  if (headers.get("If-Range").value_or(std::string(etag)) != etag) return std::nullopt;
  const auto bounds = parse_bounds(std::string_view(*header).substr(equals + 1));
  if (!bounds) return std::nullopt;
  if (!bounds->first) {  // so many of the last
    if (bounds->last == 0) return no_part(size);
    return Part{size - std::min(*bounds->last, size), size - 1};
  }
  const Part part{*bounds->first, std::min(bounds->last.value_or(most), size - 1)};
  if (part.first > part.last) return no_part(size);
  return part;
}

Or<void> check_chunk(const host::Request& request, std::uint64_t size) {
  const auto header = request.headers->get("Content-Range");
  if (!header) return {};
  const auto bounds = parse_bounds(*header);
  if (!bounds || !bounds->first || !bounds->last || *bounds->last < *bounds->first)
    return refuse(400, "BLOB_UPLOAD_INVALID", "this is no range of a chunk", *header);
  if (*bounds->first != size) return refuse(416, "BLOB_UPLOAD_INVALID", "a chunk out of order", *header);
  const std::uint64_t length = *bounds->last - *bounds->first;  // but one
  if (request.content_length && *request.content_length != 0 && *request.content_length - 1 != length)
    return refuse(400, "SIZE_INVALID", "the chunk is not as long as its range", *header);
  return {};
}

}  // namespace server::registry
