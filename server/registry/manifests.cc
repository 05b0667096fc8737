#include "server/registry/accept.h"
#include "server/registry/condition.h"
#include "server/registry/registry.h"
#include "server/registry/reply.h"
#include "sigstore/base/limits.h"

namespace server::registry {

namespace limits = sigstore::limits;
using sigstore::net::Headers;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

namespace {

constexpr std::size_t most_missing = 20;  // that one answer names

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

Or<void> check_size(const Descriptor& descriptor, std::uint64_t size) {
  if (descriptor.size == size) return {};
  return refuse(400, "MANIFEST_INVALID", "a size that it names is not that of the content",
                descriptor.digest.text() + " has " + std::to_string(size) + " bytes, not " +
                    std::to_string(descriptor.size));
}

}  // namespace

Answer Registry::manifest(const host::Request& request, const Route& route) {
  if (request.reads()) return get_manifest(request, route);
  if (request.method == "PUT") return put_manifest(request, route);
  if (request.method == "DELETE") return delete_manifest(request, route);
  return not_here(request, "GET, HEAD, PUT, DELETE");
}

Answer Registry::get_manifest(const host::Request& request, const Route& route) {
  TRY(const auto entry, catalogue_.manifest(route.repository, route.last));
  if (!entry) {
    TRY(const bool has_repository, catalogue_.has_repository(route.repository));
    if (has_repository) return unknown_manifest(route.last);
    return refuse(404, "NAME_UNKNOWN", "there is no such repository", route.repository);
  }
  const Descriptor& descriptor = entry->descriptor;
  const auto status = status_for_reader(*request.headers, descriptor.digest);
  if (status == 412) return condition_failed();
  if (status) return text_response(*status, manifest_headers(descriptor));
  host::Response response{.status = 200, .headers = manifest_headers(descriptor)};
  auto bytes = content_.read(descriptor.digest, limits::manifest_bytes);
  if (!bytes) return std::unexpected(Failure::lost(bytes.error()));
  response.text = std::move(*bytes);
  return response;
}

Or<void> Registry::check_blobs(const std::string& repository, const std::vector<Descriptor>& blobs) const {
  Failure missing(404, "MANIFEST_BLOB_UNKNOWN", "a blob of the manifest is not there");
  for (const Descriptor& blob : blobs) {
    TRY(const bool there, catalogue_.has_blob(repository, blob.digest));
    if (!there) {
      if (missing.details.size() < most_missing) missing.details.push_back(blob.digest.text());
      continue;
    }
    const auto size = content_.size(blob.digest);
    if (!size) return std::unexpected(Failure::lost(size.error()));
    TRY_OK(check_size(blob, *size));
  }
  if (missing.details.empty() || options_.sparse) return {};
  return std::unexpected(std::move(missing));
}

// A child that is missing may still come: platforms are pushed, and copied, by and by.
Or<void> Registry::check_children(const std::string& repository,
                                  const std::vector<Descriptor>& children) const {
  for (const Descriptor& child : children) {
    TRY(const auto there, catalogue_.manifest(repository, child.digest.text()));
    if (there) TRY_OK(check_size(child, there->descriptor.size));
  }
  return {};
}

Or<ManifestEntry> Registry::accept(const host::Request& request, const Route& route,
                                   const std::string& bytes) const {
  TRY(const Pushed pushed, read_pushed(request.headers->get("Content-Type").value_or(""), bytes));
  TRY(const Digest digest, digest_for(route.last, bytes));
  TRY_OK(check_blobs(route.repository, pushed.blobs));
  TRY_OK(check_children(route.repository, pushed.children));
  TRY(auto entry, make_entry(digest, pushed.media_type, bytes, pushed.subject));
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
  if (entry.subject) headers.set("OCI-Subject", entry.subject->text());
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
