// The page of a repository: its tags.
#pragma once

#include <string>
#include <vector>

#include "server/registry/page/facts.h"
#include "server/registry/page/summary.h"

namespace server::registry::page {

struct TagList {
  struct Line {
    std::string tag;
    sigstore::oci::Descriptor descriptor;
    sigstore::Result<Facts> facts;
    std::optional<Summary> summary;  // none: the time of this view was up before it could be looked at
  };
  std::string repository;
  std::string search, after;  // as in Front
  bool all = false;           // also the tags that stand beside images
  std::vector<Line> lines;
  std::string next;
  bool hidden = false;  // there are tags beside images that are not shown
};

// Code::not_found when there is no such repository.
sigstore::Result<TagList> read_tags(Surveys& surveys, const Place& place, TagList asked);
html::Html as_html(const TagList& list, const Place& place);
std::string as_json(const TagList& list);  // docs/formats/registry-page.md

// "Image", "Image index", or the artifact's type; and for which platforms.
std::string kind_text(const Facts& facts);
std::string platforms_text(const std::vector<std::string>& platforms);

}  // namespace server::registry::page
