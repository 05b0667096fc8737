#include "server/registry/page/format.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sigstore/codec/rfc3339.h"

namespace server::registry::page {
namespace {

struct KnownType {
  std::string_view begin;
  std::string_view name;
};
constexpr std::array<KnownType, 14> known_types = {{
    {"https://sigstore.dev/cosign/sign/", "Signature"},
    {"cosign container image signature", "Signature"},
    {"application/vnd.dev.cosign.artifact.sig.", "Signature"},
    {"https://spdx.dev/Document", "SPDX SBOM"},
    {"https://cyclonedx.org/bom", "CycloneDX SBOM"},
    {"application/spdx+json", "SPDX SBOM"},
    {"text/spdx", "SPDX SBOM"},
    {"application/vnd.cyclonedx", "CycloneDX SBOM"},
    {"https://slsa.dev/provenance/", "SLSA provenance"},
    {"https://slsa.dev/verification_summary/", "SLSA verification summary"},
    {"https://cosign.sigstore.dev/attestation/vuln/", "Vulnerability scan"},
    {"https://in-toto.io/attestation/vulns", "Vulnerability scan"},
    {"https://openvex.dev/ns", "OpenVEX statement"},
    {"application/vnd.dev.sigstore.bundle", "Sigstore bundle"},
}};

std::string with_commas(std::string digits) {
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double size = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* next : {"kB", "MB", "GB", "TB", "PB", "EB"}) {
    size /= 1000;
    unit = next;
    if (size < 999.5) break;
  }
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), size < 9.95 ? "%.1f %s" : "%.0f %s", size, unit);
  return text.data();
}

std::string count_text(std::size_t count, const std::string& noun) {
  return with_commas(std::to_string(count)) + " " + noun + (count == 1 ? "" : "s");
}

std::string time_text(std::string_view text) {
  const auto time = sigstore::codec::rfc3339::parse(text);
  if (!time) return {};
  const std::string seconds = sigstore::codec::rfc3339::seconds(*time);  // 2026-07-24T09:30:00Z
  return seconds.substr(0, 10) + " " + seconds.substr(11, 5) + " UTC";
}

std::string_view known_type(std::string_view type) {
  const auto found = std::ranges::find_if(
      known_types, [&](const KnownType& known) { return type.starts_with(known.begin); });
  return found == known_types.end() ? std::string_view() : found->name;
}

bool is_attachment_tag(std::string_view tag) {
  for (const auto& [algorithm, length] : {std::pair("sha256-", 64U), std::pair("sha512-", 128U)}) {
    if (!tag.starts_with(algorithm)) continue;
    tag.remove_prefix(7);
    const auto hex = tag.substr(0, length);
    return hex.size() == length && hex.find_first_not_of("0123456789abcdef") == hex.npos &&
           (tag.size() == length || tag[length] == '.' || tag[length] == '-');
  }
  return false;
}

}  // namespace server::registry::page
