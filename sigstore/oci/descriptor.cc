#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/oci/members.h"

namespace sigstore::oci {
namespace {

namespace json = codec::json;

constexpr std::array<std::string_view, 6> descriptor_members = {"mediaType",   "size",     "digest",
                                                                "annotations", "platform", "artifactType"};
constexpr std::array<std::string_view, 2> extra_order = {"data", "urls"};
constexpr std::array<std::string_view, 3> platform_members = {"architecture", "os", "variant"};
constexpr std::array<std::string_view, 2> platform_order = {"os.version", "os.features"};

Result<Platform> read_platform(const json::Object& object, std::string_view what) {
  Platform out;
  TRY(out.os, json::optional_string(object, "os", what));
  TRY(out.architecture, json::optional_string(object, "architecture", what));
  TRY(out.variant, json::optional_string(object, "variant", what));
  out.extra = in_order(members_except(object, platform_members), platform_order);
  return out;
}

// Go's order: architecture, os, os.version, os.features, variant, features.
json::Object write_platform(const Platform& platform) {
  json::Object out;
  json::Object extra = platform.extra;
  out.append("architecture", platform.architecture);
  out.append("os", platform.os);
  move_member(extra, out, "os.version");
  move_member(extra, out, "os.features");
  append_text(out, "variant", platform.variant);
  append_members(out, extra);
  return out;
}

}  // namespace

Result<Descriptor> Descriptor::from_json(const json::Value& value, std::string_view what) {
  TRY(const auto* object, json::need_object(value, what));
  Descriptor out;
  TRY(out.media_type, json::optional_string(*object, "mediaType", what));
  TRY(const auto digest, json::need_string(*object, "digest", what));
  auto parsed = Digest::parse(digest);
  if (!parsed) return fail(parsed.error().wrap(std::string(what) + " has a bad digest"));
  out.digest = std::move(*parsed);
  TRY(out.size, json::need_uint64(*object, "size", what));
  TRY(out.artifact_type, json::optional_string(*object, "artifactType", what));
  TRY(out.annotations, read_annotations(*object, what));
  TRY(const auto* platform, json::optional_object(*object, "platform", what));
  if (platform != nullptr) {
    TRY(out.platform, read_platform(*platform, what));
  }
  out.extra = in_order(members_except(*object, descriptor_members), extra_order);
  return out;
}

json::Value Descriptor::to_json() const {
  json::Object out;
  json::Object rest = extra;
  out.append("mediaType", media_type);
  out.append("size", size);
  out.append("digest", digest.text());
  move_member(rest, out, "data");
  move_member(rest, out, "urls");
  append_annotations(out, annotations);
  if (platform) out.append("platform", write_platform(*platform));
  append_text(out, "artifactType", artifact_type);
  append_members(out, rest);
  return out;
}

}  // namespace sigstore::oci
