#include "server/registry/registry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"

namespace server::registry {

using sigstore::net::Headers;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
namespace media_type = sigstore::oci::media_type;

namespace {

constexpr std::size_t most_uploads = 1024;  // under way at once
constexpr std::size_t chunk_bytes = 64 * limits::kib;

host::Response text_response(int status, Headers headers, std::string text = {}) {
  return {.status = status,
          .headers = std::move(headers),
          .text = std::make_shared<const std::string>(std::move(text))};
}

Or<Digest> digest_of(const std::string& text) {
  auto digest = Digest::parse(text);
  if (!digest) return refuse(400, "DIGEST_INVALID", "this is no digest", digest.error().text());
  return std::move(*digest);
}

Or<std::string> read_body(const host::Request& request, std::size_t max) {
  std::string body;
  std::array<std::uint8_t, 16 * limits::kib> buffer;
  for (;;) {
    TRY(const std::size_t count, request.body->read(buffer));
    if (count == 0) return body;
    if (body.size() + count > max) return refuse(413, "SIZE_INVALID", "the manifest is too large");
    body.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

Or<void> copy_body(const host::Request& request, sigstore::content::Writer& writer) {
  std::vector<std::uint8_t> buffer(chunk_bytes);
  for (;;) {
    TRY(const std::size_t count, request.body->read(buffer));
    if (count == 0) return {};
    TRY_OK(writer.write({buffer.data(), count}));
  }
}

std::string repository_path(const std::string& repository) {
  return "/v2/" + repository;
}

Headers manifest_headers(const Descriptor& descriptor) {
  return {{"Content-Type", descriptor.media_type},
          {"Docker-Content-Digest", descriptor.digest.text()},
          {"ETag", etag_of(descriptor.digest)},
          {"Cosign-Registry", "conditional"}};
}

// "bytes=5-9", "bytes=5-": first and last; nullopt for anything else, which is answered whole.
std::optional<std::pair<std::uint64_t, std::uint64_t>> byte_range(const Headers& headers,
                                                                  std::uint64_t size) {
  const auto header = headers.get("Range");
  if (!header || !header->starts_with("bytes=")) return std::nullopt;
  const std::string_view text = std::string_view(*header).substr(6);
  std::uint64_t first = 0, last = size - 1;
  const auto [dash, error] = std::from_chars(text.data(), text.data() + text.size(), first);
  if (error != std::errc() || dash == text.data() + text.size() || *dash != '-') return std::nullopt;
  if (dash + 1 != text.data() + text.size()) {
    const auto [end, bad] = std::from_chars(dash + 1, text.data() + text.size(), last);
    if (bad != std::errc() || end != text.data() + text.size()) return std::nullopt;
  }
  return std::pair(first, std::min(last, size - 1));
}

Failure unknown_manifest(const std::string& reference) {
  return {404, "MANIFEST_UNKNOWN", "there is no such manifest", reference};
}

}  // namespace

host::Response Registry::handle(const host::Request& request) {
  auto answer = dispatch(request);
  return answer ? std::move(*answer) : to_response(answer.error());
}

Answer Registry::dispatch(const host::Request& request) {
  TRY(const Route route, parse_route(request.target));
  const std::string_view method = request.method;
  const bool reads = method == "GET" || method == "HEAD";
  switch (route.kind) {
    case Route::Kind::base:
      if (reads) return text_response(200, {{"Docker-Distribution-Api-Version", "registry/2.0"}}, "{}");
      break;
    case Route::Kind::manifest:
      if (reads) return get_manifest(request, route);
      if (method == "PUT") return put_manifest(request, route);
      if (method == "DELETE") return delete_manifest(route);
      break;
    case Route::Kind::blob:
      if (reads) return get_blob(request, route);
      if (method == "DELETE") return delete_blob(route);
      break;
    case Route::Kind::uploads:
      if (method == "POST") return start_upload(request, route);
      break;
    case Route::Kind::upload:
      return upload(request, route);
    case Route::Kind::tags:
      if (reads) return list_tags(route);
      break;
    case Route::Kind::referrers:
      if (reads && options_.referrers) return list_referrers(route);
      if (reads) return refuse(404, "UNSUPPORTED", "there is no referrers API");
      break;
  }
  return refuse(405, "UNSUPPORTED", "this cannot be done here", std::string(method));
}

Answer Registry::get_manifest(const host::Request& request, const Route& route) {
  const auto entry = catalogue_.manifest(route.repository, route.last);
  if (!entry && !catalogue_.has_repository(route.repository))
    return refuse(404, "NAME_UNKNOWN", "there is no such repository", route.repository);
  if (!entry) return std::unexpected(unknown_manifest(route.last));
  const Descriptor& descriptor = entry->descriptor;
  if (is_not_modified(*request.headers, descriptor.digest))
    return text_response(304, manifest_headers(descriptor));
  host::Response response{.status = 200, .headers = manifest_headers(descriptor)};
  TRY(response.text, content_.read(descriptor.digest, limits::manifest_bytes));
  return response;
}

Or<void> Registry::check_content(const std::string& repository, const std::string& type,
                                 const std::string& bytes) const {
  if (sigstore::oci::is_index(type)) {
    auto index = sigstore::oci::Index::parse(bytes);
    if (!index) return refuse(400, "MANIFEST_INVALID", "this is no index", index.error().text());
    for (const Descriptor& child : index->manifests)
      if (!catalogue_.manifest(repository, child.digest.text()))
        return refuse(404, "MANIFEST_BLOB_UNKNOWN", "a manifest of the index is not there",
                      child.digest.text());
    return {};
  }
  if (!sigstore::oci::is_manifest(type))
    return refuse(400, "MANIFEST_INVALID", "not a type of manifest", type);
  auto manifest = sigstore::oci::Manifest::parse(bytes);
  if (!manifest) return refuse(400, "MANIFEST_INVALID", "this is no manifest", manifest.error().text());
  std::vector<Descriptor> needed = manifest->layers;
  if (!manifest->config.media_type.empty()) needed.push_back(manifest->config);
  for (const Descriptor& blob : needed)
    if (!catalogue_.has_blob(repository, blob.digest))
      return refuse(404, "MANIFEST_BLOB_UNKNOWN", "a blob of the manifest is not there", blob.digest.text());
  return {};
}

Answer Registry::put_manifest(const host::Request& request, const Route& route) {
  const std::string header = request.headers->get("Content-Type").value_or("");
  const std::string type = header.substr(0, header.find(';'));
  TRY(const std::string bytes, read_body(request, limits::manifest_bytes));
  const bool by_digest = route.last.find(':') != std::string::npos;
  ManifestEntry entry;
  entry.descriptor.media_type = type;
  entry.descriptor.size = bytes.size();
  entry.descriptor.digest = Digest::sha256(bytes);
  if (by_digest) {
    TRY(entry.descriptor.digest, digest_of(route.last));
    if (!entry.descriptor.digest.matches(bytes))
      return refuse(400, "DIGEST_INVALID", "the content has another digest");
  } else if (!is_tag(route.last)) {
    return refuse(400, "TAG_INVALID", "this is no tag", route.last);
  }
  TRY_OK(check_content(route.repository, type, bytes));
  auto document = json::parse(bytes, "manifest");
  if (const json::Value* subject = document ? document->get("subject") : nullptr;
      subject && subject->object()) {
    auto descriptor = Descriptor::from_json(*subject, "subject");
    if (!descriptor)
      return refuse(400, "MANIFEST_INVALID", "its subject is no descriptor", descriptor.error().text());
    entry.subject = descriptor->digest;
    TRY(entry.referrer, sigstore::oci::referrer_descriptor(bytes, type));
  }
  TRY_OK(content_.put(entry.descriptor.digest, bytes));
  const Condition condition(*request.headers);
  TRY(const bool written,
      catalogue_.put_manifest(route.repository, entry, by_digest ? std::nullopt : std::optional(route.last),
                              [&](const Digest* current) { return condition.holds(current); }));
  if (!written) return refuse(412, "PRECONDITION_FAILED", "it is not, or no longer, what the condition says");
  Headers headers = manifest_headers(entry.descriptor);
  headers.set("Location", repository_path(route.repository) + "/manifests/" + entry.descriptor.digest.text());
  headers.remove("Content-Type");
  if (entry.subject && options_.referrers) headers.set("OCI-Subject", entry.subject->text());
  return text_response(201, std::move(headers));
}

Answer Registry::delete_manifest(const Route& route) {
  TRY(const bool removed, catalogue_.remove_manifest(route.repository, route.last));
  if (!removed) return std::unexpected(unknown_manifest(route.last));
  return text_response(202, {});
}

Answer Registry::get_blob(const host::Request& request, const Route& route) {
  TRY(const Digest digest, digest_of(route.last));
  if (!catalogue_.has_blob(route.repository, digest))
    return refuse(404, "BLOB_UNKNOWN", "there is no such blob", digest.text());
  TRY(const std::uint64_t size, content_.size(digest));
  host::Response response{.status = 200,
                          .headers = {{"Content-Type", "application/octet-stream"},
                                      {"Docker-Content-Digest", digest.text()},
                                      {"Accept-Ranges", "bytes"}}};
  std::uint64_t first = 0;
  response.length = size;
  if (const auto range = size == 0 ? std::nullopt : byte_range(*request.headers, size)) {
    if (range->first >= size || range->first > range->second)
      return refuse(416, "SIZE_INVALID", "the range is not within the blob");
    first = range->first;
    response.length = range->second - first + 1;
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(first) + "-" +
                                              std::to_string(range->second) + "/" + std::to_string(size));
  }
  TRY(response.source, content_.open(digest, first));
  return response;
}

Answer Registry::delete_blob(const Route& route) {
  TRY(const Digest digest, digest_of(route.last));
  TRY(const bool removed, catalogue_.remove_blob(route.repository, digest));
  if (!removed) return refuse(404, "BLOB_UNKNOWN", "there is no such blob", digest.text());
  return text_response(202, {});
}

std::string Registry::new_id() {
  std::array<std::uint8_t, 16> bytes;
  random_.fill(bytes);
  return sigstore::codec::hex::encode(bytes);
}

// The content is known here already and the client may know where: it is taken over without its bytes.
Answer Registry::mount(const std::string& repository, const std::string& text, const std::string* from) {
  TRY(const Digest digest, digest_of(text));
  if (from == nullptr || !catalogue_.has_blob(*from, digest)) return refuse(404, "BLOB_UNKNOWN", "not there");
  TRY_OK(catalogue_.add_blob(repository, digest));
  return text_response(201, {{"Location", repository_path(repository) + "/blobs/" + digest.text()},
                             {"Docker-Content-Digest", digest.text()}});
}

Answer Registry::start_upload(const host::Request& request, const Route& route) {
  if (const std::string* digest = route.query.find("mount"))
    if (auto mounted = mount(route.repository, *digest, route.query.find("from"))) return mounted;
  auto upload = std::make_shared<Upload>();
  upload->repository = route.repository;
  TRY(upload->writer, content_.begin());
  Route placed = route;
  placed.last = new_id();
  if (route.query.find("digest") != nullptr) return finish(request, placed, *upload);
  {
    const std::lock_guard lock(mutex_);
    if (uploads_.size() >= most_uploads)
      return refuse(429, "TOOMANYREQUESTS", "too many uploads are under way");
    uploads_.emplace(placed.last, upload);
  }
  return text_response(202,
                       {{"Location", repository_path(route.repository) + "/blobs/uploads/" + placed.last},
                        {"Docker-Upload-UUID", placed.last},
                        {"Range", "0-0"}});
}

std::shared_ptr<Registry::Upload> Registry::find_upload(const Route& route) {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(route.last);
  if (found == uploads_.end() || found->second->repository != route.repository) return nullptr;
  return found->second;
}

void Registry::forget_upload(const std::string& id) {
  const std::lock_guard lock(mutex_);
  uploads_.erase(id);
}

Answer Registry::upload(const host::Request& request, const Route& route) {
  const auto found = find_upload(route);
  if (found == nullptr) return refuse(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload", route.last);
  const std::lock_guard lock(found->mutex);
  if (request.method == "PATCH") return append(request, route, *found);
  if (request.method == "PUT") return finish(request, route, *found);
  if (request.method == "DELETE") {
    forget_upload(route.last);
    return text_response(204, {});
  }
  if (request.method != "GET") return refuse(405, "UNSUPPORTED", "this cannot be done here");
  const std::uint64_t size = found->writer->size();
  return text_response(204, {{"Location", repository_path(route.repository) + "/blobs/uploads/" + route.last},
                             {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}});
}

Answer Registry::append(const host::Request& request, const Route& route, Upload& upload) {
  const std::uint64_t size = upload.writer->size();
  if (const auto range = request.headers->get("Content-Range"))
    if (!range->starts_with(std::to_string(size) + "-"))
      return refuse(416, "BLOB_UPLOAD_INVALID", "a chunk out of order", *range);
  TRY_OK(copy_body(request, *upload.writer));
  const std::uint64_t now = upload.writer->size();
  return text_response(202, {{"Location", repository_path(route.repository) + "/blobs/uploads/" + route.last},
                             {"Docker-Upload-UUID", route.last},
                             {"Range", "0-" + std::to_string(now == 0 ? 0 : now - 1)}});
}

Answer Registry::finish(const host::Request& request, const Route& route, Upload& upload) {
  const std::string* wanted = route.query.find("digest");
  if (wanted == nullptr) return refuse(400, "DIGEST_INVALID", "the digest is missing");
  TRY(const Digest digest, digest_of(*wanted));
  TRY_OK(copy_body(request, *upload.writer));
  if (auto committed = upload.writer->commit(digest); !committed) {
    forget_upload(route.last);
    if (committed.error().code == sigstore::Code::mismatch)
      return refuse(400, "DIGEST_INVALID", "the content has another digest", digest.text());
    return std::unexpected(Failure(committed.error()));
  }
  forget_upload(route.last);
  TRY_OK(catalogue_.add_blob(route.repository, digest));
  return text_response(201, {{"Location", repository_path(route.repository) + "/blobs/" + digest.text()},
                             {"Docker-Content-Digest", digest.text()}});
}

Answer Registry::list_tags(const Route& route) {
  if (!catalogue_.has_repository(route.repository))
    return refuse(404, "NAME_UNKNOWN", "there is no such repository", route.repository);
  std::vector<std::string> tags = catalogue_.tags(route.repository);
  if (const std::string* last = route.query.find("last"))
    tags.erase(tags.begin(), std::ranges::upper_bound(tags, *last));
  Headers headers{{"Content-Type", "application/json"}};
  if (const std::string* n = route.query.find("n")) {
    std::size_t most = 0;
    const auto [end, error] = std::from_chars(n->data(), n->data() + n->size(), most);
    if (error != std::errc() || end != n->data() + n->size())
      return refuse(400, "PAGINATION_NUMBER_INVALID", "n is no number", *n);
    if (tags.size() > most) {
      tags.resize(most);
      if (most > 0)
        headers.set("Link", "<" + repository_path(route.repository) + "/tags/list?n=" + *n +
                                "&last=" + tags.back() + ">; rel=\"next\"");
    }
  }
  json::Array list(tags.begin(), tags.end());
  return text_response(200, std::move(headers),
                       json::write(json::Object{{"name", route.repository}, {"tags", std::move(list)}}));
}

Answer Registry::list_referrers(const Route& route) {
  TRY(const Digest subject, digest_of(route.last));
  sigstore::oci::Index index;
  index.media_type = media_type::oci_index;
  index.manifests = catalogue_.referrers(route.repository, subject);
  Headers headers{{"Content-Type", std::string(media_type::oci_index)}};
  if (const std::string* type = route.query.find("artifactType")) {
    std::erase_if(index.manifests, [&](const Descriptor& d) { return d.artifact_type != *type; });
    headers.set("OCI-Filters-Applied", "artifactType");
  }
  return text_response(200, std::move(headers), index.write());
}

}  // namespace server::registry
