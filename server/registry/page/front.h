// The first page: which repositories there are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/registry/page/local_registry.h"
#include "server/registry/page/parts.h"

namespace server::registry::page {

struct Front {
  struct Line {
    std::string repository;
    std::size_t tags = 0;                  // those beside images not counted
    bool more_tags = false;                // than were counted
    std::optional<std::int64_t> pushed{};  // its newest manifest, in seconds since 1970
  };
  std::string search;       // empty: all
  std::string after;        // empty: from the beginning
  std::vector<Line> lines;  // at most limits::page_lines
  std::string next;         // more come after this one; empty: these are the last
};

// Those whose names hold `search`, after `after`.
sigstore::Result<Front> read_front(const Shelves& shelves, const std::string& search,
                                   const std::string& after);
html::Html as_html(const Front& front, const Place& place);
std::string as_json(const Front& front);  // docs/formats/registry-page.md

}  // namespace server::registry::page
