#include "server/host/token.h"

#include <array>
#include <charconv>
#include <optional>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/crypto/bcrypt.h"
#include "sigstore/crypto/hmac.h"

namespace server::host {

using namespace sigstore;

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t stamp_bytes = 12;

Bytes mac_of(const Secret& key, char use, std::string_view text) {
  return crypto::hmac_sha256(key.reveal_bytes(), as_bytes(use + std::string(text)));
}

std::string_view cut_line(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::int64_t seconds_of(const Clock& clock) {
  return std::chrono::floor<std::chrono::seconds>(clock.steady().time_since_epoch()).count();
}

}  // namespace

Tokens::Tokens(const Clock& clock, Random& random, std::string service)
    : clock_(clock), service_(std::move(service)), key_(Secret::of_size(key_bytes)) {
  random.fill(key_.writable());
}

// The time is the machine's steady one: the key lives no longer than that, and no step of the clock lengthens
// a token.
std::string Tokens::issue(const Claims& claims) const {
  const std::string text = service_ + "\n" + std::to_string(seconds_of(clock_) + life.count()) + "\n" +
                           claims.user + "\n" + claims.stamp + "\n" + scope_text(claims.access);
  return codec::base64::encode_url(as_bytes(text)) + "." + codec::base64::encode_url(mac_of(key_, 't', text));
}

std::expected<Claims, Tokens::Flaw> Tokens::read(std::string_view token) const {
  const auto dot = token.find('.');
  if (token.size() > limits::token_bytes || dot == token.npos) return std::unexpected(Flaw::forged);
  const auto text = codec::base64::decode_any(token.substr(0, dot));
  const auto mac = codec::base64::decode_any(token.substr(dot + 1));
  if (!text || !mac || !crypto::equal_in_constant_time(*mac, mac_of(key_, 't', as_text(*text))))
    return std::unexpected(Flaw::forged);
  std::string_view rest = as_text(*text);  // ours from here on
  if (cut_line(rest) != service_) return std::unexpected(Flaw::forged);
  const auto digits = cut_line(rest);
  std::int64_t until = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), until);
  if (seconds_of(clock_) >= until) return std::unexpected(Flaw::expired);
  Claims claims;
  claims.user = cut_line(rest);
  claims.stamp = cut_line(rest);
  claims.access = parse_scopes(rest);
  return claims;
}

std::string Tokens::stamp(std::string_view password_hash) const {
  const Bytes mac = mac_of(key_, 'p', password_hash);
  return codec::base64::encode_url(BytesView(mac).first(stamp_bytes));
}

}  // namespace server::host
