#include "sigstore/payload/predicate_type.h"

#include <algorithm>
#include <array>

namespace sigstore::payload {
namespace {

constexpr std::array<PredicateName, 10> names = {{
    {"slsaprovenance", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance02", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance1", "https://slsa.dev/provenance/v1"},
    {"link", "https://in-toto.io/Link/v1"},
    {"spdx", "https://spdx.dev/Document"},
    {"spdxjson", "https://spdx.dev/Document"},
    {"cyclonedx", "https://cyclonedx.org/bom"},
    {"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    {"openvex", "https://openvex.dev/ns"},
    {"custom", "https://cosign.sigstore.dev/attestation/v1"},
}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986, section 3: a scheme, a colon, something after it, and nothing that no URI has.
bool is_absolute_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || !is_letter(text[0])) return false;
  const auto scheme = text.substr(0, colon);
  const bool named = std::ranges::all_of(scheme, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return named && std::ranges::none_of(text, [](char c) { return c <= ' ' || c == 0x7f; });
}

}  // namespace

std::span<const PredicateName> predicate_names() {
  return names;
}

Result<std::string> predicate_uri(std::string_view name_or_uri) {
  const auto known = std::ranges::find(names, name_or_uri, &PredicateName::name);
  if (known != names.end()) return std::string(known->uri);
  if (is_absolute_uri(name_or_uri)) return std::string(name_or_uri);
  std::string all;
  for (const PredicateName& one : names) all += (all.empty() ? "" : ", ") + std::string(one.name);
  return fail(Code::invalid_argument, "invalid predicate type: " + std::string(name_or_uri), {},
              "one of " + all + "; or an absolute URI");
}

}  // namespace sigstore::payload
