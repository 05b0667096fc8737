#include "server/registry/page/facts.h"

#include <algorithm>

namespace server::registry::page {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
using sigstore::Result;

namespace {

constexpr const char* created_annotation = "org.opencontainers.image.created";
constexpr std::string_view no_platform =
    "unknown/unknown";  // what builders write on attestations in an index

std::string annotation(const oci::Annotations& annotations, const char* key) {
  const auto found = annotations.find(key);
  return found == annotations.end() ? "" : found->second;
}

std::vector<std::string> platforms_of(const std::vector<oci::Descriptor>& children) {
  std::vector<std::string> platforms;
  for (const oci::Descriptor& child : children) {
    if (!child.platform) continue;
    std::string text = child.platform->text();
    if (text != no_platform && std::ranges::find(platforms, text) == platforms.end())
      platforms.push_back(std::move(text));
  }
  return platforms;
}

bool is_image_config(std::string_view type) {
  return type == oci::media_type::oci_config || type == oci::media_type::docker_config;
}

// What the configuration of an image adds; whatever is wrong with it is no reason to show nothing.
void read_config(Facts& facts, const std::string& config) {
  if (const auto platform = oci::platform_of_config(config)) facts.platforms.push_back(platform->text());
  const auto document = json::parse(config, "configuration");
  const json::Value* created = document ? document->get("created") : nullptr;
  if (created != nullptr && created->string() != nullptr && facts.created.empty())
    facts.created = *created->string();
}

void describe(Facts& facts, oci::Index index) {
  facts.kind = Facts::Kind::index;
  facts.artifact_type = std::move(index.artifact_type);
  facts.platforms = platforms_of(index.manifests);
  facts.created = annotation(index.annotations, created_annotation);
  facts.annotations = std::move(index.annotations);
  facts.parts = std::move(index.manifests);
  if (index.subject) facts.subject = index.subject->digest;
}

void describe(Facts& facts, oci::Manifest manifest, LocalRegistry& registry,
              const oci::Repository& repository) {
  const bool image = is_image_config(manifest.config.media_type) && manifest.artifact_type.empty();
  facts.kind = image ? Facts::Kind::image : Facts::Kind::artifact;
  if (!image) facts.artifact_type = manifest.effective_artifact_type();
  facts.bytes = manifest.config.size;
  for (const oci::Descriptor& layer : manifest.layers) facts.bytes += layer.size;
  facts.created = annotation(manifest.annotations, created_annotation);
  if (image)
    if (const auto config = registry.blob(repository, manifest.config, limits::page_config_bytes))
      read_config(facts, *config);
  facts.annotations = std::move(manifest.annotations);
  facts.parts = std::move(manifest.layers);
  if (manifest.subject) facts.subject = manifest.subject->digest;
}

}  // namespace

Result<Facts> read_facts(LocalRegistry& registry, const oci::Repository& repository,
                         const std::string& tag_or_digest) {
  TRY(auto content, registry.manifest(repository, tag_or_digest));
  Facts facts;
  facts.descriptor = std::move(content.descriptor);
  if (oci::is_index(facts.descriptor.media_type)) {
    TRY(auto index, oci::Index::parse(content.bytes));
    describe(facts, std::move(index));
  } else {
    TRY(auto manifest, oci::Manifest::parse(content.bytes));
    describe(facts, std::move(manifest), registry, repository);
  }
  return facts;
}

}  // namespace server::registry::page
