#include "server/registry/registry.h"
#include "server/registry/reply.h"

namespace server::registry {

using sigstore::net::Headers;
using sigstore::oci::Digest;

namespace {

Headers blob_headers(const std::string& repository, const Digest& digest) {
  return {{"Location", repository_path(repository) + "/blobs/" + digest.text()},
          {"Docker-Content-Digest", digest.text()}};
}

// Where an upload stands. "0-0" also when nothing has come: the form has no other word for it.
Headers upload_headers(const Upload& upload) {
  const std::uint64_t size = upload.writer->size();
  return {{"Location", repository_path(upload.repository) + "/blobs/uploads/" + upload.id},
          {"Docker-Upload-UUID", upload.id},
          {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}};
}

std::unexpected<Failure> unknown_blob(const Digest& digest) {
  return refuse(404, "BLOB_UNKNOWN", "there is no such blob", digest.text());
}

}  // namespace

Answer Registry::blob(const host::Request& request, const Route& route) {
  if (request.method == "GET" || request.method == "HEAD") return get_blob(request, route);
  if (request.method == "DELETE") return delete_blob(route);
  return not_here(request);
}

Answer Registry::get_blob(const host::Request& request, const Route& route) {
  TRY(const Digest digest, digest_of(route.last));
  TRY(const bool known_here, catalogue_.has_blob(route.repository, digest));
  if (!known_here) return unknown_blob(digest);
  const auto known = content_.size(digest);
  if (!known) return std::unexpected(Failure::lost(known.error()));
  const std::uint64_t size = *known;
  host::Response response{.status = 200,
                          .headers = {{"Content-Type", "application/octet-stream"},
                                      {"Docker-Content-Digest", digest.text()},
                                      {"Accept-Ranges", "bytes"}}};
  std::uint64_t first = 0;
  response.length = size;
  if (const auto range = byte_range(*request.headers, size)) {
    if (range->first >= size) return refuse(416, "SIZE_INVALID", "the range is not within the blob");
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
  if (!removed) return unknown_blob(digest);
  return text_response(202, {});
}

// The content is known here already: it is taken over without its bytes. Without `from` it may be anywhere:
// whoever may come in may read every repository.
Answer Registry::mount(const std::string& repository, const std::string& text, const std::string* from) {
  TRY(const Digest digest, digest_of(text));
  TRY(const bool known, from == nullptr ? catalogue_.has_blob(digest) : catalogue_.has_blob(*from, digest));
  if (!known) return unknown_blob(digest);
  TRY_OK(catalogue_.add_blob(repository, digest));
  return text_response(201, blob_headers(repository, digest));
}

Answer Registry::start_upload(const host::Request& request, const Route& route) {
  if (const std::string* digest = route.query.find("mount"))
    if (auto mounted = mount(route.repository, *digest, route.query.find("from"))) return mounted;
  TRY(const auto upload, uploads_.begin(route.repository));
  if (route.query.find("digest") == nullptr) return text_response(202, upload_headers(*upload));
  auto finished = finish(request, route, *upload);
  uploads_.forget(upload->id);
  return finished;
}

Answer Registry::upload(const host::Request& request, const Route& route) {
  const auto found = uploads_.find(route.last, route.repository);
  if (found == nullptr) return refuse(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload", route.last);
  const std::lock_guard lock(found->mutex);
  if (found->writer == nullptr) return refuse(404, "BLOB_UPLOAD_UNKNOWN", "this upload is over", route.last);
  if (request.method == "PATCH") return append(request, *found);
  if (request.method == "PUT") return finish(request, route, *found);
  if (request.method == "GET") return text_response(204, upload_headers(*found));
  if (request.method != "DELETE") return not_here(request);
  found->writer.reset();
  uploads_.forget(found->id);
  return text_response(204, {});
}

Answer Registry::append(const host::Request& request, Upload& upload) {
  const auto range = request.headers->get("Content-Range");
  if (range && !range->starts_with(std::to_string(upload.writer->size()) + "-"))
    return refuse(416, "BLOB_UPLOAD_INVALID", "a chunk out of order", *range);
  TRY_OK(copy_body(request, *upload.writer));
  return text_response(202, upload_headers(upload));
}

Answer Registry::finish(const host::Request& request, const Route& route, Upload& upload) {
  const std::string* wanted = route.query.find("digest");
  if (wanted == nullptr) return refuse(400, "DIGEST_INVALID", "the digest is missing");
  TRY(const Digest digest, digest_of(*wanted));
  TRY_OK(copy_body(request, *upload.writer));
  const auto committed = upload.writer->commit(digest);
  upload.writer.reset();
  uploads_.forget(upload.id);
  if (!committed && committed.error().code == sigstore::Code::mismatch)
    return refuse(400, "DIGEST_INVALID", "the content has another digest", digest.text());
  TRY_OK(committed);
  TRY_OK(catalogue_.add_blob(route.repository, digest));
  return text_response(201, blob_headers(route.repository, digest));
}

}  // namespace server::registry
