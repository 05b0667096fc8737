// What all pages are made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "server/registry/page/html.h"
#include "sigstore/oci/digest.h"

namespace server::registry::page {

// How whoever looks reaches this registry.
struct Place {
  std::string host;         // as references begin: "localhost:5000"
  bool plain_http = false;  // tools must be told
};

struct Crumb {
  std::string text;
  html::Path path;
};

// A page with its head, the way up, its heading (with markup below it) and the link to the same as JSON.
html::Html page_of(const Place& place, const std::string& title, const std::vector<Crumb>& way,
                   const html::Html& main, const html::Path& json);

enum class Tone { plain, good, careful, bad };
html::Html badge(Tone tone, std::string_view text);
html::Html command_line(std::string_view command);            // to be copied
html::Html digest_code(const sigstore::oci::Digest& digest);  // shortened; whole when pointed at
html::Html search_form(const html::Path& target, std::string_view label, std::string_view search);
html::Html empty_note(std::string_view text);

html::Path repository_path(const std::string& repository);
html::Path image_path(const std::string& repository, const sigstore::oci::Digest& digest);
html::Path tag_path(const std::string& repository, const std::string& tag);

}  // namespace server::registry::page
