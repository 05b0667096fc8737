#include "sigstore/remote/registry/blobs.h"

#include <algorithm>

#include "sigstore/oci/manifest.h"

namespace sigstore::remote {
namespace {

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

bool is_good(int status) {
  return status >= 200 && status < 300;
}

// One upload session.
class Upload {
 public:
  Upload(Client& client, const oci::Repository& repository, const oci::Digest& digest,
         std::string_view content)
      : client_(client), repository_(repository), digest_(digest), content_(content) {}

  // POST, PUT.
  Result<void> in_one_piece();
  // POST, PATCH, PUT.
  Result<void> in_two_steps();
  // in_one_piece() was refused for its form: not for a permission, and not because the registry is in
  // trouble.
  [[nodiscard]] bool form_refused() const { return form_refused_; }

 private:
  Call call(const char* method) const;
  Result<net::Url> begin();
  // Where the session goes on (RFC 9110 section 10.2.2).
  Result<net::Url> next_place(const Call& call, const Reply& reply) const;
  Result<Reply> expect_good(const Call& call);
  [[nodiscard]] net::Url finishing(net::Url place) const;

  Client& client_;
  const oci::Repository& repository_;
  const oci::Digest& digest_;
  const std::string_view content_;
  bool form_refused_ = false;
};

Call Upload::call(const char* method) const {
  Call call = blob_call(method, repository_, digest_);
  call.path = "blobs/uploads/";
  call.access = Access::push;
  call.repeat = net::Repeat::refused;
  if (std::string_view(method) != "POST") call.headers.set("Content-Type", "application/octet-stream");
  return call;
}

Result<Reply> Upload::expect_good(const Call& call) {
  TRY(auto reply, client_.send(call));
  if (is_good(reply.response.status)) return reply;
  return fail(Client::failure(call, reply));
}

Result<net::Url> Upload::next_place(const Call& call, const Reply& reply) const {
  const auto location = reply.response.headers.get("Location");
  if (!location)
    return fail(Code::malformed, repository_.registry + " does not say where " + call.subject + " goes",
                "its answer to an upload has no Location");
  auto place = reply.url.resolve(*location);
  if (!place)
    return fail(place.error().wrap(repository_.registry + " sends an upload to something that is no URL"));
  if (reply.url.scheme == "https" && place->scheme != "https")
    return fail(
        Code::tls, "an upload from TLS to plain HTTP is not followed",
        reply.url.authority() + " sends it to " + place->scheme + "://" + place->authority(),
        "behind a proxy that ends TLS the registry must be told its outer address (X-Forwarded-Proto)");
  return place;
}

Result<net::Url> Upload::begin() {
  const Call start = call("POST");
  TRY(const auto reply, expect_good(start));
  return next_place(start, reply);
}

net::Url Upload::finishing(net::Url place) const {
  if (!place.query.empty()) place.query += '&';
  place.query += "digest=" + net::percent_encode(digest_.text());
  return place;
}

Result<void> Upload::in_one_piece() {
  TRY(auto place, begin());
  Call put = call("PUT");
  put.url = finishing(std::move(place));
  put.body = content_;
  TRY(const auto reply, client_.send(put));
  if (is_good(reply.response.status)) return {};
  Error refused = Client::failure(put, reply);
  form_refused_ = refused.code == Code::unsupported || refused.code == Code::not_found;
  return fail(std::move(refused));
}

Result<void> Upload::in_two_steps() {
  TRY(auto place, begin());
  Call patch = call("PATCH");
  patch.url = std::move(place);
  patch.body = content_;
  TRY(const auto reply, expect_good(patch));
  TRY(place, next_place(patch, reply));
  Call put = call("PUT");
  put.url = finishing(std::move(place));
  TRY_OK(expect_good(put));
  return {};
}

Result<void> upload(Upload& session) {
  auto done = session.in_one_piece();
  if (!done && session.form_refused()) done = session.in_two_steps();
  return done;
}

}  // namespace

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

Result<void> upload_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                         std::string_view content) {
  if (!digest.matches(content))
    return fail(Code::invalid_argument, "content cannot be pushed as " + digest.text(),
                "its digest is " + oci::Digest::sha256(content).text());
  Call head = blob_call("HEAD", repository, digest);
  head.access = Access::push;
  TRY(const auto known, client.send(head));
  if (known.response.status == 200) return {};
  // 401 and 403 may hide that it is not there: the upload is told whether it may.
  if (known.response.status == 429 || known.response.status >= 500) return fail(Client::failure(head, known));
  Upload session(client, repository, digest, content);
  auto done = upload(session);
  if (!done && (done.error().code == Code::unavailable || done.error().code == Code::timeout)) {
    TRY_OK(client.context().env.clock->sleep(client.context().options.retry.first_pause));
    done = upload(session);
  }
  return done;
}

}  // namespace sigstore::remote
