// Content, and requests, that are not taken.
#include <algorithm>

#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"
#include "server/registry/reply.h"
#include "sigstore/codec/json.h"
#include "sigstore/oci/manifest.h"

namespace server::registry::play {
namespace {

namespace json = sigstore::codec::json;
using Verdict = std::optional<host::Response>;

std::string text_of(const json::Value& value, std::string_view key) {
  const json::Value* member = value.get(key);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

host::Response invalid(const std::string& why) {
  return refusal(400, "MANIFEST_INVALID", "manifest invalid: " + why);
}

// Docker's, and OCI's for images: what the first generation of registries knew.
bool is_of_an_image(const std::string& type) {
  return type.starts_with("application/vnd.docker.") || type.starts_with("application/vnd.oci.image.");
}

Verdict refuse_subject(const Asked&, const std::string& body, const host::Role&) {
  const auto document = json::parse(body, "manifest");
  if (!document || document->get("subject") == nullptr) return std::nullopt;
  return invalid("unknown field: subject");
}

Verdict refuse_artifact_type(const Asked&, const std::string& body, const host::Role&) {
  const auto document = json::parse(body, "manifest");
  if (!document) return std::nullopt;
  if (document->get("artifactType") != nullptr) return invalid("unknown field: artifactType");
  const json::Value* config = document->get("config");
  if (config == nullptr || is_of_an_image(text_of(*config, "mediaType"))) return std::nullopt;
  return invalid("unsupported config type: " + text_of(*config, "mediaType"));
}

Verdict refuse_layer_types(const Asked&, const std::string& body, const host::Role&) {
  const auto document = json::parse(body, "manifest");
  const json::Value* layers = document ? document->get("layers") : nullptr;
  if (layers == nullptr || layers->array() == nullptr) return std::nullopt;
  const auto strange = std::ranges::find_if(*layers->array(), [](const json::Value& layer) {
    return !is_of_an_image(text_of(layer, "mediaType"));
  });
  if (strange == layers->array()->end()) return std::nullopt;
  return invalid("unsupported layer type: " + text_of(*strange, "mediaType"));
}

Verdict refuse_incomplete(const Asked& asked, const std::string& body, const host::Role& registry) {
  const auto index = sigstore::oci::Index::parse(body);
  if (!index) return std::nullopt;
  for (const auto& child : index->manifests) {
    const auto path = repository_path(asked.route->repository) + "/manifests/" + child.digest.text();
    if (ask(registry, "HEAD", path).status == 404)
      return refusal(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", child.digest.text());
  }
  return std::nullopt;
}

template <Verdict (*check)(const Asked&, const std::string&, const host::Role&)>
host::Role around(host::Role role, const Stage& stage) {
  return checking_manifests(std::move(role),
                            [registry = stage.registry](const Asked& asked, const std::string& body) {
                              return check(asked, body, registry);
                            });
}

// Repositories come into being by pushes alone, so one that holds nothing yet was never made.
host::Role repository_must_exist(host::Role role, const Stage& stage) {
  return [role = std::move(role), registry = stage.registry](const host::Request& request) {
    const Asked asked(request);
    if (asked.reads() || !asked.route) return role(request);
    const std::string& name = asked.route->repository;
    if (ask(registry, "GET", repository_path(name) + "/tags/list").status != 404) return role(request);
    return refusal(404, "NAME_UNKNOWN",
                   "The repository with name '" + name + "' does not exist in the registry");
  };
}

host::Role no_delete(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    if (request.method != "DELETE") return role(request);
    return refusal(405, "UNSUPPORTED", "The operation is unsupported.");
  };
}

}  // namespace

std::vector<Quirk> refusing_quirks() {
  return {
      {"no-delete", "DELETE is 405", "docker-registry as delivered, Docker Hub", no_delete},
      {"refuse-subject", "a manifest with a subject is 400 MANIFEST_INVALID",
       "checks against the schema of OCI 1.0", around<refuse_subject>},
      {"refuse-artifact-type", "artifactType, or a config that is no image's, is 400 MANIFEST_INVALID",
       "Quay before 3.6", around<refuse_artifact_type>},
      {"refuse-layer-types", "layers that are no image's are 400 MANIFEST_INVALID", "Artifactory 6",
       around<refuse_layer_types>},
      {"repository-must-exist", "a push to a repository that holds nothing yet is 404 NAME_UNKNOWN",
       "Amazon ECR", repository_must_exist},
      {"index-needs-children", "an index is 400 while a manifest of it is missing",
       "docker-registry, Harbor, Google Artifact Registry", around<refuse_incomplete>},
  };
}

}  // namespace server::registry::play
