// Numbers, times and types as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace server::registry::page {

std::string size_text(std::uint64_t bytes);                          // "0 B", "1.4 kB", "23 MB"
std::string count_text(std::size_t count, const std::string& noun);  // "1 tag", "2 tags", "1,204 tags"
// "2026-07-24 09:30 UTC" of an RFC 3339 time; empty for what is none, and for year 1, which says "unknown".
std::string time_text(std::string_view rfc3339);
// "SPDX SBOM" of "https://spdx.dev/Document"; empty for a type that is not known here.
std::string_view known_type(std::string_view type);
// Whether a tag is one that tools put beside an image: "sha256-<hex>" with or without an ending.
bool is_attachment_tag(std::string_view tag);

}  // namespace server::registry::page
