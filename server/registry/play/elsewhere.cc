// A registry that sends its clients to another host.
#include "server/registry/play/elsewhere.h"

#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"
#include "server/registry/reply.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"

namespace server::registry::play {
namespace {

constexpr std::string_view storage = "/storage";

std::string signature(const Stage& stage, std::string_view path) {
  const std::string text = stage.secret + '\n' + std::string(path);
  return sigstore::codec::hex::encode(sigstore::crypto::sha256(sigstore::as_bytes(text)));
}

// As an object store puts it.
host::Response denied(int status, const std::string& code) {
  return text_response(status, {{"Content-Type", "application/xml"}},
                       "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>");
}

host::Role redirect_blobs(host::Role role, const Stage& stage) {
  return [role = std::move(role), stage](const host::Request& request) {
    const Asked asked(request);
    if (!asked.reads() || !asked.is(Route::Kind::blob)) return role(request);
    const std::string path(request.target.substr(0, request.target.find('?')));
    if (ask(stage.registry, "HEAD", path).status != 200) return role(request);
    std::string place = stage.elsewhere;
    place.append(storage).append(path).append("?X-Expires=300&X-Signature=").append(signature(stage, path));
    return text_response(307, {{"Location", place}, {"Content-Type", "text/html"}});
  };
}

// A signature in the address is all that counts. Whoever sends credentials as well gave them to a stranger.
host::Response stored(const Stage& stage, const host::Request& request) {
  if (request.headers->get("Authorization")) return denied(400, "InvalidArgument");
  const std::string_view path = request.target.substr(0, request.target.find('?')).substr(storage.size());
  const Query query = Query::parse(request.target.substr(request.target.find('?') + 1));
  const std::string* given = query.find("X-Signature");
  if (given == nullptr || *given != signature(stage, path)) return denied(403, "SignatureDoesNotMatch");
  host::Request inner = request;
  inner.target = path;
  return stage.registry(inner);
}

}  // namespace

host::Role elsewhere(const Stage& stage) {
  return [stage](const host::Request& request) {
    if (request.target.starts_with(storage)) return stored(stage, request);
    return denied(404, "NoSuchKey");
  };
}

std::vector<Quirk> elsewhere_quirks() {
  return {
      {"redirect-blobs", "blobs are 307 to a signed address of another host, which refuses Authorization",
       "Docker Hub, Amazon ECR, Google Artifact Registry, Harbor with S3", redirect_blobs, true},
  };
}

}  // namespace server::registry::play
