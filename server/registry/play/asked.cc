#include "server/registry/play/asked.h"

#include "server/registry/reply.h"
#include "sigstore/base/limits.h"

namespace server::registry::play {
namespace {

class TextReader final : public sigstore::FileReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}
  sigstore::Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = rest_.copy(reinterpret_cast<char*>(out.data()), out.size());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
};

}  // namespace

Asked::Asked(const host::Request& asked) : request(asked) {
  if (auto parsed = parse_route(asked.target)) route = std::move(*parsed);
}

bool Asked::puts_manifest() const {
  return request.method == "PUT" && is(Route::Kind::manifest);
}

bool Asked::puts_tag() const {
  return puts_manifest() && is_tag(route->last);
}

host::Response refusal(int status, std::string_view code, std::string message, std::string detail) {
  return to_response(refuse(status, code, std::move(message), std::move(detail)).error());
}

host::Response ask(const host::Role& role, std::string_view method, const std::string& target) {
  const sigstore::net::Headers none;
  TextReader empty({});
  return role({.method = method, .target = target, .headers = &none, .content_length = 0, .body = &empty});
}

host::Role checking_manifests(host::Role role, Check check) {
  return [role = std::move(role), check = std::move(check)](const host::Request& request) {
    const Asked asked(request);
    if (!asked.puts_manifest()) return role(request);
    const auto body = read_body(request, sigstore::limits::manifest_bytes);
    if (!body) return to_response(body.error());
    if (auto refused = check(asked, *body)) return std::move(*refused);
    TextReader again(*body);
    host::Request whole = request;
    whole.body = &again;
    return role(whole);
  };
}

}  // namespace server::registry::play
