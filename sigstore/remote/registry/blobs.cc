#include "sigstore/remote/registry/blobs.h"

#include <algorithm>

namespace sigstore::remote {

Call blob_call(const char* method, const oci::Repository& repository, const oci::Digest& digest) {
  Call call;
  call.method = method;
  call.repository = repository;
  call.path = "blobs/" + digest.text();
  call.subject = "blob " + repository.text() + "@" + digest.text();
  return call;
}

std::unexpected<Error> not_what_was_asked(const std::string& subject, const std::string& expected,
                                          const std::string& found) {
  return fail(Code::mismatch, "the registry's answer for " + subject + " is not what was asked for",
              "expected " + expected + ", got " + found);
}

std::string bytes_text(std::uint64_t n) {
  return std::to_string(n) + " bytes";
}

Result<std::string> read_blob(Client& client, const oci::Repository& repository,
                              const oci::Descriptor& descriptor, std::size_t max) {
  Call call = blob_call("GET", repository, descriptor.digest);
  if (descriptor.digest.text().empty())
    return fail(Code::invalid_argument, "a blob without a digest was asked for");
  if (descriptor.size > max)
    return fail(Code::too_large, call.subject + " is too large",
                bytes_text(descriptor.size) + ", at most " + bytes_text(max) + " are taken");
  call.max_body = std::max<std::size_t>(descriptor.size, 1);
  auto reply = client.send(call);
  if (!reply && reply.error().code == Code::too_large)
    return not_what_was_asked(call.subject, bytes_text(descriptor.size), "more");
  if (!reply) return fail(reply.error());
  if (reply->response.status != 200) return fail(Client::failure(call, *reply));
  std::string& body = reply->response.body;
  if (body.size() != descriptor.size)
    return not_what_was_asked(call.subject, bytes_text(descriptor.size), bytes_text(body.size()));
  if (!descriptor.digest.matches(body))
    return not_what_was_asked(call.subject, descriptor.digest.text(), oci::Digest::sha256(body).text());
  return std::move(body);
}

Result<bool> find_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest) {
  const Call head = blob_call("HEAD", repository, digest);
  TRY(const auto reply, client.send(head));
  if (reply.response.status == 200) return true;
  if (reply.response.status == 404) return false;
  return fail(Client::failure(head, reply));
}

Result<void> remove_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest) {
  Call call = blob_call("DELETE", repository, digest);
  call.access = Access::remove;
  call.repeat = net::Repeat::refused;
  TRY(const auto reply, client.send(call));
  if (reply.response.status >= 200 && reply.response.status < 300) return {};
  return fail(Client::failure(call, reply));
}

}  // namespace sigstore::remote
