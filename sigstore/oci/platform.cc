#include "sigstore/oci/platform.h"

#include <algorithm>

#include "sigstore/oci/manifest.h"

namespace sigstore::oci {
namespace {

namespace json = codec::json;

constexpr std::size_t most_named = 32;

bool is_platform_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

bool is_part(const std::string& part) {
  return !part.empty() && std::ranges::all_of(part, is_platform_character);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// One spelling for each: Go's names, which indexes use.
Platform normal(Platform platform) {
  for (std::string* part : {&platform.os, &platform.architecture, &platform.variant})
    std::ranges::transform(*part, part->begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  if (platform.architecture == "x86_64" || platform.architecture == "x86-64") platform.architecture = "amd64";
  if (platform.architecture == "aarch64") platform.architecture = "arm64";
  if (platform.architecture == "arm64" && platform.variant == "v8") platform.variant.clear();
  return platform;
}

std::string platforms_of(const Index& index) {
  std::string out;
  std::size_t named = 0;
  for (const auto& child : index.manifests) {
    if (!child.platform) continue;
    if (named++ == most_named) return out + ", …";
    out += (out.empty() ? "" : ", ") + child.platform->text();
  }
  return out;
}

}  // namespace

Result<Platform> Platform::parse(std::string_view text) {
  const auto parts = split(text);
  if (parts.size() < 2 || parts.size() > 3 || !std::ranges::all_of(parts, is_part)) {
    return fail(Code::malformed, json::quote(text.substr(0, 100)) + " is not a platform",
                "it must look like linux/amd64 or linux/arm/v7");
  }
  return Platform{parts[0], parts[1], parts.size() == 3 ? parts[2] : "", {}};
}

std::string Platform::text() const {
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

bool fits(const Platform& present, const Platform& wanted) {
  const Platform here = normal(present);
  const Platform there = normal(wanted);
  return here.os == there.os && here.architecture == there.architecture &&
         (there.variant.empty() || here.variant == there.variant);
}

Result<Descriptor> select_platform(const Index& index, const Platform& platform) {
  for (const auto& child : index.manifests)
    if (child.platform && fits(*child.platform, platform)) return child;
  const auto present = platforms_of(index);
  return fail(Code::not_found, "the index has no image for " + platform.text(),
              present.empty() ? "it names no platforms" : "it has " + present);
}

Result<Platform> platform_of_config(std::string_view config_json) {
  constexpr std::string_view what = "the image's configuration";
  TRY(const auto document, json::parse(config_json, what));
  TRY(const auto* object, json::need_object(document, what));
  Platform out;
  TRY(out.os, json::optional_string(*object, "os", what));
  TRY(out.architecture, json::optional_string(*object, "architecture", what));
  TRY(out.variant, json::optional_string(*object, "variant", what));
  if (out.os.empty() || out.architecture.empty())
    return fail(Code::malformed, "the image's configuration names no platform");
  return out;
}

}  // namespace sigstore::oci
