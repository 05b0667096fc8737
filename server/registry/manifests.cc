#include "server/registry/condition.h"
#include "server/registry/registry.h"
#include "server/registry/reply.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace server::registry {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
using sigstore::net::Headers;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

namespace {

// "Cosign-Registry: conditional" says that If-Match and If-None-Match are kept: a 2xx is a proof.
Headers manifest_headers(const Descriptor& descriptor) {
  return {{"Content-Type", descriptor.media_type},
          {"Docker-Content-Digest", descriptor.digest.text()},
          {"ETag", etag_of(descriptor.digest)},
          {"Cosign-Registry", "conditional"}};
}

std::unexpected<Failure> unknown_manifest(const std::string& reference) {
  return refuse(404, "MANIFEST_UNKNOWN", "there is no such manifest", reference);
}

bool is_digest(const std::string& reference) {
  return reference.find(':') != std::string::npos;
}

// The digest that it is stored under: what it was sent as, or sha256.
Or<Digest> digest_for(const std::string& reference, const std::string& bytes) {
  if (!is_digest(reference)) {
    if (!is_tag(reference)) return refuse(400, "TAG_INVALID", "this is no tag", reference);
    return Digest::sha256(bytes);
  }
  TRY(Digest digest, digest_of(reference));
  if (!digest.matches(bytes)) return refuse(400, "DIGEST_INVALID", "the content has another digest");
  return digest;
}

// Those that are to name the manifest: the one that it is sent to, or those that follow its digest.
Or<std::vector<std::string>> tags_of(const Route& route) {
  if (!is_digest(route.last)) return std::vector{route.last};
  std::vector<std::string> tags = route.query.all("tag");
  if (tags.size() > limits::tags_per_push)
    return refuse(414, "TAG_INVALID", "too many tags", std::to_string(tags.size()));
  for (const std::string& tag : tags)
    if (!is_tag(tag)) return refuse(400, "TAG_INVALID", "this is no tag", tag);
  return tags;
}

std::unexpected<Failure> condition_failed() {
  return refuse(412, "PRECONDITION_FAILED", "it is not, or no longer, what the condition says");
}

// Content that is fetched from elsewhere, and never pushed.
bool is_foreign(const Descriptor& layer) {
  return layer.extra.find("urls") != nullptr;
}

std::unexpected<Failure> invalid(std::string message, std::string detail) {
  return refuse(400, "MANIFEST_INVALID", std::move(message), std::move(detail));
}

}  // namespace

Answer Registry::manifest(const host::Request& request, const Route& route) {
  if (request.method == "GET" || request.method == "HEAD") return get_manifest(request, route);
  if (request.method == "PUT") return put_manifest(request, route);
  if (request.method == "DELETE") return delete_manifest(request, route);
  return not_here(request);
}

Answer Registry::get_manifest(const host::Request& request, const Route& route) {
  TRY(const auto entry, catalogue_.manifest(route.repository, route.last));
  if (!entry) {
    TRY(const bool has_repository, catalogue_.has_repository(route.repository));
    if (has_repository) return unknown_manifest(route.last);
    return refuse(404, "NAME_UNKNOWN", "there is no such repository", route.repository);
  }
  const Descriptor& descriptor = entry->descriptor;
  if (is_not_modified(*request.headers, descriptor.digest))
    return text_response(304, manifest_headers(descriptor));
  host::Response response{.status = 200, .headers = manifest_headers(descriptor)};
  auto bytes = content_.read(descriptor.digest, limits::manifest_bytes);
  if (!bytes) return std::unexpected(Failure::lost(bytes.error()));
  response.text = std::move(*bytes);
  return response;
}

Or<void> Registry::check_blobs(const std::string& repository, const sigstore::oci::Manifest& manifest) const {
  std::vector<Descriptor> needed = manifest.layers;
  if (!manifest.config.media_type.empty()) needed.push_back(manifest.config);
  for (const Descriptor& blob : needed) {
    if (is_foreign(blob)) continue;
    TRY(const bool there, catalogue_.has_blob(repository, blob.digest));
    if (!there)
      return refuse(404, "MANIFEST_BLOB_UNKNOWN", "a blob of the manifest is not there", blob.digest.text());
  }
  return {};
}

Or<void> Registry::check_content(const std::string& repository, const std::string& type,
                                 const std::string& bytes) const {
  if (sigstore::oci::is_manifest(type)) {
    auto manifest = sigstore::oci::Manifest::parse(bytes);
    if (!manifest) return invalid("this is no manifest", manifest.error().text());
    return check_blobs(repository, *manifest);
  }
  if (!sigstore::oci::is_index(type)) return invalid("not a type of manifest", type);
  auto index = sigstore::oci::Index::parse(bytes);
  if (!index) return invalid("this is no index", index.error().text());
  for (const Descriptor& child : index->manifests) {
    TRY(const auto there, catalogue_.manifest(repository, child.digest.text()));
    if (!there)
      return refuse(404, "MANIFEST_BLOB_UNKNOWN", "a manifest of the index is not there",
                    child.digest.text());
  }
  return {};
}

Or<ManifestEntry> Registry::accept(const host::Request& request, const Route& route,
                                   const std::string& bytes) const {
  const std::string header = request.headers->get("Content-Type").value_or("");
  ManifestEntry entry;
  std::string& type = entry.descriptor.media_type;
  type = header.substr(0, header.find(';'));
  entry.descriptor.size = bytes.size();
  TRY(entry.descriptor.digest, digest_for(route.last, bytes));
  TRY_OK(check_content(route.repository, type, bytes));
  TRY(const auto document, json::parse(bytes, "manifest"));
  const json::Value* inner = document.get("mediaType");
  if (inner != nullptr && (inner->string() == nullptr || *inner->string() != type))
    return invalid("its mediaType is not its Content-Type", type);
  const json::Value* subject = document.get("subject");
  if (subject == nullptr || subject->object() == nullptr) return entry;
  auto descriptor = Descriptor::from_json(*subject, "subject");
  if (!descriptor) return invalid("its subject is no descriptor", descriptor.error().text());
  entry.subject = descriptor->digest;
  TRY(entry.referrer, sigstore::oci::referrer_descriptor(bytes, type));
  entry.referrer->digest = entry.descriptor.digest;  // as it was sent, which need not be sha256
  return entry;
}

Answer Registry::put_manifest(const host::Request& request, const Route& route) {
  TRY(const std::string bytes, read_body(request, limits::manifest_bytes));
  TRY(const auto tags, tags_of(route));
  TRY(const ManifestEntry entry, accept(request, route, bytes));
  TRY_OK(content_.put(entry.descriptor.digest, bytes));
  const Condition condition(*request.headers);
  TRY(const bool written,
      catalogue_.put_manifest(route.repository, entry, route.last, tags,
                              [&](const Digest* current) { return condition.holds(current); }));
  if (!written) return condition_failed();
  Headers headers = manifest_headers(entry.descriptor);
  headers.set("Location", repository_path(route.repository) + "/manifests/" + entry.descriptor.digest.text());
  headers.remove("Content-Type");
  if (entry.subject && options_.referrers) headers.set("OCI-Subject", entry.subject->text());
  if (is_digest(route.last))
    for (const std::string& tag : tags) headers.add("OCI-Tag", tag);
  return text_response(201, std::move(headers));
}

Answer Registry::delete_manifest(const host::Request& request, const Route& route) {
  const Condition condition(*request.headers);
  bool held = true;
  TRY(const bool removed,
      catalogue_.remove_manifest(route.repository, route.last,
                                 [&](const Digest* current) { return held = condition.holds(current); }));
  if (!held) return condition_failed();
  if (!removed) return unknown_manifest(route.last);
  return text_response(202, {});
}

}  // namespace server::registry
