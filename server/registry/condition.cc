#include "server/registry/condition.h"

#include <algorithm>

namespace server::registry {

using namespace sigstore;

std::string etag_of(const oci::Digest& digest) {
  return "\"" + digest.text() + "\"";
}

std::optional<EntityTags> EntityTags::parse(const net::Headers& headers, std::string_view name) {
  auto lines = headers.all(name);
  if (lines.empty()) return std::nullopt;
  EntityTags tags;
  for (std::string_view line : lines) {
    while (!line.empty()) {  // a digest holds no comma
      auto item = line.substr(0, line.find(','));
      line.remove_prefix(std::min(line.size(), item.size() + 1));
      auto first = item.find_first_not_of(" \t");
      if (first == item.npos) continue;
      item = item.substr(first, item.find_last_not_of(" \t") - first + 1);
      if (item == "*") tags.any_ = true;
      tags.tags_.emplace_back(item);
    }
  }
  return tags;
}

bool EntityTags::match(const oci::Digest* current, bool weak) const {
  if (!current) return false;
  auto etag = etag_of(*current);
  return any_ || std::ranges::any_of(tags_, [&](std::string_view tag) {
           if (weak && tag.starts_with("W/")) tag.remove_prefix(2);
           return tag == etag;
         });
}

Condition::Condition(const net::Headers& headers)
    : match_(EntityTags::parse(headers, "If-Match")),
      none_match_(EntityTags::parse(headers, "If-None-Match")) {}

bool Condition::holds(const oci::Digest* current) const {
  return !(match_ && !match_->match(current, false)) && !(none_match_ && none_match_->match(current, true));
}

std::optional<int> status_for_reader(const net::Headers& headers, const oci::Digest& current) {
  const auto match = EntityTags::parse(headers, "If-Match");
  if (match && !match->match(&current, false)) return 412;
  const auto none_match = EntityTags::parse(headers, "If-None-Match");
  if (none_match && none_match->match(&current, true)) return 304;
  return std::nullopt;
}

}  // namespace server::registry
