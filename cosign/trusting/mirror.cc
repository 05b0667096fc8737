#include "cosign/trusting/mirror.h"

#include "cosign/trusting/place.h"
#include "sigstore/base/limits.h"
#include "sigstore/net/retry.h"
#include "sigstore/net/url.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::net::Url;
using sigstore::tuf::Repository;

constexpr std::chrono::seconds worth_a_word{3};

// Says that a server is asked: at once on a terminal, and anywhere when it takes long.
class Announced final : public Repository {
 public:
  Announced(Session& session, std::string mirror, std::unique_ptr<Repository> asked)
      : session_(session),
        mirror_(std::move(mirror)),
        asked_(std::move(asked)),
        since_(session.env().clock->steady()) {
    session_.progress("asking " + mirror_ + " whom to trust");
  }
  ~Announced() override { session_.progress(""); }
  Announced(const Announced&) = delete;

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    announce();
    return asked_->metadata(file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    announce();
    return asked_->target(path, max);
  }

 private:
  void announce() {
    if (said_ || session_.env().clock->steady() - since_ < worth_a_word) return;
    said_ = true;
    session_.remarks({mirror_ + " is being asked whom to trust, and takes its time"});
  }

  Session& session_;
  const std::string mirror_;
  std::unique_ptr<Repository> asked_;
  const std::chrono::steady_clock::time_point since_;
  bool said_ = false;
};

Result<Url> parse_mirror(const std::string& text) {
  auto url = Url::parse(text);
  if (url && url->query.empty()) return url;
  return fail(Code::malformed, "the mirror " + text + " is not an address that can be used",
              url ? "it has a query" : url.error().text(), "https://tuf.example.com");
}

Result<std::unique_ptr<Repository>> open_url(Session& session, const std::string& mirror) {
  TRY(const auto url, parse_mirror(mirror));
  Url targets = url;
  targets.path += targets.path.ends_with('/') ? "targets" : "/targets";
  auto asked = sigstore::remote::make_http_tufrepo(session.env(), session.keys().connect({}), {url, targets});
  return std::make_unique<Announced>(session, mirror, std::move(asked));
}

}  // namespace

Result<std::unique_ptr<Repository>> open_mirror(Session& session, const std::string& mirror) {
  if (is_url(mirror)) return open_url(session, mirror);
  auto& files = *session.env().files;
  const std::string path = mirror_name(mirror);  // of file://
  if (files.is_directory(path)) return sigstore::remote::make_folder_tufrepo(files, path, path + "/targets");
  if (files.exists(path)) return sigstore::remote::open_tar_tufrepo(files, path);
  return fail(Code::not_found, "there is no mirror at " + path, "no such file or folder",
              "a mirror is a URL, or what `cosign mirror create` wrote");
}

sigstore::trust_cache::OpenMirror mirror_opener(Session& session) {
  return [&session](const std::string& mirror) { return open_mirror(session, mirror); };
}

Result<std::string> read_named_root(Session& session, const std::string& place) {
  if (!is_url(place)) return session.read_file(place, sigstore::limits::tuf_root_bytes);
  sigstore::net::Request request;
  TRY(request.url, Url::parse(place));
  request.max_body = sigstore::limits::tuf_root_bytes;
  sigstore::net::RetryPolicy policy;
  policy.attempts = sigstore::limits::service_tries;
  const auto transport = session.keys().connect({});
  const auto answer = sigstore::net::send_with_retry(*transport, session.env(), policy,
                                                     sigstore::net::Repeat::idempotent, request);
  if (!answer) return fail(answer.error().wrap("cannot fetch " + place));
  if (answer->status == 200) return answer->body;
  return fail(answer->status == 404 ? Code::not_found : Code::unavailable, "cannot fetch " + place,
              "HTTP " + std::to_string(answer->status));
}

}  // namespace cosign
