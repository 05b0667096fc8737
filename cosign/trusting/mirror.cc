#include "cosign/trusting/mirror.h"

#include "cosign/trusting/explain.h"
#include "cosign/trusting/place.h"
#include "sigstore/base/limits.h"
#include "sigstore/net/retry.h"
#include "sigstore/net/url.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::net::Url;
using sigstore::tuf::Repository;

constexpr std::chrono::seconds worth_a_word{3};
constexpr const char* what_a_mirror_is = "a mirror is a URL, or what `cosign mirror create` wrote";
constexpr const char* base_hint = "is this the base of a TUF repository?";

// Says that a server is asked: at once on a terminal, and anywhere when it takes long.
class Announced final : public Repository {
 public:
  Announced(Session& session, std::string mirror, std::unique_ptr<Repository> asked)
      : session_(session),
        mirror_(shown_mirror(mirror)),
        asked_(std::move(asked)),
        since_(session.env().clock->steady()) {
    session_.progress("asking " + mirror_ + " whom to trust");
  }
  ~Announced() override { session_.progress(""); }
  Announced(const Announced&) = delete;

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    announce();
    auto content = asked_->metadata(file, max);
    if (!content) return fail(retold(std::move(content.error()), file));
    if (is_page(*content))
      return fail(Code::malformed, mirror_ + below() + file + " is no TUF metadata",
                  "a page of HTML is there", base_hint);
    return content;
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    announce();
    auto content = asked_->target(path, max);
    if (!content) return fail(about_a_mirror(std::move(content.error())));
    return content;
  }

 private:
  static Error retold(Error error, const std::string& file) {
    if (error.code == Code::not_found && file == "timestamp.json") error.hint = base_hint;
    return about_a_mirror(std::move(error));
  }
  static bool is_page(const std::string& content) {
    const auto first = content.find_first_not_of(" \t\r\n");
    return first != content.npos && content[first] == '<';
  }
  [[nodiscard]] const char* below() const { return mirror_.ends_with('/') ? "" : "/"; }
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
  return fail(Code::malformed, "the mirror " + shown_mirror(text) + " is not an address that can be used",
              url ? "it has a query" : url.error().text(), "https://tuf.example.com");
}

Result<std::unique_ptr<Repository>> open_folder(sigstore::Files& files, const std::string& path) {
  const std::string landmark = "/timestamp.json", below = path + "/metadata";
  if (files.exists(path + landmark))
    return sigstore::remote::make_folder_tufrepo(files, path, path + "/targets");
  return fail(Code::not_found, "there is no TUF repository in " + path, "it has no timestamp.json",
              files.exists(below + landmark)
                  ? below + " has one: a mirror has targets/ beside its metadata, in one folder"
                  : what_a_mirror_is);
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
  const std::string path = mirror_path(mirror);
  if (files.is_directory(path)) return open_folder(files, path);
  if (files.exists(path)) return sigstore::remote::open_tar_tufrepo(files, path);
  return fail(Code::not_found, "there is no mirror at " + path, "no such file or folder", what_a_mirror_is);
}

sigstore::trust_cache::OpenMirror mirror_opener(Session& session) {
  return [&session](const std::string& mirror) { return open_mirror(session, mirror); };
}

Result<std::string> read_named_root(Session& session, const std::string& place) {
  if (!is_url(place)) return session.read_file(place, sigstore::limits::tuf_root_bytes);
  sigstore::net::Request request;
  auto url = Url::parse(place);
  if (!url) return fail(without_secrets(url.error().wrap("cannot fetch " + place), place));
  request.url = std::move(*url);
  request.max_body = sigstore::limits::tuf_root_bytes;
  sigstore::net::RetryPolicy policy;
  policy.attempts = sigstore::limits::service_tries;
  const auto transport = session.keys().connect({});
  const auto answer = sigstore::net::send_with_retry(*transport, session.env(), policy,
                                                     sigstore::net::Repeat::idempotent, request);
  const std::string what = "cannot fetch " + shown_mirror(place);
  if (!answer) return fail(about_a_mirror(answer.error().wrap(what)));
  if (answer->status == 200) return answer->body;
  return fail(answer->status == 404 ? Code::not_found : Code::unavailable, what,
              "HTTP " + std::to_string(answer->status),
              answer->status == 404 ? "is this the address of a root.json?" : "");
}

}  // namespace cosign
