// Blobs that come in: in one request, in chunks, or from another repository.
#include "server/registry/range.h"
#include "server/registry/registry.h"
#include "server/registry/reply.h"
#include "sigstore/content/check.h"

namespace server::registry {

using sigstore::crypto::HashAlgorithm;
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

std::unexpected<Failure> unknown_upload(const Route& route) {
  return refuse(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload", route.last);
}

// Of the content that is to come, as far as the client says: by its digest, or as "digest-algorithm".
Or<HashAlgorithm> algorithm_for(const Query& query) {
  if (const std::string* digest = query.find("digest")) {
    TRY(const Digest parsed, digest_of(*digest));
    return sigstore::content::algorithm_of(parsed);
  }
  const std::string* name = query.find("digest-algorithm");
  if (name == nullptr || *name == "sha256") return HashAlgorithm::sha256;
  if (*name == "sha512") return HashAlgorithm::sha512;
  return refuse(400, "DIGEST_INVALID", "this algorithm is not supported", *name);
}

// A chunk that does not fit says what would.
Or<void> fits(const host::Request& request, const Upload& upload) {
  auto checked = check_chunk(request, upload.writer->size());
  if (!checked && checked.error().status == 416) checked.error().headers = upload_headers(upload);
  return checked;
}

}  // namespace

Answer Registry::mount(const std::string& repository, const std::string& text, const std::string* from) {
  TRY(const Digest digest, digest_of(text));
  TRY(const bool known, from == nullptr ? catalogue_.has_blob(digest) : catalogue_.has_blob(*from, digest));
  if (!known) return unknown_blob(digest);
  TRY_OK(catalogue_.add_blob(repository, digest));
  return text_response(201, blob_headers(repository, digest));
}

// Without "from" any repository will do, but not for a token, which is good for those that it names.
Answer Registry::start_upload(const host::Request& request, const Route& route) {
  const std::string* from = route.query.find("from");
  const std::string* digest = from != nullptr || !request.scoped ? route.query.find("mount") : nullptr;
  if (digest != nullptr)
    if (auto mounted = mount(route.repository, *digest, from)) return mounted;
  TRY(const HashAlgorithm algorithm, algorithm_for(route.query));
  TRY(const auto upload, uploads_.begin(route.repository, algorithm));
  if (route.query.find("digest") == nullptr) return text_response(202, upload_headers(*upload));
  auto finished = finish(request, route, *upload);
  uploads_.forget(upload->id);
  return finished;
}

Answer Registry::upload(const host::Request& request, const Route& route) {
  const auto found = uploads_.find(route.last, route.repository);
  if (found == nullptr) return unknown_upload(route);
  const Turn turn(*found, options_.upload_wait);
  if (!turn)
    return refuse(429, "TOOMANYREQUESTS", "another request writes to this upload", {},
                  {{"Retry-After", "1"}});
  if (found->writer == nullptr) return unknown_upload(route);
  if (request.method == "PATCH") return append(request, *found);
  if (request.method == "PUT") return finish(request, route, *found);
  if (request.reads()) return text_response(204, upload_headers(*found));
  if (request.method != "DELETE") return not_here(request, "GET, HEAD, PATCH, PUT, DELETE");
  found->writer.reset();
  uploads_.forget(found->id);
  return text_response(204, {});
}

// What a broken request has brought stays: the client asks how much it is, and goes on from there. What the
// store did not take, be it too large or for a fault of the disk, will never be finished, and takes no room
// any more.
Or<void> Registry::take_body(const host::Request& request, Upload& upload) {
  auto [taken, store_failed] = copy_body(request, *upload.writer);
  if (!store_failed && (taken || taken.error().status != 413)) return taken;
  upload.writer.reset();
  uploads_.forget(upload.id);
  return taken;
}

Answer Registry::append(const host::Request& request, Upload& upload) {
  TRY_OK(fits(request, upload));
  TRY_OK(take_body(request, upload));
  return text_response(202, upload_headers(upload));
}

Answer Registry::finish(const host::Request& request, const Route& route, Upload& upload) {
  const std::string* wanted = route.query.find("digest");
  if (wanted == nullptr) return refuse(400, "DIGEST_INVALID", "the digest is missing");
  TRY(const Digest digest, digest_of(*wanted));
  TRY_OK(fits(request, upload));
  TRY_OK(take_body(request, upload));
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
