#include "server/registry/condition.h"
#include "server/registry/range.h"
#include "server/registry/registry.h"
#include "server/registry/reply.h"

namespace server::registry {

using sigstore::net::Headers;
using sigstore::oci::Digest;

namespace {

void set_part(host::Response& response, const Part& part, std::uint64_t size) {
  response.status = 206;
  response.length = part.last - part.first + 1;
  response.headers.set("Content-Range", "bytes " + std::to_string(part.first) + "-" +
                                            std::to_string(part.last) + "/" + std::to_string(size));
}

}  // namespace

Answer Registry::blob(const host::Request& request, const Route& route) {
  if (request.reads()) return get_blob(request, route);
  if (request.method == "DELETE") return delete_blob(request, route);
  return not_here(request, "GET, HEAD, DELETE");
}

Answer Registry::get_blob(const host::Request& request, const Route& route) {
  TRY(const Digest digest, digest_of(route.last));
  TRY(const bool there, catalogue_.has_blob(route.repository, digest));
  if (!there) return unknown_blob(digest);
  const auto size = content_.size(digest);
  if (!size) return std::unexpected(Failure::lost(size.error()));
  const std::string etag = etag_of(digest);
  host::Response response{.status = 200,
                          .headers = {{"Content-Type", "application/octet-stream"},
                                      {"Docker-Content-Digest", digest.text()},
                                      {"ETag", etag},
                                      {"Accept-Ranges", "bytes"}}};
  const auto status = status_for_reader(*request.headers, digest);
  if (status == 412) return condition_failed();
  if (status) return text_response(*status, std::move(response.headers));
  if (request.method == "HEAD") {  // to which a range means nothing
    response.headers.set("Content-Length", std::to_string(*size));
    return response;
  }
  response.length = *size;
  TRY(const auto part, wanted_part(*request.headers, *size, etag));
  if (part) set_part(response, *part, *size);
  TRY(response.source, content_.open(digest, part ? part->first : 0));
  return response;
}

Answer Registry::delete_blob(const host::Request& request, const Route& route) {
  TRY(const Digest digest, digest_of(route.last));
  TRY(const bool there, catalogue_.has_blob(route.repository, digest));
  if (!there) return unknown_blob(digest);
  if (!Condition(*request.headers).holds(&digest)) return condition_failed();
  TRY(const bool removed, catalogue_.remove_blob(route.repository, digest));
  if (!removed) return unknown_blob(digest);
  return text_response(202, {});
}

}  // namespace server::registry
