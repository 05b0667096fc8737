#include "sigstore/remote/registry/upload.h"

#include "sigstore/remote/registry/blobs.h"

namespace sigstore::remote {
namespace {

bool is_good(int status) {
  return status >= 200 && status < 300;
}

// One upload session.
class Upload {
 public:
  Upload(Client& client, const oci::Repository& repository, const oci::Digest& digest,
         const ByteSource& source)
      : client_(client), repository_(repository), digest_(digest), source_(source) {}

  // POST mount. False: it was not handed over; where the answer began an upload, that is the one that
  // in_one_piece() goes on with.
  Result<bool> mount(const std::string& from);
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
  const ByteSource& source_;
  std::optional<net::Url> begun_;
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

// No permission for both repositories at once: some token servers give none where one of them is missing.
bool is_refused_login(const Error& error) {
  return error.code == Code::unauthorized || error.code == Code::forbidden || error.code == Code::unsupported;
}

// A refusal is not the end: the content may be sent all the same.
Result<bool> Upload::mount(const std::string& from) {
  Call ask = call("POST");
  ask.path += "?mount=" + net::percent_encode(digest_.text()) + "&from=" + net::percent_encode(from);
  ask.also_pull = from;
  const auto reply = client_.send(ask);
  if (!reply && is_refused_login(reply.error())) return false;
  if (!reply) return fail(reply.error());
  if (reply->response.status == 201) return true;
  if (reply->response.status != 202) return false;
  TRY(begun_, next_place(ask, *reply));
  return false;
}

Result<net::Url> Upload::begin() {
  if (begun_) return *std::exchange(begun_, std::nullopt);
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
  put.source = source_;
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
  patch.source = source_;
  TRY(const auto reply, expect_good(patch));
  TRY(place, next_place(patch, reply));
  Call put = call("PUT");
  put.url = finishing(std::move(place));
  TRY_OK(expect_good(put));
  return {};
}

Result<void> send_content(Upload& session) {
  auto done = session.in_one_piece();
  if (!done && session.form_refused()) done = session.in_two_steps();
  return done;
}

bool may_be_begun_anew(const Error& error) {
  return error.code == Code::unavailable || error.code == Code::timeout;
}

// Whether it is there. 401 and 403 may hide that it is not: the upload is told whether it may.
Result<bool> is_there(Client& client, const oci::Repository& repository, const oci::Digest& digest) {
  Call head = blob_call("HEAD", repository, digest);
  head.access = Access::push;
  TRY(const auto known, client.send(head));
  if (known.response.status == 429 || known.response.status >= 500) return fail(Client::failure(head, known));
  return known.response.status == 200;
}

}  // namespace

Result<Arrival> upload_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                            const ByteSource& source, const std::optional<oci::Repository>& from) {
  TRY(const bool there, is_there(client, repository, digest));
  if (there) return Arrival::there_already;
  Upload session(client, repository, digest, source);
  if (from && from->registry == repository.registry && from->path != repository.path) {
    TRY(const bool mounted, session.mount(from->path));
    if (mounted) return Arrival::mounted;
  }
  auto done = send_content(session);
  if (!done && may_be_begun_anew(done.error())) {
    TRY_OK(client.context().env.clock->sleep(client.context().options.retry.first_pause));
    done = send_content(session);
  }
  if (!done) return fail(std::move(done).error());
  return Arrival::uploaded;
}

Result<void> push_blob_text(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                            std::string_view content) {
  if (!digest.matches(content))
    return fail(Code::invalid_argument, "content cannot be pushed as " + digest.text(),
                "its digest is " + oci::Digest::sha256(content).text());
  TRY_OK(upload_blob(client, repository, digest, text_source(content)));
  return {};
}

}  // namespace sigstore::remote
